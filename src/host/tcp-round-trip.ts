/**
 * How long TCP waits for an acknowledgment before it sends again (RFC 6298 as Linux has it in `tcp_rtt_estimator`): the smoothed round trip
 * and four times its deviation, the latter at least 200 ms; doubled with each try, to 120 s at most. So a segment that is lost on a
 * short path is sent again 0.2, 0.6, 1.4, 3.0, 6.2 … s later.
 */
import { NS_PER_MS, NS_PER_S } from "../base/units.ts";

/** Until the first measurement (TCP_TIMEOUT_INIT). */
const FIRST_TIMEOUT_NS = 1 * NS_PER_S;
/** Where the SYN had to be sent again, so that nothing was measured (TCP_TIMEOUT_FALLBACK, RFC 6298 section 5.7). */
const FALLBACK_NS = 3 * NS_PER_S;
const MAX_NS = 120 * NS_PER_S;
/** TCP_RTO_MIN. */
const DEVIATION_MIN_NS = 200 * NS_PER_MS;

const SMOOTHED = 0;
/** Four times the mean deviation, as it is now; its largest value in this round trip; what counts. */
const DEVIATION = 1;
const DEVIATION_MAX = 2;
const VARIATION = 3;

export class RoundTrip {
  /** How long to wait now, ns: a cell, because a number that a function returns might be boxed. */
  readonly timeoutNs = Float64Array.of(FIRST_TIMEOUT_NS);
  readonly #ns = new Float64Array(4);
  /** A measurement of data that was sent behind this sequence number belongs to the next round trip. */
  #roundEnd = 0;

  reset(): void {
    this.#ns.fill(0);
    this.timeoutNs[0] = FIRST_TIMEOUT_NS;
  }

  /** Whether what was sent at `sentNs[at]` has waited until `nowNs[0]` for longer than one waits the first time. */
  isOverdue(nowNs: Float64Array, sentNs: Float64Array, at: number): boolean {
    return this.isMeasured && nowNs[0]! - sentNs[at]! > this.#ns[SMOOTHED]! + this.#ns[VARIATION]!;
  }

  get isMeasured(): boolean {
    return this.#ns[SMOOTHED]! > 0;
  }

  /** The handshake has measured nothing. */
  fallBack(): void {
    this.timeoutNs[0] = FALLBACK_NS;
  }

  backOff(): void {
    this.timeoutNs[0] = Math.min(this.timeoutNs[0]! * 2, MAX_NS);
  }

  /** An acknowledgment up to `acknowledged` came `nowNs[0] - sentNs[at]` after what it is for; data up to `sent` has been sent. */
  measure(nowNs: Float64Array, sentNs: Float64Array, at: number, acknowledged: number, sent: number): void {
    const ns = this.#ns;
    const tripNs = Math.max(1, nowNs[0]! - sentNs[at]!);
    if (!this.isMeasured) {
      ns[SMOOTHED] = tripNs;
      ns[DEVIATION] = 2 * tripNs;
      ns[VARIATION] = Math.max(2 * tripNs, DEVIATION_MIN_NS);
      ns[DEVIATION_MAX] = ns[VARIATION]!;
      this.#roundEnd = sent;
    } else {
      const errorNs = tripNs - ns[SMOOTHED]!;
      ns[SMOOTHED]! += errorNs / 8;
      const excessNs = Math.abs(errorNs) - ns[DEVIATION]! / 4;
      // A round trip that is shorter than expected makes the deviation grow slowly.
      ns[DEVIATION]! += errorNs < 0 && excessNs > 0 ? excessNs / 8 : excessNs;
      ns[DEVIATION_MAX] = Math.max(ns[DEVIATION_MAX]!, ns[DEVIATION]!);
      ns[VARIATION] = Math.max(ns[VARIATION]!, ns[DEVIATION_MAX]!);
      if (((acknowledged - this.#roundEnd) | 0) > 0) {
        ns[VARIATION]! -= Math.max(0, ns[VARIATION]! - ns[DEVIATION_MAX]!) / 4;
        this.#roundEnd = sent;
        ns[DEVIATION_MAX] = DEVIATION_MIN_NS;
      }
    }
    // Time comes in whole nanoseconds.
    this.timeoutNs[0] = Math.min(Math.round(ns[SMOOTHED]! + ns[VARIATION]!), MAX_NS);
  }
}
