/** What an impairment does, in words that end in "both ways", "from core to rack-1" or "on its way out". What a cable loses is said loudly. */
import { formatSpan } from "../base/units.ts";
import { type ImpairKey, type ImpairWords, type Loss, namedIn } from "./impair-words.ts";

/** What becomes of the frames from now on: `delays frames by 10 ms ± 2 ms, LOSES 30 % OF ITS FRAMES`. */
export function impairText(words: ImpairWords): string {
  return namedIn(words)
    .map((key) => wordText(key, words))
    .filter((text) => text !== null)
    .join(", ");
}

/** What does not happen any more: `loses nothing any more`. */
export function mendedText(keys: readonly ImpairKey[]): string {
  // Without a delay there is nothing to vary.
  return keys
    .filter((key) => key !== "jitter" || !keys.includes("delay"))
    .map((key) => CLEARED[key])
    .join(", ");
}

/** Of a link, where `direction` is null; of a vNIC's cable otherwise. */
export function wayText(from: string, to: string, direction: "in" | "out" | null): string {
  return direction === null ? `from ${from} to ${to}` : directionText(direction);
}

/** Of a vNIC. */
export function directionText(direction: "in" | "out" | "both"): string {
  return direction === "both" ? "both ways" : `on its way ${direction}`;
}

const CLEARED: Readonly<Record<ImpairKey, string>> = {
  delay: "delays nothing any more",
  jitter: "delays all frames alike",
  loss: "loses nothing any more",
  duplicate: "doubles nothing any more",
  reorder: "lets no frame overtake any more",
  corrupt: "corrupts nothing any more",
  rate: "carries as much as comes",
  announcements: "lets all announcements pass",
};

/** Null: another word says it. */
function wordText(key: ImpairKey, words: ImpairWords): string | null {
  const { delayNs = 0, jitterNs = 0, loss, duplicate, reorder, corrupt, bitsPerSecond, announcementsPerSecond } = words;
  switch (key) {
    case "delay":
      if (delayNs === 0) return CLEARED.delay;
      return `delays frames by ${formatSpan(delayNs)}${jitterNs > 0 ? ` ± ${formatSpan(jitterNs)}` : ""}`;
    case "jitter":
      if (jitterNs === 0) return CLEARED.jitter;
      return delayNs > 0 ? null : `delays frames by ${formatSpan(jitterNs)} more or less`;
    case "loss":
      return lossText(loss!);
    case "duplicate":
      return duplicate === 0 ? CLEARED.duplicate : `doubles ${shareText(duplicate!)}`;
    case "reorder":
      return reorder === 0 ? CLEARED.reorder : `lets ${shareText(reorder!)} overtake`;
    case "corrupt":
      return corrupt === 0 ? CLEARED.corrupt : `corrupts ${shareText(corrupt!)}`;
    case "rate":
      return bitsPerSecond === 0 ? CLEARED.rate : `carries ${rateText(bitsPerSecond!)} at most`;
    case "announcements": {
      if (announcementsPerSecond === 0) return CLEARED.announcements;
      const noun = announcementsPerSecond === 1 ? "announcement" : "announcements";
      return `lets ${announcementsPerSecond} ${noun} a second pass`;
    }
  }
}

function lossText({ share, burst }: Loss): string {
  if (share === 0) return CLEARED.loss;
  if (share === 1) return "LOSES EVERY FRAME";
  return `LOSES ${percentText(share)} OF ITS FRAMES${burst === null ? "" : `, ${burst} in a row on average`}`;
}

function shareText(share: number): string {
  return share === 1 ? "every frame" : `${percentText(share)} of its frames`;
}

/** As it was written: 0.07 * 100 would be 7.000000000000001. */
function percentText(share: number): string {
  return `${Number((share * 100).toFixed(6))} %`;
}

function rateText(bitsPerSecond: number): string {
  const [unit, bits] =
    bitsPerSecond >= 1e9 ? ["Gbit/s", 1e9] : bitsPerSecond >= 1e6 ? ["Mbit/s", 1e6] : ["kbit/s", 1e3];
  return `${Number((bitsPerSecond / Number(bits)).toFixed(6))} ${unit}`;
}
