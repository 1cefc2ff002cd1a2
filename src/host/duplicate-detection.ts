/**
 * Duplicate address detection (RFC 4862 section 5.4): a new IPv6 address is asked for `dad_transmits` times before it is used, the first time
 * after up to a second, at random. Until a question has stayed unanswered for its time (`retrans_time_ms`) the host does not answer for the
 * address; if somebody else has it, or checks it too, it never does. Advertised, where `ndisc_notify` says so, is what was found free.
 */
import { equalBytes } from "../base/bytes.ts";
import type { TimerId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import { formatMac, solicitedNodeOf } from "../wire/address.ts";
import { JIFFY_NS } from "./kernel-timers.ts";
import { announceByNeighbourDiscovery, checkForDuplicate } from "./nd.ts";
import type { Nic } from "./nic.ts";

/** RFC 4862: MAX_RTR_SOLICITATION_DELAY. */
const DELAY_MAX_NS = 1 * NS_PER_S;
/** Linux: no question is repeated sooner. */
const SHORTEST_NS = 2 * JIFFY_NS;

interface Tentative {
  readonly ip: IpAddress;
  readonly prefixLength: number;
  readonly timer: TimerId;
  readonly token: number;
  /** Six random octets: a question of its own that comes back is no sign of somebody else (RFC 7527). */
  readonly nonce: Uint8Array;
  /** Questions still to be asked. */
  left: number;
  /** Somebody else has it: it stays here, unused, until it is taken off. */
  isDuplicate: boolean;
  readonly onUsable: () => void;
}

export class DuplicateDetection implements TimerOwner {
  readonly #nic: Nic;
  readonly #tentative: Tentative[] = [];
  #chance: Prng | null = null;
  #lastToken = 0;

  constructor(nic: Nic) {
    this.#nic = nic;
  }

  /** Configures the address, at once or when it was found free; `onUsable` hears of that. False if it is there already. */
  add(ip: IpAddress, prefixLength: number, onUsable: () => void): boolean {
    const nic = this.#nic;
    if (nic.owns(ip, 0, 16) || this.#find(ip, 0) !== undefined) return false;
    if (nic.level6("acceptDad") === 0) {
      this.#establish(ip, prefixLength, onUsable);
      return true;
    }
    const { timers, seed } = nic.host.platform;
    this.#chance ??= new Prng(seed, `duplicate address detection of ${nic.label}`);
    const token = ++this.#lastToken;
    const timer = timers.create(this, token);
    const left = nic.settings6.dadTransmits;
    const chance = this.#chance;
    const afterNs = chance.uniformNs(0, DELAY_MAX_NS);
    const nonce = Uint8Array.from({ length: 6 }, () => chance.nextInt32());
    this.#tentative.push({ ip, prefixLength, timer, token, nonce, left, isDuplicate: false, onUsable });
    nic.addGroup(solicitedNodeOf(ip));
    nic.host.kernel.armAfter(timer, afterNs);
    return true;
  }

  /** Takes an address off that is not established; false if it is none. */
  remove(ip: IpAddress): boolean {
    const tentative = this.#find(ip, 0);
    if (tentative === undefined) return false;
    this.#forget(tentative);
    return true;
  }

  /** Somebody checks the address at `offset`; its nonce stands at `nonce`, -1 if it has none, and the frame's source at `mac`. */
  checked(bytes: Uint8Array, offset: number, nonce: number, mac: number): void {
    const own = this.#find(bytes, offset)?.nonce;
    if (own === undefined || (nonce >= 0 && equalBytes(own, 0, bytes, nonce, 6))) return;
    this.heard(bytes, offset, mac);
  }

  /** Somebody has the address at `offset`, says a frame with its source at `mac`: whether it is one of those, which is lost now. */
  heard(bytes: Uint8Array, offset: number, mac: number): boolean {
    if (this.#tentative.length === 0) return false;
    const tentative = this.#find(bytes, offset);
    if (tentative === undefined) return false;
    if (tentative.isDuplicate) return true;
    tentative.isDuplicate = true;
    const { timers, hostObserver } = this.#nic.host.platform;
    timers.cancel(tentative.timer);
    hostObserver?.onDuplicate(this.#nic, tentative.ip, formatMac(bytes, mac));
    return true;
  }

  /** Addresses that somebody else has. */
  get lost(): readonly IpAddress[] {
    return this.#tentative.filter(({ isDuplicate }) => isDuplicate).map(({ ip }) => ip);
  }

  /** Whether the address is configured, but not, or not yet, used. */
  has(ip: IpAddress): boolean {
    return ip.length === 16 && this.#find(ip, 0) !== undefined;
  }

  clear(): void {
    for (const tentative of [...this.#tentative]) this.#forget(tentative);
  }

  onTimer(token: number): void {
    const tentative = this.#tentative.find((item) => item.token === token)!;
    if (tentative.left > 0) {
      tentative.left--;
      const { retransNs } = this.#nic.neighbours6.settings;
      this.#nic.host.kernel.armAfter(tentative.timer, Math.max(retransNs, SHORTEST_NS));
      checkForDuplicate(this.#nic, tentative.ip, tentative.nonce);
      return;
    }
    const { ip, prefixLength, onUsable } = tentative;
    this.#forget(tentative);
    this.#establish(ip, prefixLength, onUsable);
  }

  #establish(ip: IpAddress, prefixLength: number, onUsable: () => void): void {
    const nic = this.#nic;
    nic.addAddress(ip, prefixLength);
    if (nic.level6("ndiscNotify") !== 0) announceByNeighbourDiscovery(nic, ip);
    onUsable();
  }

  #forget(tentative: Tentative): void {
    this.#nic.host.platform.timers.release(tentative.timer);
    this.#nic.removeGroup(solicitedNodeOf(tentative.ip));
    this.#tentative.splice(this.#tentative.indexOf(tentative), 1);
  }

  #find(bytes: Uint8Array, offset: number): Tentative | undefined {
    return this.#tentative.find(({ ip }) => equalBytes(ip, 0, bytes, offset, 16));
  }
}
