/**
 * The first half of the judging: keys, types and forms, against the schema. Findings of the schema library become
 * sentences; then the mistake is repaired or cut out, so that the second half can judge all the rest of the file:
 * a key that is clearly a slip of another counts as that key, everything else wrong counts as not there.
 */
import { z } from "zod";
import type { Judge } from "./judge.ts";
import { keyLabel, type Path, pathText } from "./positions.ts";
import { ScenarioSchema, type ScenarioText } from "./schema.ts";
import { type Issue, kindOf, resolveChoice, schemaAt, valueAt } from "./schema-at.ts";
import { wanted } from "./schema-words.ts";
import { quoted } from "./yaml-errors.ts";

/** What is left of a file when everything wrong is cut out: any part may be missing, and is reported then. */
export type Draft<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Draft<Item> | undefined)[]
    : { readonly [Key in keyof T]?: Draft<T[Key]> | undefined };

export type ScenarioDraft = Draft<ScenarioText>;

/** Reports to `judge` what the schema finds; null if the file is no map of keys at all. */
export function checkStructure(judge: Judge): ScenarioDraft | null {
  for (;;) {
    const value = judge.places.toValue();
    const result = ScenarioSchema.safeParse(value);
    const issues = (result.error?.issues ?? []).flatMap((issue) => resolveChoice(issue, value));
    const unknown = issues.filter((issue) => issue.code === "unrecognized_keys");
    for (const { path, keys } of unknown) for (const key of keys) reportUnknownKey(judge, path, key, value);
    if (unknown.length > 0) continue;
    reportRest(judge, issues, value);
    return kindOf(value) === "map" ? (value as ScenarioDraft) : null;
  }
}

/** A finding for the key, which then is renamed to what it surely means, or removed. */
function reportUnknownKey(judge: Judge, path: Path, key: string, value: unknown): void {
  const { places } = judge;
  const schema = schemaAt(path, value);
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const owner = (schema && wanted.get(schema)?.owner) ?? "this";
  const isStep = path[0] === "timeline" && path.length === 2;
  const word = key.replace(/:.*$/s, "");
  const strange = schema && wanted.get(schema)?.strangeKey?.(key);
  judge.errorAtKey(
    [...path, key],
    isStep ? `there is no verb ${quoted(key)}` : `${owner} has no key ${quoted(key)}`,
    word !== key && known.includes(word)
      ? `a space belongs after the ':', as in ${quoted(`${word}: ${key.slice(word.length + 1)}`)}`
      : (strange ?? judge.suggestion(key, isStep ? known.filter((name) => name !== "at") : known)),
  );
  const node = places.node(path);
  const absent = known.filter((name) => node?.kind === "map" && !node.entries.has(name));
  const near = judge.nearest(key, absent);
  if (near === undefined) places.remove(path, key);
  else places.rename(path, key, near);
}

/** One finding for each place, one for all that an object lacks; the wrong values are cut out of `value`. */
function reportRest(judge: Judge, issues: readonly Issue[], value: unknown): void {
  const missing = new Map<string, { owner: Path; keys: string[] }>();
  const wrong = new Map<string, Issue>();
  for (const issue of issues) {
    const owner = issue.path.slice(0, -1);
    if (issue.path.length > 0 && judge.places.node(issue.path) === undefined) {
      const { keys } = missing.get(pathText(owner)) ?? { keys: [] };
      missing.set(pathText(owner), { owner, keys: [...keys, String(issue.path.at(-1))] });
    } else if (!judge.places.isDoubtful(issue.path) && !wrong.has(pathText(issue.path)))
      wrong.set(pathText(issue.path), issue);
  }
  for (const { owner, keys } of missing.values()) reportMissing(judge, owner, keys, value);
  for (const issue of wrong.values()) reportWrong(judge, issue, value);
  for (const { path } of wrong.values()) cut(value, path);
}

function reportMissing(judge: Judge, path: Path, keys: readonly string[], value: unknown): void {
  if (judge.places.isDamaged(path)) return;
  const schema = schemaAt(path, value);
  const owner = (schema && wanted.get(schema)?.owner) ?? "this";
  const examples = keys.map((key) => {
    const part = schemaAt([...path, key], value);
    return `${key}: ${(part && wanted.get(part)?.expected) ?? "a value"}`;
  });
  const list = keys.map(quoted).join(" and ");
  judge.errorAtKey(
    path,
    `${keyLabel(path)}${owner} needs the key${keys.length > 1 ? "s" : ""} ${list}`,
    examples.join("; "),
  );
}

function reportWrong(judge: Judge, issue: Issue, value: unknown): void {
  const { path } = issue;
  const found = valueAt(value, path);
  const schema = schemaAt(path, value);
  const about = schema && wanted.get(schema);
  if (issue.code === "invalid_key") {
    const parent = schemaAt(path.slice(0, -1), value);
    const key = parent instanceof z.ZodRecord ? wanted.get(parent.keyType as z.ZodType) : undefined;
    const name = String(path.at(-1));
    judge.errorAtKey(path, `expected ${key?.expected ?? "a name"}, got ${quoted(name)}`, key?.hint?.(name));
  } else if (issue.code === "too_big" && issue.origin === "string") {
    judge.error(path, `expected at most ${issue.maximum} characters, got ${String(found).length}`);
  } else {
    const values = issue.code === "invalid_value" ? issue.values.map(String) : [];
    const expected = about?.expected ?? (values.length > 0 ? values.join(" or ") : "something else");
    const hint =
      about?.hint?.(found) ??
      (typeof found === "string" && values.length > 1 ? judge.suggestion(found, values) : undefined);
    judge.error(path, `expected ${expected}, got ${described(found)}`, hint);
  }
}

function described(value: unknown): string {
  switch (kindOf(value)) {
    case "text":
      return value === "" ? "an empty text" : quoted(String(value));
    case "number":
      return `the number ${String(value)}`;
    case "boolean":
      return String(value);
    case "nothing":
      return "nothing";
    case "list":
      return counted("list", (value as unknown[]).length);
    case "map":
      return counted("map", Object.keys(value as object).length);
  }
}

function counted(what: string, count: number): string {
  return count === 0 ? `an empty ${what}` : `a ${what} of ${count}`;
}

function cut(value: unknown, path: Path): void {
  const parent = valueAt(value, path.slice(0, -1));
  const last = path.at(-1);
  if (last !== undefined && kindOf(parent) !== "nothing") (parent as Record<PropertyKey, unknown>)[last] = undefined;
}
