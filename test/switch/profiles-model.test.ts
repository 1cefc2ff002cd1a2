import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DomainId, NO_FRAME, type PortId } from "../../src/base/ids.ts";
import { formatMacWords } from "../../src/switch/mac-words.ts";
import { PROFILES } from "../../src/switch/profiles.ts";
import { PlainProfileSwitch } from "./plain-profile-switch.ts";
import { frame, host, Wired } from "./wired.ts";

const PORTS = 5;
const hostMac = fc.integer({ min: 1, max: 9 }).map(host);
const mac = fc.oneof(
  { weight: 12, arbitrary: hostMac },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "ff:ff:ff:ff:ff:ff",
      "01:00:5e:00:00:12",
      "01:80:c2:00:00:00",
      "01:80:c2:00:00:01",
      "01:80:c2:00:00:0e",
      "01:80:c2:00:00:10",
      "00:00:00:00:00:00",
    ),
  },
);
const port = fc.nat(PORTS - 1);
const action = fc.oneof(
  { weight: 30, arbitrary: fc.record({ do: fc.constant("frame" as const), port, to: mac, from: mac }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("link" as const), port, up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("static" as const), port, n: fc.integer({ min: 1, max: 9 }) }) },
);
/** Never 0: two entries of one age could give way either way. */
const waitMs = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 2, arbitrary: fc.integer({ min: 900, max: 4_500 }) },
  { weight: 1, arbitrary: fc.constant(130_000) },
);

/** Where a frame would go, by `ask`. */
function asked(net: Wired, at: number, bytes: Uint8Array): number[] {
  const slot = net.slab.acquire();
  expect(slot).not.toBe(NO_FRAME);
  net.slab.bytes.set(bytes, net.slab.start(slot));
  net.slab.octets[slot] = bytes.length;
  net.switch.ask(at as PortId, slot);
  const out: number[] = [];
  net.switch.egress.drain({
    deliver: (outPort, reference) => {
      out.push(outPort);
      net.slab.release(reference);
    },
  });
  net.slab.release(slot);
  return out;
}

describe("a switch of any profile", () => {
  for (const profile of PROFILES) {
    it(`does what its plain model does, and says so beforehand: ${profile.name}`, () => {
      fc.assert(
        fc.property(
          fc.constantFrom(3, 6, 4096),
          fc.array(fc.tuple(action, waitMs), { maxLength: 80, size: "max" }),
          (entriesMax, steps) => {
            const net = new Wired(4, 2048, { profile, entriesMax });
            const plain = new PlainProfileSwitch(profile, PORTS, entriesMax);
            const ports = net.addDomain(PORTS);
            for (const [step, pauseMs] of steps) {
              net.waitMs(pauseMs);
              plain.nowMs += pauseMs;
              if (step.do === "frame") {
                const bytes = frame(step.to, step.from);
                const answer = asked(net, step.port, bytes);
                const { out } = net.sendBytes(step.port, bytes);
                expect({ step, out }).toEqual({ step, out: plain.send(step.port, step.to, step.from) });
                expect({ step, answer }).toEqual({ step, answer: out });
              } else if (step.do === "link") {
                net.switch.setLink(ports[step.port]!, step.up);
                plain.setLink(step.port, step.up);
              } else {
                // 02:00:00:00:00:0N, the first octet lowest.
                net.switch.setEntry(1 as DomainId, 0, 0x0002, step.n << 24, ports[step.port]!, "static");
                plain.set(host(step.n), step.port);
              }
              const rows: string[] = [];
              net.switch.fdb.forEach((entry) => {
                rows.push(`${formatMacWords(entry.macHi, entry.macLo)} ${entry.port}`);
              });
              expect(rows.sort()).toEqual(plain.rows());
              expect(net.switch.fdb.count).toBeLessThanOrEqual(entriesMax);
            }
            expect(net.slab.inUse).toBe(0);
          },
        ),
        { numRuns: 150 },
      );
    });
  }
});
