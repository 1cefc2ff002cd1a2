/** Walks schema and value side by side: which part of the language does a path lead to? */
import { z } from "zod";
import type { Path } from "./positions.ts";
import { ScenarioSchema } from "./schema.ts";

export type Issue = z.core.$ZodIssue;

export type Kind = "text" | "number" | "boolean" | "nothing" | "list" | "map";

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  return typeof value === "object" ? "map" : typeof value === "number" ? "number" : "boolean";
}

export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path)
    found = kindOf(found) === "nothing" ? undefined : (found as Record<PropertyKey, unknown>)[step];
  return found;
}

/** The schema of what stands at `path` in `value`; of a choice, the branch that fits the kind of the value if one does. */
export function schemaAt(path: Path, value: unknown): z.ZodType | undefined {
  let schema: z.ZodType | undefined = ScenarioSchema;
  let found = value;
  for (const step of path) {
    schema = child(branchFor(schema, found), step);
    found = valueAt(found, [step]);
  }
  return branchFor(schema, found);
}

/** The issues of the branch that the value surely means, instead of "it is none of these". */
export function resolveChoice(issue: Issue, value: unknown): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const branch = schemaAt(issue.path, value);
  if (branch === undefined || branch instanceof z.ZodUnion) return [issue];
  const result = branch.safeParse(valueAt(value, issue.path));
  return result.error === undefined
    ? [issue]
    : result.error.issues.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function child(schema: z.ZodType | undefined, step: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(step)];
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return schema instanceof z.ZodArray ? (schema.element as z.ZodType) : undefined;
}

function branchFor(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap() as z.ZodType;
  if (!(inner instanceof z.ZodUnion)) return inner;
  const kind = kindOf(value);
  const fitting = (inner.options as readonly z.ZodType[]).find(
    (option) =>
      (option instanceof z.ZodString && kind === "text") ||
      (option instanceof z.ZodArray && kind === "list") ||
      (option instanceof z.ZodObject && kind === "map"),
  );
  return fitting ?? inner;
}
