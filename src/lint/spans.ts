/**
 * How long the parts of a failover take, each from its best to its worst case, in ns. The arithmetic is keepalived's own (`vrrp.h`,
 * RFC 3768 section 6.1, RFC 9568 section 6.1); bounds and means were compared with runs of 2.2.7. What the network, the switches' tables and
 * the clients' caches add is not in them.
 */
import type { VrrpScript } from "../guest/keepalived/conf/model.ts";

export interface Span {
  readonly bestNs: number;
  /** The mean, if the fault comes at any moment alike. */
  readonly typicalNs: number;
  readonly worstNs: number;
}

/** No spread: a farewell is heard at once. */
export function exactly(ns: number): Span {
  return { bestNs: ns, typicalNs: ns, worstNs: ns };
}

/**
 * Silence of the master: the backup's timer of `masterDownNs` runs since the last advert, which came up to one interval before the
 * fault. [MDT − A, MDT], on average MDT − A/2.
 */
export function silence(masterDownNs: number, intervalNs: number): Span {
  return { bestNs: masterDownNs - intervalNs, typicalNs: masterDownNs - intervalNs / 2, worstNs: masterDownNs };
}

/**
 * From the failure of a checked service to its script being KO: `fall` failures in a row, one every interval. The first one begins at
 * once or an interval later, and the last one ends at once or, if the check hangs, at its timeout: [(fall − 1) · interval,
 * fall · interval + timeout]; a check that ends at once takes (fall − 1/2) · interval on average.
 */
export function detection({ fall, intervalNs, timeoutNs }: VrrpScript): Span {
  return {
    bestNs: (fall - 1) * intervalNs,
    typicalNs: (fall - 0.5) * intervalNs,
    worstNs: fall * intervalNs + timeoutNs,
  };
}

/**
 * `preempt_delay` of a backup whose master has lowered its priority: the first such advert, up to an interval later, starts the delay,
 * and adverts are accepted until it ends. [D, D + A] on top of the silence, whose last accepted advert comes at the end of it.
 */
export function delayed(span: Span, delayNs: number, intervalNs: number): Span {
  return delayNs === 0
    ? span
    : sum(span, { bestNs: delayNs, typicalNs: delayNs + intervalNs / 2, worstNs: delayNs + intervalNs });
}

/** One after the other. */
export function sum(...spans: readonly Span[]): Span {
  return combined(spans, (a, b) => a + b);
}

/** All at once: the slowest decides, as in a sync group. */
export function slowest(...spans: readonly Span[]): Span {
  return combined(spans, Math.max);
}

function combined(spans: readonly Span[], combine: (a: number, b: number) => number): Span {
  return spans.reduce((a, b) => ({
    bestNs: combine(a.bestNs, b.bestNs),
    typicalNs: combine(a.typicalNs, b.typicalNs),
    worstNs: combine(a.worstNs, b.worstNs),
  }));
}
