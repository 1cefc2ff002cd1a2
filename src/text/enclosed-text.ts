/** A text that stands inside another file, as a configuration in a scenario: where its lines are for a person who looks for them. */
import type { Position } from "./config-error.ts";

export interface EnclosedText {
  /** Its own file, or the one that it is written in: names it in places. */
  readonly path: string;
  /** Of the value that names or holds it. */
  readonly position: Position;
  /**
   * `file`: it is a file's content. `block`: a literal block of the file around it, whose line n stands on line n + `lineOffset`, moved right by
   * `columnOffset`. `string`: a quoted string with line breaks; its lines have no place.
   */
  readonly source: "file" | "block" | "string";
  readonly lineOffset: number;
  readonly columnOffset: number;
}

/** Where a place in the text is: in the file around it if it is written there, and at `position` if it has no place of its own. */
export function placeOutside(
  { path, position, source, lineOffset, columnOffset }: EnclosedText,
  at: Position,
): Position {
  const { file, line, column } = at;
  const isInside = source !== "file" && file === path;
  if (line === 0 || (isInside && source === "string")) return position;
  return isInside ? { file, line: line + lineOffset, column: column + columnOffset } : { file, line, column };
}
