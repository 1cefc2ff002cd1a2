/**
 * One host with one NIC at the end of a cable, and a test at the other end: frames are handed to the NIC, and what it sends is
 * kept with the moment at which it was sent.
 */
import { Clock } from "../../src/base/clock.ts";
import type { FrameRef, PortId } from "../../src/base/ids.ts";
import { NS_PER_S } from "../../src/base/units.ts";
import { FrameSlab } from "../../src/frame/slab.ts";
import { sendQuestion } from "../../src/host/echo.ts";
import { Host } from "../../src/host/host.ts";
import type { NeighbourCache } from "../../src/host/neighbour-cache.ts";
import type { Nic } from "../../src/host/nic.ts";
import { NUD_NAMES } from "../../src/host/nud.ts";
import type { HostObserver, HostPlatform } from "../../src/host/platform.ts";
import { sourceFor } from "../../src/host/routing.ts";
import { systemByName } from "../../src/host/systems.ts";
import { type IpAddress, parseIp, parsePrefix } from "../../src/text/ip-text.ts";
import { Scheduler } from "../../src/time/scheduler.ts";
import { Timers } from "../../src/time/timers.ts";
import { formatIp, formatMac, parseMac } from "../../src/wire/address.ts";
import { describeFrame } from "../../src/wire/describe.ts";

export interface SentFrame {
  readonly atNs: number;
  readonly bytes: Uint8Array;
}

/** A change of a cache entry, as `ip monitor neigh` would tell it. */
export interface NeighbourChange {
  readonly atNs: number;
  readonly address: string;
  readonly mac: string | null;
  readonly state: string;
}

export const HOST_MAC = "02:00:00:00:01:00";

export class LoneHost implements HostPlatform, HostObserver {
  readonly clock = new Clock();
  readonly scheduler = new Scheduler(this.clock);
  readonly timers = new Timers(this.scheduler);
  readonly slab: FrameSlab;
  readonly seed: number;
  hostObserver: HostObserver | null = this;
  readonly host: Host;
  readonly nic: Nic;
  readonly sent: SentFrame[] = [];
  readonly changes: NeighbourChange[] = [];
  /** IPv6 addresses that others have: vNIC, address, their MAC. */
  readonly duplicates: string[] = [];
  /** Told of each frame the host sends, after it has left: may answer through `deliver`. */
  onSent: ((bytes: Uint8Array) => void) | null = null;

  constructor(addresses: readonly string[], { slots = 512, seed = 1, system = "linux" } = {}) {
    this.slab = new FrameSlab(slots);
    this.seed = seed;
    this.host = new Host("hut", this, systemByName(system));
    this.nic = this.host.addNic("eth0", 0 as PortId, mac(HOST_MAC), addresses.map(local));
    this.host.boot();
  }

  get nowNs(): number {
    return this.clock.nowNs;
  }

  transmit(_port: PortId, frame: FrameRef): void {
    const start = this.slab.start(frame);
    const bytes = this.slab.bytes.slice(start, start + this.slab.octets[frame]!);
    this.slab.release(frame);
    this.sent.push({ atNs: this.nowNs, bytes });
    this.onSent?.(bytes);
  }

  onAddress(): void {}

  onHost(): void {}

  onDuplicate(nic: Nic, ip: IpAddress, mac: string): void {
    this.duplicates.push(`${nic.name} ${formatIp(ip)} ${mac}`);
  }

  onNeighbour(_nic: Nic, cache: NeighbourCache, index: number): void {
    this.changes.push({
      atNs: this.nowNs,
      address: formatIp(cache.addresses, index * cache.addressOctets, cache.addressOctets),
      mac: cache.usable(index) ? formatMac(cache.macs, index * 6) : null,
      state: NUD_NAMES[cache.state(index)]!,
    });
  }

  /** Hands the NIC a frame, as it comes out of the cable. */
  deliver(bytes: Uint8Array, nic = this.nic): void {
    const frame = this.slab.acquire();
    this.slab.bytes.set(bytes, this.slab.start(frame));
    this.slab.octets[frame] = bytes.length;
    nic.receive(frame);
    this.slab.release(frame);
  }

  runTo(seconds: number): void {
    this.scheduler.runUntil(Math.round(seconds * NS_PER_S));
  }

  /** Sends a datagram to `to` as an application does: 56 octets to the echo port. */
  ask(to: string, kind: "udp" | "icmp" = "udp", source?: string): void {
    const destination = ip(to);
    const from = source === undefined ? sourceFor(this.nic, destination, 0, destination.length)! : ip(source);
    sendQuestion(this.nic, kind, from, destination, 61_000, 0);
  }

  /** The cache entry of an address as `STATE mac`; `-` if there is none, `STATE` if it has no MAC. */
  entry(address: string): string {
    const octets = ip(address);
    const cache = octets.length === 4 ? this.nic.neighbours4 : this.nic.neighbours6;
    const index = cache.find(octets, 0);
    if (index < 0) return "-";
    const state = NUD_NAMES[cache.state(index)]!;
    return cache.usable(index) ? `${state} ${formatMac(cache.macs, index * 6)}` : state;
  }

  /** What was sent since the last call, a line for each frame: where it went, and what it says. */
  takeSent(): string[] {
    return this.sent.splice(0).map(({ bytes }) => `${formatMac(bytes)} ${describeFrame(bytes, 0, bytes.length)}`);
  }
}

export function ip(text: string): IpAddress {
  return parseIp(text)!;
}

export function mac(text: string): Uint8Array {
  return parseMac(text)!;
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

function local(text: string) {
  const { address, length } = parsePrefix(text)!;
  return { ip: address, prefixLength: length };
}
