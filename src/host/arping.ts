/**
 * `arping` of iputils as scripts use it to announce an address: a gratuitous request (`-U`) or reply (`-A`) each second. The target MAC
 * of a request is everybody's, that of a reply the sender's.
 */
import type { TimerId } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import { BROADCAST_MAC } from "../wire/address.ts";
import { ARP_REPLY, ARP_REQUEST } from "../wire/arp.ts";
import { sendArp } from "./arp.ts";
import type { Nic } from "./nic.ts";

const INTERVAL_NS = 1 * NS_PER_S;

export class Arping implements TimerOwner {
  readonly #nic: Nic;
  readonly #address: IpAddress;
  readonly #form: "request" | "reply";
  readonly #timer: TimerId;
  readonly #boot: number;
  #left: number;

  /** Sends the first of `count` at once. */
  constructor(nic: Nic, address: IpAddress, form: "request" | "reply", count: number) {
    this.#nic = nic;
    this.#address = address;
    this.#form = form;
    this.#left = count;
    this.#boot = nic.host.boots;
    this.#timer = nic.host.platform.timers.create(this, 0);
    this.onTimer();
  }

  onTimer(): void {
    const { timers } = this.#nic.host.platform;
    const { running, boots } = this.#nic.host;
    if (this.#left === 0 || !running || boots !== this.#boot) {
      timers.release(this.#timer);
      return;
    }
    this.#left--;
    timers.armAfter(this.#timer, INTERVAL_NS);
    const { mac } = this.#nic;
    const isReply = this.#form === "reply";
    const target = isReply ? mac : BROADCAST_MAC;
    sendArp(this.#nic, BROADCAST_MAC, isReply ? ARP_REPLY : ARP_REQUEST, mac, this.#address, target, this.#address);
  }
}
