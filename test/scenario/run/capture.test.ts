/** Captures of runs: which frames, on which interface, when, and why they were dropped. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, etherType } from "../../../src/wire/ethernet.ts";
import { type CapturedPacket, readPcap } from "../../support/read-pcap.ts";
import { memoryFiles } from "../language/files.ts";
import { type Cast, load, playCaptured } from "./stage.ts";

const LATENCY_NS = 50_000;

function packets(cast: Cast, captureEgress = false): CapturedPacket[] {
  return readPcap(playCaptured(load(cast), { captureEgress }).capture);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Names of the interface blocks (type 1) in the order of the file, and whether all have link type 1 and `if_tsresol` 9. */
function interfaces(capture: Uint8Array): { names: string[]; isEthernetInNs: boolean } {
  const view = new DataView(capture.buffer, capture.byteOffset);
  const names: string[] = [];
  let isEthernetInNs = true;
  for (let at = 0; at < capture.length; at += view.getUint32(at + 4, true)) {
    if (view.getUint32(at, true) !== 1) continue;
    isEthernetInNs &&= view.getUint16(at + 8, true) === 1;
    const end = at + view.getUint32(at + 4, true) - 4;
    for (let option = at + 16; option < end && view.getUint16(option, true) !== 0; ) {
      const octets = view.getUint16(option + 2, true);
      const value = capture.subarray(option + 4, option + 4 + octets);
      if (view.getUint16(option, true) === 2) names.push(Buffer.from(value).toString());
      if (view.getUint16(option, true) === 9) isEthernetInNs &&= value[0] === 9;
      option += 4 + ((octets + 3) & ~3);
    }
  }
  return { names, isEthernetInNs };
}

describe("interfaces", () => {
  it("one for each vNIC, host.nic, also for those that never send", () => {
    const more = "  quiet: { nics: { lan0: { subnet: app }, lan1: { subnet: app } } }\n";
    const { capture } = playCaptured(load({ until: "1s", more }));
    expect(interfaces(capture)).toEqual({
      names: ["vm-A.eth0", "vm-B.eth0", "client.eth0", "quiet.lan0", "quiet.lan1"],
      isEthernetInNs: true,
    });
  });

  it("stand before the first frame even where no frame was sent", () => {
    const text =
      "name: alone\nuntil: 1s\nsubnets: { app: { cidr: 10.0.1.0/24 } }\nhosts: { client: { subnet: app } }\n";
    const { capture } = playCaptured(loadScenario("alone.yaml", text, memoryFiles({})));
    expect(readPcap(capture)).toEqual([]);
    expect(interfaces(capture).names).toEqual(["client.eth0"]);
  });
});

describe("frames", () => {
  const cast: Cast = { until: "6s", probe: ", at: 5s, until: 5.005s" };

  it("are recorded where they enter the switch, a link's latency after they were sent", () => {
    const frames = packets(cast).filter(({ tNs }) => tNs >= 5e9);
    // The client asks for the address, has the answer after four latencies, and sends its echo request then.
    const [question] = frames;
    expect(question).toMatchObject({
      tNs: 5e9 + LATENCY_NS,
      interfaceName: "client.eth0",
      direction: "inbound",
      comment: null,
    });
    const echo = frames.filter(({ bytes }) => etherType(bytes, 0) === ETHERTYPE_IPV4 && bytes[23] === 1);
    expect(echo.map(({ tNs, interfaceName }) => [tNs - 5e9, interfaceName])).toEqual([
      [5 * LATENCY_NS, "client.eth0"],
      [7 * LATENCY_NS, "vm-A.eth0"],
    ]);
    expect(frames.every(({ direction }) => direction === "inbound")).toBe(true);
  });

  it("come in the order of time", () => {
    const times = packets({ until: "12s", timeline: ["at: 6s, crash: vm-A"] }, true).map(({ tNs }) => tNs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(0);
  });

  it("on request are recorded once more at each port where they leave, after they entered", () => {
    const all = packets(cast, true);
    expect(all.filter(({ direction }) => direction === "inbound")).toEqual(packets(cast));
    // A broadcast that client sends: in at its own port, out at the two others, at the same moment and with the same octets.
    const announcement = all.findIndex(({ bytes, interfaceName }) => {
      return etherType(bytes, 0) === ETHERTYPE_ARP && interfaceName === "vm-A.eth0";
    });
    const [inbound, ...outbound] = all.slice(announcement, announcement + 3);
    expect(outbound.map(({ interfaceName, direction }) => `${interfaceName} ${direction}`).sort()).toEqual([
      "client.eth0 outbound",
      "vm-B.eth0 outbound",
    ]);
    for (const copy of outbound) {
      expect(copy.tNs).toBe(inbound!.tNs);
      expect(hex(copy.bytes)).toBe(hex(inbound!.bytes));
    }
  });

  it("are as long as the sender made them", () => {
    const lengths = packets(cast)
      .filter(({ bytes }) => etherType(bytes, 0) === ETHERTYPE_ARP)
      .map(({ bytes }) => bytes.length);
    expect(new Set(lengths)).toEqual(new Set([42]));
  });
});

describe("dropped frames", () => {
  const comments = (cast: Cast) =>
    new Set(
      packets(cast, true).flatMap(({ comment, interfaceName }) =>
        comment === null ? [] : [`${interfaceName} ${comment}`],
      ),
    );

  it("have the reason as a comment", () => {
    expect(comments({ until: "8s", timeline: ["at: 6s, partition: [[client]]"] })).toContain(
      "client.eth0 dropped: partitioned",
    );
    expect(comments({ until: "2s", subnet: ", multicast: false" })).toContain(
      "vm-A.eth0 dropped: multicast-not-carried",
    );
  });

  it("that were under way when the link went down too", () => {
    expect(comments({ until: "8s", timeline: ["at: 6.00002s, link-down: client"] })).toEqual(
      new Set(["client.eth0 dropped: link-down"]),
    );
  });

  it("are as many as the report counts, and so are all others", () => {
    const scenario = load({ until: "8s", timeline: ["at: 6s, partition: [[client]]"] });
    const { result, capture } = playCaptured(scenario, { captureEgress: true });
    const frames = readPcap(capture);
    const count = (isCounted: (packet: CapturedPacket) => boolean) => frames.filter(isCounted).length;
    expect(result.report.counters.frames.in).toBe(count(({ direction }) => direction === "inbound"));
    expect(result.report.counters.frames.out).toBe(count(({ direction }) => direction === "outbound"));
    expect(result.report.counters.drops).toEqual({ partitioned: count(({ comment }) => comment !== null) });
  });

  it("do not occur where nothing is wrong", () => {
    expect(comments({ until: "8s" })).toEqual(new Set());
  });
});
