/**
 * A switch of any profile at its plainest: one domain without VLANs, flags or partitions, addresses as text, a Map, and each rule of the
 * profile where it applies. Time goes on between any two steps, so that no two entries are equally old.
 */
import { AGEING_NEVER } from "../../src/switch/fdb.ts";
import type { SwitchProfile } from "../../src/switch/profile.ts";

interface Entry {
  port: number;
  readonly isStatic: boolean;
  seenMs: number;
}

export class PlainProfileSwitch {
  readonly table = new Map<string, Entry>();
  nowMs = 0;
  ageingMs: number;
  readonly #profile: SwitchProfile;
  readonly #portCount: number;
  readonly #entriesMax: number;
  readonly #down = new Set<number>();

  constructor(profile: SwitchProfile, portCount: number, entriesMax: number) {
    this.#profile = profile;
    this.#portCount = portCount;
    this.#entriesMax = entriesMax;
    this.ageingMs = profile.table.ageingMs;
  }

  /** The ports that get the frame, ascending. */
  send(port: number, to: string, from: string): number[] {
    const { relay } = this.#profile;
    if (this.#down.has(port)) return [];
    const sourceRule = isGroup(from) ? relay.groupSource : from === "00:00:00:00:00:00" ? relay.zeroSource : "learn";
    if (sourceRule === "drop") return [];
    const number = /^01:80:c2:00:00:0(.)$/.exec(to)?.[1];
    if (number === "0" && relay.spanningTreeGroup === "drop") return [];
    if (number !== undefined && number !== "0" && relay.reservedGroups !== "flood") {
      if (relay.reservedGroups === "drop-after-learning" && number !== "1") this.#learn(from, port);
      return [];
    }
    if (sourceRule === "learn") this.#learn(from, port);
    const known = isGroup(to) ? undefined : this.#serving(to);
    if (known === undefined || (known.port === port && relay.knownAtIngress === "flood"))
      return [...Array(this.#portCount).keys()].filter((out) => out !== port && !this.#down.has(out));
    return known.port === port || this.#down.has(known.port) ? [] : [known.port];
  }

  set(mac: string, port: number): void {
    const present = this.table.get(mac);
    if (present?.isStatic && present.port === port) return;
    this.table.delete(mac);
    if (this.#makeRoom(mac)) this.table.set(mac, { port, isStatic: true, seenMs: this.nowMs });
  }

  setLink(port: number, up: boolean): void {
    if (up) this.#down.delete(port);
    else this.#down.add(port);
    const { linkChange } = this.#profile.table;
    for (const [mac, entry] of this.table) {
      if (entry.isStatic || linkChange === "keep") continue;
      if (linkChange === "forget-all" || (!up && entry.port === port)) this.table.delete(mac);
    }
  }

  /** Rows `mac port`, sorted. */
  rows(): string[] {
    const serving = [...this.table].filter(([mac]) => this.#serving(mac) !== undefined);
    return serving.map(([mac, { port }]) => `${mac} ${port}`).sort();
  }

  #learn(mac: string, port: number): void {
    const { moveAfterIdleMs, moveClockMs, staticMoves } = this.#profile.table;
    const entry = this.table.get(mac);
    if (entry === undefined) {
      if (this.#makeRoom(mac)) this.table.set(mac, { port, isStatic: false, seenMs: this.nowMs });
      return;
    }
    if (entry.isStatic && !staticMoves) return;
    if (entry.port !== port && this.#serving(mac) !== undefined) {
      const steps = Math.floor(this.nowMs / moveClockMs) - Math.floor(entry.seenMs / moveClockMs);
      if (steps * moveClockMs < moveAfterIdleMs) return;
    }
    entry.port = port;
    entry.seenMs = this.nowMs;
  }

  #serving(mac: string): Entry | undefined {
    const entry = this.table.get(mac);
    if (entry === undefined || entry.isStatic || this.ageingMs === AGEING_NEVER) return entry;
    return this.nowMs - entry.seenMs < this.ageingMs ? entry : undefined;
  }

  #makeRoom(mac: string): boolean {
    const { whenFull } = this.#profile.table;
    if (whenFull === "replace-same-hash") {
      for (const other of this.table.keys()) {
        if (placeOf(other, this.#entriesMax) === placeOf(mac, this.#entriesMax)) this.table.delete(other);
      }
      return true;
    }
    if (this.table.size < this.#entriesMax) return true;
    for (const other of this.table.keys()) if (this.#serving(other) === undefined) this.table.delete(other);
    if (this.table.size < this.#entriesMax) return true;
    if (whenFull === "refuse") return false;
    const share = (port: number) => [...this.table.values()].filter((entry) => entry.port === port).length;
    const ports = [...Array(this.#portCount).keys()].sort((a, b) => share(b) - share(a) || a - b);
    const [oldest] = [...this.table]
      .filter(([, { port }]) => port === ports[0])
      .sort(([, a], [, b]) => a.seenMs - b.seenMs)[0]!;
    return this.table.delete(oldest);
  }
}

/** In domain 1. */
export function placeOf(mac: string, places: number): number {
  const [a, b, c] = mac.match(/..:../g)!.map((pair) => Number.parseInt(pair.replace(":", ""), 16)) as [
    number,
    number,
    number,
  ];
  return (a ^ b ^ c ^ 1) % places;
}

function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}
