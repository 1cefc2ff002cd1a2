/** `impair` steps: what good ones mean, and what people must be told of bad ones. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { FILES, findingsOf, WIRED } from "./files.ts";

/** The wired scenario with these steps alone; the first of them is in line 28. */
const withSteps = (...steps: readonly string[]) =>
  `${WIRED.slice(0, WIRED.indexOf("timeline:"))}timeline:\n${steps.map((step) => `  - { at: ${step} }\n`).join("")}`;
const impair = (value: string) => withSteps(`1s, impair: { ${value} }`);

function actions(text: string) {
  return loadScenario("dir/x.yaml", text, FILES).timeline.map(({ action }) => action);
}

describe("an `impair` step", () => {
  it("has all its words as numbers", () => {
    const words =
      "delay: 10ms, jitter: 2ms, loss: { share: 5%, burst: 8 }, duplicate: 1%, reorder: 25%, corrupt: 0.1%, rate: 512kbit, announcements: 0.5/s";
    expect(actions(impair(`on: vm-A, direction: out, ${words}, for: 3s`))).toEqual([
      {
        verb: "impair",
        on: { nics: [{ host: "vm-A", nic: "eth0" }] },
        direction: "out",
        words: {
          delayNs: 10_000_000,
          jitterNs: 2_000_000,
          loss: { share: 0.05, burst: 8 },
          duplicate: 0.01,
          reorder: 0.25,
          corrupt: 0.001,
          bitsPerSecond: 512_000,
          announcementsPerSecond: 0.5,
        },
        forNs: 3_000_000_000,
      },
    ]);
  });

  it("has only those that are written, 0 too", () => {
    const words = "delay: 0, jitter: 0s, loss: 0, duplicate: 0, reorder: 0%, corrupt: 0, rate: 0, announcements: 0";
    expect(actions(impair(`on: client.eth0, ${words}`))).toMatchObject([
      {
        words: {
          delayNs: 0,
          jitterNs: 0,
          loss: { share: 0, burst: null },
          duplicate: 0,
          reorder: 0,
          corrupt: 0,
          bitsPerSecond: 0,
          announcementsPerSecond: 0,
        },
      },
    ]);
    expect(actions(impair("on: client, corrupt: 2%"))).toMatchObject([{ words: { corrupt: 0.02 } }]);
    const [action] = actions(impair("on: client, corrupt: 2%"));
    expect(Object.keys((action as { words: object }).words)).toEqual(["corrupt"]);
  });

  it("means all NICs of a host, one of them, a link or one way of it", () => {
    const on = (value: string) => (actions(impair(`${value}, loss: 1%`))[0] as { on: unknown }).on;
    expect(on("on: vm-B")).toEqual({ nics: [{ host: "vm-B", nic: "eth0" }] });
    expect(on("on: vm-B.eth0, direction: in")).toEqual({ nics: [{ host: "vm-B", nic: "eth0" }] });
    expect(on("on: x")).toEqual({ link: "x", end: null, way: null });
    expect(on('on: "b:x"')).toEqual({ link: "x", end: null, way: null });
    expect(on('on: "b:x", direction: out')).toEqual({ link: "x", end: "b", way: { from: "b", to: "a" } });
    expect(on('on: "b:x", direction: in')).toEqual({ link: "x", end: "b", way: { from: "a", to: "b" } });
    expect(on('on: "a:z", direction: in')).toEqual({ link: "z", end: "a", way: { from: "a", to: "a" } });
  });
});

const MISTAKES: readonly (readonly [value: string, column: number, message: string, hint: string])[] = [
  ["on: uplink-7, loss: 1%", 29, "there is no host or link 'uplink-7'", "did you mean 'uplink-1'?"],
  ["on: vm-A.eth1, loss: 1%", 29, "there is no vNIC 'vm-A.eth1'", "vm-A.eth0"],
  ["on: vm-Z.eth0, loss: 1%", 29, "there is no host 'vm-Z'", "vm-A"],
  ["on: server-1, loss: 1%", 29, "'server-1' is a server, and cables end at hosts", "vNIC"],
  ['on: "core:vm-A", loss: 1%', 29, "'vm-A' is no link, and only links have ends", "on: vm-A"],
  ['on: "core:uplink-7", loss: 1%', 29, "there is no link 'uplink-7'", "did you mean 'uplink-1'?"],
  ['on: "rack-1:uplink-2", loss: 1%', 29, "link 'uplink-2' does not end at 'rack-1'", "core:uplink-2, rack-2:uplink-2"],
  [
    "on: uplink-2, direction: in, loss: 1%",
    50,
    "in of a link is seen from one of its ends",
    "on: core:uplink-2, or on: rack-2:uplink-2",
  ],
  ["on: vm-A, direction: up, loss: 1%", 46, "expected in or out or both, got 'up'", "known: in, out, both"],
  ["on: vm-A", 15, "says what becomes of the frames, and this one does not", "delay, jitter, loss"],
  ["on: vm-A, for: 1s", 15, "says what becomes of the frames, and this one does not", "delay, jitter, loss"],
  ["loss: 1%", 15, "an `impair` step needs the key 'on'", "vm-A"],
  ["on: vm-A, los: 1%", 35, "an `impair` step has no key 'los'", "did you mean 'loss'?"],
  ["on: vm-A, loss: 1%, limit: 5", 45, "an `impair` step has no key 'limit'", "1,000 frames wait on a way"],
  ["on: vm-A, loss: 1%, gemodel: 5", 45, "has no key 'gemodel'", "loss: { share: 5%, burst: 8 }"],
  ["on: vm-A, loss: 1%, distribution: pareto", 45, "has no key 'distribution'", "jitter is evenly distributed"],
  ["on: vm-A, loss: 101%", 41, "expected a share such as 30%, got '101%'", "from 0 to 100"],
  ["on: vm-A, loss: 50", 41, "expected a share such as 30%, or 0, or { share: 5%, burst: 8 }, got the number 50", "%"],
  ["on: vm-A, loss: { share: 5% }", 35, "a loss needs the key 'burst'", "a whole number from 1 to 10000"],
  ["on: vm-A, loss: { share: 5%, burst: 0 }", 61, "expected a whole number from 1 to 10000, got the number 0", ""],
  ["on: vm-A, loss: { share: 5%, length: 5, burst: 2 }", 54, "a loss has no key 'length'", "known: share, burst"],
  ["on: vm-A, loss: { share: 90%, burst: 8 }", 50, "share: bursts of 8 cannot lose 90%", "at most 8 of 9 frames"],
  ["on: vm-A, duplicate: 1", 46, "expected a share such as 30%, or 0, got the number 1", "%"],
  ["on: vm-A, reorder: x, delay: 1ms", 44, "expected a share such as 30%, got 'x'", "%"],
  ["on: vm-A, corrupt: 1.%", 44, "expected a share such as 30%, got '1.%'", "%"],
  ["on: vm-A, delay: 5", 42, "expected a duration such as 10ms, or 0, got the number 5", "5ms or 5s"],
  ["on: vm-A, delay: soon", 42, "expected a duration such as 10ms, got 'soon'", "250us"],
  ["on: vm-A, rate: 1bit", 41, "expected a rate such as 512kbit, got '1bit'", "from 1kbit to 400gbit"],
  ["on: vm-A, announcements: 2", 50, "expected a pace such as 2/s, or 0, got the number 2", "2/s"],
  ["on: vm-A, announcements: 2/m", 50, "expected a pace such as 2/s, got '2/m'", "0.5/s"],
  ["on: vm-A, loss: 1%, for: 0s", 50, "an impairment of no time impairs nothing", "300ms"],
  ["on: vm-A, jitter: 5ms", 43, "jitter: it varies a delay, and there is none", "delay: 10ms"],
  [
    "on: vm-A, reorder: 5%",
    44,
    "reorder: some frames are sent at once while the others wait for a delay",
    "delay: 10ms",
  ],
  ["on: vm-A, delay: 0, jitter: 5ms", 53, "jitter: it varies a delay, and there is none", "delay: 10ms"],
];

describe("a mistake in an `impair` step", () => {
  it.each(MISTAKES)("%s", (value, column, message, hint) => {
    const findings = findingsOf(impair(value));
    expect(findings.map(({ message: text }) => text)).toHaveLength(1);
    const [finding] = findings;
    expect(`${finding!.line}:${finding!.column}`).toBe(`28:${column}`);
    expect(finding!.message).toContain(message);
    expect(finding!.hint ?? "").toContain(hint);
  });
});

describe("a word that needs a delay", () => {
  const mistakes = (...steps: readonly string[]) =>
    findingsOf(withSteps(...steps)).map(({ line, message }) => `${line} ${message.slice(0, 26)}`);
  const jitter = (at: string, on: string, more = "") => `${at}, impair: { on: ${on}, jitter: 1ms${more} }`;
  const delay = (at: string, on: string, more = "") => `${at}, impair: { on: ${on}, delay: 1ms${more} }`;

  it("has it from an earlier step on the same way, wherever that stands in the file", () => {
    expect(mistakes(jitter("2s", "vm-A"), delay("1s", "vm-A.eth0"))).toEqual([]);
    expect(mistakes(delay("1s", "uplink-1"), jitter("2s", '"core:uplink-1"', ", direction: in"))).toEqual([]);
    expect(mistakes(delay("1s", "vm-A", ", direction: out"), jitter("2s", "vm-A", ", direction: out"))).toEqual([]);
    expect(
      mistakes(
        delay("1s", '"core:uplink-1"', ", direction: in"),
        jitter("2s", '"rack-1:uplink-1"', ", direction: out"),
      ),
    ).toEqual([]);
    expect(mistakes(delay("1s", "vm-A", ", for: 1s"), jitter("2s", "vm-A"))).toEqual([]);
  });

  it("has none from a later step, another way, one that is cleared or over", () => {
    const told = ["29 jitter: it varies a delay,"];
    expect(mistakes(delay("2s", "vm-A"), jitter("1s", "vm-A"))).toEqual(told);
    expect(mistakes(delay("1s", "vm-B"), jitter("2s", "vm-A"))).toEqual(told);
    expect(mistakes(delay("1s", "vm-A", ", direction: out"), jitter("2s", "vm-A"))).toEqual(told);
    expect(
      mistakes(delay("1s", '"core:uplink-1"', ", direction: in"), jitter("2s", '"core:uplink-1"', ", direction: out")),
    ).toEqual(told);
    expect(mistakes(delay("1s", "vm-A", ", for: 999ms"), jitter("2s", "vm-A"))).toEqual(told);
    expect(mistakes(delay("1s", "vm-A"), "2s, impair: { on: vm-A, delay: 0 }", jitter("3s", "vm-A"))).toEqual([
      "30 jitter: it varies a delay,",
    ]);
  });

  it("is not judged beside a step that is broken, and may be the one that it needs", () => {
    expect(mistakes("1s, impair: { on: vm-A, delay: soon }", jitter("2s", "vm-A"))).toHaveLength(1);
  });
});
