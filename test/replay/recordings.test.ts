/**
 * The twelve recordings of real keepalived: a replay of the capture alone tells what the rest of the recording says: the frames as tshark names
 * their fields, what was done to the hosts, the daemons' own logs, and who had the address in the end.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { replayCapture } from "../../src/replay/make-report.ts";
import type { ReplayReport } from "../../src/replay/report.ts";

interface RecordedFrame {
  readonly t: number;
  readonly "eth.src": string;
  readonly "arp.src.proto_ipv4"?: string;
  readonly "arp.dst.proto_ipv4"?: string;
  readonly "icmpv6.type"?: string;
  readonly "icmpv6.nd.na.target_address"?: string;
  readonly "vrrp.prio"?: string;
  readonly "ip.src"?: string;
  readonly "ipv6.src"?: string;
}

interface Recording {
  readonly hosts: Readonly<Record<string, { readonly ip: string; readonly mac: string }>>;
  readonly actions: readonly { readonly at: number; readonly do: string; readonly host?: string }[];
  readonly addressesAtEnd: Readonly<Record<string, readonly string[]>>;
  readonly keepalivedLog: readonly string[];
  readonly frames: readonly RecordedFrame[];
}

/** Who held the virtual address from which frame on. */
interface Turn {
  readonly host: string;
  readonly frame: number;
  readonly t: number;
}

const FOLDER = new URL("../recordings/", import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));
const VIRTUAL_MAC = /^00:00:5e:00:0[12]:/;
/** What takes a host out, or makes it the lesser one; and what brings one back. */
const FAULTS = ["crash", "term", "linkdown", "rm"];
const RETURNS = ["start", "restore", "linkup", "touch", "unisolate"];
/** A master is missed after 3 to 4 s, scripts are asked every 2 s and must answer thrice, a preemption may be delayed by 5 s. */
const LONGEST_S = 12;

function recording(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

function replayed(name: string): ReplayReport {
  const { hosts } = recording(name);
  const names = new Map(Object.entries(hosts).map(([host, { mac }]) => [mac, host]));
  return replayCapture(`${name}.pcap`, new Uint8Array(readFileSync(new URL(`${name}.pcap`, FOLDER))), { names });
}

/** Who announced the address, change by change, from tshark's fields alone. */
function turnsOf({ frames, hosts }: Recording, vip: string): Turn[] {
  const hostOfMac = (mac: string) => Object.entries(hosts).find(([, host]) => host.mac === mac)?.[0] ?? mac;
  const turns: Turn[] = [];
  let advertiser = "";
  for (const [i, frame] of frames.entries()) {
    if (frame["vrrp.prio"] !== undefined) advertiser = hostOfMac(frame["eth.src"]);
    const announces =
      (frame["arp.src.proto_ipv4"] === vip && frame["arp.dst.proto_ipv4"] === vip) ||
      frame["icmpv6.nd.na.target_address"] === vip;
    if (!announces) continue;
    // From a virtual MAC, announcements follow adverts, which these daemons send from their own.
    const host = VIRTUAL_MAC.test(frame["eth.src"]) ? advertiser : hostOfMac(frame["eth.src"]);
    if (turns.at(-1)?.host !== host) turns.push({ host, frame: i + 1, t: frame.t });
  }
  return turns;
}

describe.each(NAMES)("%s", (name) => {
  const truth = recording(name);
  const report = replayed(name);
  const [address] = report.addresses;
  const holds = address!.holds;
  const zero = truth.frames[0]!.t;

  it("has one virtual address and one virtual router, and every frame was heard", () => {
    expect(report.addresses.map(({ address: text }) => text)).toEqual([
      name === "ipv6-vip" ? "2001:db8:1::50" : "10.0.1.50",
    ]);
    expect(report.virtualRouters.map(({ vrid }) => vrid)).toEqual([51]);
    expect(report.capture.frames).toMatchObject({
      all: truth.frames.length,
      switched: truth.frames.length,
      truncated: 0,
    });
    expect([report.malformed, report.refused, report.strangeAnswers, report.warnings]).toEqual([[], [], [], []]);
  });

  it("tells the holders that the frames tell", () => {
    const expected = turnsOf(truth, address!.address);
    expect(holds.map(({ holder, frame }) => ({ holder, frame }))).toEqual(
      expected.map(({ host, frame }) => ({ holder: host, frame })),
    );
    for (const [i, { t }] of expected.entries()) expect(holds[i]!.from).toBeCloseTo(t - zero, 3);
    for (const [i, { until, untilFrame }] of holds.entries()) {
      const next = holds[i + 1];
      expect([until, untilFrame]).toEqual(next === undefined ? [null, null] : [next.from, next.frame]);
    }
  });

  it("ends with a holder that had the address at the end", () => {
    const having = Object.entries(truth.addressesAtEnd)
      .filter(([, lines]) => lines.some((line) => line.includes(` ${address!.address}/`)))
      .map(([host]) => host);
    expect(having).toContain(holds.at(-1)!.holder);
    // A host that crashed and did not return may not know that it has lost it.
    const gone = (host: string) =>
      truth.actions.findLast((action) => action.host === host && ["crash", "restore"].includes(action.do))?.do ===
      "crash";
    expect(having.filter((host) => host !== holds.at(-1)!.holder && !gone(host))).toEqual([]);
  });

  it("moves the address because of what was done", () => {
    for (const [i, { holder, from, why }] of holds.entries()) {
      const t = from + zero;
      const before = holds[i - 1]?.holder;
      const recent = truth.actions.filter(({ at }) => at <= t && at > t - LONGEST_S);
      const reasons = recent.filter(
        (action) =>
          (FAULTS.includes(action.do) && action.host === before) ||
          (RETURNS.includes(action.do) && (action.host ?? holder) === holder) ||
          action.do === "isolate",
      );
      expect([name, holder, reasons.length > 0]).toEqual([name, holder, true]);
      const last = reasons.at(-1)!.do;
      const kinds: Readonly<Record<string, readonly string[]>> = {
        crash: ["silence"],
        linkdown: ["silence"],
        term: ["farewell"],
        // Out of the running with a farewell, or only lesser than before.
        rm: ["farewell", "preemption"],
        isolate: ["contest"],
        unisolate: ["return"],
      };
      expect(kinds[last] ?? ["start", "preemption"]).toContain(why.kind);
      expect(why.before).toBe(before ?? null);
    }
  });

  it("tells as many masters as the daemons' logs", () => {
    const entered = (host: string) =>
      truth.keepalivedLog.filter((line) => line.startsWith(`${host}:`) && line.includes("Entering MASTER STATE"))
        .length;
    const reigns = (host: string) => report.virtualRouters[0]!.masters.filter((reign) => reign.host === host).length;
    for (const host of Object.keys(truth.hosts)) expect([host, reigns(host)]).toEqual([host, entered(host)]);
  });

  it("counts the adverts of each", () => {
    for (const { host, adverts, farewells } of report.virtualRouters[0]!.senders) {
      const { mac } = truth.hosts[host]!;
      const sent = truth.frames.filter((frame) => frame["vrrp.prio"] !== undefined && frame["eth.src"] === mac);
      expect([adverts, farewells]).toEqual([sent.length, sent.filter((frame) => frame["vrrp.prio"] === "0").length]);
    }
  });

  it("tells of two masters at once in the split brain, and nowhere else", () => {
    const { contests } = report;
    if (name !== "split-brain") {
      expect(contests).toEqual([]);
      return;
    }
    const at = (what: string) => truth.actions.find((action) => action.do === what)!.at - zero;
    expect(contests).toMatchObject([{ kind: "masters", vrid: 51, hosts: ["vmA", "vmB"] }]);
    // The backup waits for three adverts and its skew; the lesser master yields at the next advert it hears.
    expect(contests[0]!.from - at("isolate")).toBeGreaterThan(2);
    expect(contests[0]!.from - at("isolate")).toBeLessThan(4);
    expect(contests[0]!.until - at("unisolate")).toBeGreaterThan(0);
    expect(contests[0]!.until - at("unisolate")).toBeLessThan(1.1);
  });
});

describe("the recordings", () => {
  it("are twelve", () => expect(NAMES).toHaveLength(12));

  it("name their hosts by IPv4 addresses, where nobody else does", () => {
    const file = new Uint8Array(readFileSync(new URL("three-nodes.pcap", FOLDER)));
    const { hosts, addresses } = replayCapture("x.pcap", file);
    const { hosts: known } = recording("three-nodes");
    for (const { ip, mac } of Object.values(known))
      expect(hosts).toContainEqual(expect.objectContaining({ name: ip.replace(/\/.*/, ""), macs: [mac] }));
    expect(addresses[0]!.holds.map(({ holder }) => holder)).toEqual([
      "10.0.1.11",
      "10.0.1.12",
      "10.0.1.13",
      "10.0.1.12",
      "10.0.1.11",
    ]);
  });

  it("show whose virtual MAC it is in one interface's capture", () => {
    const { virtualMacs, moves } = replayed("virtual-mac");
    const [first, second] = turnsOf(recording("virtual-mac"), "10.0.1.50");
    expect(virtualMacs).toMatchObject([
      {
        mac: "00:00:5e:00:01:33",
        vrid: 51,
        doubtful: 0,
        holds: [
          { holder: "vmA", frame: first!.frame, untilFrame: second!.frame },
          { holder: "vmB", frame: second!.frame, until: null },
        ],
      },
    ]);
    expect(moves).toMatchObject([{ mac: "00:00:5e:00:01:33", from: "vmA", to: "vmB", frame: second!.frame }]);
  });
});
