/** `advert_int` in the unit that goes out: whole seconds in version 2, centiseconds in version 3. */
import type { Context } from "./context.ts";
import type { InstanceDraft } from "./instance-draft.ts";

const SECOND_US = 1_000_000;
const CENTISECOND_US = 10_000;

/** 12 bits of centiseconds (RFC 5798 section 5.2.7). */
const V3_MAX_US = 4095 * CENTISECOND_US;

/** Microseconds, rounded to the nearest unit, at least one. */
export function completeAdvertInterval(draft: InstanceDraft, version: 2 | 3, { findings }: Context): number {
  const { name, keys, position } = draft;
  const written = draft.advertIntervalUs ?? SECOND_US;
  const at = keys.get("advert_int") ?? position;
  if (version === 3 && written > V3_MAX_US) {
    const message = `(${name}) VRRPv3 advertisement interval ${(written / SECOND_US).toFixed(2)}s is out of range. Must be less than 40.96s. Setting to 40.95s`;
    findings.error("advert-interval-too-long", at, message, "at most 40.95");
    return V3_MAX_US;
  }
  const unit = version === 2 ? SECOND_US : CENTISECOND_US;
  if (written % unit === 0) return written;
  const rounded = Math.max(unit, Math.floor((written + unit / 2) / unit) * unit);
  const seconds = (written / SECOND_US).toFixed(6);
  const message =
    version === 2
      ? `(${name}) VRRPv2 advertisement interval ${seconds}s must be an integer. rounding`
      : `(${name}) VRRPv3 advertisement interval ${seconds}s must be in units of 10ms - rounding`;
  const hint = version === 2 ? `to ${rounded / SECOND_US}; version 3 has fractions` : `to ${rounded / SECOND_US}`;
  findings.error("advert-interval-rounded", at, message, hint);
  return rounded;
}
