/**
 * The command of `script` and `notify…`. These lines have a quoting of their own: `'…'` and `"…"` hold blanks, and `\`
 * escapes one character outside and inside of them. Only the first word after the keyword is the command with its
 * arguments; a second and third name the user and the group to run it as.
 */

/** Control characters by the letter after the backslash; any other character stands for itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The words of the line, its keyword first; a string says what is wrong with its quoting, in keepalived's words. */
export function splitCommand(raw: string): string[] | string {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let i = 0; i < raw.length; i++) {
    const character = raw[i]!;
    if (character === "\\") {
      if (i + 1 === raw.length) return `Missing escape char at end: '${raw}'`;
      const escaped = readEscape(raw, i + 1);
      word = (word ?? "") + escaped.character;
      i = escaped.last;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/[ \t\f\n\r\v]/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") return `String '${raw}': missing terminating ${quote}`;
  if (word !== null) words.push(word);
  return words;
}

/** The character that the escape from `start` (behind the backslash) stands for, and the index of its last character. */
function readEscape(raw: string, start: number): { character: string; last: number } {
  const rest = raw.slice(start, start + 16);
  const hex = /^x([0-9a-fA-F]+)/.exec(rest);
  if (hex !== null)
    return { character: String.fromCharCode(Number.parseInt(hex[1]!, 16) & 0xff), last: start + hex[0].length - 1 };
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal !== null)
    return { character: String.fromCharCode(Number.parseInt(octal[0], 8) & 0xff), last: start + octal[0].length - 1 };
  if (/^c./.test(rest)) return { character: String.fromCharCode(rest.charCodeAt(1) & 0x1f), last: start + 1 };
  return { character: ESCAPES[rest[0]!] ?? rest[0]!, last: start };
}
