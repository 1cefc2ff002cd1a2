import { describe, expect, it } from "vitest";
import { PcapngWriter } from "../../src/observe/pcapng.ts";
import { ConfigError, formatFinding } from "../../src/text/config-error.ts";
import { formatDecisionJson } from "../../src/trace/json-report.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { Tracer } from "../../src/trace/tracer.ts";
import { concat, enhancedPacket, interfaceDescription, sectionHeader, text } from "../capture/build-capture.ts";
import { BROADCAST, hex, host } from "./inputs.ts";

interface Packet {
  readonly on: number;
  readonly atNs: number;
  readonly frame: string;
  readonly direction?: "inbound" | "outbound";
}

function capture(names: readonly string[], packets: readonly Packet[]): Uint8Array {
  const writer = new PcapngWriter({ application: "test" });
  for (const name of names) writer.addInterface(name);
  for (const { on, atNs, frame, direction = "inbound" } of packets) {
    const bytes = new Uint8Array(Buffer.from(frame, "hex"));
    writer.packet(on, atNs, bytes, 0, bytes.length, direction, null);
  }
  return writer.finish();
}

function mistake(bytes: Uint8Array, ports: number | null = null, network: string | null = null): string {
  try {
    readTrace("x.pcapng", bytes, { ports, network });
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.findings.map(formatFinding).join("\n");
  }
}

const NAMES = ["quiet.eth0", "a.eth0", "b.eth0"];
const PACKETS: readonly Packet[] = [
  { on: 2, atNs: 5e9, frame: hex(BROADCAST, host(2)) },
  { on: 0, atNs: 5e9, frame: hex(BROADCAST, host(2)), direction: "outbound" },
  { on: 1, atNs: 5.5e9, frame: hex(host(2), host(1), 9000) },
  { on: 2, atNs: 5.25e9, frame: hex(host(1), host(2)) },
];

describe("a capture of several interfaces", () => {
  it("has a port for each, in the file's order, and frames that came in", () => {
    const source = readTrace("x.pcapng", capture(NAMES, PACKETS));
    expect([source.setup.ports, source.setup.portMtu, source.portNames]).toEqual([3, null, NAMES]);
    const steps = Array.from(source.steps(), (step) => {
      if (step.do !== "frame") throw new Error(step.do);
      return [step.place, step.port, step.octets];
    });
    expect(steps).toEqual([
      [{ step: 0, number: 1, atNs: 0 }, 2, 60],
      [{ step: 1, number: 3, atNs: 5e8 }, 1, 9000],
      [{ step: 2, number: 4, atNs: 5e8 }, 2, 60],
    ]);
    expect(source.progress).toBe(1);
    expect(source.warnings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      "warning: frames that left a port are left out: 1",
      "warning: frames that are older than one before them count as of its time: 1",
    ]);
  });

  it("calls ports by number whose names are empty, and lets no name draw on a terminal", () => {
    const source = readTrace("x.pcapng", capture(["", "a\u001b[31m\nb"], []));
    expect(source.portNames).toEqual(["interface 0", "a\\u001b[31m\\nb"]);
  });

  it("is decided frame by frame; octets may be looked at again and again", () => {
    const source = readTrace("x.pcapng", capture(NAMES, PACKETS));
    for (let round = 0; round < 2; round++) {
      const tracer = new Tracer(source.setup);
      const json = Array.from(source.steps(), (step) =>
        JSON.parse(formatDecisionJson(tracer.step(step), NAMES, false)),
      );
      expect(json).toMatchObject([
        { step: 0, number: 1, in: 2, interface: "b.eth0", out: [0, 1] },
        {
          step: 1,
          number: 3,
          out: [2],
          provenance: { step: 0, number: 1, port: 2 },
          why: expect.stringContaining("since frame 1 at 0.000 s"),
        },
        { step: 2, number: 4, in: 2, out: [1] },
      ]);
    }
  });

  it("may have more ports than interfaces, not fewer", () => {
    const source = readTrace("x.pcapng", capture(NAMES, PACKETS), { ports: 5 });
    expect([source.setup.ports, source.portNames]).toEqual([5, [...NAMES, "interface 3", "interface 4"]]);
    expect(mistake(capture(NAMES, PACKETS), 2)).toContain("3 interfaces, and --ports says 2");
  });
});

/** A capture without direction flags, as dumpcap writes it. */
function unmarked(packets: readonly { on: number; micros: number; frame: string }[]): Uint8Array {
  const description = [0, 1, 2].map((n) => interfaceDescription(true, [text(2, `v${n}`)]));
  const blocks = packets.map(({ on, micros, frame }) => {
    const bytes = new Uint8Array(Buffer.from(frame, "hex"));
    return enhancedPacket(true, { interfaceIndex: on, ticks: BigInt(micros), bytes });
  });
  return concat(sectionHeader(true), ...description, ...blocks);
}

describe("a capture without direction flags", () => {
  const asked = { on: 0, micros: 0, frame: hex(BROADCAST, host(1)) };
  const copies = [1, 2].map((on) => ({ on, micros: 20 * on, frame: hex(BROADCAST, host(1)) }));
  const answer = { on: 1, micros: 500, frame: hex(host(1), host(2)) };

  it("is refused if it shows frames again where they left", () => {
    const found = mistake(unmarked([asked, ...copies, answer, { ...answer, on: 0, micros: 510 }]));
    expect(found).toMatch(/^x\.pcapng: error: 3 of 5 frames stand on several interfaces within a millisecond/);
    expect(found).toContain("tcpdump -Q in");
    expect(found).toContain("viplane replay");
  });

  it("is taken if it shows what came in: the same octets later, or on the same interface, are no copies", () => {
    const later = { ...asked, on: 2, micros: 1_006 };
    const source = readTrace("x.pcapng", unmarked([asked, { ...asked, micros: 5 }, answer, later]));
    expect(source.warnings).toEqual([]);
    expect([...source.steps()]).toHaveLength(4);
    expect([source.portNames, source.decimals]).toEqual([["v0", "v1", "v2"], 6]);
  });

  it("is taken with a warning if only few frames are copies", () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ on: 0, micros: 5_000 * n, frame: hex(BROADCAST, host(n)) }));
    const source = readTrace("x.pcapng", unmarked([...many, { ...many[39]!, on: 1 }]));
    expect(source.warnings.map(({ message }) => message)).toEqual([
      "frames that another interface showed within the millisecond before: 1",
    ]);
  });
});

describe("a capture of several networks", () => {
  const places = [
    ["a.eth0", "subnet app"],
    ["b.eth0", "subnet app"],
    ["rack-1:up", "subnet lan, switch rack-1, link up"],
    ["c.eth0", "subnet lan, switch rack-1"],
    ["d.eth0", "subnet lan, switch core"],
  ] as const;
  const packets: readonly Packet[] = [
    { on: 0, atNs: 0, frame: hex(BROADCAST, host(1)) },
    { on: 3, atNs: 1e6, frame: hex(BROADCAST, host(3)) },
    { on: 4, atNs: 2e6, frame: hex(BROADCAST, host(4)) },
    { on: 2, atNs: 3e6, frame: hex(BROADCAST, host(4)) },
    { on: 2, atNs: 3e6, frame: hex(BROADCAST, host(3)), direction: "outbound" },
  ];
  const placed = (names: readonly (readonly [string, string | null])[]): Uint8Array => {
    const writer = new PcapngWriter({ application: "test" });
    for (const [name, place] of names) writer.addInterface(name, place);
    for (const { on, atNs, frame, direction = "inbound" } of packets)
      writer.packet(on, atNs, new Uint8Array(Buffer.from(frame, "hex")), 0, 60, direction, null);
    return writer.finish();
  };

  it("is refused until one is chosen", () => {
    const found = mistake(placed(places));
    expect(found).toMatch(/^x\.pcapng: error: several networks in one capture: app, rack-1, core\n/);
    expect(found).toContain("--network app");
    expect(mistake(placed(places), null, "rack1")).toContain("there is no network 'rack1' in this capture");
    expect(mistake(placed(places), null, "rack1")).toContain("did you mean 'rack-1'?");
  });

  it("has the frames and the ports of the chosen one alone", () => {
    const source = readTrace("x.pcapng", placed(places), { network: "rack-1" });
    expect([source.setup.ports, source.portNames]).toEqual([2, ["rack-1:up", "c.eth0"]]);
    expect(Array.from(source.steps(), (step) => [step.place.number, step.do === "frame" && step.port])).toEqual([
      [2, 1],
      [4, 0],
    ]);
    expect(source.about).toMatch(/^rack-1: 2 of 5 interfaces, taken as ports of one switch, which keeps no memory/);
    expect(source.warnings.map(({ message }) => message)).toEqual(["frames that left a port are left out: 1"]);
    const alone = readTrace("x.pcapng", placed(places), { network: "core" });
    expect(alone.warnings[0]!.message).toBe("what came to core from other switches is not in this capture");
  });

  it("is one switch if its interfaces do not say where they are", () => {
    const unplaced = places.map(([name]) => [name, null] as const);
    expect(readTrace("x.pcapng", placed(unplaced)).about).toBe(
      "5 interfaces, all taken as ports of one switch, which keeps no memory of links, profiles or crashes that the capture does not show",
    );
    const strange = places.map(([name], n) => [name, n === 0 ? "subnet app" : "Intel Ethernet"] as const);
    expect(readTrace("x.pcapng", placed(strange)).setup.ports).toBe(5);
    expect(mistake(placed(unplaced), null, "app")).toContain("nothing in this capture says of which network");
  });
});

describe("a capture that does not do", () => {
  it("has one interface", () => {
    const found = mistake(
      capture(
        ["eth0"],
        PACKETS.slice(0, 1).map((packet) => ({ ...packet, on: 0 })),
      ),
      4,
    );
    expect(found).toMatch(/^x\.pcapng: error: all frames are of one interface/);
    expect(found).toContain("viplane replay");
    const classic = Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex");
    expect(mistake(new Uint8Array(classic))).toContain("all frames are of one interface");
  });

  it("is damaged, wherever", () => {
    const good = capture(NAMES, PACKETS);
    const bad = good.slice();
    bad[bad.length - 1]! ^= 1;
    expect(mistake(bad)).toMatch(/^x\.pcapng: error: at octet \d+: /);
  });
});
