/**
 * Outages of a probe, and where their time went.
 *
 * An outage begins when the first question was sent that got no answer, and ends when the next one was sent that got one: it is as long as
 * the questions lost in it are many, a long round trip neither lengthens outages nor makes them overlap. What comes before the first
 * answer of all is start-up, not an outage, unless no answer ever comes. The time between is split where something happened that had
 * to happen:
 *
 *     first lost ──▶ standby knew ──▶ MASTER ──▶ announced ──▶ bound ──▶ client's cache ──▶ first answered
 *         │  detect      │   elect       │ announce  │  bind     │   cache      │  transport  │
 *
 * A step that did not happen within the outage takes no time, so the stages always sum to the whole. Where a subnet has several
 * switches, or one that is slow to believe that a MAC has moved, they have to learn where the holder is now; no event says when the last one
 * on the client's way has, so that a client whose cache was right all the time (a virtual MAC) gives the time of its lost questions to that.
 */
import type { EventEmitter } from "eventemitter3";
import { NS_PER_S } from "../base/units.ts";
import type { Nic } from "../host/nic.ts";
import type { Probe } from "../host/probe.ts";
import { formatIp } from "../wire/address.ts";
import type {
  AnnouncementEvent,
  HolderEvent,
  NeighbourEvent,
  NetworkEvents,
  OutageEvent,
  OutageStages,
  VrrpEvent,
} from "./events.ts";

/** A question of the run's last second that has no answer yet is neither answered nor lost: `ping` waits as long. */
const PATIENCE_NS = 1 * NS_PER_S;

export class OutageBook {
  readonly #masters: VrrpEvent[] = [];
  readonly #announcements: AnnouncementEvent[] = [];
  readonly #holders: HolderEvent[] = [];
  readonly #neighbours: NeighbourEvent[] = [];
  readonly #mayLearnLate: (nic: Nic) => boolean;

  /** `mayLearnLate` tells whether the switches of a vNIC's subnet may learn of a move later than from the announcement's first frame. */
  constructor(events: EventEmitter<NetworkEvents>, mayLearnLate: (nic: Nic) => boolean) {
    this.#mayLearnLate = mayLearnLate;
    events.on("vrrp", (event) => {
      if (event.to === "MASTER") this.#masters.push(event);
    });
    events.on("announcement", (event) => this.#announcements.push(event));
    events.on("holder", (event) => this.#holders.push(event));
    events.on("neighbour", (event) => this.#neighbours.push(event));
  }

  /** All outages of a probe, oldest first, as they stand at `endNs`. */
  outagesOf(probe: Probe, endNs: number): OutageEvent[] {
    const { sent, sentNs, answeredNs } = probe;
    const outages: OutageEvent[] = [];
    let first = 0;
    while (first < sent && answeredNs[first] === 0) first++;
    if (first === sent) return sent > 0 && endNs - sentNs[0]! >= PATIENCE_NS ? [this.#open(probe, 0, endNs)] : [];
    let lostFrom = -1;
    for (let i = first; i < sent; i++) {
      const isAnswered = answeredNs[i] !== 0;
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

  #open(probe: Probe, first: number, endNs: number): OutageEvent {
    return this.#outage(probe, first, probe.sent, endNs, false);
  }

  /** Of the questions from `first` to the one before `next`. */
  #outage(probe: Probe, first: number, next: number, untilNs: number, ended: boolean): OutageEvent {
    const { sentNs, answeredNs, options } = probe;
    const fromNs = sentNs[first]!;
    const stages = this.#stages(probe, fromNs, sentNs[next - 1]!, untilNs, ended ? answeredNs[next]! : untilNs);
    return { probe: options.name, fromNs, untilNs, lost: next - first, ended, stages };
  }

  /** `lastLostNs`: when the last lost question was sent; `answeredNs`: when the next one was answered, which may have waited for a cache. */
  #stages(probe: Probe, fromNs: number, lastLostNs: number, untilNs: number, answeredNs: number): OutageStages {
    const { nic, to } = probe.options;
    const vip = formatIp(to);
    const within = (atNs: number) => atNs >= fromNs && atNs <= untilNs;
    const master = this.#masters.findLast(({ atNs, vips }) => within(atNs) && vips.includes(vip));
    const after = (event: { atNs: number; vip: string }) =>
      master !== undefined && event.vip === vip && event.atNs >= master.atNs && event.atNs <= untilNs;
    const announced = this.#announcements.find((event) => after(event) && event.host === master?.host);
    const bound = this.#holders.find((event) => after(event) && event.to?.host === master?.host);
    const newMac = bound?.to?.mac;
    const cached = this.#neighbours.find(
      ({ atNs, host, address, mac, macBefore }) =>
        atNs >= fromNs &&
        atNs <= answeredNs &&
        host === nic.host.name &&
        address === vip &&
        mac !== macBefore &&
        (newMac === undefined ? mac !== null : mac === newMac),
    );
    const isLearning = bound !== undefined && cached === undefined && this.#mayLearnLate(nic);
    let lastNs = fromNs;
    const until = (atNs: number | undefined): number => {
      const reachedNs = Math.min(untilNs, Math.max(lastNs, atNs ?? lastNs));
      const spentNs = reachedNs - lastNs;
      lastNs = reachedNs;
      return spentNs;
    };
    return {
      detect: until(master === undefined ? undefined : master.atNs - master.skewNs),
      elect: until(master?.atNs),
      announce: until(announced?.atNs),
      bind: until(isLearning ? Math.max(bound.atNs, lastLostNs) : bound?.atNs),
      cache: until(cached?.atNs),
      transport: until(untilNs),
    };
  }
}
