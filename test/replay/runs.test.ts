/** What `viplane run --pcap` writes, replayed: the capture alone tells the holders and the masters that the run's own report tells. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { replayCapture } from "../../src/replay/make-report.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { loadScenario, type ScenarioFiles } from "../../src/scenario/language/load.ts";
import type { Report } from "../../src/scenario/report.ts";
import { runScenario } from "../../src/scenario/run.ts";

const TOPOLOGIES = new URL("../../topologies/", import.meta.url).pathname;
const FILES: ScenarioFiles = {
  read: (path) => readFileSync(path, "utf8"),
  resolve: (fromFile, relative) => join(dirname(fromFile), relative),
  glob: () => [],
};
/** Two routers that send from virtual MACs alone, cut off from each other for a while. */
const VIRTUAL_MACS = `name: virtual-macs
until: 40s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  a: { subnet: app, address: 10.0.1.11, keepalived: ${confOf(100)} }
  b: { subnet: app, address: 10.0.1.12, keepalived: ${confOf(90)} }
  client: { subnet: app, address: 10.0.1.100 }
probes: { ping: { from: client, to: 10.0.1.50, every: 50ms } }
timeline:
  - { at: 10s, crash: a }
  - { at: 20s, restore: a }
  - { at: 30s, stop: a }
`;

function confOf(priority: number): string {
  const lines = ["interface eth0", "virtual_router_id 51", `priority ${priority}`, "use_vmac"];
  const conf = ["vrrp_instance VI {", ...lines, "virtual_ipaddress {", "10.0.1.50", "}", "}", ""].join("\n");
  return JSON.stringify(conf);
}

function run(file: string, text: string, captureEgress: boolean): { report: Report; capture: Uint8Array } {
  const chunks: Uint8Array[] = [];
  const captureTo = (chunk: Uint8Array) => chunks.push(chunk.slice());
  const { report } = runScenario(loadScenario(file, text, FILES), { captureTo, captureEgress });
  return { report, capture: Uint8Array.from(Buffer.concat(chunks)) };
}

/** `host.nic` since when, as the report of a run and that of a replay tell; when a cable was pulled only the run knows. */
interface Turn {
  readonly vip: string;
  readonly holder: string;
  readonly at: number;
}

function turnsOfRun({ holders }: Report): Turn[] {
  const turns = new Map<string, Turn[]>();
  for (const { vip, holder, nic, at } of holders) {
    const list = turns.get(vip) ?? [];
    turns.set(vip, list);
    const name = `${holder}.${nic}`;
    if (holder !== null && list.at(-1)?.holder !== name) list.push({ vip, holder: name, at });
  }
  return [...turns.values()].flat();
}

function turnsOfReplay({ addresses, capture }: ReplayReport): Turn[] {
  const zero = capture.firstSeconds + capture.firstNanoseconds / 1e9;
  return addresses
    .filter(({ vrids }) => vrids.length > 0)
    .flatMap(({ address, holds }) => holds.map(({ holder, from }) => ({ vip: address, holder, at: from + zero })));
}

function expectSame(actual: readonly Turn[], expected: readonly Turn[]): void {
  const sorted = (turns: readonly Turn[]) => [...turns].sort((a, b) => a.at - b.at || (a.vip < b.vip ? -1 : 1));
  expect(sorted(actual).map(({ vip, holder }) => `${vip} ${holder}`)).toEqual(
    sorted(expected).map(({ vip, holder }) => `${vip} ${holder}`),
  );
  for (const [i, { at }] of sorted(actual).entries()) expect(at).toBeCloseTo(sorted(expected)[i]!.at, 8);
}

describe.each(["havip-failover", "cloud-guide", "lan-preemption", "virtual-macs"])("%s", (name) => {
  const path = join(TOPOLOGIES, `${name}.yaml`);
  const text = name === "virtual-macs" ? VIRTUAL_MACS : readFileSync(path, "utf8");
  const plain = run(path, text, false);

  it.each([false, true])("with frames as they leave the switch: %s", (captureEgress) => {
    const { report, capture } = captureEgress ? run(path, text, true) : plain;
    const replay = replayCapture("x.pcapng", capture);
    expect(replay.by).toBe("interface");
    expectSame(turnsOfReplay(replay), turnsOfRun(report));
    expect(replay.capture.frames.switched).toBe(report.counters.frames.in);
    expect(replay.capture.frames.leaving > 0).toBe(captureEgress);
    expect([replay.malformed, replay.contests, replay.warnings]).toEqual([[], [], []]);
  });

  it("tells the same masters, where those spoke", () => {
    const replay = replayCapture("x.pcapng", plain.capture);
    const zero = replay.capture.firstSeconds + replay.capture.firstNanoseconds / 1e9;
    const masters = replay.virtualRouters.flatMap(({ family, masters: list }) =>
      list.map(({ host, from }) => ({ family, host, at: from + zero })),
    );
    const entered = plain.report.vrrp.filter(({ to }) => to === "MASTER");
    expect(masters.map(({ host }) => host.split(".")[0]).sort()).toEqual(entered.map(({ host }) => host).sort());
    const times = entered.map(({ at }) => at).sort((a, b) => a - b);
    // An advert takes the subnet's latency to the switch.
    for (const [i, at] of masters
      .map((master) => master.at)
      .sort((a, b) => a - b)
      .entries())
      expect(at - times[i]!).toBeLessThan(0.001);
  });

  it("told apart by MAC, tells the same of hosts that are named by their addresses", () => {
    const byInterface = replayCapture("x.pcapng", plain.capture);
    for (const captureEgress of [false, true]) {
      const { capture } = captureEgress ? run(path, text, true) : plain;
      const byMac = replayCapture("x.pcapng", capture, { by: "mac" });
      const nameOf = (holder: string) => byInterface.hosts.find(({ name: host }) => host === holder)!.addresses[0];
      expect(
        byMac.addresses.flatMap(({ holds }) => holds.map(({ holder, frame }) => [holder, captureEgress ? 0 : frame])),
      ).toEqual(
        byInterface.addresses.flatMap(({ holds }) =>
          holds.map(({ holder, frame }) => [nameOf(holder), captureEgress ? 0 : frame]),
        ),
      );
      expect(byMac.virtualMacs.map(({ doubtful }) => doubtful)).toEqual(byInterface.virtualMacs.map(() => 0));
      expect(byMac.capture.frames.switched).toBe(byInterface.capture.frames.switched);
    }
  });
});

describe("three switches", () => {
  const path = join(TOPOLOGIES, "three-switches.yaml");
  const text = readFileSync(path, "utf8");

  it.each([false, true])("are told alike by interface and by MAC, with frames as they leave: %s", (captureEgress) => {
    const { report, capture } = run(path, text, captureEgress);
    const byInterface = replayCapture("x.pcapng", capture);
    const byMac = replayCapture("x.pcapng", capture, { by: "mac" });
    expect(byInterface.by).toBe("interface");
    expectSame(turnsOfReplay(byInterface), turnsOfRun(report));
    expect(byInterface.hosts.map(({ name }) => name).sort()).toEqual(
      ["client-1", "client-2", "client-core", "lb-1", "lb-2"].map((host) => `${host}.eth0`),
    );
    const told = ({ addresses, virtualRouters, hosts }: ReplayReport) => [
      addresses.map(({ announcements, holds }) => [announcements, holds.map(({ from, frame }) => [from, frame])]),
      virtualRouters.map(({ senders }) => senders.map(({ adverts }) => adverts)),
      hosts.map(({ macs, frames }) => `${macs} ${frames}`).sort(),
    ];
    expect(told(byMac)).toEqual(told(byInterface));
    expect([byInterface.contests, byInterface.moves, byInterface.loops]).toEqual([[], [], []]);
  });
});
