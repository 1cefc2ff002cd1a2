/**
 * Outages of a probe, and where their time went.
 *
 * An outage begins when the first question was sent that got no answer, and ends when the next one was sent that got one: it is as long as
 * the questions lost in it are many, a long round trip neither lengthens outages nor makes them overlap. What comes before the first
 * answer of all is start-up, not an outage, unless no answer ever comes.
 *
 * Its time is divided by what stood between client and answer at each moment, which `sim/reach-watch.ts` writes down as it happens and
 * `outage-parts.ts` turns into stages.
 */
import type { EventEmitter } from "eventemitter3";
import { NO_ANSWER, PATIENCE_NS, type Probe } from "../host/probe.ts";
import { formatIp } from "../wire/address.ts";
import type { NetworkEvents, OutageEvent } from "./events.ts";
import { OutageEvidence } from "./outage-evidence.ts";
import { courseOf, stagesOf } from "./outage-parts.ts";
import type { ReachRecord } from "./reach.ts";

export class OutageBook {
  readonly #evidence: OutageEvidence;
  readonly #records = new Map<Probe, ReachRecord>();

  constructor(events: EventEmitter<NetworkEvents>) {
    this.#evidence = new OutageEvidence(events);
  }

  /** `record` says, from before the probe's first question on, whether its packets would reach an owner. */
  follow(probe: Probe, record: ReachRecord): void {
    this.#records.set(probe, record);
  }

  /** The host has announced the address, and its own cable lost that. */
  noteLostAnnouncement(vip: string, host: string, atNs: number): void {
    this.#evidence.noteLostAnnouncement(vip, host, atNs);
  }

  /** All outages of a probe, oldest first, as they stand at `endNs`. */
  outagesOf(probe: Probe, endNs: number): OutageEvent[] {
    const { sent, sentNs, answeredNs } = probe;
    const outages: OutageEvent[] = [];
    let first = 0;
    while (first < sent && answeredNs[first] === NO_ANSWER) first++;
    if (first === sent) return sent > 0 && endNs - sentNs[0]! >= PATIENCE_NS ? [this.#open(probe, 0, endNs)] : [];
    let lostFrom = -1;
    for (let i = first; i < sent; i++) {
      const isAnswered = answeredNs[i] !== NO_ANSWER;
      if (!isAnswered && lostFrom < 0) lostFrom = i;
      if (isAnswered && lostFrom >= 0) {
        outages.push(this.ended(probe, lostFrom, i));
        lostFrom = -1;
      }
    }
    if (lostFrom >= 0 && endNs - sentNs[lostFrom]! >= PATIENCE_NS) outages.push(this.#open(probe, lostFrom, endNs));
    return outages;
  }

  /** The outage from question `first` to question `answered`, the next one that got an answer. */
  ended(probe: Probe, first: number, answered: number): OutageEvent {
    return this.#outage(probe, first, answered, probe.sentNs[answered]!, true);
  }

  /** One that nothing has ended. It lasts no longer than its probe asks: to when that would have asked next. */
  #open(probe: Probe, first: number, endNs: number): OutageEvent {
    const { sent, sentNs, options } = probe;
    const lastsNs = options.untilNs > endNs ? endNs : Math.min(endNs, sentNs[sent - 1]! + options.everyNs);
    return this.#outage(probe, first, sent, lastsNs, false);
  }

  /** Of the questions from `first` to the one before `next`. */
  #outage(probe: Probe, first: number, next: number, untilNs: number, ended: boolean): OutageEvent {
    const { sentNs, answeredNs, lateNs, options } = probe;
    const fromNs = sentNs[first]!;
    const span = {
      vip: formatIp(options.to),
      fromNs,
      untilNs,
      // The question that was answered may have waited for the client's cache.
      knownNs: ended ? answeredNs[next]! : Number.POSITIVE_INFINITY,
    };
    const { parts, takeovers } = courseOf(span, this.#records.get(probe)!, this.#evidence);
    const stages = stagesOf(parts);
    const late = lateNs?.subarray(first, next).reduce((count, atNs) => count + (atNs === NO_ANSWER ? 0 : 1), 0) ?? 0;
    const lost = next - first - late;
    const { resets } = probe;
    return {
      probe: options.name,
      fromNs,
      untilNs,
      lost,
      ...(late === 0 ? {} : { late }),
      ...(resets === null
        ? {}
        : { reset: resets.findLast(({ atNs }) => atNs >= fromNs && atNs < span.knownNs) ?? null }),
      ended,
      stages,
      parts,
      takeovers,
    };
  }
}
