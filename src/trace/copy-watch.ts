/**
 * Notices a capture that shows each frame where it came in and again where it left, without saying which is which: the same octets on another
 * interface a moment later. The memory is a fixed number of places, by a hash of the frame; a frame that loses its place to another one in so
 * short a time is missed, which matters to nobody who counts.
 */
import { equalBytes } from "../base/bytes.ts";
import { NS_PER_MS } from "../base/units.ts";

/** A switch relays within that time. */
const WINDOW_NS = NS_PER_MS;
const PLACES = 1 << 16;
/** Frames that differ do so early: in their addresses, identifications, sequence numbers and checksums. */
const HASHED_OCTETS = 128;

export class CopyWatch {
  /** Frames that were seen. */
  frames = 0;
  /** Those of them whose octets another interface had shown within a millisecond. */
  copies = 0;
  readonly #offsets = new Float64Array(PLACES).fill(-1);
  readonly #octets = new Int32Array(PLACES);
  readonly #interfaces = new Int32Array(PLACES);
  readonly #atNs = new Float64Array(PLACES);

  /** `bytes` is the same for all frames, and does not change. */
  see(bytes: Uint8Array, offset: number, octets: number, interfaceIndex: number, atNs: number): void {
    this.frames++;
    const place = hash(bytes, offset, octets);
    const before = this.#offsets[place]!;
    const isKnown =
      before >= 0 &&
      this.#octets[place] === octets &&
      Math.abs(atNs - this.#atNs[place]!) <= WINDOW_NS &&
      equalBytes(bytes, before, bytes, offset, octets);
    if (isKnown && this.#interfaces[place] !== interfaceIndex) {
      this.copies++;
      return;
    }
    this.#offsets[place] = offset;
    this.#octets[place] = octets;
    this.#interfaces[place] = interfaceIndex;
    this.#atNs[place] = atNs;
  }
}

/** FNV-1a, folded to a place. */
function hash(bytes: Uint8Array, offset: number, octets: number): number {
  let value = 0x811c9dc5 ^ octets;
  const end = offset + Math.min(octets, HASHED_OCTETS);
  for (let at = offset; at < end; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  return (value ^ (value >>> 16)) & (PLACES - 1);
}
