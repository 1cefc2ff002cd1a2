/**
 * Questions and answers that probes are made of: ICMP and ICMPv6 echo (RFC 792, RFC 4443), answered by every host, and UDP to the echo port
 * (RFC 862), which a simulated host serves too so that a service behind a virtual address can be asked. An answer goes from
 * the address that was asked to the one that asked.
 */
import { readU16 } from "../base/bytes.ts";
import { NO_FRAME } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { ICMP_ECHO_REQUEST, ICMP_OCTETS, turnIcmpEcho, writeIcmpEcho } from "../wire/icmp.ts";
import { ICMPV6_ECHO_REQUEST, ICMPV6_OCTETS, turnIcmpv6Echo, writeIcmpv6Echo } from "../wire/icmpv6.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_UDP, IPV4_DONT_FRAGMENT, IPV4_OCTETS } from "../wire/ipv4.ts";
import { IPV6_OCTETS } from "../wire/ipv6.ts";
import { UDP_OCTETS, udpDestinationPort, udpLength, udpSourcePort, writeUdp } from "../wire/udp.ts";
import { acquireFor, writeAnswerHeader, writeIpHeader } from "./ip-header.ts";
import { sendIp } from "./ip-output.ts";
import type { Nic } from "./nic.ts";
import { refuseUdp } from "./port-unreachable.ts";

/** RFC 862: what arrives is sent back. */
export const UDP_ECHO_PORT = 7;
/** `ping`'s payload: 56 octets, so that the frame has 98. */
const ECHO_DATA_OCTETS = 56;
const ECHO_DATA = Uint8Array.from({ length: ECHO_DATA_OCTETS }, (_, i) => i);

/** Answers the ICMP echo request of `octets` octets at `at`. */
export function answerEcho4(nic: Nic, ip: number, at: number, octets: number): void {
  const { slab } = nic.host.platform;
  const { bytes } = slab;
  const reply = acquireFor(nic.host, IPV4_OCTETS + octets);
  if (reply === NO_FRAME) return;
  const out = slab.start(reply) + ETHERNET_OCTETS;
  const icmp = out + IPV4_OCTETS;
  bytes.copyWithin(icmp, at, at + octets);
  writeAnswerHeader(nic.host, bytes, out, 0, ip, IPPROTO_ICMP, octets);
  turnIcmpEcho(bytes, icmp, octets);
  // An answer over IPv4 takes the first route, not the way that the question came: a macvlan's leave by its lower NIC.
  sendIp(nic.host, reply, null);
}

/** Answers the ICMPv6 echo request of `octets` octets at `at`. */
export function answerEcho6(nic: Nic, ip: number, at: number, octets: number): void {
  if (octets < ICMPV6_OCTETS) return;
  const { slab } = nic.host.platform;
  const { bytes } = slab;
  const reply = acquireFor(nic.host, IPV6_OCTETS + octets);
  if (reply === NO_FRAME) return;
  const out = slab.start(reply) + ETHERNET_OCTETS;
  const icmp = out + IPV6_OCTETS;
  bytes.copyWithin(icmp, at, at + octets);
  writeAnswerHeader(nic.host, bytes, out, 0, ip, IPPROTO_ICMPV6, octets);
  turnIcmpv6Echo(bytes, icmp);
  sendIp(nic.host, reply, nic);
}

/** A UDP datagram that has passed its checks: the echo port answers, an answer to a probe is reported. */
export function receiveUdp(nic: Nic, ip: number, at: number): void {
  const { slab } = nic.host.platform;
  const { bytes } = slab;
  const dataOctets = udpLength(bytes, at) - UDP_OCTETS;
  if (udpSourcePort(bytes, at) === UDP_ECHO_PORT) {
    if (dataOctets < 2) return;
    nic.host.echoReplied(udpDestinationPort(bytes, at), readU16(bytes, at + UDP_OCTETS), slab.frameAt(ip));
    return;
  }
  if (udpDestinationPort(bytes, at) !== UDP_ECHO_PORT) {
    refuseUdp(nic, ip);
    return;
  }
  const isIpv4 = bytes[ip]! >>> 4 === 4;
  const ipOctets = isIpv4 ? IPV4_OCTETS : IPV6_OCTETS;
  const udpOctets = UDP_OCTETS + dataOctets;
  const reply = acquireFor(nic.host, ipOctets + udpOctets);
  if (reply === NO_FRAME) return;
  const out = slab.start(reply) + ETHERNET_OCTETS;
  const udp = out + ipOctets;
  bytes.copyWithin(udp + UDP_OCTETS, at + UDP_OCTETS, at + UDP_OCTETS + dataOctets);
  writeAnswerHeader(nic.host, bytes, out, 0, ip, IPPROTO_UDP, udpOctets);
  writeUdp(bytes, udp, out, UDP_ECHO_PORT, udpSourcePort(bytes, at), dataOctets);
  sendIp(nic.host, reply, isIpv4 ? null : nic);
}

/** Sends one question: an echo request, or a datagram to a port, by default the echo port, with `identifier` as its source port. */
export function sendQuestion(
  nic: Nic,
  kind: "icmp" | "udp",
  source: IpAddress,
  destination: IpAddress,
  identifier: number,
  sequence: number,
  port = UDP_ECHO_PORT,
): void {
  const { host } = nic;
  const frame = host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = host.platform;
  const { bytes } = slab;
  const out = slab.start(frame) + ETHERNET_OCTETS;
  const isIpv4 = destination.length === 4;
  const at = out + (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS);
  // All three headers have 8 octets; the data begins with the sequence number, which UDP has no field for.
  const data = at + ICMP_OCTETS;
  bytes.set(ECHO_DATA, data);
  bytes[data] = sequence >>> 8;
  bytes[data + 1] = sequence;
  const octets = ICMP_OCTETS + ECHO_DATA_OCTETS;
  const protocol = kind === "udp" ? IPPROTO_UDP : isIpv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  writeIpHeader(host, bytes, out, IPV4_DONT_FRAGMENT, protocol, octets, source, 0, destination, 0, isIpv4);
  if (kind === "udp") writeUdp(bytes, at, out, identifier, port, ECHO_DATA_OCTETS);
  else if (isIpv4) writeIcmpEcho(bytes, at, ICMP_ECHO_REQUEST, identifier, sequence, ECHO_DATA_OCTETS);
  else writeIcmpv6Echo(bytes, at, out, ICMPV6_ECHO_REQUEST, identifier, sequence, ECHO_DATA_OCTETS);
  sendIp(host, frame, nic);
}
