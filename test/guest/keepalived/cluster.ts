/**
 * Hosts with keepalived on one subnet, 10.0.0.0/24 and 2001:db8::/64, and everything that they say and do written down in short words:
 *
 *     n1 adv(100)              an advert for VRID 51 with priority 100; other VRIDs as adv(52:100), unicast as adv(100)→10.0.0.2
 *     n1 garp .100             a gratuitous ARP, or na ::100 for IPv6
 *     n1 igmp+ / igmp- / mld+  a group report: joins or leaves
 *     n1 arp? .2 / arp! .2     a question by ARP, an answer
 *
 * Addresses of the subnet are cut to their last part.
 */
import { expect } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../../src/base/units.ts";
import type { VirtualRouter } from "../../../src/guest/keepalived/virtual-router.ts";
import type { Nic } from "../../../src/host/nic.ts";
import type { HolderEvent, NoteEvent, VrrpEvent } from "../../../src/observe/events.ts";
import { Network } from "../../../src/sim/network.ts";
import type { HostOptions } from "../../../src/sim/options.ts";
import { formatIp, formatMac } from "../../../src/wire/address.ts";
import { ARP_REQUEST, ARP_SENDER_IP, ARP_TARGET_IP, arpOperation, isGratuitousArp } from "../../../src/wire/arp.ts";
import { describeFrame } from "../../../src/wire/describe.ts";
import {
  ETHERNET_OCTETS,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  etherType,
} from "../../../src/wire/ethernet.ts";
import { IPPROTO_VRRP, IPV4_DESTINATION, ipv4HeaderOctets, ipv4Protocol } from "../../../src/wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, ipv6NextHeader } from "../../../src/wire/ipv6.ts";
import { ND_TARGET } from "../../../src/wire/nd.ts";
import { vrrpPriority, vrrpVrid } from "../../../src/wire/vrrp.ts";

export interface Spoken {
  readonly atNs: number;
  readonly host: string;
  /** In the words above. */
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** A moment in seconds, and what is expected then. */
export type Expected = readonly [atSeconds: number, what: string];

export interface InstanceOptions {
  readonly name?: string;
  readonly vrid?: number;
  readonly priority?: number | null;
  readonly vips?: readonly string[];
  readonly excluded?: readonly string[];
  /** Further lines of the instance. */
  readonly lines?: readonly string[];
  /** Lines of `global_defs`. */
  readonly globals?: readonly string[];
  /** What stands before the instance: scripts. */
  readonly before?: string;
}

/** A `keepalived.conf` with one instance on eth0. */
export function conf({
  name = "VI_1",
  vrid = 51,
  priority = 100,
  vips = ["10.0.0.100/24"],
  excluded = [],
  lines = [],
  globals = [],
  before = "",
}: InstanceOptions = {}): string {
  return [
    ...(globals.length === 0 ? [] : ["global_defs {", ...globals, "}"]),
    before,
    `vrrp_instance ${name} {`,
    "interface eth0",
    `virtual_router_id ${vrid}`,
    ...(priority === null ? [] : [`priority ${priority}`]),
    ...lines,
    "virtual_ipaddress {",
    ...vips,
    "}",
    ...(excluded.length === 0 ? [] : ["virtual_ipaddress_excluded {", ...excluded, "}"]),
    "}",
    "",
  ].join("\n");
}

/** A tracked script called `chk`, and the item that tracks it. */
export function script(...lines: string[]): string {
  return ["vrrp_script chk {", 'script "/bin/true"', "interval 1", ...lines, "}"].join("\n");
}
export const TRACK_CHK: readonly string[] = ["track_script {", "chk", "}"];

export class Cluster {
  readonly network: Network;
  readonly spoken: Spoken[] = [];
  readonly transitions: VrrpEvent[] = [];
  readonly notes: NoteEvent[] = [];
  readonly holders: HolderEvent[] = [];

  /** Hosts n1, n2, … by their configurations, or whole hosts; n1 has 10.0.0.1, 2001:db8::1 and 02:00:00:00:00:01. */
  constructor(hosts: Readonly<Record<string, string | Partial<HostOptions>>>, { seed = 1, latency = "1us" } = {}) {
    this.network = new Network({ seed });
    this.network.addSubnet("lan", { cidr: ["10.0.0.0/24", "2001:db8::/64"], latency });
    Object.entries(hosts).forEach(([name, host], i) => {
      const number = Number(/\d+$/.exec(name)?.[0] ?? 200 + i);
      this.network.addHost(name, {
        ...(typeof host !== "string" && host.nics !== undefined
          ? {}
          : {
              subnet: "lan",
              mac: `02:00:00:00:00:${number.toString(16).padStart(2, "0")}`,
              address: [`10.0.0.${number}`, `2001:db8::${number}`],
            }),
        ...(typeof host === "string" ? { keepalived: host } : host),
      });
    });
    const { events, fabric } = this.network;
    events.on("vrrp", (event) => this.transitions.push(event));
    events.on("note", (event) => this.notes.push(event));
    events.on("holder", (event) => this.holders.push(event));
    fabric.taps.push({
      onFrame: (port, frame) => {
        const start = fabric.slab.start(frame);
        const bytes = fabric.slab.bytes.slice(start, start + fabric.slab.octets[frame]!);
        const { host } = fabric.nicAt(port);
        this.spoken.push({ atNs: this.network.nowNs, host: host.name, what: inWords(bytes), bytes });
      },
    });
  }

  get now(): number {
    return this.network.nowNs / NS_PER_S;
  }

  nic(host: string, name = "eth0"): Nic {
    return this.network.host(host).nic(name)!;
  }

  router(host: string, instance = "VI_1"): VirtualRouter {
    return this.network.daemons.get(host)!.routers.find(({ conf: { name } }) => name === instance)!;
  }

  state(host: string, instance = "VI_1"): string {
    return this.router(host, instance).state;
  }

  /** Whether the host has the address configured, on whatever NIC. */
  has(host: string, address: string): boolean {
    return this.network.host(host).nics.some((nic) => nic.addresses.some(({ ip }) => formatIp(ip) === address));
  }

  /** When the host's daemon became a backup for the nth time after a start, in seconds. */
  up(host: string, nth = 1): number {
    const ups = this.transitions.filter((event) => event.host === host && event.cause === "startup");
    return ups[nth - 1]!.atNs / NS_PER_S;
  }

  run(seconds: number): this {
    this.network.run(Math.round(seconds * NS_PER_S));
    return this;
  }

  at(seconds: number, action: () => void): this {
    this.network.at(Math.round(seconds * NS_PER_S), action);
    return this;
  }

  /** Puts a frame on the cable of a host's eth0. */
  inject(host: string, bytes: Uint8Array): void {
    const { fabric } = this.network;
    const frame = fabric.slab.acquire();
    fabric.slab.bytes.set(bytes, fabric.slab.start(frame));
    fabric.slab.octets[frame] = bytes.length;
    fabric.transmit(this.nic(host).port, frame);
  }

  /** What was said in a span of seconds, repetitions within 5 ms counted: `n1 garp .100 ×5`. `only` keeps what contains one of its words. */
  said(from: number, until: number, only: readonly string[] = ["adv", "garp", "na "]): Spoken[] {
    const merged: { atNs: number; lastNs: number; host: string; what: string; bytes: Uint8Array; count: number }[] = [];
    for (const { atNs, host, what, bytes } of this.spoken) {
      if (atNs < from * NS_PER_S || atNs >= until * NS_PER_S || !only.some((word) => what.includes(word))) continue;
      const before = merged.at(-1);
      if (
        before !== undefined &&
        before.what === what &&
        before.host === host &&
        atNs - before.lastNs < 5 * NS_PER_MS
      ) {
        before.count++;
        before.lastNs = atNs;
      } else {
        merged.push({ atNs, lastNs: atNs, host, what, bytes, count: 1 });
      }
    }
    return merged.map(({ atNs, host, what, bytes, count }) => ({
      atNs,
      host,
      what: count === 1 ? what : `${what} ×${count}`,
      bytes,
    }));
  }

  /** Every change of state in a span of seconds, as `n1 BACKUP → MASTER (master-down-timer)`. */
  changes(from = 0, until = Number.POSITIVE_INFINITY): { readonly atNs: number; readonly what: string }[] {
    return this.transitions
      .filter(({ atNs }) => atNs >= from * NS_PER_S && atNs < until * NS_PER_S)
      .map(({ atNs, host, from: before, to, cause }) => ({ atNs, what: `${host} ${before} → ${to} (${cause})` }));
  }
}

/** The same things in the same order, each within a millisecond. */
export function expectSaid(said: readonly Spoken[], expected: readonly Expected[]): void {
  expectInTime(
    said.map(({ atNs, host, what }) => ({ atNs, what: `${host} ${what}` })),
    expected,
  );
}

export function expectInTime(
  seen: readonly { readonly atNs: number; readonly what: string }[],
  expected: readonly Expected[],
): void {
  expect(seen.map(({ what }) => what)).toEqual(expected.map(([, what]) => what));
  const off = seen.map(({ atNs }, i) => atNs / NS_PER_S - expected[i]![0]);
  const late = seen.filter((_, i) => Math.abs(off[i]!) > 0.001);
  expect(late.map(({ atNs, what }) => `${(atNs / NS_PER_S).toFixed(6)} ${what}`)).toEqual([]);
}

function inWords(bytes: Uint8Array): string {
  const at = ETHERNET_OCTETS;
  switch (etherType(bytes, 0)) {
    case ETHERTYPE_ARP:
      if (isGratuitousArp(bytes, at)) return `garp ${short(formatIp(bytes, at + ARP_SENDER_IP, 4))}`;
      return arpOperation(bytes, at) === ARP_REQUEST
        ? `arp? ${short(formatIp(bytes, at + ARP_TARGET_IP, 4))}`
        : `arp! ${short(formatIp(bytes, at + ARP_SENDER_IP, 4))}`;
    case ETHERTYPE_IPV4:
      if (ipv4Protocol(bytes, at) === IPPROTO_VRRP)
        return advertInWords(bytes, at + ipv4HeaderOctets(bytes, at), formatIp(bytes, at + IPV4_DESTINATION, 4));
      break;
    case ETHERTYPE_IPV6:
      if (ipv6NextHeader(bytes, at) === IPPROTO_VRRP)
        return advertInWords(bytes, at + IPV6_OCTETS, formatIp(bytes, at + IPV6_DESTINATION, 16));
      if (bytes[at + IPV6_OCTETS] === 136 && formatMac(bytes).startsWith("33:33"))
        return `na ${short(formatIp(bytes, at + IPV6_OCTETS + ND_TARGET, 16))}`;
      break;
  }
  const text = describeFrame(bytes, 0, bytes.length);
  const report = /(IGMPv3|MLDv2) report, (join|leave)/.exec(text);
  return report === null ? text : `${report[1] === "IGMPv3" ? "igmp" : "mld"}${report[2] === "join" ? "+" : "-"}`;
}

function advertInWords(bytes: Uint8Array, at: number, destination: string): string {
  const vrid = vrrpVrid(bytes, at);
  const isGroup = destination === "224.0.0.18" || destination === "ff02::12";
  return `adv(${vrid === 51 ? "" : `${vrid}:`}${vrrpPriority(bytes, at)})${isGroup ? "" : `→${destination}`}`;
}

function short(address: string): string {
  return address.replace(/^10\.0\.0/, "").replace(/^2001:db8/, "");
}
