/**
 * The octets that leave where an 802.1Q tag is added, changed or taken off. A frame has two forms at most, tagged and untagged; each is
 * made when the first port wants it and shared by the others, and a form that equals the frame as it came in is that very frame.
 */
import { copyBytes } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import { ETHERNET_TYPE } from "../wire/ethernet.ts";
import { VLAN_OCTETS, VLAN_TCI, vlanId, writeVlan } from "../wire/vlan.ts";

/** Whether the frame at `start` carries an 802.1Q tag; at least 14 octets must be there. */
export function hasTag(bytes: Uint8Array, start: number): boolean {
  return bytes[start + ETHERNET_TYPE] === 0x81 && bytes[start + ETHERNET_TYPE + 1] === 0;
}

/** Whether the first thing behind the addresses is a tag, a provider's (802.1ad, 88a8) too; at least 14 octets must be there. */
export function beginsWithTag(bytes: Uint8Array, start: number): boolean {
  return hasTag(bytes, start) || (bytes[start + ETHERNET_TYPE] === 0x88 && bytes[start + ETHERNET_TYPE + 1] === 0xa8);
}

export class RetaggedFrame {
  readonly #slab: FrameSlab;
  #frame = NO_FRAME;
  #vid = 0;
  /** The forms, once made; each made one holds a reference of ours until `end`. */
  #tagged = NO_FRAME;
  #untagged = NO_FRAME;

  constructor(slab: FrameSlab) {
    this.#slab = slab;
  }

  /** VID in the tag of the frame at `start`, which has one. */
  vidOf(start: number): number {
    return vlanId(this.#slab.bytes, start + ETHERNET_TYPE);
  }

  /** The frame that is to leave, and the VLAN it belongs to. Borrows it until `end`. */
  begin(frame: FrameRef, vid: number): void {
    this.#frame = frame;
    this.#vid = vid;
  }

  /** The frame with its VLAN's tag, or without; NO_FRAME if there is no room for it in the slab. Borrowed: retain it. */
  as(untagged: boolean): FrameRef {
    const { bytes } = this.#slab;
    const start = this.#slab.start(this.#frame);
    const isTagged = hasTag(bytes, start);
    if (untagged) {
      if (!isTagged) return this.#frame;
      if (this.#untagged === NO_FRAME) this.#untagged = this.#copy(VLAN_OCTETS, 0);
      return this.#untagged;
    }
    if (isTagged && this.vidOf(start) === this.#vid) return this.#frame;
    if (this.#tagged === NO_FRAME) {
      this.#tagged = this.#copy(isTagged ? VLAN_OCTETS : 0, VLAN_OCTETS);
      // A priority-tagged frame keeps its priority; what had no tag has priority 0.
      const tci = isTagged ? bytes[start + ETHERNET_TYPE + VLAN_TCI]! : 0;
      if (this.#tagged !== NO_FRAME) {
        const tag = this.#slab.start(this.#tagged) + ETHERNET_TYPE;
        writeVlan(bytes, tag, this.#vid, tci >>> 5, (tci & 0x10) !== 0);
      }
    }
    return this.#tagged;
  }

  /** Gives back what was made. */
  end(): void {
    if (this.#tagged !== NO_FRAME) this.#slab.release(this.#tagged);
    if (this.#untagged !== NO_FRAME) this.#slab.release(this.#untagged);
    this.#tagged = NO_FRAME;
    this.#untagged = NO_FRAME;
  }

  /** A copy without the `cut` octets behind the addresses, and with room for `gap` octets there instead. */
  #copy(cut: number, gap: number): FrameRef {
    const slab = this.#slab;
    const octets = slab.octets[this.#frame]! - cut + gap;
    if (octets > slab.slotOctets) return NO_FRAME;
    const copy = slab.acquire();
    if (copy === NO_FRAME) return NO_FRAME;
    const from = slab.start(this.#frame);
    const to = slab.start(copy);
    copyBytes(slab.bytes, from, slab.bytes, to, ETHERNET_TYPE);
    const rest = slab.octets[this.#frame]! - ETHERNET_TYPE - cut;
    copyBytes(slab.bytes, from + ETHERNET_TYPE + cut, slab.bytes, to + ETHERNET_TYPE + gap, rest);
    slab.octets[copy] = octets;
    slab.mark[copy] = slab.mark[this.#frame]!;
    return copy;
  }
}
