/**
 * Switch profiles: switches differ in what they do at the edges, and a failover may hang on it. A profile names the
 * differences; what it does not name, all switches here do alike. `profiles.ts` has those of other switches.
 */

/** What a switch does with frames that it might not forward. */
export interface RelayRules {
  /** A source that is a group address: the frame goes nowhere, or on without teaching, or teaches even that. */
  readonly groupSource: "drop" | "forward" | "learn";
  /** The source 00:00:00:00:00:00. */
  readonly zeroSource: "drop" | "forward" | "learn";
  /** 01:80:c2:00:00:00, the spanning tree's group, where no spanning tree runs. */
  readonly spanningTreeGroup: "drop" | "flood";
  /** 01:80:c2:00:00:01 to :0f. `drop-after-learning`: all but the pause frame's :01 teach their source first. */
  readonly reservedGroups: "drop" | "drop-after-learning" | "flood";
  /** A destination that is behind the port the frame came from. */
  readonly knownAtIngress: "drop" | "flood";
}

/** What a forwarding table does. */
export interface TableRules {
  /** Ageing time unless a scenario says otherwise; `AGEING_NEVER` of fdb.ts: entries do not age. */
  readonly ageingMs: number;
  /** Entries that the table holds. */
  readonly entriesMax: number;
  /**
   * A new MAC where there is no room: it is not learned; or the port with most entries gives up the one that has been silent for
   * longest; or, full or not, it takes the one place that its hash names from whoever has it. See `table-full.ts`.
   */
  readonly whenFull: "refuse" | "evict-from-fullest-port" | "replace-same-hash";
  /** A MAC is not believed to have moved until its old port has been silent for this long. 0: it moves at once; Infinity: never. */
  readonly moveAfterIdleMs: number;
  /** Steps of the clock by which that is reckoned: the times of both frames count as rounded down to one. */
  readonly moveClockMs: number;
  /** A static entry follows its MAC to another port. If not, frames neither move it nor make it younger. */
  readonly staticMoves: boolean;
  /** A port loses carrier: what was learned behind it is forgotten, or nothing is; or all is, and again when it is back. */
  readonly linkChange: "forget-port" | "forget-all" | "keep";
}

export interface SwitchProfile {
  readonly name: string;
  /** One sentence, for help and errors: what sets it apart. */
  readonly summary: string;
  readonly relay: RelayRules;
  readonly table: TableRules;
}

/**
 * A Linux bridge, 6.x, spanning tree and multicast snooping off: observed. It has no limit for entries; here there is one, because
 * nothing may grow without bound.
 */
export const LINUX: SwitchProfile = {
  name: "linux",
  summary: "a Linux bridge: a MAC moves at once, 300 s of ageing",
  relay: {
    groupSource: "drop",
    zeroSource: "drop",
    spanningTreeGroup: "flood",
    reservedGroups: "drop-after-learning",
    knownAtIngress: "drop",
  },
  table: {
    ageingMs: 300_000,
    entriesMax: 131_072,
    whenFull: "refuse",
    moveAfterIdleMs: 0,
    moveClockMs: 1,
    staticMoves: true,
    linkChange: "forget-port",
  },
};
