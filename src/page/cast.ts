/** Who is who in a picture: every host that was ever master or holder has a colour of its own, and all that leads to it wears that colour. */
import type { RunResult } from "../scenario/run.ts";
import type { Recording } from "./recording.ts";

/** So many are told apart; after them the colours come again, with the names in them. */
const COLOURS = 6;
/** RFC 5798 section 7.3: the last octet is the VRID. */
const VIRTUAL_MAC = /^00:00:5e:00:0[12]:/;

export class Cast {
  readonly #looks = new Map<string, string>();
  readonly #macs: ReadonlyMap<string, string>;

  constructor({ scenario, transitions, holders }: RunResult, { macs }: Recording) {
    this.#macs = macs;
    const players = new Set([...transitions.map(({ host }) => host), ...holders.flatMap(({ to }) => to?.host ?? [])]);
    for (const { name } of scenario.hosts) {
      if (players.has(name)) this.#looks.set(name, `host h${(this.#looks.size % COLOURS) + 1}`);
    }
  }

  /** Class names of a host's colour. */
  look(host: string): string {
    return this.#looks.get(host) ?? "host h0";
  }

  /** Hosts with a colour of their own, in the order of the scenario. */
  get players(): readonly string[] {
    return [...this.#looks.keys()];
  }

  /** The host whose own MAC it is; null: a virtual one, or nobody's. */
  owner(mac: string): string | null {
    return this.#macs.get(mac) ?? null;
  }

  /** `vm-A`, or `virtual MAC`, or the MAC itself. */
  macWords(mac: string): string {
    return this.owner(mac) ?? (VIRTUAL_MAC.test(mac) ? "virtual MAC" : mac);
  }
}
