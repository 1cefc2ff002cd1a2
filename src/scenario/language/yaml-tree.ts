/**
 * The YAML of scenario files as a tree whose every key and value knows its line and column.
 *
 * It is YAML 1.2 without the parts that make a file mean something else than it looks like: anchors, aliases, tags, merge
 * keys and several documents are refused, a key stands once. Text from anywhere may come in: size and depth are limited
 * before the library's recursive parts see it.
 */
import {
  Composer,
  CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  Scalar,
} from "yaml";
import { assert } from "../../base/assert.ts";
import { plainSyntaxError, quoted } from "./yaml-errors.ts";

/** Characters; more than any scenario needs that a person wrote. */
export const MAX_CHARACTERS = 500_000;
/** Collections inside collections. The language itself needs eight. */
const MAX_DEPTH = 32;

/** From 1, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TreeMap {
  readonly kind: "map";
  readonly place: Place;
  readonly entries: Map<string, TreeEntry>;
}

export interface TreeEntry {
  readonly keyPlace: Place;
  readonly node: TreeNode;
  /** The key stands there again with another value: nobody knows which is meant. */
  readonly isDoubtful?: boolean;
}

export interface TreeList {
  readonly kind: "list";
  readonly place: Place;
  readonly items: readonly TreeNode[];
}

export interface TreeScalar {
  readonly kind: "scalar";
  readonly place: Place;
  readonly value: string | number | boolean | null;
  /** As written, without quotes. */
  readonly source: string;
  readonly style: "plain" | "quoted" | "literal" | "folded";
  /** Where the first line of a literal block's content begins, indentation left out; `place` of all others. */
  readonly contentPlace: Place;
}

export type TreeNode = TreeMap | TreeList | TreeScalar;

/** Something that the text may not have, with its place. */
export interface TreeFault {
  readonly place: Place;
  readonly message: string;
  readonly hint: string;
}

export interface Tree {
  /** Null: the text cannot be judged any further, and `faults` says why in one entry. */
  readonly root: TreeNode | null;
  readonly faults: readonly TreeFault[];
}

/** Reads `text`; never throws, whatever it holds. */
export function readTree(text: string): Tree {
  const reader = new TreeReader(text.startsWith("\uFEFF") ? text.slice(1) : text);
  try {
    return { root: reader.read(), faults: reader.faults };
  } catch (error) {
    if (error instanceof Refusal) return { root: null, faults: [error.fault] };
    throw error;
  }
}

/** Ends the reading: what follows could not be trusted. */
class Refusal extends Error {
  readonly fault: TreeFault;

  constructor(fault: TreeFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class TreeReader {
  readonly faults: TreeFault[] = [];
  readonly #text: string;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#text = text;
    // Not left to the parser, which notes a line's end only when it is done with it: mistakes are placed before that.
    this.#lines.addNewLine(0);
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lines.addNewLine(at + 1);
  }

  read(): TreeNode {
    if (this.#text.length > MAX_CHARACTERS)
      this.#refuse(
        0,
        `the file has ${this.#text.length} characters; a scenario has at most ${MAX_CHARACTERS}`,
        "keep long keepalived configurations in files of their own: keepalived: vm-a.conf",
      );
    const contents = this.#compose().contents as ParsedNode | null;
    if (contents === null || (isScalar(contents) && contents.source === ""))
      this.#refuse(0, "the file holds no scenario", "a scenario has at least: name, until, subnets, hosts");
    return this.#node(contents);
  }

  /** Lexer and parser first, under the depth limit, because the library recurses; then the one document. */
  #compose(): Document.Parsed {
    const parser = new Parser();
    const tokens: CST.Token[] = [];
    const open = { quote: -1, flow: -1 };
    const brackets: { lexeme: string; offset: number }[] = [];
    let documents = 0;
    const take = (token: CST.Token) => {
      if (token.type === "document" && ++documents > 1)
        this.#refuse(token.offset, "a second YAML document begins here", "one file holds one scenario");
      tokens.push(token);
    };
    let isText = false;
    for (const lexeme of new Lexer().lex(this.#text)) {
      if (!isText) {
        if (this.#check(lexeme, parser.offset)) open.quote = parser.offset;
        if (lexeme === "[" || lexeme === "{") brackets.push({ lexeme, offset: parser.offset });
        else if (lexeme === "]" || lexeme === "}") {
          const last = brackets.pop();
          if (last !== undefined && (last.lexeme === "[") !== (lexeme === "]") && open.flow < 0)
            open.flow = last.offset;
        }
      }
      isText = lexeme === CST.SCALAR;
      for (const token of parser.next(lexeme)) take(token);
      if (parser.stack.length > MAX_DEPTH)
        this.#refuse(parser.offset - lexeme.length, "this is nested too deeply", `at most ${MAX_DEPTH} levels`);
    }
    if (open.flow < 0) open.flow = brackets.at(-1)?.offset ?? -1;
    for (const token of parser.end()) take(token);
    const composer = new Composer({
      version: "1.2",
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    const [document] = [...composer.compose(tokens, true, this.#text.length)];
    assert(document !== undefined, "a forced composition gives a document");
    const first = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
    if (first !== undefined) {
      const { offset, message, hint } = plainSyntaxError(first, open);
      this.#refuse(offset, message, hint);
    }
    return document as Document.Parsed;
  }

  /** Refuses what YAML has and scenarios do not; true if a quotation begins here that never ends. */
  #check(lexeme: string, offset: number): boolean {
    switch (CST.tokenType(lexeme)) {
      case "alias":
        return this.#refuse(offset, `aliases (${quoted(lexeme)}) are not used here`, "write the value out again");
      case "anchor":
        return this.#refuse(
          offset,
          `anchors (${quoted(lexeme)}) are not used here`,
          "write the value out at each place",
        );
      case "tag":
        return this.#refuse(offset, `tags (${quoted(lexeme)}) are not used here`, 'quotes make text of a number: "10"');
      case "directive-line":
        return this.#refuse(
          offset,
          "YAML directives (%) are not used here",
          "scenario files are YAML 1.2: leave it out",
        );
      case "double-quoted-scalar":
        return lexeme.length === 1 || !lexeme.endsWith('"');
      case "single-quoted-scalar":
        return lexeme.length === 1 || !lexeme.endsWith("'");
      default:
        return false;
    }
  }

  #node(node: ParsedNode): TreeNode {
    const place = this.#place(node.range[0]);
    if (isSeq(node)) return { kind: "list", place, items: node.items.map((item) => this.#node(item as ParsedNode)) };
    if (isMap(node)) {
      const entries = new Map<string, TreeEntry>();
      for (const { key, value } of node.items)
        this.#addEntry(entries, key as Scalar.Parsed, value as ParsedNode | null);
      return { kind: "map", place, entries };
    }
    const scalar = node as Scalar.Parsed;
    const value = scalar.value as TreeScalar["value"];
    const source = scalar.source;
    if (scalar.type === Scalar.BLOCK_LITERAL)
      return {
        kind: "scalar",
        place,
        value,
        source,
        style: "literal",
        contentPlace: this.#contentPlace(place, source),
      };
    const style = scalar.type === Scalar.PLAIN ? "plain" : scalar.type === Scalar.BLOCK_FOLDED ? "folded" : "quoted";
    return { kind: "scalar", place, value, source, style, contentPlace: place };
  }

  #addEntry(entries: Map<string, TreeEntry>, key: Scalar.Parsed, value: ParsedNode | null): void {
    const name = String(key.value);
    const keyPlace = this.#place(key.range[0]);
    if (name === "<<")
      this.#refuse(key.range[0], "merge keys (<<) are not used here", "write the keys out at each place");
    const node: TreeNode =
      value === null || (isScalar(value) && value.source === "" && value.type === Scalar.PLAIN)
        ? { kind: "scalar", place: keyPlace, value: null, source: "", style: "plain", contentPlace: keyPlace }
        : this.#node(value);
    const first = entries.get(name);
    if (name === "__proto__")
      this.faults.push({
        place: keyPlace,
        message: "nothing can be called __proto__",
        hint: "names begin with a letter or a digit",
      });
    else if (first === undefined) entries.set(name, { keyPlace, node });
    else {
      entries.set(name, { ...first, isDoubtful: true });
      this.faults.push({
        place: keyPlace,
        message: `the key ${quoted(name)} stands here a second time`,
        hint: `the first is on line ${first.keyPlace.line}; one key has one value`,
      });
    }
  }

  /** A literal block's text begins on the line below its `|`; its indentation is what the line has more than the text. */
  #contentPlace(header: Place, text: string): Place {
    const lines = text.split("\n");
    const index = Math.max(
      0,
      lines.findIndex((line) => line !== ""),
    );
    const start = this.#lines.lineStarts[header.line + index] ?? this.#text.length;
    const end = this.#lines.lineStarts[header.line + index + 1] ?? this.#text.length + 1;
    const line = this.#text.slice(start, end - 1).replace(/\r$/, "");
    return { line: header.line + 1, column: Math.max(0, line.length - lines[index]!.length) + 1 };
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(Math.max(0, Math.min(offset, this.#text.length)));
    return { line, column: col };
  }

  #refuse(offset: number, message: string, hint: string): never {
    throw new Refusal({ place: this.#place(offset), message, hint });
  }
}
