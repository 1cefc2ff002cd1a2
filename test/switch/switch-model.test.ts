import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DomainId, PortId } from "../../src/base/ids.ts";
import { DROP_NAMES } from "../../src/switch/drop-cause.ts";
import { formatMacWords } from "../../src/switch/mac-words.ts";
import { PlainSwitch } from "./plain-switch.ts";
import { frame, host, Wired } from "./wired.ts";

const mac = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 1, max: 5 }).map(host) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "ff:ff:ff:ff:ff:ff",
      "01:00:5e:00:00:12",
      "33:33:00:00:00:01",
      "33:33:ff:00:00:01",
      "33:33:00:00:00:12",
      "01:80:c2:00:00:00",
      "01:80:c2:00:00:01",
      "01:80:c2:00:00:0e",
      "01:80:c2:00:00:10",
      "00:00:00:00:00:00",
    ),
  },
);
const octets = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 14, max: 1518 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 13, 1519, 2048) },
);
/** Taken modulo the number of ports. */
const port = fc.nat(11);

const action = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ do: fc.constant("frame" as const), port, destination: mac, source: mac, octets }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("link" as const), port, up: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("partition" as const),
      groups: fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("heal" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ageing" as const), ms: fc.constantFrom(0, 30, 300_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("port" as const), domain: fc.nat(2) }) },
);

describe("the switch", () => {
  it("does what its plain model does: deliveries, moves, table and counters; and every slot comes back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        fc.array(fc.nat(2), { minLength: 1, maxLength: 8 }),
        fc.array(action, { maxLength: 150, size: "max" }),
        (multicast, domainOfPort, actions) => {
          const real = new Wired(1);
          const plain = new PlainSwitch();
          const moves: string[] = [];
          const domains: DomainId[] = multicast.map((carried) => real.switch.addDomain(carried));
          plain.multicast.push(...multicast);
          const addPort = (domain: number) => {
            const port = real.switch.addPort(domains[domain]!);
            plain.addPort(domain + 1);
            if (plain.partitioned) real.switch.setSide(port, 0);
          };
          domainOfPort.forEach(addPort);
          real.switch.observer = {
            onMove: (domain, hi, lo, from, to) => moves.push(`${domain} ${formatMacWords(hi, lo)} ${from} ${to}`),
          };
          for (const step of actions) {
            const { ports } = real.switch;
            switch (step.do) {
              case "frame": {
                const at = step.port % ports.count;
                const bytes = frame(step.destination, step.source, step.octets);
                expect(real.sendBytes(at, bytes, plain.ports[at]!.side)).toEqual(plain.send(at, bytes));
                break;
              }
              case "link":
                real.switch.setLink((step.port % ports.count) as PortId, step.up);
                plain.setLink(step.port % ports.count, step.up);
                break;
              case "partition":
                for (const [i, plainPort] of plain.ports.entries()) {
                  plainPort.side = step.groups[i % step.groups.length]!;
                  real.switch.setSide(i as PortId, plainPort.side);
                }
                real.switch.partitioned = true;
                plain.partitioned = true;
                break;
              case "heal":
                real.switch.partitioned = false;
                plain.partitioned = false;
                break;
              case "wait":
                real.waitMs(step.ms);
                plain.nowMs += step.ms;
                break;
              case "ageing":
                real.switch.fdb.ageingMs = step.ms;
                plain.setAgeing(step.ms);
                break;
              case "port":
                addPort(step.domain);
                break;
            }
          }
          expect(real.table()).toEqual(plain.table());
          expect(moves).toEqual(plain.moves);
          const { drops } = real.switch.ports;
          for (const [i, expected] of plain.ports.entries()) {
            const { rxFrames, rxOctets, txFrames, txOctets } = expected;
            expect(real.switch.ports.counters(i as PortId)).toEqual({ rxFrames, rxOctets, txFrames, txOctets });
            expect(DROP_NAMES.map((_, cause) => drops[i * DROP_NAMES.length + cause])).toEqual(
              DROP_NAMES.map((name) => expected.drops.get(name) ?? 0),
            );
          }
          expect(real.slab.inUse).toBe(0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
