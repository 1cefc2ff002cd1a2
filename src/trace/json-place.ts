/**
 * Where in a line of JSON something stands, and what keeps a line from being JSON. The engine's own parser is asked first and is
 * fast, but tells no columns; this one walks the same grammar (RFC 8259) for messages only.
 */

export type JsonPath = readonly (string | number)[];

export interface JsonFault {
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** Deeper nesting is given up on: nothing that is asked for lies so deep. */
const DEPTH_MAX = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\w.+-]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Column of a key or a value in a line that is JSON; 1 if it is not there. */
export function columnOf(text: string, path: JsonPath, of: "key" | "value"): number {
  const walk = new JsonWalk(text, path, of);
  walk.line();
  return walk.found + 1;
}

/** Why a line is no JSON; null if it is, or if it is nested beyond reason. */
export function findJsonFault(text: string): JsonFault | null {
  const walk = new JsonWalk(text, [], "value");
  walk.line();
  return walk.fault;
}

class JsonWalk {
  found = 0;
  fault: JsonFault | null = null;
  readonly #text: string;
  readonly #path: JsonPath;
  readonly #of: "key" | "value";
  #at = 0;

  constructor(text: string, path: JsonPath, of: "key" | "value") {
    this.#text = text;
    this.#path = path;
    this.#of = of;
  }

  /** One value, and nothing behind it. */
  line(): void {
    if (!this.#value(0, true)) return;
    this.#space();
    if (this.#at < this.#text.length) this.#fail(`more stands behind the end: ${this.#next()}`, "one object on a line");
  }

  /** False: it cannot be read on. `onPath`: the keys so far are those of the path. */
  #value(depth: number, onPath: boolean): boolean {
    this.#space();
    if (onPath && depth === this.#path.length && this.#of === "value") this.found = this.#at;
    if (depth > DEPTH_MAX) return false;
    switch (this.#text[this.#at]) {
      case "{":
        return this.#members("}", () => this.#member(depth, onPath));
      case "[": {
        let index = 0;
        return this.#members("]", () => this.#value(depth + 1, onPath && this.#path[depth] === index++));
      }
      case '"':
        return this.#string() !== null;
      default:
        return this.#scalar();
    }
  }

  /** What stands between two brackets, with commas between. */
  #members(close: "}" | "]", member: () => boolean): boolean {
    const open = this.#at++;
    this.#space();
    if (this.#take(close)) return true;
    for (;;) {
      if (this.#at >= this.#text.length) return this.#endsOpen(open);
      if (!member()) return false;
      this.#space();
      if (this.#take(close)) return true;
      if (this.#at >= this.#text.length) return this.#endsOpen(open);
      if (!this.#take(","))
        return this.#fail(`expected a comma or ${close}, got ${this.#next()}`, 'as in {"at": 0.1, "port": 0}');
      this.#space();
      if (this.#text[this.#at] === close) return this.#fail(`a comma stands before the ${close}`, "take it away");
    }
  }

  #member(depth: number, onPath: boolean): boolean {
    this.#space();
    const start = this.#at;
    if (this.#text[start] !== '"')
      return this.#fail(`expected a key, got ${this.#next()}`, 'keys stand in double quotes: "port"');
    const key = this.#string();
    if (key === null) return false;
    const isNext = onPath && this.#path[depth] === key;
    if (isNext && depth === this.#path.length - 1 && this.#of === "key") this.found = start;
    this.#space();
    if (!this.#take(":")) return this.#fail(`expected a colon behind the key, got ${this.#next()}`, 'as in "port": 0');
    return this.#value(depth + 1, isNext);
  }

  /** The text itself; null: it cannot be read on. */
  #string(): string | null {
    const start = this.#at++;
    for (;;) {
      const octet = this.#text.charCodeAt(this.#at);
      if (this.#at >= this.#text.length) {
        this.#at = start;
        this.#fail("this text is not closed", 'it ends with a double quote: "…"');
        return null;
      }
      if (octet === 0x22) break;
      if (octet === 0x5c) {
        if (this.#match(ESCAPE) === null) {
          this.#fail(
            "no such escape",
            'a backslash stands before one of "\\/bfnrt, or before u and four hexadecimal digits',
          );
          return null;
        }
      } else if (octet < 0x20) {
        this.#fail("a control character stands in a text", "write \\t for a tab");
        return null;
      } else this.#at++;
    }
    this.#at++;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #scalar(): boolean {
    if (this.#match(NUMBER) !== null) {
      const rest = this.#peek(WORD);
      if (rest === null) return true;
      return this.#fail(`no number: it goes on with ${rest}`, "as 12, 0.5 or 1e-3, without leading zeros and units");
    }
    const word = this.#peek(WORD);
    if (word === "true" || word === "false" || word === "null") {
      this.#at += word.length;
      return true;
    }
    const hint =
      this.#text[this.#at] === "'"
        ? 'texts stand in double quotes: "…"'
        : "a text in double quotes, a number, true, false, {…} or […]";
    return this.#fail(`expected a value, got ${this.#next()}`, hint);
  }

  #endsOpen(open: number): false {
    const message = `the line ends, and the ${this.#text[open]} at column ${open + 1} is not closed`;
    const hint = "every object stands on one line; jq -c 'del(.steps), .steps[]' FILE makes such lines of a recording";
    return this.#fail(message, hint);
  }

  #fail(message: string, hint: string): false {
    this.fault ??= { column: this.#at + 1, message, hint };
    return false;
  }

  /** What stands here, for messages. */
  #next(): string {
    if (this.#at >= this.#text.length) return "the end of the line";
    return `'${this.#peek(WORD)?.slice(0, 20) ?? String.fromCodePoint(this.#text.codePointAt(this.#at)!)}'`;
  }

  #space(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | null {
    const found = this.#peek(pattern);
    if (found !== null) this.#at += found.length;
    return found;
  }

  #peek(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }
}
