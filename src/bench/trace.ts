/**
 * The frames that the switch is measured with, made before the clock runs: where each comes in and what its octets are. Long and in
 * random order, because a processor learns a short sequence by heart and flatters whoever is measured with it.
 */
import { writeI32, writeU16 } from "../base/bytes.ts";
import { BROADCAST_MAC, MAC_OCTETS, ZERO_MAC } from "../wire/address.ts";
import { ARP_REQUEST, writeArp } from "../wire/arp.ts";
import { ETHERNET_OCTETS, ETHERTYPE_ARP, ETHERTYPE_IPV4, writeEthernet } from "../wire/ethernet.ts";
import { Mulberry32 } from "./mulberry32.ts";

/** Octets of each of a trace's frames, and from one to the next. */
export const TRACE_OCTETS = 64;

/** MAC addresses, where they live, and frames between them. Ports are numbered domain by domain, all domains having equally many. */
export interface Trace {
  readonly portCount: number;
  readonly domainCount: number;
  /** Six octets each. */
  readonly macs: Uint8Array;
  /** By MAC: its port. */
  readonly macPorts: Int32Array;
  /** MACs that frames come from, `macs` among them. */
  readonly sourceCount: number;
  readonly frameCount: number;
  /** Frame k begins at k * TRACE_OCTETS. */
  readonly bytes: Uint8Array;
  /** By frame: the port that it comes in by. */
  readonly ports: Int32Array;
}

/** Random unicast between known MACs, each frame inside a domain. */
export function unicastTrace(macCount: number, portCount: number, domainCount: number, frameCount: number): Trace {
  const random = new Mulberry32(12_345);
  const trace = emptyTrace(random, macCount, portCount, domainCount, frameCount);
  const { macs, macPorts, bytes, ports } = trace;
  for (let k = 0; k < frameCount; k++) {
    const source = random.below(macCount);
    let destination: number;
    do destination = (source % domainCount) + domainCount * random.below(macCount / domainCount);
    while (destination === source);
    const start = k * TRACE_OCTETS;
    writeEthernet(bytes, start, macAt(macs, destination), macAt(macs, source), ETHERTYPE_IPV4);
    bytes.fill(k, start + ETHERNET_OCTETS, start + TRACE_OCTETS);
    ports[k] = macPorts[source]!;
  }
  return trace;
}

/** ARP questions to everybody, from 4,096 MACs behind 64 ports of one domain. */
export function floodTrace(frameCount: number): Trace {
  const random = new Mulberry32(777);
  const trace = emptyTrace(random, 4_096, 64, 1, frameCount);
  for (let k = 0; k < frameCount; k++) {
    const source = random.below(4_096);
    const target = random.below(4_096);
    writeArpFrame(trace.bytes, k * TRACE_OCTETS, macAt(trace.macs, source), ARP_REQUEST, ipOf(source), ipOf(target));
    trace.ports[k] = trace.macPorts[source]!;
  }
  return trace;
}

/** How many addresses `churnTrace` announces. */
export const CHURN_ADDRESSES = 256;

/** The address that the virtual router VRID `index` announces in `churnTrace`: 10.99.0.index. */
export function churnAddress(index: number): Uint8Array {
  return Uint8Array.of(10, 99, 0, index);
}

/** Gratuitous ARPs for `churnAddress`es, each from another port than the one before it for that address. */
export function churnTrace(frameCount: number): Trace {
  const random = new Mulberry32(4_242);
  const trace = emptyTrace(random, 4_096, 64, 1, frameCount);
  const holders = new Int32Array(CHURN_ADDRESSES);
  for (let k = 0; k < frameCount; k++) {
    const vrid = random.below(CHURN_ADDRESSES);
    let port: number;
    do port = random.below(64);
    while (port === holders[vrid]);
    holders[vrid] = port;
    const ip = churnAddress(vrid);
    const operation = (random.next() & 1) + 1;
    writeArpFrame(trace.bytes, k * TRACE_OCTETS, Uint8Array.of(0, 0, 0x5e, 0, 1, vrid), operation, ip, ip);
    trace.ports[k] = port;
  }
  return { ...trace, sourceCount: trace.sourceCount + CHURN_ADDRESSES };
}

/** `count` locally administered MAC addresses, six octets each. */
export function makeMacs(random: Mulberry32, count: number): Uint8Array {
  const macs = new Uint8Array(count * MAC_OCTETS);
  for (let i = 0; i < count; i++) {
    const at = i * MAC_OCTETS;
    writeI32(macs, at + 2, random.next());
    writeU16(macs, at, 0x0200 | (random.next() & 0xff));
  }
  return macs;
}

/** The MAC of that number. */
export function macAt(macs: Uint8Array, index: number): Uint8Array {
  return macs.subarray(index * MAC_OCTETS, (index + 1) * MAC_OCTETS);
}

/** An ARP frame to everybody, 42 octets. */
export function writeArpFrame(
  bytes: Uint8Array,
  start: number,
  mac: Uint8Array,
  operation: number,
  senderIp: Uint8Array,
  targetIp: Uint8Array,
): void {
  writeEthernet(bytes, start, BROADCAST_MAC, mac, ETHERTYPE_ARP);
  writeArp(bytes, start + ETHERNET_OCTETS, operation, mac, senderIp, ZERO_MAC, targetIp);
}

/** MACs dealt out to domains in turn, and inside a domain to its ports in turn; frames without octets. */
function emptyTrace(
  random: Mulberry32,
  macCount: number,
  portCount: number,
  domainCount: number,
  frameCount: number,
): Trace {
  const macs = makeMacs(random, macCount);
  const portsEach = portCount / domainCount;
  const macPorts = Int32Array.from(
    { length: macCount },
    (_, i) => (i % domainCount) * portsEach + (Math.floor(i / domainCount) % portsEach),
  );
  const bytes = new Uint8Array(frameCount * TRACE_OCTETS);
  const ports = new Int32Array(frameCount);
  return { portCount, domainCount, macs, macPorts, sourceCount: macCount, frameCount, bytes, ports };
}

/** 10.0.0.0 and `index` behind it. */
function ipOf(index: number): Uint8Array {
  return Uint8Array.of(10, 0, index >>> 8, index);
}
