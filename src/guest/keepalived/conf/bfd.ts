/**
 * `bfd_instance`: a session of Bidirectional Forwarding Detection (RFC 5880), which virtual routers may track. Its own keywords are checked;
 * of the session itself nothing is simulated but whether it is up.
 */

import type { Position } from "../../../text/config-error.ts";
import type { IpAddress } from "../../../text/ip-text.ts";
import { formatIp } from "../../../wire/address.ts";
import type { Context } from "./context.ts";
import {
  type Draft,
  flag,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  newDraft,
  number,
  value,
} from "./keywords.ts";
import { plainAddress } from "./source-address.ts";
import { positionOf, type Word } from "./statement.ts";
import { type NumberRead, readInteger, readMicroseconds, readUnsigned, UINT_MAX } from "./values.ts";

/** The longest name. */
export const BFD_NAME_MAX = 31;
const MULTIPLIER_MAX = 255;
const TTL_MAX = 255;
const MS_MAX = Math.floor(UINT_MAX / 1000);

export interface BfdDraft extends Draft {
  readonly position: Position;
  neighbour: IpAddress | null;
  source: IpAddress | null;
  ttl: number;
  maxHops: number;
  weight: number;
  reverse: boolean;
  /** Only these hear of it, if any are written. */
  readonly eventsFor: Set<"vrrp" | "checker">;
}

export function newBfdDraft(name: Word): BfdDraft {
  return {
    ...newDraft(name.text),
    position: name,
    neighbour: null,
    source: null,
    ttl: 0,
    maxHops: 0,
    weight: 0,
    reverse: false,
    eventsFor: new Set(),
  };
}

/** keepalived's VRRP process knows the session by its name alone: what is wrong with its addresses leaves it down for ever. */
export function closeBfd(draft: BfdDraft, { trackBfds, bfdPairs, findings }: Context): void {
  const { name, position, neighbour, source, weight, reverse, eventsFor } = draft;
  if (eventsFor.size === 0 || eventsFor.has("vrrp"))
    trackBfds.set(name, {
      name,
      weight,
      reverse,
      position: positionOf(position),
    });
  const who = `Configuration error: BFD instance ${name}`;
  if (neighbour === null) {
    if (draft.mistakes.has("neighbor_ip")) return;
    const message = `${who} has no neighbor address set, disabling instance`;
    findings.error("bfd-without-neighbour", position, message, "neighbor_ip 10.0.1.12");
    return;
  }
  if (source !== null && source.length !== neighbour.length) {
    const message = `${who} source address ${formatIp(source)} and neighbor address ${formatIp(neighbour)} are not of the same family, disabling instance`;
    findings.error("wrong-family", draft.keys.get("source_ip") ?? position, message);
    return;
  }
  const pair = `${formatIp(neighbour)} ${source === null ? "" : formatIp(source)}`;
  if (bfdPairs.has(pair)) {
    const what = source === null ? "neighbor address" : "source/neighbor address";
    const pairText = source === null ? formatIp(neighbour) : `${formatIp(source)}/${formatIp(neighbour)}`;
    const message = `${who} has duplicate ${what} ${pairText}, ignoring instance`;
    findings.error("duplicate-item", position, message, "each session needs a pair of addresses of its own");
    return;
  }
  bfdPairs.add(pair);
  const ttl = draft.ttl || (neighbour.length === 4 ? 255 : 64);
  if (draft.maxHops > ttl) {
    const message = `BFD instance ${name}: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit`;
    findings.error("invalid-number", draft.keys.get("max_hops") ?? position, message, `at most ${ttl}`);
  }
}

const neighbour: LineKeyword<BfdDraft> = value((draft, words, { findings }) => {
  const word = words[1]!;
  draft.neighbour = plainAddress(word.text);
  if (draft.neighbour !== null) return;
  const message = `Configuration error: BFD instance ${draft.name} has malformed neighbor address ${word.text}, ignoring instance`;
  draft.mistakes.set("neighbor_ip", findings.error("invalid-address", word, message, "as 10.0.1.12"));
});

/** A number of which keepalived says `WHAT value TEXT WHY (must be in range [RANGE]), ignoring`. */
function ranged(
  what: string,
  range: string,
  read: (text: string) => NumberRead,
  set: (draft: BfdDraft, number: number) => void = () => {},
  not = "is not valid",
): LineKeyword<BfdDraft> {
  return number({
    read,
    set,
    invalid: (draft, text) =>
      `Configuration error: BFD instance ${draft.name} ${what} value ${text} ${not} (must be in range [${range}]), ignoring`,
    hint: range.replace("-", " to "),
  });
}

/** Milliseconds with a fraction. */
const interval = (what: string, min: number) =>
  ranged(what, `${min}-${MS_MAX}`, (text) => {
    const read = readMicroseconds(text, min * 1e6, MS_MAX * 1e6);
    return { ...read, shown: `${read.value / 1e6}` };
  });

const ttl = ranged(
  "ttl/hoplimit",
  `1-${TTL_MAX}`,
  (text) => readUnsigned(text, 1, TTL_MAX, false),
  (draft, hops) => {
    draft.ttl = hops;
  },
  "not valid",
);

export const BFD_KEYWORDS: KeywordTable<BfdDraft> = keywordTable<BfdDraft>({
  neighbor_ip: neighbour,
  neighbour_ip: neighbour,
  source_ip: value((draft, words, { findings }) => {
    const word = words[1]!;
    draft.source = plainAddress(word.text);
    if (draft.source !== null) return;
    const message = `Configuration error: BFD instance ${draft.name} has malformed source address ${word.text}, ignoring`;
    findings.error("invalid-address", word, message, "an address of this host");
  }),
  min_rx: interval("min_rx", 1),
  min_tx: interval("min_tx", 1),
  idle_tx: interval("idle_tx", 1000),
  multiplier: ranged(
    "multiplier",
    `1-${MULTIPLIER_MAX}`,
    (text) => readUnsigned(text, 1, MULTIPLIER_MAX, false),
    () => {},
    "not valid",
  ),
  passive: flag(() => {}),
  ttl,
  hoplimit: ttl,
  max_hops: ranged(
    "max_hops",
    `-1-${TTL_MAX}`,
    (text) => readInteger(text, -1, TTL_MAX),
    (draft, hops) => {
      draft.maxHops = hops;
    },
    "not valid",
  ),
  weight: value((draft, words, { findings }) => {
    const word = words[1]!;
    const { value: weight, problem } = readInteger(word.text, -253, 253);
    if (problem === null) draft.weight = weight;
    else {
      const message = `Configuration error: BFD instance ${draft.name} weight value ${word.text} not valid (must be in range [-253-253]), ignoring`;
      findings.error("invalid-number", word, message, problem);
    }
    const option = words[2];
    if (option?.text === "reverse") draft.reverse = true;
    else if (option !== undefined) {
      const message = `Configuration error: BFD instance ${draft.name} unknown weight option ${option.text}`;
      findings.error("invalid-value", option, message, "weight N reverse");
    }
  }, 2),
  vrrp: flag((draft) => {
    draft.eventsFor.add("vrrp");
  }),
  checker: flag((draft) => {
    draft.eventsFor.add("checker");
  }),
});
