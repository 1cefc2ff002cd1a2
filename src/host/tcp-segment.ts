/** TCP segments as a host sends them, with their IP header, and the refusal of those that nobody waits for. */
import { NO_FRAME } from "../base/ids.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { IPPROTO_TCP, IPV4_DONT_FRAGMENT, IPV4_OCTETS } from "../wire/ipv4.ts";
import { IPV6_OCTETS } from "../wire/ipv6.ts";
import {
  TCP_ACK,
  TCP_FIN,
  TCP_OCTETS,
  TCP_RST,
  TCP_SYN,
  TCP_WITH_MSS_OCTETS,
  tcpAcknowledgment,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderOctets,
  tcpMaximumSegment,
  tcpSequence,
  tcpSourcePort,
  writeTcp,
} from "../wire/tcp.ts";
import type { Host } from "./host.ts";
import { writeAnswerHeader, writeIpHeader } from "./ip-header.ts";
import { sendIp } from "./ip-output.ts";
import type { Nic } from "./nic.ts";

/** What every host here is ready to receive at once: Linux's first window. There is no window scale, whatever comes is taken at once. */
export const TCP_RECEIVE_WINDOW = 64_240;
const LETTER_A = 0x61;
const LETTERS = 26;
/** Of an Ethernet frame with 1,500 octets of payload. */
const PAYLOAD_OCTETS = 1500;
/** Where a SYN says nothing (RFC 9293 section 3.7.1). */
const DEFAULT_SEGMENT = 536;
/** Smaller ones than any network has would make a packet of every octet. Linux: TCP_MIN_MSS. */
const SMALLEST_SEGMENT = 88;

/** What a segment of that family carries at most. */
function maximumSegmentOf(isIpv4: boolean): number {
  return PAYLOAD_OCTETS - (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS) - TCP_OCTETS;
}

/** What may be sent in one segment to the sender of the SYN at `at`. */
export function agreedSegment(bytes: Uint8Array, at: number, isIpv4: boolean): number {
  const said = Math.max(tcpMaximumSegment(bytes, at) || DEFAULT_SEGMENT, SMALLEST_SEGMENT);
  return Math.min(said, maximumSegmentOf(isIpv4));
}

/** Both ends of a connection, as one host sees it. */
export interface TcpEnds {
  /** Four octets or sixteen. */
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  readonly localPort: number;
  readonly remotePort: number;
}

/**
 * Sends a segment; `via` as `sendIp` has it. Data is made up: letters that go on from the one at `place` of the stream, so that what is sent again
 * is the same, and no reader takes it for lines of a protocol.
 * Nothing leaves from an address that the host has lost (Linux finds no route then).
 */
export function sendSegment(
  host: Host,
  via: Nic | null,
  ends: TcpEnds,
  sequence: number,
  acknowledgment: number,
  flags: number,
  dataOctets: number,
  place: number,
): void {
  const { local, remote, localPort, remotePort } = ends;
  if (!host.ownsAnywhere(local, 0, local.length)) return;
  const frame = host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = host.platform;
  const { bytes } = slab;
  const isIpv4 = local.length === 4;
  const out = slab.start(frame) + ETHERNET_OCTETS;
  const at = out + (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS);
  const isFirst = (flags & TCP_SYN) !== 0;
  const headerOctets = isFirst ? TCP_WITH_MSS_OCTETS : TCP_OCTETS;
  const data = at + headerOctets;
  for (let i = 0; i < dataOctets; i++) bytes[data + i] = LETTER_A + ((place + i) % LETTERS);
  const octets = headerOctets + dataOctets;
  writeIpHeader(host, bytes, out, IPV4_DONT_FRAGMENT, IPPROTO_TCP, octets, local, 0, remote, 0, isIpv4);
  const window = (flags & TCP_RST) === 0 ? TCP_RECEIVE_WINDOW : 0;
  const maximum = isFirst ? maximumSegmentOf(isIpv4) : 0;
  writeTcp(bytes, at, out, localPort, remotePort, sequence, acknowledgment, flags, window, maximum, dataOctets);
  sendIp(host, frame, via);
}

/**
 * A segment of `octets` octets at `at`, in the packet at `ip`, belongs to nothing here: whoever sent it is told (RFC 9293 section 3.10.7.1). A
 * RST is not answered, so that two hosts do not go on about it.
 */
export function refuseSegment(nic: Nic, ip: number, at: number, octets: number): void {
  const { host } = nic;
  const { slab } = host.platform;
  const { bytes } = slab;
  const flags = tcpFlags(bytes, at);
  if ((flags & TCP_RST) !== 0) return;
  const frame = host.acquire();
  if (frame === NO_FRAME) return;
  const isIpv4 = bytes[ip]! >>> 4 === 4;
  const out = slab.start(frame) + ETHERNET_OCTETS;
  const answer = out + (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS);
  const isAcknowledging = (flags & TCP_ACK) !== 0;
  const used = octets - tcpHeaderOctets(bytes, at) + (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
  writeAnswerHeader(host, bytes, out, IPV4_DONT_FRAGMENT, ip, IPPROTO_TCP, TCP_OCTETS);
  writeTcp(
    bytes,
    answer,
    out,
    tcpDestinationPort(bytes, at),
    tcpSourcePort(bytes, at),
    isAcknowledging ? tcpAcknowledgment(bytes, at) : 0,
    isAcknowledging ? 0 : (tcpSequence(bytes, at) + used) | 0,
    isAcknowledging ? TCP_RST : TCP_RST | TCP_ACK,
    0,
    0,
    0,
  );
  sendIp(host, frame, isIpv4 ? null : nic);
}
