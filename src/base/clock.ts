/**
 * Virtual time: one cell that everybody reads and only a driver writes. Nanoseconds since the run began, as a double,
 * exact up to 2^53 ns (104 days).
 *
 * The cell is a typed array because a time handed over as an argument or a result would be boxed (16 octets a call)
 * wherever the compiler does not inline. Tables that age keep `ticks` instead: whole milliseconds in an int32.
 */
export class Clock {
  readonly cell = new Float64Array(1);
  /** Whole milliseconds of `cell`, wrapping after 24 days: compare by `(now - then) | 0` only. */
  readonly ticks = new Int32Array(1);

  get nowNs(): number {
    return this.cell[0]!;
  }

  /** For drivers only: moves time forward. */
  advanceTo(atNs: number): void {
    this.cell[0] = atNs;
    this.ticks[0] = atNs / 1e6;
  }
}
