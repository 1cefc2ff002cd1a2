/** Healthy configurations raise no false alarm: those that ship with viplane, and those of recorded failovers that went as planned. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Judged, judge } from "../../src/lint/judge.ts";
import { loadScenario, type ScenarioFiles } from "../../src/scenario/language/load.ts";
import { readRecording } from "../fidelity/recording.ts";
import { confFiles } from "./clusters.ts";

const TOPOLOGIES = new URL("../../topologies/", import.meta.url).pathname;
const RECORDINGS = new URL("../recordings/", import.meta.url);

const DISK: ScenarioFiles = {
  read: (path) => readFileSync(path, "utf8"),
  resolve: (fromFile, relative) => join(dirname(fromFile), relative),
  glob: () => [],
};

/** Errors and warnings by rule, with how many there are. Hints are worth knowing for a healthy file too. */
function alarms({ findings }: Judged): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rule, severity } of findings)
    if (severity !== "hint") counts[`${severity} ${rule}`] = (counts[`${severity} ${rule}`] ?? 0) + 1;
  return counts;
}

describe("a topology that ships with viplane", () => {
  const names = readdirSync(TOPOLOGIES).filter((name) => name.endsWith(".yaml"));
  /** What each is right to be warned of. */
  const expected: Readonly<Record<string, Record<string, number>>> = {
    // It is about just that.
    "server-crash.yaml": { "warning scenario": 1 },
  };

  it.each(names)("%s has no errors, and only the warnings that it should have", (name) => {
    const path = join(TOPOLOGIES, name);
    const scenario = loadScenario(path, readFileSync(path, "utf8"), DISK);
    const judged = judge({ confs: [], scenarios: [scenario], ignored: new Set(), texts: new Map() });
    expect(alarms(judged)).toEqual(expected[name] ?? {});
  });
});

describe("a recorded cluster", () => {
  const names = readdirSync(RECORDINGS)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.replace(".json", ""));

  it.each(names)("%s has no errors and no warnings", (name) => {
    const { hosts } = readRecording(name);
    const texts = Object.entries(hosts).map(([host, { conf }]) => [host, conf]);
    const judged = judge({
      confs: confFiles(Object.fromEntries(texts)),
      scenarios: [],
      ignored: new Set(),
      texts: new Map(),
    });
    expect(alarms(judged)).toEqual({});
    expect(judged.failover).toHaveLength(1);
  });
});
