/** tc-netem(8) written down plainly: frames in arrays, one list of those that wait, no reuse of anything. What the impairment is held against. */
import { Prng } from "../../src/base/prng.ts";

/** What is in force. Shares are 0 to 1, times ns. */
export interface PlainWords {
  readonly delay: number;
  readonly jitter: number;
  readonly loss: { readonly share: number; readonly burst: number | null };
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  /** Bits a second; 0: none. */
  readonly rate: number;
  /** A second; 0: all pass. */
  readonly announcements: number;
}

export const NOTHING: PlainWords = {
  delay: 0,
  jitter: 0,
  loss: { share: 0, burst: null },
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  rate: 0,
  announcements: 0,
};

/** In order of time. */
export type PlainEvent =
  | { readonly atNs: number; readonly say: Partial<PlainWords>; readonly forNs: number | null }
  | { readonly atNs: number; readonly send: string; readonly announces: boolean }
  | { readonly atNs: number; readonly cut: true };

export interface PlainResult {
  /** `time octets`, the latter as hexadecimal digits. */
  readonly delivered: string[];
  readonly lost: number;
  readonly dropped: number;
  readonly policed: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
}

export function plainNetem(seed: number, stream: string, events: readonly PlainEvent[]): PlainResult {
  const prng = new Prng(seed, stream);
  const draw = () => (prng.nextInt32() >>> 0) / 2 ** 32;
  const happens = (share: number) => {
    const chances = Math.round(share * 2 ** 32);
    return chances === 2 ** 32 || (chances > 0 && draw() * 2 ** 32 < chances);
  };
  let words = NOTHING;
  const ends = new Map<keyof PlainWords, number>();
  let inBurst = false;
  let tokens = { fullAtNs: 0 };
  let queue: { dueNs: number; frame: string }[] = [];
  const counts = { lost: 0, dropped: 0, policed: 0, duplicated: 0, reordered: 0, corrupted: 0 };
  const delivered: string[] = [];

  const loses = () => {
    const { share, burst } = words.loss;
    if (burst === null || share === 0) return happens(share);
    const was = inBurst;
    inBurst = was ? !happens(1 / burst) : happens(Math.min(1, share / (1 - share) / burst));
    return was;
  };
  const change = (say: Partial<PlainWords>) => {
    words = { ...words, ...say };
    if (say.loss !== undefined) inBurst = false;
    if (say.announcements !== undefined) tokens = { fullAtNs: 0 };
  };
  /** All that is due before `atNs`, and the ends of words. */
  const pass = (atNs: number) => {
    // Stable: what waited first goes first.
    const due = queue.filter(({ dueNs }) => dueNs < atNs).sort((a, b) => a.dueNs - b.dueNs);
    queue = queue.filter(({ dueNs }) => dueNs >= atNs);
    delivered.push(...due.map(({ dueNs, frame }) => `${dueNs} ${frame}`));
    for (const [key, endNs] of ends) {
      if (endNs >= atNs) continue;
      ends.delete(key);
      change({ [key]: NOTHING[key] });
    }
  };
  const passesPolicer = (atNs: number) => {
    if (words.announcements === 0) return true;
    const nsPerToken = 1e9 / words.announcements;
    const bucket = Math.max(1, words.announcements);
    // So many tokens are missing from the bucket.
    const missing = Math.max(0, tokens.fullAtNs - atNs) / nsPerToken;
    if (missing > bucket - 1) return false;
    tokens = { fullAtNs: atNs + (missing + 1) * nsPerToken };
    return true;
  };
  const one = (atNs: number, frame: string, announces: boolean) => {
    if (announces && !passesPolicer(atNs)) {
      counts.policed++;
      return;
    }
    let octets = frame;
    if (happens(words.corrupt)) {
      counts.corrupted++;
      const bit = Math.floor(draw() * (frame.length / 2) * 8);
      const pairs = frame.match(/../g)!;
      pairs[bit >> 3] = (Number.parseInt(pairs[bit >> 3]!, 16) ^ (1 << (bit & 7))).toString(16).padStart(2, "0");
      octets = pairs.join("");
    }
    if (words.delay === 0 && words.rate === 0) delivered.push(`${atNs} ${octets}`);
    else if (queue.length >= 1000) counts.dropped++;
    else if (words.delay > 0 && happens(words.reorder)) {
      counts.reordered++;
      delivered.push(`${atNs} ${octets}`);
    } else {
      const varies = words.delay > 0 && words.jitter > 0;
      const more = varies ? Math.floor(draw() * 2 * words.jitter) - words.jitter : 0;
      let dueNs = Math.max(atNs, atNs + words.delay + more);
      if (words.rate > 0) {
        const lastNs = Math.max(0, ...queue.map((waiting) => waiting.dueNs));
        dueNs = Math.max(dueNs, lastNs) + Math.ceil((octets.length / 2) * ((8 * 1e9) / words.rate));
      }
      queue.push({ dueNs, frame: octets });
    }
  };

  for (const event of events) {
    const { atNs } = event;
    pass(atNs);
    if ("say" in event) {
      change(event.say);
      for (const key of Object.keys(event.say) as (keyof PlainWords)[]) {
        ends.delete(key);
        if (event.forNs !== null) ends.set(key, atNs + event.forNs);
      }
    } else if ("cut" in event) {
      counts.lost += queue.length;
      queue = [];
    } else {
      const twice = happens(words.duplicate);
      const lost = loses();
      if (twice && !lost) {
        counts.duplicated++;
        if (loses()) counts.lost++;
        else one(atNs, event.send, event.announces);
      }
      if (lost && !twice) counts.lost++;
      else one(atNs, event.send, event.announces);
    }
  }
  pass(Number.POSITIVE_INFINITY);
  return { delivered, ...counts };
}
