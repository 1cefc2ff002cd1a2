/**
 * Virtual time: one cell that everybody reads and only a driver writes. Nanoseconds since the run began, as a double,
 * exact up to 2^53 ns (104 days).
 *
 * The cell is a typed array because a time handed over as an argument or a result would be boxed (16 octets a call)
 * wherever the compiler does not inline. Tables that age keep `ticks` instead: whole milliseconds in an int32.
 */
/** 18 hours: whoever keeps ticks of up to 12 days hears in time before an age looks young again. */
const EPOCH_NS = 2 ** 26 * 1e6;
const NS_PER_TICK = 1e6;

/** Of cells that hold one number: V8 keeps arrays of up to 64 octets among its objects, which it moves, and then looks up where they are at each access. */
const CELL_OCTETS = 128;

export class Clock {
  readonly cell = new Float64Array(CELL_OCTETS / 8);
  /** Whole milliseconds of `cell`, wrapping after 24 days: compare by `(now - then) | 0` only. */
  readonly ticks = new Int32Array(CELL_OCTETS / 4);

  get nowNs(): number {
    return this.cell[0]!;
  }

  /** When `ticks` changes next. */
  readonly #nextTickNs = Float64Array.of(NS_PER_TICK);
  #nextEpochNs = EPOCH_NS;
  readonly #listeners: ((leapMs: number) => void)[] = [];

  /** Calls back every 18 hours, with the milliseconds since it should have: a leap of days is one call. */
  everyEpoch(listener: (leapMs: number) => void): void {
    this.#listeners.push(listener);
  }

  /** For drivers only: moves time forward. */
  advanceTo(atNs: number): void {
    this.cell[0] = atNs;
    if (atNs >= this.#nextTickNs[0]!) this.#turnTick(atNs);
  }

  #turnTick(atNs: number): void {
    const ms = Math.floor(atNs / NS_PER_TICK);
    this.ticks[0] = ms;
    this.#nextTickNs[0] = (ms + 1) * NS_PER_TICK;
    if (atNs < this.#nextEpochNs) return;
    const leapMs = (atNs - this.#nextEpochNs) / NS_PER_TICK;
    this.#nextEpochNs = atNs + EPOCH_NS;
    for (const listener of this.#listeners) listener(leapMs);
  }
}
