/**
 * The digests here are those of `bench/base.c` after one pass, and after 100 ms of virtual time: its runners take the number of passes
 * as their last argument, and `w6` its milliseconds. After as many passes as the benchmark does before it prints them they are in `command.test.ts`.
 */
import { describe, expect, it } from "vitest";
import type { DomainId } from "../../src/base/ids.ts";
import { NS_PER_MS } from "../../src/base/units.ts";
import { forwarding } from "../../src/bench/forwarding.ts";
import { simulating } from "../../src/bench/simulating.ts";
import { churnAddress, churnTrace, TRACE_OCTETS, unicastTrace } from "../../src/bench/trace.ts";
import { WORKLOADS } from "../../src/bench/workloads.ts";
import { formatMac } from "../../src/wire/address.ts";

const AFTER_ONE_PASS: Readonly<Record<string, readonly [units: number, digest: number]>> = {
  W1: [65_536, 328_104_771],
  W2: [131_072, 3_516_231_323],
  W3: [65_536 * 63, 27_488_668],
  W4: [65_536, 692_261_233],
  W5: [65_536, 192_284_433],
};

describe("a pass of the product does what a pass in C does", () => {
  it.each(Object.entries(AFTER_ONE_PASS))("in workload %s", (id, [units, digest]) => {
    const workload = WORKLOADS.find((plan) => plan.id === id)!.make();
    expect(workload.pass()).toBe(units);
    expect(workload.digest()).toBe(digest);
  });

  it("in workload W6", () => {
    const workload = simulating(100 * NS_PER_MS);
    expect(workload.pass()).toBe(10_000);
    expect(workload.digest()).toBe(1_558_894_398);
  });

  it("in workload W6, however its time is cut into passes", () => {
    const workload = simulating(25 * NS_PER_MS);
    for (let i = 0; i < 4; i++) workload.pass();
    expect(workload.digest()).toBe(1_558_894_398);
  });
});

describe("digests", () => {
  it("change with every pass", () => {
    const workload = forwarding(unicastTrace(64, 8, 2, 512));
    const digests = Array.from({ length: 4 }, () => {
      workload.pass();
      return workload.digest();
    });
    expect(new Set(digests).size).toBe(4);
  });

  it("change if one frame takes another way", () => {
    const trace = unicastTrace(64, 8, 2, 512);
    const honest = forwarding(trace);
    trace.bytes.copyWithin(100 * TRACE_OCTETS, 101 * TRACE_OCTETS, 101 * TRACE_OCTETS + 6);
    const altered = forwarding(trace);
    for (const workload of [honest, altered]) workload.pass();
    expect(altered.digest()).not.toBe(honest.digest());
  });
});

describe("the workload of addresses that move", () => {
  it("ends with each address where it was announced last", () => {
    const trace = churnTrace(4_096);
    const churn = forwarding(trace);
    const watch = churn.watchHolders();
    churn.pass();
    const last = new Map(Array.from(trace.ports, (port, k) => [formatMac(trace.bytes, k * TRACE_OCTETS + 6), port]));
    expect(last.size).toBe(256);
    for (const [index, { ip, holder, domain }] of watch.watched.entries()) {
      expect(domain).toBe(1 as DomainId);
      expect(ip).toEqual(churnAddress(index));
      const mac = formatMac(Uint8Array.of(0, 0, 0x5e, 0, 1, index));
      expect(holder).toEqual({ mac, port: last.get(mac) });
    }
  });
});

describe("the list of workloads", () => {
  it("names each once", () => {
    expect(WORKLOADS.map(({ id }) => id)).toEqual(["W1", "W2", "W3", "W4", "W5", "W6"]);
  });
});
