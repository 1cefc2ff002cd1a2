/**
 * HTML and SVG as values that cannot be mixed up with text: strings that stand between tags or in attributes are escaped, always; only
 * what `element` or `trusted` made goes in as it is. Names and words of scenarios are others' text: none of it may act on whoever looks
 * at a page.
 */

/** What may stand in a page. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** Null: nothing stands there. */
export type Content = Markup | string | null;
/** `true`: the attribute stands without a value; null and false: not at all. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Elements of HTML that have no end tag. */
const VOID = new Set(["meta", "br"]);
/** Elements of SVG that are mostly empty: there are thousands of them. */
const SHAPES = new Set(["rect", "path", "line", "use"]);
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters but line breaks, what turns the direction of writing round, and halves of characters, become visible. */
const UNSEEN = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

export function element(name: string, attributes: Attributes = {}, ...content: Content[]): Markup {
  const written = Object.entries(attributes).map(([key, value]) => {
    if (value === null || value === false) return "";
    return value === true ? ` ${key}` : ` ${key}="${escaped(String(value))}"`;
  });
  const start = `<${name}${written.join("")}>`;
  if (content.length === 0 && SHAPES.has(name)) return new Markup(`${start.slice(0, -1)}/>`);
  return new Markup(VOID.has(name) ? start : `${start}${joined(content)}</${name}>`);
}

/** One after the other. */
export function together(...content: Content[]): Markup {
  return new Markup(joined(content));
}

/** viplane's own words, never anybody else's: style, script. */
export function trusted(html: string): Markup {
  return new Markup(html);
}

/** Text as it may stand between tags and in quoted attributes. */
export function escaped(text: string): string {
  return text
    .replace(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function joined(content: readonly Content[]): string {
  return content.map((part) => (part === null ? "" : part instanceof Markup ? part.html : escaped(part))).join("");
}
