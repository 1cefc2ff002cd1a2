/**
 * The forwarding table of the plain bridge: (VLAN, MAC) → port. Besides what was learned and made by hand it holds the bridge's own
 * addresses, which swallow frames and cannot be learned. A bridge that knows no VLANs keeps everything in VLAN 0.
 */
import { NS_PER_S } from "../../src/base/units.ts";
import type { HandMadeKind } from "./bridge-recording.ts";
import type { Rule } from "./plain-bridge-rules.ts";

export interface Entry {
  readonly vlan: number;
  readonly mac: string;
  /** Null: the bridge itself, not one of its ports. */
  port: number | null;
  kind: HandMadeKind | "own";
  /** When its age began. */
  sinceNs: number;
}

export class PlainTable {
  readonly #entries = new Map<string, Entry>();
  readonly #count: (rule: Rule) => void;
  #ageingNs: number;
  #nowNs = 0;

  /** `count` hears of every rule that is applied. */
  constructor(ageingSeconds: number, count: (rule: Rule) => void) {
    this.#ageingNs = Math.round(ageingSeconds * NS_PER_S);
    this.#count = count;
  }

  /** To be called before anything is asked or done: entries that have reached the ageing time go. Only dynamic ones age. */
  advanceTo(atSeconds: number): void {
    this.#nowNs = Math.round(atSeconds * NS_PER_S);
    this.removeIf((entry) => {
      const gone = entry.kind === "dynamic" && this.#nowNs - entry.sinceNs >= this.#ageingNs;
      if (gone) this.#count("expired");
      return gone;
    });
  }

  setAgeing(seconds: number): void {
    this.#ageingNs = Math.round(seconds * NS_PER_S);
    this.#count("ageing-changed");
  }

  find(vlan: number, mac: string): Entry | undefined {
    return this.#entries.get(`${vlan} ${mac}`);
  }

  /** A frame from `mac` came in at `port`. */
  learn(vlan: number, mac: string, port: number): void {
    if (this.#ageingNs === 0) {
      this.#count("ageing-zero");
      return;
    }
    const entry = this.find(vlan, mac);
    if (entry === undefined) {
      this.#count("learned");
      this.#put({ vlan, mac, port, kind: "dynamic", sinceNs: this.#nowNs });
      return;
    }
    if (entry.kind === "own") {
      this.#count("own-source");
      return;
    }
    entry.sinceNs = this.#nowNs;
    if (entry.port === port) this.#count("refreshed");
    else if (entry.kind === "sticky") this.#count("sticky-stays");
    else {
      this.#count(entry.kind === "static" ? "static-moved" : "moved");
      entry.port = port;
    }
  }

  /** An entry made by hand. It takes the place of any other, of an own address too. */
  add(vlan: number, mac: string, port: number, kind: HandMadeKind): void {
    const entry = this.find(vlan, mac);
    if (entry === undefined) this.#count("add-new");
    else if (entry.port === port && entry.kind === kind) {
      this.#count("add-same");
      return;
    } else this.#count("add-changed");
    this.#put({ vlan, mac, port, kind, sinceNs: this.#nowNs });
  }

  /** An address of the bridge itself: of a port, or, with null, of the whole. Whatever was known of it is forgotten. */
  addOwn(vlan: number, mac: string, port: number | null): void {
    if (this.find(vlan, mac)?.kind !== "own") this.#put({ vlan, mac, port, kind: "own", sinceNs: this.#nowNs });
  }

  delete(vlan: number, mac: string, port: number): void {
    const entry = this.find(vlan, mac);
    if (entry === undefined || entry.port !== port) this.#count("delete-elsewhere");
    else {
      this.#count("deleted");
      this.#remove(entry);
    }
  }

  /** Removes the entries for which `isGone` holds. */
  removeIf(isGone: (entry: Entry) => boolean): void {
    for (const entry of this.#entries.values()) if (isGone(entry)) this.#remove(entry);
  }

  /** What was learned or made by hand, sorted by VLAN and MAC. */
  entries(): Entry[] {
    return [...this.#entries.values()]
      .filter(({ kind }) => kind !== "own")
      .sort((a, b) => a.vlan - b.vlan || (a.mac < b.mac ? -1 : 1));
  }

  #put(entry: Entry): void {
    this.#entries.set(`${entry.vlan} ${entry.mac}`, entry);
  }

  #remove({ vlan, mac }: Entry): void {
    this.#entries.delete(`${vlan} ${mac}`);
  }
}
