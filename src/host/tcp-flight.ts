/** Segments that a TCP connection has sent and nobody has acknowledged yet, oldest first: where each ends, when it left, whether it was sent before. */

/** Segments in flight at most; Linux allows more, which connections of small requests never have. Must be a power of two. */
export const FLIGHT_MAX = 64;

export class Flight {
  count = 0;
  /** When each was sent, ns; `oldest` is the place of the oldest. */
  readonly sentNs = new Float64Array(FLIGHT_MAX);
  readonly #end = new Int32Array(FLIGHT_MAX);
  /** 1: its octets were sent before; an acknowledgment may be for either (Karn). */
  readonly #again = new Uint8Array(FLIGHT_MAX);
  #head = 0;

  get oldest(): number {
    return this.#head;
  }

  clear(): void {
    this.count = 0;
    this.#head = 0;
  }

  /** A segment up to, and without, sequence number `end` is sent. There must be room. */
  add(end: number, nowNs: Float64Array, again: boolean): void {
    const at = (this.#head + this.count++) & (FLIGHT_MAX - 1);
    this.#end[at] = end;
    this.sentNs[at] = nowNs[0]!;
    this.#again[at] = again ? 1 : 0;
  }

  /** Segments that are acknowledged as a whole by `acknowledgment`. */
  countTo(acknowledgment: number): number {
    let count = 0;
    while (count < this.count && ((this.#end[this.#place(count)]! - acknowledgment) | 0) <= 0) count++;
    return count;
  }

  /** Whether any of the `count` oldest was sent before. */
  isAmbiguous(count: number): boolean {
    for (let i = 0; i < count; i++) if (this.#again[this.#place(i)] === 1) return true;
    return false;
  }

  /** The oldest is sent once more. */
  resent(): void {
    this.#again[this.#head] = 1;
  }

  /** Where the oldest ends. */
  get oldestEnd(): number {
    return this.#end[this.#head]!;
  }

  drop(count: number): void {
    this.#head = this.#place(count);
    this.count -= count;
  }

  #place(index: number): number {
    return (this.#head + index) & (FLIGHT_MAX - 1);
  }
}
