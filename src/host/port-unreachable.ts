/**
 * "Port unreachable": what a host says to a datagram that no program waits for (RFC 1122 section 4.1.3.1, RFC 4443 section 3.1), as often
 * as `error-pace.ts` allows it. The message uses the neighbour cache, so that traffic nobody wants keeps entries alive.
 */
import { copyBytes } from "../base/bytes.ts";
import { NO_FRAME } from "../base/ids.ts";
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
import { isUnicast4, isUnicast6 } from "./address-kind.ts";
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
