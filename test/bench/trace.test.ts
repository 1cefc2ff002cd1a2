import { describe, expect, it } from "vitest";
import {
  churnAddress,
  churnTrace,
  floodTrace,
  macAt,
  TRACE_OCTETS,
  type Trace,
  unicastTrace,
} from "../../src/bench/trace.ts";
import { formatIp, formatMac } from "../../src/wire/address.ts";
import { isGratuitousArp } from "../../src/wire/arp.ts";
import { describeFrame } from "../../src/wire/describe.ts";
import { ETHERNET_OCTETS, isGroupMac } from "../../src/wire/ethernet.ts";

const FRAMES = 2_000;

/** Where the MACs of a trace live: by text, the numbers of those that read so. */
function numbersOf({ macs, macPorts }: Trace): Map<string, number> {
  return new Map(Array.from(macPorts, (_, i) => [formatMac(macAt(macs, i)), i]));
}

describe("the unicast trace", () => {
  const trace = unicastTrace(1_000, 100, 10, FRAMES);
  const numbers = numbersOf(trace);

  it("deals MACs out to domains, and to the ports of a domain, in turn", () => {
    expect([...trace.macPorts.subarray(0, 12)]).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 11]);
    const perPort = new Array(100).fill(0);
    for (const port of trace.macPorts) perPort[port]++;
    expect(new Set(perPort)).toEqual(new Set([10]));
  });

  it("has frames from one MAC to another of its domain, at the sender's port", () => {
    for (let k = 0; k < FRAMES; k++) {
      const destination = numbers.get(formatMac(trace.bytes, k * TRACE_OCTETS))!;
      const source = numbers.get(formatMac(trace.bytes, k * TRACE_OCTETS + 6))!;
      expect(destination).not.toBe(source);
      expect(destination % 10).toBe(source % 10);
      expect(trace.ports[k]).toBe(trace.macPorts[source]);
    }
  });

  it("does not repeat itself", () => {
    const frames = Array.from({ length: FRAMES }, (_, k) =>
      trace.bytes.subarray(k * TRACE_OCTETS, k * TRACE_OCTETS + 12).join(),
    );
    expect(new Set(frames).size).toBeGreaterThan(FRAMES * 0.95);
  });
});

describe("the flood trace", () => {
  it("has ARP questions of known MACs to everybody", () => {
    const trace = floodTrace(FRAMES);
    const numbers = numbersOf(trace);
    for (let k = 0; k < FRAMES; k++) {
      const at = k * TRACE_OCTETS;
      expect(isGroupMac(trace.bytes, at)).toBe(true);
      const source = numbers.get(formatMac(trace.bytes, at + 6))!;
      expect(trace.ports[k]).toBe(source % 64);
    }
    expect(describeFrame(trace.bytes, 0, TRACE_OCTETS)).toMatch(/^ARP|who-has|who has/i);
  });
});

describe("the churn trace", () => {
  it("announces each address from another port than before", () => {
    const { bytes, ports } = churnTrace(FRAMES);
    const before = new Map<string, number>();
    for (let k = 0; k < FRAMES; k++) {
      const arp = k * TRACE_OCTETS + ETHERNET_OCTETS;
      expect(isGratuitousArp(bytes, arp)).toBe(true);
      const vrid = bytes[k * TRACE_OCTETS + 11]!;
      const ip = formatIp(bytes, arp + 14, 4);
      expect(ip).toBe(formatIp(churnAddress(vrid)));
      expect(ports[k]).not.toBe(before.get(ip) ?? 0);
      before.set(ip, ports[k]!);
    }
    expect(before.size).toBe(256);
  });
});
