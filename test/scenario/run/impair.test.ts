/** Impaired cables in scenarios: what is told, counted and captured, and what they do to a failover. */
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/scenario/explain.ts";
import type { Happening } from "../../../src/scenario/happenings.ts";
import { formatReport } from "../../../src/scenario/report.ts";
import type { RunResult } from "../../../src/scenario/run.ts";
import { formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { readPcap } from "../../support/read-pcap.ts";
import { holders, load, play, playCaptured, transitions } from "./stage.ts";

const told = ({ happenings }: RunResult, kinds: readonly Happening["kind"][], who: string) =>
  happenings.filter((one) => kinds.includes(one.kind) && one.who === who).map(({ text }) => text);

describe("a step", () => {
  it("says what it does and which way, and when it is over", () => {
    const timeline = [
      "at: 1s, impair: { on: vm-A, loss: { share: 5%, burst: 8 }, for: 1s }",
      "at: 2.5s, impair: { on: vm-A.eth0, direction: out, delay: 10ms, jitter: 2ms, reorder: 25% }",
      "at: 3s, impair: { on: vm-A, direction: in, duplicate: 1%, corrupt: 100%, rate: 1.5mbit, for: 500ms }",
      "at: 4s, impair: { on: vm-A, announcements: 1/s }",
      "at: 5s, impair: { on: vm-A, direction: out, jitter: 1ms }",
      "at: 6s, impair: { on: vm-A, delay: 0, jitter: 0, loss: 0, duplicate: 0, reorder: 0, corrupt: 0, rate: 0, announcements: 0 }",
    ];
    const result = play({ until: "7s", timeline });
    const notes = told(result, ["step", "note"], "vm-A").filter((text) => text.startsWith("eth0"));
    expect(notes).toEqual([
      "eth0 LOSES 5 % OF ITS FRAMES, 8 in a row on average both ways for 1.000 s",
      "eth0 loses nothing any more on its way out",
      "eth0 loses nothing any more on its way in",
      "eth0 delays frames by 10 ms ± 2 ms, lets 25 % of its frames overtake on its way out",
      "eth0 doubles 1 % of its frames, corrupts every frame, carries 1.5 Mbit/s at most on its way in for 500 ms",
      "eth0 doubles nothing any more, corrupts nothing any more, carries as much as comes on its way in",
      "eth0 lets 1 announcement a second pass both ways",
      "eth0 delays frames by 1 ms more or less on its way out",
      "eth0 delays nothing any more, delays all frames alike, loses nothing any more, doubles nothing any more, lets no frame overtake any more, corrupts nothing any more, carries as much as comes, lets all announcements pass both ways",
    ]);
  });
});

describe("a failover over impaired cables", () => {
  const crash = "at: 6s, crash: vm-A";

  it("goes unnoticed by a network that gets no announcement, and the way that lost them says so", () => {
    const lossy = "at: 5s, impair: { on: vm-B, direction: out, announcements: 0.01/s }";
    // One announcement has emptied the policer's bucket.
    const forged = "at: 5.5s, command: { host: vm-B, run: arping -U -c 1 -I eth0 10.0.1.12 }";
    const result = play({ timeline: [lossy, forged, crash] });
    expect(transitions(result, "vm-B").at(-1)).toMatch(/BACKUP MASTER/);
    expect(holders(result)).toEqual(["vm-A garp-request"]);
    expect(told(result, ["note"], "vm-B")).toContain("eth0 polices announcements of 10.0.1.50 on its way out");
    const [out] = result.report.counters.impaired!;
    expect(out).toMatchObject({ host: "vm-B", nic: "eth0", direction: "out", lost: 0, policed: 5 });
    expect(formatRun(result, PLAIN)).toMatch(/^ +5 {2}announcements policed on vm-B\.eth0, out$/m);
    expect(explain(result).map(({ event }) => event.to)).toContain("MASTER");
  });

  it("happens because a master is not heard", () => {
    const result = play({ timeline: ["at: 6s, impair: { on: vm-A, direction: out, loss: 100%, for: 10s }"] });
    expect(transitions(result, "vm-B").at(-1)).toMatch(/BACKUP MASTER master-down-timer/);
    const change = explain(result).findLast(({ event }) => event.host === "vm-B")!;
    expect(change.before).toBe("vm-A eth0 LOSES EVERY FRAME on its way out for 10.000 s at 6.000 s");
    expect(result.splitBrains).toHaveLength(1);
    expect(formatRun(result, PLAIN)).toMatch(/^ +\d+ {2}lost on vm-A\.eth0, out$/m);
  });

  it("is the same with the same seed, octet for octet, and another with another", () => {
    const timeline = [
      "at: 0s, impair: { on: vm-A, delay: 2ms, jitter: 1ms, loss: { share: 10%, burst: 3 }, duplicate: 5%, corrupt: 2% }",
      "at: 0s, impair: { on: client, reorder: 10%, delay: 1ms, rate: 10mbit }",
      crash,
    ];
    const once = (seed: number) => {
      const { result, capture } = playCaptured(load({ timeline, seed }), { captureEgress: true });
      return [formatReport(result.report), Buffer.from(capture).toString("base64")];
    };
    expect(once(1)).toEqual(once(1));
    expect(once(1)).not.toEqual(once(2));
  });
});

describe("what is counted", () => {
  const timeline = ["at: 4s, impair: { on: client, direction: in, corrupt: 50%, duplicate: 50%, loss: 10% }"];
  const result = play({ until: "8s", timeline });
  const [way] = result.report.counters.impaired!;

  it("each way that was impaired, from then on", () => {
    expect(result.report.counters.impaired).toHaveLength(1);
    expect(way).toMatchObject({
      host: "client",
      nic: "eth0",
      direction: "in",
      policed: 0,
      reordered: 0,
      overflowed: 0,
    });
    for (const key of ["lost", "duplicated", "corrupted"] as const) expect(way![key]).toBeGreaterThan(20);
    expect(way!.frames).toBeLessThan(result.report.counters.frames.out);
    expect(result.report.probes[0]!.duplicates).toBeGreaterThan(20);
  });

  it("corrupt frames where a host refuses them", () => {
    expect(result.report.counters.hosts.malformed).toBeGreaterThan(20);
    expect(play({ until: "8s" }).report.counters.hosts.malformed).toBe(0);
  });

  it("says nothing of impairments where there are none", () => {
    expect(play({ until: "1s" }).report.counters).not.toHaveProperty("impaired");
  });
});

describe("what is captured", () => {
  /** Of a client that has asked for half a second when its cable goes bad: what is captured from then on. */
  const echoes = (direction: "in" | "out") => {
    const timeline = [`at: 5s, impair: { on: client, direction: ${direction}, loss: 100% }`];
    const cast = { until: "6s", probe: ", at: 4.5s, until: 5.5s", timeline };
    const { result, capture } = playCaptured(load(cast), { captureEgress: true });
    const isEcho = (bytes: Uint8Array) => bytes[12] === 8 && bytes[13] === 0 && bytes[23] === 1;
    const late = readPcap(capture).filter(({ bytes, tNs }) => tNs > 5.0005e9 && isEcho(bytes));
    const at = (name: string, side: string) =>
      late.filter(({ interfaceName, direction: way }) => interfaceName === name && way === side).length;
    expect(result.report.probes[0]!.answered).toBe(50);
    return { asked: at("client.eth0", "inbound"), answered: at("client.eth0", "outbound") };
  };

  it("is no frame that was lost before it reached the switch, and each that was lost behind it", () => {
    expect(echoes("out")).toEqual({ asked: 0, answered: 0 });
    expect(echoes("in")).toEqual({ asked: 49, answered: 49 });
  });
});
