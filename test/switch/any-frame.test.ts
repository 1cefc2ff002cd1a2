import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PortId } from "../../src/base/ids.ts";
import { DROP_NAMES } from "../../src/switch/drop-cause.ts";
import { Wired } from "./wired.ts";

/** Octets at random, or around what the switch reads: group bits, reserved groups, all zeros, all ones. */
const octets = fc.oneof(
  fc.uint8Array({ maxLength: 9216, size: "max" }),
  fc
    .tuple(
      fc.constantFrom("0180c200", "3333ff00", "ffffffff", "00000000", "02000000"),
      fc.uint8Array({ maxLength: 40, size: "max" }),
    )
    .map(([first, rest]) => Uint8Array.of(...Buffer.from(first, "hex"), ...rest)),
);

describe("frames of any octets and any length", () => {
  it("never throw, never poison the table, and fall under exactly one cause", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), octets), { maxLength: 40, size: "max" }), (frames) => {
        const net = new Wired(1, 9216);
        net.addDomain(3);
        net.addDomain(2, false);
        const { ports } = net.switch;
        const seenAt = new Map<string, number>();
        for (const [port, bytes] of frames) {
          const dropsBefore = ports.drops.reduce((sum, count) => sum + count, 0);
          const { cause, out } = net.sendBytes(port, bytes);
          const dropsAfter = ports.drops.reduce((sum, count) => sum + count, 0);
          expect(DROP_NAMES).toContain(cause);
          expect(dropsAfter - dropsBefore).toBe(cause === "none" ? 0 : 1);
          expect(out.length > 0).toBe(cause === "none");
          expect(
            out.every((other) => other !== port && ports.domainOf(other as PortId) === ports.domainOf(port as PortId)),
          ).toBe(true);
          if (bytes.length >= 12) {
            const source = Buffer.from(bytes.subarray(6, 12)).toString("hex").match(/../g)!.join(":");
            seenAt.set(`${ports.domainOf(port as PortId)} ${source} ${port} 0`, bytes[6]! & 1);
          }
        }
        // What is in the table came in, from there, and is no group.
        for (const row of net.table()) expect(seenAt.get(row)).toBe(0);
        expect(net.table().join()).not.toContain(" 00:00:00:00:00:00 ");
        expect(net.slab.inUse).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
