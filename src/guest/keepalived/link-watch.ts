/**
 * The daemon's knowledge of carriers: the kernel's news are read a little late, and with `interface_up_down_delays` a change is believed only
 * when it has lasted (keepalived 2.2.7, `update_interface_flags`). What is back before that was never gone. An interface that the
 * daemon has not seen up yet is believed at once.
 */
import type { TimerId } from "../../base/ids.ts";
import type { Host } from "../../host/host.ts";
import type { Nic } from "../../host/nic.ts";
import type { TimerOwner } from "../../time/timers.ts";
import type { LinkDelay } from "./conf/model.ts";
import { NETLINK_NS } from "./timing.ts";

const TIMER_NEWS = 0;
const TIMER_DELAYED = 1;

/** A change of carrier that is not believed yet: not read, or too young. */
interface Change {
  readonly nic: string;
  readonly up: boolean;
  readonly dueNs: number;
}

export class LinkWatch implements TimerOwner {
  readonly #host: Host;
  readonly #delays: ReadonlyMap<string, LinkDelay>;
  readonly #changed: () => void;
  /** As believed, by NIC name. */
  readonly #up = new Map<string, boolean>();
  readonly #seenUp = new Set<string>();
  /** Oldest first. A flap is two pieces of news, however short it is. */
  readonly #news: Change[] = [];
  /** At most one for each NIC. */
  readonly #delayed = new Map<string, Change>();
  readonly #newsTimer: TimerId;
  readonly #delayedTimer: TimerId;
  readonly #onLink = (nic: Nic): void => {
    const { timers, clock } = this.#host.platform;
    this.#news.push({ nic: nic.name, up: nic.carrier, dueNs: clock.nowNs + NETLINK_NS });
    if (!timers.armed(this.#newsTimer)) timers.armAfter(this.#newsTimer, NETLINK_NS);
  };

  /** Knows the carriers as they are, and listens. `changed` is called after every change of what is believed. */
  constructor(host: Host, delays: readonly LinkDelay[], changed: () => void) {
    this.#host = host;
    this.#delays = new Map(delays.map((delay) => [delay.interface, delay]));
    this.#changed = changed;
    const { timers } = host.platform;
    this.#newsTimer = timers.create(this, TIMER_NEWS);
    this.#delayedTimer = timers.create(this, TIMER_DELAYED);
    for (const { name, carrier } of host.nics) {
      this.#up.set(name, carrier);
      if (carrier) this.#seenUp.add(name);
    }
    host.watchLinks(this.#onLink);
  }

  /** Null: there is no such interface. */
  isUp(nic: string): boolean | null {
    return this.#up.get(nic) ?? null;
  }

  release(): void {
    this.#host.unwatchLinks(this.#onLink);
    const { timers } = this.#host.platform;
    timers.release(this.#newsTimer);
    timers.release(this.#delayedTimer);
  }

  onTimer(token: number): void {
    const { timers, clock } = this.#host.platform;
    if (token === TIMER_DELAYED) {
      for (const change of [...this.#delayed.values()]) {
        if (change.dueNs > clock.nowNs) continue;
        this.#delayed.delete(change.nic);
        this.#believe(change);
      }
      this.#armDelayed();
      return;
    }
    while (this.#news.length > 0 && this.#news[0]!.dueNs <= clock.nowNs) this.#read(this.#news.shift()!);
    if (this.#news.length > 0) timers.armAt(this.#newsTimer, this.#news[0]!.dueNs);
  }

  #read(change: Change): void {
    const { nic, up } = change;
    if (this.#delayed.get(nic)?.up === up) return;
    if (this.#delayed.delete(nic)) this.#armDelayed();
    if (this.#up.get(nic) === up) return;
    const delay = this.#delays.get(nic);
    const delayNs = delay === undefined ? 0 : up ? delay.upNs : delay.downNs;
    if (delayNs === 0 || !this.#seenUp.has(nic)) {
      this.#believe(change);
      return;
    }
    this.#delayed.set(nic, { nic, up, dueNs: change.dueNs + delayNs });
    this.#armDelayed();
  }

  #believe({ nic, up }: Change): void {
    this.#up.set(nic, up);
    if (up) this.#seenUp.add(nic);
    this.#changed();
  }

  #armDelayed(): void {
    const { timers } = this.#host.platform;
    let soonestNs = Number.POSITIVE_INFINITY;
    for (const { dueNs } of this.#delayed.values()) soonestNs = Math.min(soonestNs, dueNs);
    if (soonestNs < Number.POSITIVE_INFINITY) timers.armAt(this.#delayedTimer, soonestNs);
    else timers.cancel(this.#delayedTimer);
  }
}
