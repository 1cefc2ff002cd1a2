/** What a TCP connection has received beyond a gap: ranges of sequence numbers, in order, apart from each other. What they hold is known. */

/** A segment for which there is no range left is dropped, as a receiver may (RFC 9293 section 3.10.7.4): it will come again. */
const RANGES_MAX = 16;

export class BeyondGap {
  #count = 0;
  readonly #from = new Int32Array(RANGES_MAX);
  readonly #to = new Int32Array(RANGES_MAX);

  clear(): void {
    this.#count = 0;
  }

  /** Keeps the octets from `from` up to, and without, `to`. */
  keep(from: number, to: number): void {
    let at = 0;
    while (at < this.#count && ((this.#to[at]! - from) | 0) < 0) at++;
    let end = at;
    let low = from;
    let high = to;
    while (end < this.#count && ((this.#from[end]! - to) | 0) <= 0) {
      if (((this.#from[end]! - low) | 0) < 0) low = this.#from[end]!;
      if (((this.#to[end]! - high) | 0) > 0) high = this.#to[end]!;
      end++;
    }
    if (end === at) {
      if (this.#count === RANGES_MAX) return;
      this.#move(at, at + 1);
    } else {
      this.#move(end, at + 1);
    }
    this.#from[at] = low;
    this.#to[at] = high;
  }

  /** Everything before `next` is there: how far it reaches with what was kept. */
  reach(next: number): number {
    let reached = next;
    let used = 0;
    while (used < this.#count && ((this.#from[used]! - reached) | 0) <= 0) {
      if (((this.#to[used]! - reached) | 0) > 0) reached = this.#to[used]!;
      used++;
    }
    this.#move(used, 0);
    return reached;
  }

  /** The ranges from `from` on stand at `to` now. */
  #move(from: number, to: number): void {
    this.#from.copyWithin(to, from, this.#count);
    this.#to.copyWithin(to, from, this.#count);
    this.#count += to - from;
  }
}
