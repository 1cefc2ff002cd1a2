/** Scenarios with several switches and servers: what is told, counted, captured and copied. */
import { describe, expect, it } from "vitest";
import type { Happening } from "../../../src/scenario/happenings.ts";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { type RunResult, runScenario } from "../../../src/scenario/run.ts";
import { formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { readPcap } from "../../support/read-pcap.ts";
import { memoryFiles } from "../language/files.ts";
import { playCaptured, topology } from "./stage.ts";

const instance = (priority: number, lines: string) =>
  `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  priority ${priority}\n  ${lines}\n  virtual_ipaddress {\n    10.0.1.50\n  }\n}\n`;

/** lb-1 at rack-1, lb-2 at rack-2, a client at the core, 12 s; `lines` stand in both configurations. */
function racks({
  lines = "",
  steps = [],
  more = "",
}: {
  lines?: string;
  steps?: readonly string[];
  more?: string;
} = {}): Scenario {
  const text = `name: racks
until: 12s
subnets:
  lan:
    cidr: 10.0.1.0/24
    switches: { core: , rack-1: , rack-2: }
    links: { up-1: { between: [core, rack-1] }, up-2: { between: [core, rack-2] } }
hosts:
  lb-1: { subnet: lan, switch: rack-1, mac: "02:00:00:00:00:01", address: 10.0.1.11, keepalived: one.conf }
  lb-2: { subnet: lan, switch: rack-2, mac: "02:00:00:00:00:02", address: 10.0.1.12, keepalived: two.conf }
  client: { subnet: lan, switch: core, mac: "02:00:00:00:00:64", address: 10.0.1.100 }
${more}probes:
  ping: { from: client, to: 10.0.1.50, every: 10ms }
timeline:
${steps.map((step) => `  - { ${step} }\n`).join("")}`;
  return loadScenario(
    "racks.yaml",
    text,
    memoryFiles({ "one.conf": instance(100, lines), "two.conf": instance(90, lines) }),
  );
}

const lines = ({ happenings }: RunResult, kinds: readonly Happening["kind"][]) =>
  happenings.filter(({ kind }) => kinds.includes(kind)).map(({ who, text }) => `${who} ${text}`);

describe("three switches, and an announcement that one link loses", () => {
  it("is told as a story", async () => {
    await expect(formatRun(runScenario(topology("three-switches")), PLAIN)).toMatchFileSnapshot("three-switches.txt");
  });

  it("gives the time of each repair to the stage that needed it", () => {
    const { outages } = runScenario(topology("three-switches-repairs"));
    const longest = (probe: string) => {
      const { stages } = outages.get(probe)![0]!;
      return Object.entries(stages).toSorted(([, a], [, b]) => b - a)[0]![0];
    };
    expect(["second-burst", "refresh", "ageing", "cache"].map(longest)).toEqual(["cache", "cache", "cache", "cache"]);
  });
});

describe("what is told", () => {
  it("steps upon links: who they are and what becomes of them", () => {
    const steps = [
      "at: 1s, link-down: up-1",
      "at: 2s, link-up: up-1",
      "at: 3s, impair: { on: up-2, loss: 12.5%, for: 100ms }",
      'at: 5s, impair: { on: "core:up-2", direction: in, loss: 100% }',
      'at: 6s, impair: { on: "core:up-2", direction: in, loss: 0 }',
      "at: 7s, impair: { on: up-1, loss: 0 }",
    ];
    expect(lines(runScenario(racks({ steps })), ["step", "note"]).filter((line) => line.startsWith("up"))).toEqual([
      "up-1 LOSES CARRIER",
      "up-1 has carrier again",
      "up-2 LOSES 12.5 % OF ITS FRAMES both ways for 100 ms",
      "up-2 loses nothing any more from core to rack-2",
      "up-2 loses nothing any more from rack-2 to core",
      "up-2 LOSES EVERY FRAME from rack-2 to core",
      "up-2 loses nothing any more from rack-2 to core",
      "up-1 loses nothing any more both ways",
    ]);
  });

  it("steps that change nothing, and that they do not", () => {
    const steps = [
      "at: 1s, link-up: up-1",
      "at: 2s, link-down: up-1",
      "at: 3s, link-down: up-1",
      "at: 4s, link-up: lb-2",
    ];
    const again = ["at: 5s, link-down: lb-2.eth0", "at: 6s, link-down: lb-2", "at: 7s, link-up: lb-2"];
    expect(lines(runScenario(racks({ steps: [...steps, ...again] })), ["step"])).toEqual([
      "up-1 has carrier already",
      "up-1 LOSES CARRIER",
      "up-1 has no carrier already",
      "lb-2 eth0 has carrier already",
      "lb-2 eth0 LOSES CARRIER",
      "lb-2 eth0 has no carrier already",
      "lb-2 eth0 has carrier again",
    ]);
  });

  it("the longest outages in full where a link drops a frame now and then, and the others in a line", () => {
    const steps = ["at: 4s, impair: { on: up-1, loss: 10% }", "at: 9s, impair: { on: up-1, loss: 100%, for: 300ms }"];
    const result = runScenario(racks({ steps }));
    const outages = result.outages.get("ping")!;
    expect(outages.length).toBeGreaterThan(20);
    const text = formatRun(result, PLAIN);
    const more = outages.length - 5;
    expect(text.match(/^ {4}outage from /gm)).toHaveLength(5);
    expect(text.match(/ping +answered again after/g)).toHaveLength(5);
    expect(text).toMatch(/answered again after 3\d\d ms/);
    expect(text).toMatch(new RegExp(`\\(${more} more outages of ping, all shorter, between \\S+ s and \\S+ s\\)\n`));
    const row = new RegExp(`^ {4}${more} more outages, (\\d+) ms at most: .* in all, (\\d+) lost$`, "m").exec(text)!;
    const all = outages.reduce((sum, { lost }) => sum + lost, 0);
    const told = [...text.matchAll(/^ {4}outage from .* (\d+) lost$/gm)].reduce(
      (sum, [, lost]) => sum + Number(lost),
      0,
    );
    expect(told + Number(row[2])).toBe(all);
    expect(result.report.probes[0]!.outages).toHaveLength(outages.length);
  });

  it("steps upon servers, and what they change", () => {
    const more = "servers: { s: { hosts: [lb-1, client] } }\n";
    const steps = [
      "at: 6s, crash: s",
      "at: 7s, crash: s",
      "at: 8s, restore: lb-1",
      "at: 8s, restore: s",
      "at: 9s, restore: s",
    ];
    expect(lines(runScenario(racks({ more, steps })), ["step"])).toEqual([
      "s CRASHES: the machine vanishes without a word, and lb-1, client with it",
      "s CRASHES: the machine vanishes without a word, and lb-1, client with it, but it is down already",
      "lb-1 boots again",
      "s boots again, and lb-1, client on it",
      "s boots again, and lb-1, client on it, but it is up already",
    ]);
  });

  it("a MAC that moves, switch by switch", () => {
    const result = runScenario(racks({ lines: "use_vmac", steps: ["at: 6s, crash: lb-1"] }));
    expect(lines(result, ["moved"])).toEqual([
      "rack-2 00:00:5e:00:01:33 is now behind lb-2.eth0, before rack-2:up-2",
      "core 00:00:5e:00:01:33 is now behind core:up-2, before core:up-1",
      "rack-1 00:00:5e:00:01:33 is now behind rack-1:up-1, before lb-1.eth0",
    ]);
    expect(result.report.counters.frames.moved).toBe(3);
  });

  it("a burst of announcements that a link loses: once; with --events every frame", () => {
    const steps = ["at: 6s, crash: lb-1", 'at: 6s, impair: { on: "rack-2:up-2", direction: out, loss: 100% }'];
    const seen: string[] = [];
    const onHappening = ({ who, kind, text }: Happening) => {
      if (who === "up-2" && kind !== "step") seen.push(`${kind} ${text}`);
    };
    const result = runScenario(racks({ steps }), { onHappening });
    const told = "loses announcements of 10.0.1.50 from rack-2 to core";
    expect(lines(result, ["note"]).filter((line) => line.startsWith("up-2"))).toEqual([`up-2 ${told}`]);
    const announcement = /^detail lost from rack-2 to core: .*Request who-has 10\.0\.1\.50/;
    expect(seen.filter((line) => announcement.test(line))).toHaveLength(5);
    expect(seen.filter((line) => line === `note ${told}`)).toHaveLength(1);
  });
});

describe("what is counted", () => {
  const steps = [
    "at: 6s, partition: [[client]]",
    'at: 7s, impair: { on: "core:up-1", direction: out, loss: 100%, for: 1s }',
  ];
  const { report } = runScenario(racks({ steps }));
  const { counters } = report;

  it("frames at vNICs once, however many links they crossed", () => {
    const { capture } = playCaptured(racks({ steps }));
    expect(counters.frames.in).toBe(readPcap(capture).length);
  });

  it("each way of a link: what entered, what was lost, and what nobody got behind it", () => {
    expect(counters.links!.map(({ subnet, link, from, to }) => `${subnet} ${link} ${from} ${to}`)).toEqual([
      "lan up-1 core rack-1",
      "lan up-1 rack-1 core",
      "lan up-2 core rack-2",
      "lan up-2 rack-2 core",
    ]);
    const [out, back] = counters.links!;
    expect(out!.lost).toBeGreaterThan(50);
    expect(back!.lost).toBe(0);
    expect(out!.frames).toBeGreaterThan(out!.lost);
    expect(out!.drops.partitioned).toBeGreaterThan(400);
    expect(counters.drops).toEqual({});
  });

  it("and is said in the text where it matters", () => {
    const text = formatRun(runScenario(racks({ steps })), PLAIN);
    expect(text).toMatch(/^ +\d+ {2}lost on up-1 from core to rack-1$/m);
    expect(text).toMatch(/^ +\d+ {2}partitioned behind up-1 from core to rack-1: its destination/m);
  });

  it("says nothing of links where there are none", () => {
    expect(runScenario(topology("havip-failover")).report.counters).not.toHaveProperty("links");
    expect(report).not.toHaveProperty("storms");
  });
});

describe("what is captured", () => {
  const names = (egress: boolean) => {
    const { capture } = playCaptured(racks(), { captureEgress: egress });
    const packets = readPcap(capture);
    return { packets, names: new Set(packets.map(({ interfaceName }) => interfaceName)) };
  };

  it("is a frame once, where its host sent it", () => {
    const { packets, names: found } = names(false);
    expect(found).toEqual(new Set(["lb-1.eth0", "lb-2.eth0", "client.eth0"]));
    expect(packets.every(({ direction }) => direction === "inbound")).toBe(true);
  });

  it("is every step of it with --pcap-egress, trunks included", () => {
    const { packets, names: found } = names(true);
    const trunks = ["core:up-1", "rack-1:up-1", "core:up-2", "rack-2:up-2"];
    expect(found).toEqual(new Set(["lb-1.eth0", "lb-2.eth0", "client.eth0", ...trunks]));
    const count = (name: string, direction: string) =>
      packets.filter((packet) => packet.interfaceName === name && packet.direction === direction).length;
    expect(count("rack-1:up-1", "outbound")).toBe(count("core:up-1", "inbound"));
    expect(count("core:up-2", "outbound")).toBe(count("rack-2:up-2", "inbound"));
  });
});

describe("a snapshot", () => {
  it("has a table for each switch", () => {
    const [snapshot] = runScenario(racks({ steps: ["at: 6s, snapshot: s"] })).report.snapshots;
    const rows = snapshot!.forwarding.map(({ switch: at, mac, port }) => `${at} ${mac.slice(-2)} ${port}`);
    expect(rows).toEqual([
      "core 01 core:up-1",
      "core 02 core:up-2",
      "core 64 client.eth0",
      "rack-1 01 lb-1.eth0",
      "rack-1 02 rack-1:up-1",
      "rack-1 64 rack-1:up-1",
      "rack-2 01 rack-2:up-2",
      "rack-2 02 lb-2.eth0",
      "rack-2 64 rack-2:up-2",
    ]);
  });
});
