/** A switch that is asked says what it would do, and is afterwards what it was before. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrameRef, PortId } from "../../src/base/ids.ts";
import { DROP_NONE } from "../../src/switch/drop-cause.ts";
import { LEARNED, MOVED, REFRESHED } from "../../src/switch/fdb.ts";
import { PROFILES } from "../../src/switch/profiles.ts";
import { frame, host, Wired } from "./wired.ts";

const PORTS = 4;
const mac = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 7 }).map(host) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "ff:ff:ff:ff:ff:ff",
      "01:00:5e:00:00:12",
      "00:00:00:00:00:00",
      "01:80:c2:00:00:00",
      "01:80:c2:00:00:02",
    ),
  },
);
const port = fc.nat(PORTS - 1);
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("frame" as const),
      port,
      destination: mac,
      source: mac,
      octets: fc.constantFrom(60, 60, 60, 13, 1519),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 400, 1100) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("link" as const), port, up: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("flags" as const),
      port,
      flags: fc.record(
        {
          learning: fc.boolean(),
          hairpin: fc.boolean(),
          isolated: fc.boolean(),
          locked: fc.boolean(),
          flood: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("entry" as const),
      port,
      n: fc.integer({ min: 1, max: 7 }),
      kind: fc.constantFrom("static" as const, "sticky" as const, "dynamic" as const),
    }),
  },
);

/** All that a switch is, as far as it shows. */
function stateOf(net: Wired): unknown {
  const { fdb, ports, egress } = net.switch;
  const counters = Array.from({ length: PORTS }, (_, index) => ports.counters(index as PortId));
  return [net.table(), counters, [...ports.drops], fdb.count, fdb.fixedCount, fdb.refused, egress.size, net.slab.inUse];
}

function deliveries(net: Wired): [number, FrameRef][] {
  const seen: [number, FrameRef][] = [];
  net.switch.egress.drain({
    deliver(out, slot) {
      seen.push([out, slot]);
      net.slab.release(slot);
    },
  });
  return seen.sort(([a], [b]) => a - b);
}

describe.each(PROFILES)("asked as $name", (profile) => {
  it("it changes nothing, and does what it said when it is told to", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const net = new Wired(4, 2048, { profile, entriesMax: 4 });
        net.addDomain(PORTS);
        net.switch.fdb.ageingMs = 1000;
        for (const what of steps) {
          if (what.do === "wait") net.waitMs(what.ms);
          else if (what.do === "link") net.switch.setLink(what.port as PortId, what.up);
          else if (what.do === "flags") net.switch.setFlags(what.port as PortId, what.flags);
          else if (what.do === "entry")
            net.switch.setEntry(1 as never, 0, 2, what.n << 24, what.port as PortId, what.kind);
          else {
            const slot = net.slab.acquire();
            net.slab.bytes.set(frame(what.destination, what.source, what.octets), net.slab.start(slot));
            net.slab.octets[slot] = what.octets;
            const before = stateOf(net);
            const answer = net.switch.ask(what.port as PortId, slot);
            const said = deliveries(net);
            expect(stateOf(net)).toEqual(before);

            const sourceBefore = net.table().filter((row) => row.includes(` ${what.source} `));
            const cause = net.switch.ingress(what.port as PortId, slot);
            expect(deliveries(net)).toEqual(said);
            expect(answer.cause).toBe(cause);
            expect(said.length > 0).toBe(cause === DROP_NONE);
            const sourceAfter = net.table().filter((row) => row.includes(` ${what.source} `));
            if (answer.learned === LEARNED || answer.learned === MOVED || answer.learned === REFRESHED)
              expect(sourceAfter).toEqual([`1 ${what.source} ${what.port} 0`]);
            else expect(sourceAfter).toEqual(sourceBefore);
            if (answer.learned === LEARNED) expect(sourceBefore).toEqual([]);
            if (answer.learned === MOVED) expect(sourceBefore[0]).not.toContain(` ${what.source} ${what.port} `);
            net.slab.release(slot);
          }
        }
        expect(net.slab.inUse).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
