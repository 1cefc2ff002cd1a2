/**
 * pcapng counts time in a unit that each interface states (`if_tsresol`): 10^-n or 2^-n seconds, in 64 bits. A count of nanoseconds since
 * 1970 has 61 bits, more than a double holds, so it is divided by steps into seconds and the rest; what no such step takes exactly goes through
 * BigInt.
 */
import { NS_PER_S } from "../base/units.ts";
import type { RawPacket } from "./raw-packet.ts";

export class TimeUnit {
  /** Units in a second, if they are 10^0 to 10^9; otherwise 0. */
  readonly #perSecond: number;
  readonly #perSecondBig: bigint;
  readonly #offsetSeconds: number;

  /** `tsresol` as the option has it: n, or 128 + n for a power of two. `offsetSeconds` is added to every time (`if_tsoffset`). */
  constructor(tsresol: number, offsetSeconds: number) {
    const exponent = tsresol & 0x7f;
    this.#perSecondBig = tsresol < 0x80 ? 10n ** BigInt(exponent) : 2n ** BigInt(exponent);
    this.#perSecond = tsresol < 0x80 && exponent <= 9 ? Number(this.#perSecondBig) : 0;
    this.#offsetSeconds = offsetSeconds;
  }

  /** Sets the packet's time from the upper and the lower 32 bits of its count; what is finer than a nanosecond is cut off. */
  set(packet: RawPacket, high: number, low: number): void {
    const perSecond = this.#perSecond;
    if (perSecond === 0) {
      this.#setBig(packet, high, low);
      return;
    }
    // Long division in steps of 16 bits: the remainder stays below 2^30, and what is divided below 2^46.
    const upper = (high % perSecond) * 65_536 + (low >>> 16);
    const lower = (upper % perSecond) * 65_536 + (low & 0xffff);
    const quotient =
      Math.floor(high / perSecond) * 2 ** 32 + Math.floor(upper / perSecond) * 65_536 + Math.floor(lower / perSecond);
    packet.seconds = quotient + this.#offsetSeconds;
    packet.nanoseconds = (lower % perSecond) * (NS_PER_S / perSecond);
  }

  #setBig(packet: RawPacket, high: number, low: number): void {
    const count = (BigInt(high) << 32n) | BigInt(low);
    packet.seconds = Number(count / this.#perSecondBig) + this.#offsetSeconds;
    packet.nanoseconds = Number(((count % this.#perSecondBig) * 1_000_000_000n) / this.#perSecondBig);
  }
}
