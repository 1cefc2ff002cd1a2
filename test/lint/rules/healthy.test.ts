/** Configurations that do what their authors expect: those of the topologies, and those that were recorded. Hints aside, no rule minds them. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AUTHENTICATION_RULES } from "../../../src/lint/rules/authentication.ts";
import { PREEMPTION_RULES } from "../../../src/lint/rules/preemption.ts";
import { PRIORITY_RULES } from "../../../src/lint/rules/priority.ts";
import { SCRIPT_RULES } from "../../../src/lint/rules/scripts.ts";
import { UNICAST_RULES } from "../../../src/lint/rules/unicast.ts";
import { findingsOf } from "./findings-of.ts";

const RULES = [...PREEMPTION_RULES, ...PRIORITY_RULES, ...SCRIPT_RULES, ...UNICAST_RULES, ...AUTHENTICATION_RULES];
const TOPOLOGIES = new URL("../../../topologies/", import.meta.url);
const RECORDINGS = new URL("../../recordings/", import.meta.url);

const CLUSTERS: readonly (readonly [name: string, texts: Readonly<Record<string, string>>])[] = [
  ...readdirSync(TOPOLOGIES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [name, confsIn(new URL(`${name}/`, TOPOLOGIES))] as const),
  ...readdirSync(RECORDINGS)
    .filter((file) => file.endsWith(".json"))
    .map((file) => [file, recorded(new URL(file, RECORDINGS))] as const),
];

function confsIn(folder: URL): Record<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".conf"));
  return Object.fromEntries(files.map((file) => [file, readFileSync(new URL(file, folder), "utf8")]));
}

function recorded(file: URL): Record<string, string> {
  const { hosts } = JSON.parse(readFileSync(file, "utf8")) as { hosts: Record<string, { conf?: string }> };
  return Object.fromEntries(
    Object.entries(hosts).flatMap(([name, { conf }]) => (conf === undefined ? [] : [[name, conf]])),
  );
}

describe("a healthy cluster", () => {
  it("is there to be judged", () => {
    expect(CLUSTERS.filter(([, texts]) => Object.keys(texts).length > 1).length).toBeGreaterThan(15);
  });

  it.each(CLUSTERS)("%s has no error and no warning", (_, texts) => {
    const found = findingsOf(RULES, texts).filter(({ severity }) => severity !== "hint");
    expect(found.map(({ place, rule, message }) => `${place}: ${rule}: ${message}`)).toEqual([]);
  });
});
