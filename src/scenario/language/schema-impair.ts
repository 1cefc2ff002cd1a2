/** The value of an `impair` step: words of tc-netem(8), and a policer of announcements. */
import { z } from "zod";
import { BURST_MAX, IMPAIR_KEYS } from "../../sim/impair-words.ts";
import {
  PER_SECOND_HINT,
  parseBitRate,
  parsePerSecond,
  SLOW_BIT_RATE_HINT,
  SLOW_BIT_RATE_MIN,
} from "../../text/quantity.ts";
import { duration, percent, reference, share, wanted, wholeNumber } from "./schema-words.ts";

/** Words of netem, and what is left of them here. */
const NETEM_ONLY: Readonly<Record<string, string>> = {
  correlation: "each frame's draw is its own; losses in a row: loss: { share: 5%, burst: 8 }",
  distribution: "jitter is evenly distributed, as netem's without a distribution",
  ecn: "frames are lost, not marked",
  gap: "the share alone says which frames overtake: reorder: 25%",
  gemodel: "losses in a row: loss: { share: 5%, burst: 8 }",
  limit: "1,000 frames wait on a way, netem's default",
  slot: "frames come one by one; slower: rate: 10mbit",
  state: "losses in a row: loss: { share: 5%, burst: 8 }",
};

/** The value, or 0, which clears it. */
function clearable(value: z.ZodString, description: string, example: string) {
  const { expected, hint } = wanted.get(value)!;
  return z
    .union([value, z.literal(0)])
    .meta({ description, examples: [example] })
    .register(wanted, { expected: `${expected}, or 0`, ...(hint === undefined ? {} : { hint }) });
}

const lossInBursts = z
  .strictObject({
    share: share("The share of frames that is lost in the long run"),
    burst: wholeNumber(
      "How many frames are lost in a row, on average: netem's gemodel, with the chance 1/burst that a burst ends",
      1,
      BURST_MAX,
    ),
  })
  .register(wanted, { expected: "{ share: 5%, burst: 8 }", owner: "a loss" });

const lossShare = percent();
const loss = z
  .union([lossShare, z.literal(0), lossInBursts])
  .meta({
    description: "The share of frames that is lost, each by itself or in bursts; 0: none any more",
    examples: ["100%", { share: "5%", burst: 8 }],
  })
  .register(wanted, {
    expected: "a share such as 30%, or 0, or { share: 5%, burst: 8 }",
    hint: wanted.get(lossShare)!.hint!,
  });

const slowBitRate = z
  .string()
  .refine((value) => parseBitRate(value, SLOW_BIT_RATE_MIN) !== null)
  .register(wanted, { expected: "a rate such as 512kbit", hint: () => SLOW_BIT_RATE_HINT });

const pace = z
  .string()
  .refine((value) => parsePerSecond(value) !== null)
  .register(wanted, { expected: "a pace such as 2/s", hint: () => PER_SECOND_HINT });

export const impairment = z
  .strictObject({
    on: reference(
      "a host, a vNIC (host.nic) or a link",
      "A host, one of its vNICs (host.nic), a link between switches, or one end of it: core:uplink-1",
      "vm-A",
    ),
    direction: z.enum(["in", "out", "both"]).optional().meta({
      description: "Which way, as seen from the host, or from the switch that `on` names; out: what it sends",
      default: "both",
    }),
    delay: clearable(
      duration("What each frame waits", "10ms"),
      "What each frame waits, on top of the cable's latency; 0: nothing any more",
      "10ms",
    ).optional(),
    jitter: clearable(
      duration("More or less", "2ms"),
      "Each frame waits so much more or less, by itself: frames overtake each other. Needs a delay; 0: all wait alike",
      "2ms",
    ).optional(),
    loss: loss.optional(),
    duplicate: share("The share of frames that come twice; 0: none any more").optional(),
    reorder: share(
      "The share of frames that are sent at once while the others wait. Needs a delay; 0: none any more",
    ).optional(),
    corrupt: share("The share of frames in which one random bit is flipped; 0: none any more").optional(),
    rate: clearable(
      slowBitRate,
      "How many bits pass in a second; 1,000 frames may wait, more are lost; 0: without a limit",
      "512kbit",
    ).optional(),
    announcements: clearable(
      pace,
      "A policer: so many gratuitous ARPs and unsolicited neighbour advertisements pass in a second, those beyond are lost; 0: all pass",
      "2/s",
    ).optional(),
    for: duration("How long, then what this step has set is cleared; default: until another step", "300ms").optional(),
  })
  .meta({ description: "What a cable does to frames. What is not named stays as it is, 0 clears" })
  .register(wanted, {
    expected: "{ on: vm-A, delay: 10ms, loss: 5% }",
    owner: "an `impair` step",
    strangeKey: (key) =>
      Object.hasOwn(NETEM_ONLY, key)
        ? `${NETEM_ONLY[key]}; of netem's words there are ${IMPAIR_KEYS.slice(0, -1).join(", ")}`
        : undefined,
  });
