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
 * A step that did not happen within the outage takes no time, so the stages always sum to the whole.
 */
import type { EventEmitter } from "eventemitter3";
import { NS_PER_S } from "../base/units.ts";
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

  constructor(events: EventEmitter<NetworkEvents>) {
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
    return this.#outage(probe, probe.sentNs[first]!, probe.sentNs[answered]!, answered - first, true);
  }

  #open(probe: Probe, first: number, endNs: number): OutageEvent {
    return this.#outage(probe, probe.sentNs[first]!, endNs, probe.sent - first, false);
  }

  #outage(probe: Probe, fromNs: number, untilNs: number, lost: number, ended: boolean): OutageEvent {
    const stages = this.#stages(probe, fromNs, untilNs);
    return { probe: probe.options.name, fromNs, untilNs, lost, ended, stages };
  }

  #stages(probe: Probe, fromNs: number, untilNs: number): OutageStages {
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
        within(atNs) &&
        host === nic.host.name &&
        address === vip &&
        mac !== macBefore &&
        (newMac === undefined ? mac !== null : mac === newMac),
    );
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
      bind: until(bound?.atNs),
      cache: until(cached?.atNs),
      transport: until(untilNs),
    };
  }
}
