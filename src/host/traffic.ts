/**
 * What an application on a host sends: datagrams, or echo requests as `ping` does. The kernel finds the way, the source and the
 * neighbour as for anybody.
 */
import type { TimerId } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import { sendQuestion } from "./echo.ts";
import type { Host } from "./host.ts";
import { routeTo, setRouteTo, sourceFor } from "./routing.ts";

/** Of echo requests, and the source port of datagrams: nobody waits for what comes back. */
const IDENTIFIER = 40_000;

export interface TrafficOptions {
  readonly kind: "icmp" | "udp";
  readonly to: IpAddress;
  /** Bound to this address; null: the kernel chooses. */
  readonly source: IpAddress | null;
  /** Of datagrams: where to. */
  readonly port: number;
  /** With MSG_CONFIRM: the application knows that the neighbour gets what is sent to it. */
  readonly confirm: boolean;
  /** How many are sent; with `everyNs` one after the other. */
  readonly count: number;
  /** 0: all at once. */
  readonly everyNs: number;
  /** None at this moment or later; Infinity: no end. */
  readonly untilNs: number;
}

/** One run of such packets, which begins at once and lasts until it is over or the machine is gone. */
export class Traffic implements TimerOwner {
  readonly #host: Host;
  readonly #options: TrafficOptions;
  readonly #timer: TimerId;
  readonly #boot: number;
  #sent = 0;

  constructor(host: Host, options: TrafficOptions) {
    this.#host = host;
    this.#options = options;
    this.#boot = host.boots;
    this.#timer = host.platform.timers.create(this, 0);
    if (options.everyNs > 0) {
      this.onTimer();
      return;
    }
    while (this.#sent < options.count) this.#send();
    host.platform.timers.release(this.#timer);
  }

  onTimer(): void {
    const { timers, clock } = this.#host.platform;
    const { count, everyNs, untilNs } = this.#options;
    const { running, boots } = this.#host;
    if (!running || boots !== this.#boot || clock.nowNs >= untilNs || this.#sent >= count) {
      timers.release(this.#timer);
      return;
    }
    timers.armAfter(this.#timer, everyNs);
    this.#send();
  }

  #send(): void {
    const { kind, to, source, port, confirm } = this.#options;
    const host = this.#host;
    const sequence = this.#sent++ & 0xffff;
    const via = source === null ? null : (host.nicOf(source) ?? null);
    const nic = routeTo(host, to, 0, to.length, via);
    const set = setRouteTo(host, to, 0, to.length)?.source ?? null;
    const from = source ?? set ?? (nic === null ? null : sourceFor(nic, to, 0, to.length));
    if (nic === null || from === null) {
      host.packetsUnreachable++;
      return;
    }
    if (confirm) {
      const cache = to.length === 4 ? nic.neighbours4 : nic.neighbours6;
      const neighbour = cache.find(to, 0);
      if (neighbour >= 0) cache.confirm(neighbour);
    }
    sendQuestion(nic, kind, from, to, IDENTIFIER, sequence, port);
  }
}
