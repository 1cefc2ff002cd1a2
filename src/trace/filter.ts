/** Which decisions are shown: a capture of half a minute has thousands, and a person looks for the few that matter. */
import { ETHERNET_DESTINATION, ETHERNET_OCTETS, ETHERNET_SOURCE } from "../wire/ethernet.ts";
import type { Decision, TableRow } from "./decision.ts";
import { macWords } from "./fields.ts";
import type { FrameStep, MacWords } from "./steps.ts";

export const SHOWN_KINDS = [
  "learned",
  "moved",
  "flooded",
  "forwarded",
  "dropped",
  "changed",
  "refused",
  "snapshot",
] as const;
export type ShownKind = (typeof SHOWN_KINDS)[number];

const KIND_OF_ACTION = { flood: "flooded", forward: "forwarded", drop: "dropped" } as const;

export interface FilterOptions {
  /** Decisions of any of these kinds; null: of all. */
  readonly only?: ReadonlySet<ShownKind> | null;
  /** Frames from or to this address, changes of its entries, and its rows; what is done to ports and to the whole switch, too. Null: all. */
  readonly mac?: { readonly words: MacWords; readonly text: string } | null;
}

export class DecisionFilter {
  readonly #only: ReadonlySet<ShownKind> | null;
  readonly #mac: FilterOptions["mac"];

  constructor({ only = null, mac = null }: FilterOptions = {}) {
    this.#only = only;
    this.#mac = mac;
  }

  get isOpen(): boolean {
    return this.#only === null && this.#mac === null;
  }

  /** What of the decision is to be shown; null: nothing. */
  shown(decision: Decision): Decision | null {
    if (this.#only !== null && !kindsOf(decision).some((kind) => this.#only!.has(kind))) return null;
    if (this.#mac === null) return decision;
    switch (decision.do) {
      case "frame":
        return this.#concerns(decision.step) ? decision : null;
      case "change":
        return decision.mac === null || decision.mac === this.#mac!.text ? decision : null;
      case "snapshot":
        return { ...decision, rows: this.rows(decision.rows) };
    }
  }

  /** The rows of a table that are to be shown. */
  rows(rows: readonly TableRow[]): readonly TableRow[] {
    return this.#mac === null ? rows : rows.filter(({ mac }) => mac === this.#mac!.text);
  }

  #concerns({ bytes, offset, octets }: FrameStep): boolean {
    if (octets < ETHERNET_OCTETS) return false;
    const { hi, lo } = this.#mac!.words;
    return [ETHERNET_SOURCE, ETHERNET_DESTINATION].some((field) => {
      const words = macWords(bytes, offset + field);
      return words.hi === hi && words.lo === lo;
    });
  }
}

function kindsOf(decision: Decision): readonly ShownKind[] {
  if (decision.do === "snapshot") return ["snapshot"];
  if (decision.do === "change") return [decision.refused ? "refused" : "changed"];
  const went = KIND_OF_ACTION[decision.action];
  switch (decision.source?.is) {
    case "new":
      return ["learned", went];
    case "moved":
      return ["moved", went];
    default:
      return [went];
  }
}
