/**
 * Where the forwarding table keeps its entries, and how the short way finds them: open addressing with linear probing, without tombstones. What a
 * switch makes of its entries is in `fdb.ts`.
 *
 * A frame's two look-ups read two words of a cell and no more: the MAC's last four octets | its first two, and the last 16 bits of port + 1. At eight octets
 * a cell much more of a large table is near the processor. The rest is in arrays of its own, by number of the cell: kind and port, domain (0: the cell is
 * empty), tick of the last frame. A key is (domain and first two octets, last four octets). That the domain is not among the two words is no loss: a port is
 * in one domain, so an entry at the source's port is of its domain, and the caller asks the destination's port.
 *
 * That an entry has not expired goes without reading its tick while none can have: `freshUntil`. Where some have, they are marked as nothing for
 * the short way, and otherwise stay what they are.
 *
 * Fields that the short way reads are declared, and made by the constructor, or made where they are declared, here and in the other classes on its
 * way: one that is undefined at first, as every `#name` without a value is, may be of any type and value to V8, and its array is looked up and checked each time.
 */
import { AGEING_NEVER } from "./fdb-entry.ts";

const FIRST_CELLS = 1024;
/** Tables of fewer cells stay in a processor's own cache, and are kept sparse: hardly any look-up meets another key. */
const SMALL_CELLS = 65_536;
/** From here on a table outgrows all caches, and being dense counts for more than finding at once. */
const LARGE_CELLS = 524_288;
const { imul } = Math;
/** Fibonacci hashing: 2^32 / golden ratio, which spreads MACs that were given out in a row. It is fixed, because a run must be the same on every machine. */
const HASH = 0x9e3779b1;
const PORT_BITS = 28;
const PORT_MASK = (1 << PORT_BITS) - 1;
/** Owners from here on were made by hand, and do not age. */
const FIXED = 1 << PORT_BITS;
/** Ports from here on are wide: they do not fit into half a word, and are not for the short way. */
const WIDE_PORT = 0xffff;
/** Older than this an entry without ageing does not look: its tick would wrap. */
const AGE_MS_CLAMP = 2 ** 30;

export class Cells {
  /** Entries, expired ones included. */
  count = 0;
  /** Those of them that were made by hand. */
  fixedCount = 0;
  /** The present tick, at 0. */
  declare readonly ticks: Int32Array;
  /** In force since `judgeAges`. */
  declare ageingMs: number;
  /** Two words a cell. */
  declare private words: Int32Array;
  declare private heard: Int32Array;
  declare private owners: Int32Array;
  declare private domains: Uint16Array;
  /** Index of the last cell in `words`. */
  declare private mask: number;
  /** A hash shifted right by this is the number of a cell. */
  declare private shift: number;
  /** Before this tick no entry can expire that is not marked as expired. */
  private freshUntil = 0;
  /** Frames that are to be looked at one by one before all entries are. */
  private patience = 0;
  /** There are wide ports: nothing is what two words say before the rest has been read. */
  private isWide = false;

  /** There is room for `entriesExpected` before anything has to be rebuilt. */
  constructor(ticks: Int32Array, ageingMs: number, entriesExpected: number) {
    let cellCount = FIRST_CELLS;
    while (isFull(entriesExpected, cellCount)) cellCount *= 2;
    this.words = new Int32Array(cellCount * 2);
    this.heard = new Int32Array(cellCount);
    this.owners = new Int32Array(cellCount);
    this.domains = new Uint16Array(cellCount);
    this.mask = (cellCount - 1) * 2;
    this.shift = Math.clz32(cellCount - 1);
    this.ticks = ticks;
    this.ageingMs = ageingMs;
    this.judgeAges();
  }

  /**
   * The short way, for a frame of `domain` that came in at `port` and begins with the words `w0` to `w2`: notes that its source was heard, and
   * returns the port behind which its destination is. That port may be in another domain, if the MAC is in the table twice. -1, and nothing done, if
   * the source is not known at this port, or the destination nowhere. Only while `fixedCount` is 0.
   */
  forward(domain: number, w0: number, w1: number, w2: number, port: number): number {
    const { words, shift } = this;
    const sourceUpper = (w1 >>> 16) << 16;
    const upper = w0 << 16;
    const lo = (w0 >>> 16) | (w1 << 16);
    let from = (imul(w2 ^ (sourceUpper | domain), 0x9e3779b1) >>> shift) << 1;
    let to = (imul(lo ^ (upper | domain), 0x9e3779b1) >>> shift) << 1;
    for (;;) {
      const there = words[from | 1]!;
      if (there === (sourceUpper | (port + 1)) && words[from] === w2) break;
      if (there === 0) return -1;
      from = (from + 2) & this.mask;
    }
    for (;;) {
      const there = words[to | 1]!;
      if ((there ^ upper) >>> 16 === 0 && words[to] === lo) {
        const now = this.ticks[0]!;
        if (((now - this.freshUntil) | 0) >= 0) return this.forwardCarefully(from, to, domain, port);
        this.heard[from >>> 1] = now;
        return ((there << 16) >>> 16) - 1;
      }
      if (there === 0) return -1;
      to = (to + 2) & this.mask;
    }
  }

  /** The half of `forward` that is about the source: whether the MAC is known at this port, in which case it is noted that it was heard. */
  hearAt(domain: number, w1: number, w2: number, port: number): boolean {
    const { words, shift } = this;
    const upper = (w1 >>> 16) << 16;
    let c = (imul(w2 ^ (upper | domain), 0x9e3779b1) >>> shift) << 1;
    for (;;) {
      const there = words[c | 1]!;
      if (there === (upper | (port + 1)) && words[c] === w2) break;
      if (there === 0) return false;
      c = (c + 2) & this.mask;
    }
    if (this.isWide && !this.isAt(c >>> 1, domain, port)) return false;
    this.heard[c >>> 1] = this.ticks[0]!;
    return true;
  }

  /** As `forward`, when it has found two places in `words`, and what stands there may not be all. */
  private forwardCarefully(from: number, to: number, domain: number, port: number): number {
    if (!this.isWide && --this.patience < 0) this.judgeAges();
    // Two words that are 0 may be an empty cell's, which has no domain.
    if (!this.isAt(from >> 1, domain, port) || this.domains[to >> 1] !== domain || this.hasExpired(to >> 1)) return -1;
    this.hear(from >> 1);
    return this.portOf(to >> 1);
  }

  /** Whether a cell that the short way has found by its two words is that of an entry of this domain at this port. */
  private isAt(c: number, domain: number, port: number): boolean {
    return port < WIDE_PORT && this.owners[c] === port && this.domains[c] === domain;
  }

  /** The key's cell; -1 if it has none. */
  find(hi: number, lo: number): number {
    const { words } = this;
    const mask = this.heard.length - 1;
    for (let c = this.homeOf(hi, lo); ; c = (c + 1) & mask) {
      const there = words[c * 2 + 1]!;
      if (words[c * 2] === lo && (there ^ (hi << 16)) >>> 16 === 0 && this.domains[c] === hi >>> 16) return c;
      if (there === 0 && this.domains[c] === 0) return -1;
    }
  }

  /** To be told of each port before frames come in by it. */
  admitPort(port: number): void {
    if (port < WIDE_PORT || this.isWide) return;
    this.isWide = true;
    this.judgeAges();
  }

  /** A new entry, heard now. The key must not be in the table. */
  add(hi: number, lo: number, kind: number, port: number): void {
    const cellCount = this.heard.length;
    if (isFull(this.count + 1, cellCount)) this.rebuild(cellCount * 2);
    this.place(hi, lo, (kind << PORT_BITS) | (port & PORT_MASK), this.ticks[0]!);
    this.count++;
    if (kind > 0) this.fixedCount++;
  }

  /** Empties a cell and moves those up that had to go past it, so that none is cut off from its home. */
  remove(hole: number): void {
    const mask = this.heard.length - 1;
    if (this.owners[hole]! >= FIXED) this.fixedCount--;
    this.count--;
    let to = hole;
    for (let c = (to + 1) & mask; this.domains[c] !== 0; c = (c + 1) & mask) {
      const home = this.homeOf(this.hiOf(c), this.loOf(c));
      // It may move up to `to` unless its home lies after that.
      if (((c - home) & mask) < ((c - to) & mask)) continue;
      this.words.copyWithin(to * 2, c * 2, c * 2 + 2);
      this.heard[to] = this.heard[c]!;
      this.owners[to] = this.owners[c]!;
      this.domains[to] = this.domains[c]!;
      to = c;
    }
    this.words.fill(0, to * 2, to * 2 + 2);
    this.domains[to] = 0;
  }

  /** Rebuilds the table without the cells that `gone` names; returns how many those were. */
  removeWhere(gone: (c: number) => boolean): number {
    const before = this.count;
    const doomed: number[] = [];
    this.forEach((c) => {
      if (gone(c)) doomed.push(c);
    });
    for (const c of doomed) {
      if (this.owners[c]! >= FIXED) this.fixedCount--;
      this.domains[c] = 0;
    }
    if (doomed.length > 0) this.rebuild(this.heard.length);
    this.count = before - doomed.length;
    return doomed.length;
  }

  /** Calls back for each cell that is not empty, in order. */
  forEach(visit: (c: number) => void): void {
    for (let c = 0; c < this.domains.length; c++) if (this.domains[c] !== 0) visit(c);
  }

  /** The entry's MAC was heard at its port, now. */
  hear(c: number): void {
    this.heard[c] = this.ticks[0]!;
    this.writePort(c);
  }

  /** The entry's MAC was heard at another port, now. */
  move(c: number, port: number): void {
    this.owners[c] = (this.owners[c]! & ~PORT_MASK) | port;
    this.hear(c);
  }

  hiOf(c: number): number {
    return (this.domains[c]! << 16) | (this.words[c * 2 + 1]! >>> 16);
  }

  loOf(c: number): number {
    return this.words[c * 2]!;
  }

  kindOf(c: number): number {
    return this.owners[c]! >>> PORT_BITS;
  }

  /** NO_PORT has all bits set. */
  portOf(c: number): number {
    return (this.owners[c]! << (32 - PORT_BITS)) >> (32 - PORT_BITS);
  }

  tickOf(c: number): number {
    return this.heard[c]!;
  }

  ageMsOf(c: number): number {
    return (this.ticks[0]! - this.heard[c]!) | 0;
  }

  hasExpired(c: number): boolean {
    return this.owners[c]! < FIXED && this.ageingMs !== AGEING_NEVER && this.ageMsOf(c) >= this.ageingMs;
  }

  /** Keeps ticks from wrapping: what has not been heard for very long looks no older than AGE_MS_CLAMP. */
  clampAges(): void {
    const oldest = (this.ticks[0]! - AGE_MS_CLAMP) | 0;
    for (let c = 0; c < this.heard.length; c++) {
      const ageMs = this.ageMsOf(c);
      if (ageMs < 0 || ageMs > AGE_MS_CLAMP) this.heard[c] = oldest;
    }
  }

  /** Marks what has expired, and finds out until when nothing else can. After every change of the ageing time, and at least every 12 days. */
  judgeAges(): void {
    let restMs = this.ageingMs === AGEING_NEVER ? AGE_MS_CLAMP : this.ageingMs;
    this.forEach((c) => {
      if (this.hasExpired(c)) this.words[c * 2 + 1]! &= ~0xffff;
      else if (this.ageingMs !== AGEING_NEVER && this.owners[c]! < FIXED)
        restMs = Math.min(restMs, this.ageingMs - this.ageMsOf(c));
    });
    this.freshUntil = this.isWide ? this.ticks[0]! : (this.ticks[0]! + restMs) | 0;
    // Looking at all cells must cost no more than looking at that many frames.
    this.patience = this.heard.length;
  }

  /** Which cell a key would like to have. The halves of `hi` change places, so that the domain meets the octets of `lo` that vary least. */
  private homeOf(hi: number, lo: number): number {
    return imul(lo ^ ((hi << 16) | (hi >>> 16)), HASH) >>> this.shift;
  }

  private place(hi: number, lo: number, owner: number, tick: number): void {
    const mask = this.heard.length - 1;
    let c = this.homeOf(hi, lo);
    while (this.domains[c] !== 0) c = (c + 1) & mask;
    this.words[c * 2] = lo;
    this.words[c * 2 + 1] = hi << 16;
    this.domains[c] = hi >>> 16;
    this.heard[c] = tick;
    this.owners[c] = owner;
    if (!this.hasExpired(c)) this.writePort(c);
  }

  private writePort(c: number): void {
    const code = this.portOf(c) + 1;
    this.words[c * 2 + 1] = (this.words[c * 2 + 1]! & ~0xffff) | (code & 0xffff);
    if (code > WIDE_PORT) this.admitPort(code - 1);
  }

  private rebuild(cellCount: number): void {
    const { words, heard, owners, domains } = this;
    this.words = new Int32Array(cellCount * 2);
    this.heard = new Int32Array(cellCount);
    this.owners = new Int32Array(cellCount);
    this.domains = new Uint16Array(cellCount);
    this.mask = (cellCount - 1) * 2;
    this.shift = Math.clz32(cellCount - 1);
    for (let c = 0; c < domains.length; c++) {
      const domain = domains[c]!;
      if (domain !== 0) this.place((domain << 16) | (words[c * 2 + 1]! >>> 16), words[c * 2]!, owners[c]!, heard[c]!);
    }
  }
}

/** Whether a table of so many cells is too small for so many entries. */
function isFull(entries: number, cellCount: number): boolean {
  const spare = cellCount <= SMALL_CELLS ? 16 : cellCount < LARGE_CELLS ? 4 : 2;
  return entries * spare > cellCount;
}
