/** An `impair` step: which cable, which way, and what becomes of the frames; then all of them together, because a word may need an earlier one. */
import {
  IMPAIR_KEYS,
  type ImpairWords,
  LACKS_DELAY,
  LACKS_DELAY_HINT,
  type Loss,
  lacksDelay,
  lossMaxWithBurst,
  SET_BY,
} from "../../sim/impair-words.ts";
import { parseDuration } from "../../text/duration.ts";
import { parseBitRate, parsePercent, parsePerSecond, SLOW_BIT_RATE_MIN } from "../../text/quantity.ts";
import type { ImpairAction, NicRef, Step } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import { readCable } from "./read-cable.ts";
import type { Network } from "./read-hosts.ts";
import type { Draft, ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type ImpairDraft = Draft<NonNullable<NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>["impair"]>>;

/** Null: broken. */
export function readImpair(network: Network, path: Path, draft: ImpairDraft): ImpairAction | null {
  const { judge } = network;
  const isBroken = (key: "direction" | "for") => judge.isRefused([...path, key], draft[key]);
  const place = draft.on === undefined ? null : readPlace(network, [...path, "on"], draft.on);
  const words = readWords(network, path, draft);
  if (place === null || words === null || isBroken("direction") || isBroken("for")) return null;
  const { direction = "both" } = draft;
  const forNs = draft.for === undefined ? null : parseDuration(draft.for);
  if (draft.for !== undefined && forNs === null) return null;
  if (forNs === 0) return judge.error([...path, "for"], "an impairment of no time impairs nothing", "for: 300ms");
  const impaired = { verb: "impair", direction, words, forNs } as const;
  if ("nics" in place) return { ...impaired, on: place };
  const { link, end, ends, between } = place;
  if (direction === "both") return { ...impaired, on: { link, end: null, way: null } };
  if (end === null)
    return judge.error(
      [...path, "direction"],
      `${direction} of a link is seen from one of its ends, and none is named`,
      `on: ${ends.join(", or on: ")}`,
    );
  const far = between.find((other) => other !== end) ?? end;
  const way = direction === "out" ? { from: end, to: far } : { from: far, to: end };
  return { ...impaired, on: { link, end, way } };
}

interface ImpairedLink {
  readonly link: string;
  /** The switch that is named; null: none is. */
  readonly end: string | null;
  /** Both ends as they could be named. */
  readonly ends: readonly string[];
  readonly between: readonly string[];
}

/** `vm-A.eth0`, or all vNICs of `vm-A`; `uplink-1`, or one end of it: `core:uplink-1`. Null: broken. */
function readPlace(
  network: Network,
  path: Path,
  text: string,
): ImpairedLink | { readonly nics: readonly NicRef[] } | null {
  const { judge, machines, links, subnets } = network;
  const colon = text.indexOf(":");
  const name = text.slice(colon + 1);
  if (colon < 0) {
    const cable = readCable(network, path, text);
    if (cable === null || "nics" in cable) return cable;
  } else if (links.get(name) === undefined && machines.get(name.replace(/\..*$/, "")) !== undefined)
    return judge.error(path, `${quoted(name)} is no link, and only links have ends`, `without the switch: on: ${name}`);
  const link = links.find(judge, path, name);
  if (link === null || subnets.values.length < subnets.names.length) return null;
  const { between } = link;
  const ends = [...new Set(between)].map((end) => `${end}:${name}`);
  const end = colon < 0 ? null : text.slice(0, colon);
  if (end === null || between.includes(end)) return { link: name, end, ends, between };
  return judge.error(path, `link ${quoted(name)} does not end at ${quoted(end)}`, `its ends: ${ends.join(", ")}`);
}

/** Null: broken, or there are none. */
function readWords({ judge }: Network, path: Path, draft: ImpairDraft): ImpairWords | null {
  const written = IMPAIR_KEYS.filter((key) => judge.isWritten([...path, key]));
  if (written.length === 0)
    return judge.errorAtKey(
      path,
      "an `impair` step says what becomes of the frames, and this one does not",
      `one of: ${IMPAIR_KEYS.join(", ")}`,
    );
  const { delay, jitter, loss, duplicate, reorder, corrupt, rate, announcements } = draft;
  const read: Partial<Record<keyof ImpairWords, ImpairWords[keyof ImpairWords] | null>> = {
    delayNs: numberOf(delay, parseDuration),
    jitterNs: numberOf(jitter, parseDuration),
    loss: loss === undefined ? null : readLoss(judge, [...path, "loss"], loss),
    duplicate: numberOf(duplicate, parsePercent),
    reorder: numberOf(reorder, parsePercent),
    corrupt: numberOf(corrupt, parsePercent),
    bitsPerSecond: numberOf(rate, (text) => parseBitRate(text, SLOW_BIT_RATE_MIN)),
    announcementsPerSecond: numberOf(announcements, parsePerSecond),
  };
  if (written.some((key) => read[SET_BY[key]] === null)) return null;
  return Object.fromEntries(written.map((key) => [SET_BY[key], read[SET_BY[key]]]));
}

/** Null: broken, or not there. */
function numberOf(draft: string | 0 | undefined, parse: (text: string) => number | null): number | null {
  if (draft === undefined) return null;
  return draft === 0 ? 0 : parse(draft);
}

function readLoss(judge: Judge, path: Path, draft: NonNullable<ImpairDraft["loss"]>): Loss | null {
  if (typeof draft !== "object") {
    const share = numberOf(draft, parsePercent);
    return share === null ? null : { share, burst: null };
  }
  const { burst } = draft;
  const share = numberOf(draft.share, parsePercent);
  if (share === null || burst === undefined) return null;
  if (share <= lossMaxWithBurst(burst)) return { share, burst };
  return judge.error(
    [...path, "share"],
    `bursts of ${burst} cannot lose ${draft.share}`,
    `at most ${burst} of ${burst + 1} frames: at least one passes between two bursts`,
  );
}

/** All steps, in the order of the file; null: broken. Then nothing is said, because it might have been the one that sets the delay. */
export function judgeImpairments({ judge, links }: Network, steps: readonly (Step | null)[]): void {
  if (steps.includes(null)) return;
  const inOrder = steps
    .map((step, index) => ({ ...step!, path: ["timeline", index, "impair"] }))
    .sort((a, b) => a.atNs - b.atNs);
  /** By way: its delay, and when that ends. */
  const delays = new Map<string, { readonly delayNs: number; readonly untilNs: number }>();
  for (const { atNs, action, path } of inOrder) {
    if (action.verb !== "impair") continue;
    const { words, forNs } = action;
    const between = "link" in action.on ? (links.get(action.on.link)?.between ?? []) : [];
    const ways = wayNames(action, between);
    const lacking = ways.map((way) => {
      const { delayNs = 0, untilNs = 0 } = delays.get(way) ?? {};
      return lacksDelay(words, untilNs < atNs ? 0 : delayNs);
    });
    const word = lacking.find((key) => key !== null);
    if (word) judge.error([...path, word], LACKS_DELAY[word], LACKS_DELAY_HINT);
    if (words.delayNs === undefined) continue;
    const untilNs = forNs === null ? Number.POSITIVE_INFINITY : atNs + forNs;
    for (const way of ways) delays.set(way, { delayNs: words.delayNs, untilNs });
  }
}

/** A name for each way that the step impairs; of a link between its ends the way out of the first and that out of the second. */
function wayNames({ on, direction }: ImpairAction, between: readonly string[]): string[] {
  const directions = (["out", "in"] as const).filter((way) => direction === "both" || direction === way);
  if ("nics" in on) return on.nics.flatMap(({ host, nic }) => directions.map((way) => `${host}.${nic} ${way}`));
  const first = on.end === null ? 0 : between.indexOf(on.end);
  return directions.map((way) => `${on.link} ${way === "out" ? first : 1 - first}`);
}
