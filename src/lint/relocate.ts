/** Moves the places in what was read: a configuration written inside a scenario has its lines there. */
import type { Position } from "../text/config-error.ts";

/** A copy of plain data and maps in which every object with a file, a line and a column stands where `move` says. Octets are not copied. */
export function relocated<T>(value: T, move: (at: Position) => Position): T {
  if (Array.isArray(value)) return value.map((item) => relocated(item, move)) as T;
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, relocated(item, move)])) as T;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, relocated(field, move)]));
  return (isPosition(copy) ? { ...copy, ...placeOf(move(copy)) } : copy) as T;
}

/** A place alone, without what else is known there. */
export function placeOf({ file, line, column }: Position): Position {
  return { file, line, column };
}

function isPosition(value: object): value is Position {
  return "file" in value && "line" in value && "column" in value;
}
