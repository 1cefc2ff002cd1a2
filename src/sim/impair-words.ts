/**
 * What can be said of an impairment, in the words of tc-netem(8), and one word that netem does not have: `announcements`. What people
 * write becomes numbers with units here, or is refused with what would be right. What a step does not name stays as it is.
 */
import {
  BIT_RATE_MAX,
  PER_SECOND_HINT,
  PER_SECOND_MAX,
  PER_SECOND_MIN,
  parseBitRate,
  parsePerSecond,
  SLOW_BIT_RATE_HINT,
  SLOW_BIT_RATE_MIN,
} from "../text/quantity.ts";
import { durationNs, type ImpairOptions, refusal, shareOf } from "./options.ts";

/** Everything that an impairment does to one way. Shares are 0 to 1. */
export interface Impairing {
  /** What every frame waits; 0: nothing. */
  readonly delayNs: number;
  /** Each frame waits so much more or less, evenly distributed; 0: all wait alike. */
  readonly jitterNs: number;
  readonly loss: Loss;
  /** The share of frames that come twice. */
  readonly duplicate: number;
  /** The share of frames that are sent at once while the others wait for the delay. */
  readonly reorder: number;
  /** The share of frames in which one bit is flipped. */
  readonly corrupt: number;
  /** 0: as many as come. */
  readonly bitsPerSecond: number;
  /** Gratuitous ARP and unsolicited neighbour advertisements that pass in a second; 0: all. */
  readonly announcementsPerSecond: number;
}

/** A part of it: what one step says. */
export type ImpairWords = Partial<Impairing>;

export interface Loss {
  /** The share of frames that is lost in the long run. */
  readonly share: number;
  /** How many frames are lost in a row, on average; null: each frame is lost or not by itself. */
  readonly burst: number | null;
}

/** What people write, in the order in which it is told. */
export const IMPAIR_KEYS = [
  "delay",
  "jitter",
  "loss",
  "duplicate",
  "reorder",
  "corrupt",
  "rate",
  "announcements",
] as const;
export type ImpairKey = (typeof IMPAIR_KEYS)[number];

/** What each of them sets. */
export const SET_BY: Readonly<Record<ImpairKey, keyof Impairing>> = {
  delay: "delayNs",
  jitter: "jitterNs",
  loss: "loss",
  duplicate: "duplicate",
  reorder: "reorder",
  corrupt: "corrupt",
  rate: "bitsPerSecond",
  announcements: "announcementsPerSecond",
};

const NO_LOSS: Loss = { share: 0, burst: null };
/** A way that does nothing to its frames. */
export const UNIMPAIRED: Impairing = {
  delayNs: 0,
  jitterNs: 0,
  loss: NO_LOSS,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  bitsPerSecond: 0,
  announcementsPerSecond: 0,
};

export const BURST_MAX = 10_000;
/** The words that a step names, in their order. */
export function namedIn(words: ImpairWords): ImpairKey[] {
  return IMPAIR_KEYS.filter((key) => words[SET_BY[key]] !== undefined);
}

/**
 * The most that can be lost in bursts of this mean length: between two of them at least one frame passes, so that the chance to begin one
 * is at most 1.
 */
export function lossMaxWithBurst(burst: number): number {
  return burst / (burst + 1);
}

/** Which word of the step needs a delay that neither the step nor the way has; null: none does. */
export function lacksDelay(words: ImpairWords, delayNs: number): "jitter" | "reorder" | null {
  if ((words.delayNs ?? delayNs) > 0) return null;
  if ((words.jitterNs ?? 0) > 0) return "jitter";
  return (words.reorder ?? 0) > 0 ? "reorder" : null;
}

/** As tc refuses it. */
export const LACKS_DELAY = {
  jitter: "it varies a delay, and there is none",
  reorder: "some frames are sent at once while the others wait for a delay, and there is none",
} as const;
export const LACKS_DELAY_HINT = "say a delay besides: delay: 10ms";

/** The words of what a caller asks for; a ConfigError if one of them is none. */
export function impairWordsOf(options: ImpairOptions): ImpairWords {
  const { on, delay, jitter, loss, duplicate, reorder, corrupt, rate, announcements } = options;
  const words: ImpairWords = {
    ...(delay === undefined ? {} : { delayNs: durationNs(delay, `delay on ${on}`) }),
    ...(jitter === undefined ? {} : { jitterNs: durationNs(jitter, `jitter on ${on}`) }),
    ...(loss === undefined ? {} : { loss: lossOf(loss, `loss on ${on}`) }),
    ...(duplicate === undefined ? {} : { duplicate: shareOf(duplicate, `duplicate on ${on}`) }),
    ...(reorder === undefined ? {} : { reorder: shareOf(reorder, `reorder on ${on}`) }),
    ...(corrupt === undefined ? {} : { corrupt: shareOf(corrupt, `corrupt on ${on}`) }),
    ...(rate === undefined ? {} : { bitsPerSecond: rateOf(rate, `rate on ${on}`) }),
    ...(announcements === undefined
      ? {}
      : { announcementsPerSecond: perSecondOf(announcements, `announcements on ${on}`) }),
  };
  if (namedIn(words).length === 0)
    throw refusal(`an impairment of ${on} names nothing`, `one of: ${IMPAIR_KEYS.join(", ")}`);
  return words;
}

function lossOf(value: NonNullable<ImpairOptions["loss"]>, what: string): Loss {
  if (typeof value !== "object") return { share: shareOf(value, what), burst: null };
  const share = shareOf(value.share, what);
  const { burst } = value;
  if (burst === null) return { share, burst };
  if (!Number.isInteger(burst) || burst < 1 || burst > BURST_MAX)
    throw refusal(`${what}: ${burst} is no length of a burst`, `frames lost in a row, on average: 1 to ${BURST_MAX}`);
  if (share > lossMaxWithBurst(burst))
    throw refusal(
      `${what}: bursts of ${burst} cannot lose ${value.share}`,
      `at most ${burst} of ${burst + 1} frames: at least one passes between two bursts`,
    );
  return { share, burst };
}

function rateOf(value: string | number, what: string): number {
  if (value === 0 || value === "0") return 0;
  const rate = typeof value === "number" ? value : parseBitRate(value, SLOW_BIT_RATE_MIN);
  if (rate === null || !(rate >= SLOW_BIT_RATE_MIN && rate <= BIT_RATE_MAX))
    throw refusal(`${what}: ${value} is no rate`, SLOW_BIT_RATE_HINT);
  return rate;
}

function perSecondOf(value: string | number, what: string): number {
  if (value === 0 || value === "0") return 0;
  const count = typeof value === "number" ? value : parsePerSecond(value);
  if (count === null || !(count >= PER_SECOND_MIN && count <= PER_SECOND_MAX))
    throw refusal(`${what}: ${value} is no pace`, PER_SECOND_HINT);
  return count;
}
