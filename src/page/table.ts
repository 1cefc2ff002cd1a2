/** Tables, their cells, and what they lie folded in. */
import { type Content, element, type Markup } from "./markup.ts";

export interface Column {
  readonly title: string;
  /** Numbers stand under each other's ends. */
  readonly isFigure?: true;
}

/** `look`: class names. */
export function table(columns: readonly Column[], rows: readonly Markup[], look: string | null = null): Markup {
  if (rows.length === 0) return element("p", { class: "dim" }, "none");
  const head = columns.map(({ title, isFigure }) =>
    element("th", { scope: "col", class: isFigure === true ? "figure" : null }, title),
  );
  return element(
    "div",
    { class: "scroll" },
    element("table", { class: look }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)),
  );
}

export function row(...cells: Content[]): Markup {
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)));
}

/** A cell of a column of figures; `why` shows where somebody points at it. */
export function figure(content: Content, why: string | null = null): Markup {
  return element("td", { class: "figure", title: why }, content);
}

export function fold(title: string, ...content: Content[]): Markup {
  return element("details", {}, element("summary", {}, title), ...content);
}

/** A link to a picture that shows a part of the run there, ns, if the page's script runs. */
export function viewLink(chart: string, view: readonly [number, number], text: string): Markup {
  return element("a", { href: `#${chart}`, "data-view": view.join(" ") }, text);
}
