/** `switches:` and `links:` of a subnet to a tree of switches, or to loops where those are asked for. */
import { NS_PER_MS, NS_PER_S } from "../../base/units.ts";
import { islands, type Loop, loopClosedBy, loopText } from "../../sim/loops.ts";
import { AGEING_MS_MAX } from "../../switch/fdb.ts";
import type { Finding } from "../../text/config-error.ts";
import { parseDuration } from "../../text/duration.ts";
import { parseBitRate } from "../../text/quantity.ts";
import type { LinkSpec, SwitchSpec } from "../model.ts";
import { Declared, type Judge } from "./judge.ts";
import type { NameBook } from "./name-book.ts";
import type { Path } from "./positions.ts";
import { NETWORK_LIMITS } from "./schema-network.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

export const MAX_LATENCY_NS = 10 * NS_PER_S;

type SubnetDraft = NonNullable<NonNullable<ScenarioDraft["subnets"]>[string]>;
type LinkDraft = NonNullable<NonNullable<SubnetDraft["links"]>[string]>;
type TableDraft = Pick<SubnetDraft, "profile" | "ageing">;

/** Keys of a subnet that only a `lan` has: nobody plugs cables into a cloud. */
const LAN_KEYS = ["profile", "ageing", "switches", "links", "storm"] as const;

export interface Wiring {
  readonly switches: Declared<SwitchSpec>;
  readonly links: readonly LinkSpec[];
  readonly mayStorm: boolean;
  readonly warnings: readonly Finding[];
}

export class SwitchReader {
  readonly #judge: Judge;
  readonly #names: NameBook;
  readonly #links: Declared<LinkSpec>;
  #switchCount = 0;

  /** `links` gets those of all subnets. */
  constructor(judge: Judge, names: NameBook, links: Declared<LinkSpec>) {
    this.#judge = judge;
    this.#names = names;
    this.#links = links;
  }

  /** Whether a `vpc` keeps to what it has. */
  isCloud(path: Path): boolean {
    const written = LAN_KEYS.filter((key) => this.#judge.isWritten([...path, key]));
    for (const key of written)
      this.#judge.errorAtKey([...path, key], `a vpc has no ${quoted(key)}: its network is the cloud's`, "network: lan");
    return written.length === 0;
  }

  wiring(path: Path, draft: SubnetDraft): Wiring {
    const judge = this.#judge;
    const switches = new Declared<SwitchSpec>("switch", this.#isKnown([...path, "switches"], draft.switches));
    for (const [name, spec] of Object.entries(draft.switches ?? {}))
      switches.add(name, spec === undefined ? null : this.#switch([...path, "switches", name], spec ?? {}));
    this.#switchCount += Math.max(1, switches.names.length);
    if (this.#switchCount > NETWORK_LIMITS.switches && switches.names.length > 0)
      judge.errorAtKey([...path, "switches"], `these are more than ${NETWORK_LIMITS.switches} switches in all subnets`);
    // What stands there and is none was most likely meant to be `allow`.
    const mayStorm = judge.isWritten([...path, "storm"]);
    const links: LinkSpec[] = [];
    let isWhole = this.#isKnown([...path, "links"], draft.links) && switches.isComplete;
    for (const [name, link] of Object.entries(draft.links ?? {})) {
      const at = [...path, "links", name];
      const isFree = this.#names.claim(at, "a link");
      const spec = link === undefined ? null : this.#link(at, name, link, switches);
      isWhole &&= spec !== null;
      if (isFree) this.#links.add(name, spec);
      if (spec === null || !isFree) continue;
      const loop = mayStorm ? null : loopClosedBy(spec, links);
      if (loop === null) links.push(spec);
      else judge.errorAtKey(at, loopMessage(name, loop), loopHint(loop));
    }
    return { switches, links, mayStorm, warnings: isWhole ? this.#loners(path, switches, links) : [] };
  }

  /** Null: broken. */
  table(path: Path, { profile, ageing }: TableDraft): { profile: string | null; ageingMs: number | null } | null {
    const judge = this.#judge;
    if (judge.isRefused([...path, "profile"], profile) || judge.isRefused([...path, "ageing"], ageing)) return null;
    if (ageing === undefined) return { profile: profile ?? null, ageingMs: null };
    const ageingNs = parseDuration(ageing);
    if (ageingNs === null) return null;
    const at = [...path, "ageing"];
    if (ageingNs > AGEING_MS_MAX * NS_PER_MS)
      return judge.error(at, `${ageing} is longer than 1,000,000 s`, "default: 300s");
    if (ageingNs % NS_PER_MS !== 0)
      return judge.error(at, `${ageing} is no whole number of milliseconds`, "default: 300s");
    return { profile: profile ?? null, ageingMs: ageingNs / NS_PER_MS };
  }

  #switch(path: Path, draft: TableDraft): SwitchSpec | null {
    const table = this.table(path, draft);
    return table && { name: String(path.at(-1)), position: this.#judge.keyPosition(path), ...table };
  }

  /** Null: broken. */
  #link(path: Path, name: string, draft: LinkDraft, switches: Declared<SwitchSpec>): LinkSpec | null {
    const judge = this.#judge;
    const ends = (draft.between ?? []).map((end, index) =>
      end === undefined ? null : switches.find(judge, [...path, "between", index], end),
    );
    const isBroken = (key: "latency" | "rate") => judge.isRefused([...path, key], draft[key]);
    const [a, b] = ends;
    if (!a || !b || isBroken("latency") || isBroken("rate")) return null;
    const latencyNs = draft.latency === undefined ? null : parseDuration(draft.latency);
    if (latencyNs !== null && latencyNs > MAX_LATENCY_NS)
      return judge.error([...path, "latency"], `${draft.latency} is longer than 10s`, "default: 5us");
    const bitsPerSecond = draft.rate === undefined ? null : parseBitRate(draft.rate);
    return { name, position: judge.keyPosition(path), between: [a.name, b.name], latencyNs, bitsPerSecond };
  }

  /** Switches from which no link leads to the first. */
  #loners(path: Path, switches: Declared<SwitchSpec>, links: readonly LinkSpec[]): Finding[] {
    const [first, ...others] = islands(switches.names, links);
    return others.map((island) => {
      const those = island.length === 1 ? `switch '${island[0]}' has` : `switches ${island.join(", ")} have`;
      return {
        ...this.#judge.keyPosition([...path, "switches", island[0]!]),
        severity: "warning" as const,
        message: `${those} no link to ${first!.join(", ")}: frames do not get from one to the other`,
        hint: `links: { uplink: { between: [${first![0]}, ${island[0]}] } }`,
      };
    });
  }

  /** Whether an optional section is there and in form, or is meant to be absent. */
  #isKnown(path: Path, draft: unknown): boolean {
    if (draft !== undefined) return true;
    return !this.#judge.isWritten(path) && !this.#judge.places.isDamaged(path.slice(0, -1));
  }
}

function loopMessage(name: string, loop: Loop): string {
  return `link ${quoted(name)} closes a loop: ${loopText(loop)}; a broadcast would circle for ever`;
}

function loopHint({ links }: Loop): string {
  const which = links.length === 1 ? "leave it out" : `leave out one of ${links.join(", ")}`;
  return `${which}, or say storm: allow on the subnet and watch`;
}
