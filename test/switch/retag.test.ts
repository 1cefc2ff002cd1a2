import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_FRAME } from "../../src/base/ids.ts";
import { FrameSlab } from "../../src/frame/slab.ts";
import { hasTag, RetaggedFrame } from "../../src/switch/retag.ts";

const ADDRESSES = "ffffffffffff020000000001";
const PAYLOAD = "88b5aabbccddee";

/** The frame as it leaves in VLAN `vid`, tagged and untagged, as hex. */
function forms(hex: string, vid: number, slots = 4, slotOctets = 64) {
  const slab = new FrameSlab(slots, slotOctets);
  const frame = slab.acquire();
  slab.bytes.set(Buffer.from(hex, "hex"), slab.start(frame));
  slab.octets[frame] = hex.length / 2;
  slab.mark[frame] = 7;
  const retagged = new RetaggedFrame(slab);
  const text = (made: number) => {
    if (made === NO_FRAME) return null;
    const start = slab.start(made as never);
    expect(slab.mark[made]).toBe(7);
    return Buffer.from(slab.bytes.subarray(start, start + slab.octets[made]!)).toString("hex");
  };
  retagged.begin(frame, vid);
  const tagged = retagged.as(false);
  const untagged = retagged.as(true);
  const result = {
    tagged: text(tagged),
    untagged: text(untagged),
    same: [tagged === frame, untagged === frame],
    again: [retagged.as(false) === tagged, retagged.as(true) === untagged],
  };
  retagged.end();
  slab.release(frame);
  expect(slab.inUse).toBe(0);
  return result;
}

describe("a frame that leaves a VLAN-aware bridge", () => {
  it("gets a tag with priority 0 if it had none, and is itself without", () => {
    expect(forms(ADDRESSES + PAYLOAD, 10)).toEqual({
      tagged: `${ADDRESSES}8100000a${PAYLOAD}`,
      untagged: ADDRESSES + PAYLOAD,
      same: [false, true],
      again: [true, true],
    });
  });

  it("loses the tag that it came with, or keeps it as it is", () => {
    const hex = `${ADDRESSES}8100b00a${PAYLOAD}`;
    expect(forms(hex, 10)).toEqual({
      tagged: hex,
      untagged: ADDRESSES + PAYLOAD,
      same: [true, false],
      again: [true, true],
    });
  });

  it("keeps the priority of a tag that named no VLAN", () => {
    const { tagged, untagged } = forms(`${ADDRESSES}8100b000${PAYLOAD}`, 4094);
    expect([tagged, untagged]).toEqual([`${ADDRESSES}8100bffe${PAYLOAD}`, ADDRESSES + PAYLOAD]);
  });

  it("has an inner tag left alone", () => {
    const { untagged } = forms(`${ADDRESSES}8100000a81000014${PAYLOAD}`, 10);
    expect(untagged).toBe(`${ADDRESSES}81000014${PAYLOAD}`);
  });

  it("is not made where the slab has no slot, or too short a one", () => {
    expect(forms(ADDRESSES + PAYLOAD, 10, 1).tagged).toBeNull();
    const full = ADDRESSES + PAYLOAD.padEnd(128 - ADDRESSES.length, "0");
    expect(forms(full, 10).tagged).toBeNull();
    expect(forms(full, 10).untagged).toBe(full);
  });

  it("comes back untouched when the tag it was given is taken off", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 14, maxLength: 60 }), fc.integer({ min: 1, max: 4094 }), (bytes, vid) => {
        fc.pre(!hasTag(bytes, 0));
        const hex = Buffer.from(bytes).toString("hex");
        const { tagged } = forms(hex, vid);
        expect(hasTag(Buffer.from(tagged!, "hex"), 0)).toBe(true);
        expect(forms(tagged!, vid).untagged).toBe(hex);
      }),
    );
  });
});
