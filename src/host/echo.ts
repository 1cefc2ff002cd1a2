/**
 * Questions and answers that probes are made of: ICMP and ICMPv6 echo (RFC 792, RFC 4443), answered by every host, and UDP to the echo port
 * (RFC 862), which a simulated host serves too so that a service behind a virtual address can be asked. An answer goes from
 * the address that was asked to the one that asked.
 */
import { copyBytes, readU16 } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import {
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_OCTETS,
  icmpIdentifier,
  icmpSequence,
  writeIcmpEcho,
} from "../wire/icmp.ts";
import {
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_OCTETS,
  icmpv6Identifier,
  icmpv6Sequence,
  writeIcmpv6Echo,
} from "../wire/icmpv6.ts";
import {
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_UDP,
  IPV4_DESTINATION,
  IPV4_DONT_FRAGMENT,
  IPV4_OCTETS,
  IPV4_SOURCE,
  writeIpv4,
} from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, IPV6_SOURCE, writeIpv6 } from "../wire/ipv6.ts";
import { UDP_OCTETS, udpDestinationPort, udpLength, udpSourcePort, writeUdp } from "../wire/udp.ts";
import type { Host } from "./host.ts";
import { sendIp } from "./ip-output.ts";
import type { Nic } from "./nic.ts";
import { refuseUdp } from "./port-unreachable.ts";

/** RFC 862: what arrives is sent back. */
export const UDP_ECHO_PORT = 7;
/** Linux's default TTL and hop limit. */
const TTL = 64;
/** `ping`'s payload: 56 octets, so that the frame has 98. */
const ECHO_DATA_OCTETS = 56;

/** Answers the ICMP echo request of `octets` octets at `at`. */
export function answerEcho4(nic: Nic, ip: number, at: number, octets: number): void {
  const { slab } = nic.host.platform;
  const { bytes } = slab;
  const reply = acquireFor(nic.host, IPV4_OCTETS + octets);
  if (reply === NO_FRAME) return;
  const out = slab.start(reply) + ETHERNET_OCTETS;
  const icmp = out + IPV4_OCTETS;
  copyBytes(bytes, at + ICMP_OCTETS, bytes, icmp + ICMP_OCTETS, octets - ICMP_OCTETS);
  writeAnswerHeader(nic.host, bytes, out, ip, IPPROTO_ICMP, octets);
  writeIcmpEcho(bytes, icmp, ICMP_ECHO_REPLY, icmpIdentifier(bytes, at), icmpSequence(bytes, at), octets - ICMP_OCTETS);
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
  const dataOctets = octets - ICMPV6_OCTETS;
  copyBytes(bytes, at + ICMPV6_OCTETS, bytes, icmp + ICMPV6_OCTETS, dataOctets);
  writeAnswerHeader(nic.host, bytes, out, ip, IPPROTO_ICMPV6, octets);
  writeIcmpv6Echo(
    bytes,
    icmp,
    out,
    ICMPV6_ECHO_REPLY,
    icmpv6Identifier(bytes, at),
    icmpv6Sequence(bytes, at),
    dataOctets,
  );
  sendIp(nic.host, reply, nic);
}

/** A UDP datagram that has passed its checks: the echo port answers, an answer to a probe is reported. */
export function receiveUdp(nic: Nic, ip: number, at: number): void {
  const { slab } = nic.host.platform;
  const { bytes } = slab;
  const dataOctets = udpLength(bytes, at) - UDP_OCTETS;
  if (udpSourcePort(bytes, at) === UDP_ECHO_PORT) {
    if (dataOctets >= 2) nic.host.echoReplied(udpDestinationPort(bytes, at), readU16(bytes, at + UDP_OCTETS));
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
  copyBytes(bytes, at + UDP_OCTETS, bytes, udp + UDP_OCTETS, dataOctets);
  writeAnswerHeader(nic.host, bytes, out, ip, IPPROTO_UDP, udpOctets);
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
  for (let i = 0; i < ECHO_DATA_OCTETS; i++) bytes[data + i] = i;
  bytes[data] = sequence >>> 8;
  bytes[data + 1] = sequence;
  const octets = ICMP_OCTETS + ECHO_DATA_OCTETS;
  const protocol = kind === "udp" ? IPPROTO_UDP : isIpv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  writeHeader(host, bytes, out, IPV4_DONT_FRAGMENT, protocol, octets, source, 0, destination, 0, isIpv4);
  if (kind === "udp") writeUdp(bytes, at, out, identifier, port, ECHO_DATA_OCTETS);
  else if (isIpv4) writeIcmpEcho(bytes, at, ICMP_ECHO_REQUEST, identifier, sequence, ECHO_DATA_OCTETS);
  else writeIcmpv6Echo(bytes, at, out, ICMPV6_ECHO_REQUEST, identifier, sequence, ECHO_DATA_OCTETS);
  sendIp(host, frame, nic);
}

/** A slot for an answer of `ipOctets` octets; NO_FRAME if the slab is empty or the slot too small. */
function acquireFor(host: Host, ipOctets: number): FrameRef {
  return ETHERNET_OCTETS + ipOctets > host.platform.slab.slotOctets ? NO_FRAME : host.acquire();
}

/** The header of an answer to the packet at `ip`, with `octets` octets behind it: from the address that was asked to the one that asked. */
function writeAnswerHeader(
  host: Host,
  bytes: Uint8Array,
  out: number,
  ip: number,
  protocol: number,
  octets: number,
): void {
  const isIpv4 = bytes[ip]! >>> 4 === 4;
  const asker = ip + (isIpv4 ? IPV4_SOURCE : IPV6_SOURCE);
  const asked = ip + (isIpv4 ? IPV4_DESTINATION : IPV6_DESTINATION);
  writeHeader(host, bytes, out, 0, protocol, octets, bytes, asked, bytes, asker, isIpv4);
}

/** An IP header of either family at `out` with `octets` octets behind it; `flags` are IPv4's. */
function writeHeader(
  host: Host,
  bytes: Uint8Array,
  out: number,
  flags: number,
  protocol: number,
  octets: number,
  source: Uint8Array,
  sourceOffset: number,
  destination: Uint8Array,
  destinationOffset: number,
  isIpv4: boolean,
): void {
  if (isIpv4) {
    const id = host.nextIpIdentification();
    const total = IPV4_OCTETS + octets;
    writeIpv4(bytes, out, 0, total, id, flags, TTL, protocol, source, sourceOffset, destination, destinationOffset);
  } else {
    writeIpv6(bytes, out, 0, 0, octets, protocol, TTL, source, sourceOffset, destination, destinationOffset);
  }
}
