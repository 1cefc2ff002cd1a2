/**
 * `interface_up_down_delays { INTERFACE DOWN [UP] … }`: how long a change of carrier must last, in seconds. A line with a
 * wrong number has no effect; the delays of an instance's interface stay below the time in which its peers would take over.
 */
import { formatSeconds } from "../../../base/units.ts";
import type { Context } from "./context.ts";
import type { Findings } from "./findings.ts";
import type { LinkDelay, VrrpInstance } from "./model.ts";
import { positionOf, type Word } from "./statement.ts";
import { readMicroseconds } from "./values.ts";

const DELAY_MAX_US = 255 * 1e6;

export function readLinkDelay(words: readonly Word[], { linkDelays, findings }: Context): void {
  const [name, down, up, extra] = words;
  const hint = "eth0 1.5 0.5: seconds until a loss, then until a return is believed";
  if (down === undefined) {
    findings.warning("missing-parameter", name!, `No timeouts specified for ${name!.text} up/down delays`, hint);
    return;
  }
  if (extra !== undefined)
    findings.warning("extra-words", extra, `Too many parameters for ${name!.text} up/down delays`, hint);
  const times = [down, up].map((word) => (word === undefined ? 0 : readDelay(name!, word, word === up, findings)));
  const [downUs, upUs] = times;
  if (downUs === undefined || upUs === undefined || downUs === null || upUs === null) return;
  linkDelays.set(name!.text, {
    interface: name!.text,
    downNs: downUs * 1e3,
    upNs: upUs * 1e3,
    position: positionOf(name!),
  });
}

/** Microseconds; null if it is none. */
function readDelay(name: Word, word: Word, isUp: boolean, findings: Findings): number | null {
  const { value, usable, shown, problem } = readMicroseconds(word.text, 0, DELAY_MAX_US);
  const what = `the ${isUp ? "up" : "down"} delay of ${name.text} is seconds, up to 255`;
  if (problem !== null)
    findings.error("invalid-number", word, problem, usable ? `${what}; here ${shown} is used` : what);
  return usable ? value : null;
}

/** The delays as they are used: each less than all adverts but one that a peer waits for, on the interface of an instance. */
export function capLinkDelays(
  delays: ReadonlyMap<string, LinkDelay>,
  instances: readonly VrrpInstance[],
  findings: Findings,
): LinkDelay[] {
  return [...delays.values()].map((delay) => {
    let { downNs, upNs } = delay;
    for (const { name, interface: own, downTimerAdverts, advertIntervalNs } of instances) {
      if (own !== delay.interface) continue;
      const limitNs = (downTimerAdverts - 1) * advertIntervalNs;
      const longestNs = limitNs === 0 ? 0 : limitNs - Math.floor(advertIntervalNs / 1e3 / 256) * 1e3;
      if (limitNs > 0 ? downNs < limitNs && upNs < limitNs : downNs === 0 && upNs === 0) continue;
      if (downNs >= limitNs) downNs = longestNs;
      if (upNs >= limitNs) upNs = longestNs;
      const message = `(${name}) the delays of ${own} are cut to ${formatSeconds(longestNs)}: its peers would be master before they end`;
      findings.warning("link-delay-cut", delay.position, message, `less than ${formatSeconds(limitNs)}`);
    }
    return { ...delay, downNs, upNs };
  });
}
