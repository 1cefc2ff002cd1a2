/**
 * "Port unreachable": what a host says to a datagram that no program waits for (RFC 1122 section 4.1.3.1, RFC 4443 section 3.1), as often
 * as Linux allows it: six at once to one destination, then one a second over IPv4 (observed), four a second over IPv6 to who is in a /64.
 * The message uses the neighbour cache, so that traffic nobody wants keeps entries alive.
 */
import { copyBytes, equalBytes } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { NO_FRAME } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { ICMP_OCTETS, writeIcmpUnreachable } from "../wire/icmp.ts";
import { ICMPV6_OCTETS, writeIcmpv6Unreachable } from "../wire/icmpv6.ts";
import {
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPV4_DESTINATION,
  IPV4_OCTETS,
  IPV4_SOURCE,
  ipv4TotalOctets,
  writeIpv4,
} from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, IPV6_SOURCE, ipv6PayloadOctets, writeIpv6 } from "../wire/ipv6.ts";
import { isUnicast4 } from "./arp-policy.ts";
import { sendIp } from "./ip-output.ts";
import type { Nic } from "./nic.ts";

const PORT_UNREACHABLE_4 = 3;
const PORT_UNREACHABLE_6 = 4;
/** The whole message has at most so many octets (RFC 1812 section 4.3.2.3, RFC 4443 section 2.4). */
const MESSAGE_OCTETS_4 = 576;
const MESSAGE_OCTETS_6 = 1280;
/** Internetwork control. */
const TOS = 0xc0;
const TTL = 64;

/** The datagram of the packet at `ip` is for a port that nobody listens at. */
export function refuseUdp(nic: Nic, ip: number): void {
  const { host } = nic;
  const { slab } = host.platform;
  const { bytes } = slab;
  const isIpv4 = bytes[ip]! >>> 4 === 4;
  const source = ip + (isIpv4 ? IPV4_SOURCE : IPV6_SOURCE);
  const destination = ip + (isIpv4 ? IPV4_DESTINATION : IPV6_DESTINATION);
  const octets = isIpv4 ? 4 : 16;
  // Nothing is said about what went to a group, or came from none (RFC 1122 section 3.2.2).
  if (!host.ownsAnywhere(bytes, destination, octets)) return;
  if (isIpv4 ? !isUnicast4(bytes, source) : !isUnicast6(bytes, source)) return;
  if (!host.errorPace.allows(bytes, source, octets)) return;
  const frame = host.acquire();
  if (frame === NO_FRAME) return;
  const out = slab.start(frame) + ETHERNET_OCTETS;
  if (isIpv4) {
    const room = MESSAGE_OCTETS_4 - IPV4_OCTETS - ICMP_OCTETS;
    const quoted = Math.min(ipv4TotalOctets(bytes, ip), room);
    const icmp = out + IPV4_OCTETS;
    const total = IPV4_OCTETS + ICMP_OCTETS + quoted;
    copyBytes(bytes, ip, bytes, icmp + ICMP_OCTETS, quoted);
    const id = host.nextIpIdentification();
    writeIpv4(bytes, out, TOS, total, id, 0, TTL, IPPROTO_ICMP, bytes, destination, bytes, source);
    writeIcmpUnreachable(bytes, icmp, PORT_UNREACHABLE_4, quoted);
    sendIp(host, frame, null);
  } else {
    const room = MESSAGE_OCTETS_6 - IPV6_OCTETS - ICMPV6_OCTETS;
    const quoted = Math.min(IPV6_OCTETS + ipv6PayloadOctets(bytes, ip), room);
    const icmp = out + IPV6_OCTETS;
    copyBytes(bytes, ip, bytes, icmp + ICMPV6_OCTETS, quoted);
    writeIpv6(bytes, out, 0, 0, ICMPV6_OCTETS + quoted, IPPROTO_ICMPV6, TTL, bytes, destination, bytes, source);
    writeIcmpv6Unreachable(bytes, icmp, out, PORT_UNREACHABLE_6, quoted);
    sendIp(host, frame, nic);
  }
}

function isUnicast6(bytes: Uint8Array, offset: number): boolean {
  if (bytes[offset] === 0xff) return false;
  for (let i = 0; i < 16; i++) if (bytes[offset + i] !== 0) return true;
  return false;
}

/** Error messages to one destination that may be saved up. */
const BURST = 6;
/** Destinations that are remembered; the one known for longest is forgotten. */
const DESTINATIONS_MAX = 256;
const INTERVAL_NS_4 = 1 * NS_PER_S;
/** Linux halves it for every 32 bits that the route's prefix is shorter than an address: twice for a /64. */
const INTERVAL_NS_6 = NS_PER_S / 4;

interface Destination {
  readonly ip: IpAddress;
  /** What has been saved up by then, in time. */
  savedNs: number;
  atNs: number;
}

/** How fast a host sends error messages, destination by destination (Linux: `icmp_ratelimit`, `inet_peer_xrlim_allow`). */
export class ErrorPace {
  readonly #clock: Clock;
  readonly #destinations: Destination[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the address at `offset` may be sent one now, which counts as sent. */
  allows(bytes: Uint8Array, offset: number, octets: number): boolean {
    const now = this.#clock.nowNs;
    const intervalNs = octets === 4 ? INTERVAL_NS_4 : INTERVAL_NS_6;
    const known = this.#find(bytes, offset, octets);
    if (known === null) {
      if (this.#destinations.length === DESTINATIONS_MAX) this.#destinations.shift();
      const ip = bytes.slice(offset, offset + octets);
      this.#destinations.push({ ip, savedNs: (BURST - 1) * intervalNs, atNs: now });
      return true;
    }
    known.savedNs = Math.min(known.savedNs + now - known.atNs, BURST * intervalNs);
    known.atNs = now;
    if (known.savedNs < intervalNs) return false;
    known.savedNs -= intervalNs;
    return true;
  }

  reset(): void {
    this.#destinations.length = 0;
  }

  #find(bytes: Uint8Array, offset: number, octets: number): Destination | null {
    for (let i = 0; i < this.#destinations.length; i++) {
      const { ip } = this.#destinations[i]!;
      if (ip.length === octets && equalBytes(ip, 0, bytes, offset, octets)) return this.#destinations[i]!;
    }
    return null;
  }
}
