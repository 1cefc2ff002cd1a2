/**
 * Whole frames from the header writers, each as a function that writes one: the headers are put together here as a host
 * does it, from the outside in. Node n has the MAC 02:00:00:00:00:0n and the address 10.0.1.1n or 2001:db8:1::1n.
 */
import { parseIp } from "../../src/text/ip-text.ts";
import { parseMac } from "../../src/wire/address.ts";
import { writeArp } from "../../src/wire/arp.ts";
import {
  ETHERNET_OCTETS,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  writeEthernet,
} from "../../src/wire/ethernet.ts";
import { IGMP_V3_REPORT_OCTETS, writeIgmpV3Report } from "../../src/wire/igmp.ts";
import {
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPPROTO_VRRP,
  IPV4_DONT_FRAGMENT,
  IPV4_OCTETS,
  IPV4_ROUTER_ALERT_OCTETS,
  writeIpv4,
  writeIpv4RouterAlert,
} from "../../src/wire/ipv4.ts";
import {
  HOP_BY_HOP_ROUTER_ALERT_OCTETS,
  IPPROTO_HOP_BY_HOP,
  IPV6_OCTETS,
  writeHopByHopRouterAlert,
  writeIpv6,
} from "../../src/wire/ipv6.ts";
import { MLDV2_REPORT_OCTETS, writeMldV2Report } from "../../src/wire/mld.ts";
import {
  ND_OCTETS,
  ND_WITH_MAC_OCTETS,
  writeNeighbourAdvertisement,
  writeNeighbourSolicitation,
} from "../../src/wire/nd.ts";

/** Writes a whole frame at `offset` and returns its octets. */
export type FrameWriter = (bytes: Uint8Array, offset: number) => number;

export function mac(text: string): Uint8Array {
  const octets = parseMac(text);
  if (octets === null) throw new Error(`${text} is no MAC address`);
  return octets;
}

export function ip(text: string): Uint8Array {
  const octets = parseIp(text);
  if (octets === null) throw new Error(`${text} is no IP address`);
  return octets;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const nodeMac = (node: number): Uint8Array => Uint8Array.of(2, 0, 0, 0, 0, node);

export function arp(
  to: string,
  from: string,
  operation: number,
  senderIp: string,
  targetMac: string,
  targetIp: string,
): FrameWriter {
  return (bytes, offset) => {
    writeEthernet(bytes, offset, mac(to), mac(from), ETHERTYPE_ARP);
    writeArp(bytes, offset + ETHERNET_OCTETS, operation, mac(from), ip(senderIp), mac(targetMac), ip(targetIp));
    return ETHERNET_OCTETS + 28;
  };
}

interface Ipv4Fields {
  readonly to: string;
  readonly from: Uint8Array;
  readonly tos: number;
  readonly identification: number;
  readonly flags: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly payloadOctets: number;
}

/** Ethernet and IPv4, then `payload` is called with the payload's offset and the IP header's. */
export function ipv4(
  fields: Ipv4Fields,
  payload: (bytes: Uint8Array, offset: number, ipOffset: number) => void,
): FrameWriter {
  return (bytes, offset) => {
    const ipOffset = offset + ETHERNET_OCTETS;
    const isIgmp = fields.protocol === IPPROTO_IGMP;
    const headerOctets = isIgmp ? IPV4_ROUTER_ALERT_OCTETS : IPV4_OCTETS;
    writeEthernet(bytes, offset, mac(fields.to), fields.from, ETHERTYPE_IPV4);
    const write = isIgmp ? writeIpv4RouterAlert : writeIpv4;
    write(
      bytes,
      ipOffset,
      fields.tos,
      headerOctets + fields.payloadOctets,
      fields.identification,
      fields.flags,
      fields.ttl,
      fields.protocol,
      ip(fields.source),
      0,
      ip(fields.destination),
      0,
    );
    payload(bytes, ipOffset + headerOctets, ipOffset);
    return ETHERNET_OCTETS + headerOctets + fields.payloadOctets;
  };
}

export function igmp(node: number, recordType: number): FrameWriter {
  return ipv4(
    {
      to: "01:00:5e:00:00:16",
      from: nodeMac(node),
      tos: 0xc0,
      identification: 0,
      flags: IPV4_DONT_FRAGMENT,
      ttl: 1,
      protocol: IPPROTO_IGMP,
      source: `10.0.1.1${node}`,
      destination: "224.0.0.22",
      payloadOctets: IGMP_V3_REPORT_OCTETS,
    },
    (bytes, offset) => writeIgmpV3Report(bytes, offset, recordType, ip("224.0.0.18"), 0),
  );
}

export function advert4(
  node: number,
  peer: number | null,
  identification: number,
  payloadOctets: number,
  payload: (bytes: Uint8Array, offset: number, ipOffset: number) => void,
): FrameWriter {
  return ipv4(
    {
      to: peer === null ? "01:00:5e:00:00:12" : `02:00:00:00:00:0${peer}`,
      from: nodeMac(node),
      tos: 0xc0,
      identification,
      flags: 0,
      ttl: 255,
      protocol: IPPROTO_VRRP,
      source: `10.0.1.1${node}`,
      destination: peer === null ? "224.0.0.18" : `10.0.1.1${peer}`,
      payloadOctets,
    },
    payload,
  );
}

export function packet4(
  to: number,
  from: number,
  identification: number,
  flags: number,
  protocol: number,
  payloadOctets: number,
  payload: (bytes: Uint8Array, offset: number, ipOffset: number) => void,
): FrameWriter {
  return ipv4(
    {
      to: `02:00:00:00:00:0${to}`,
      from: nodeMac(from),
      tos: 0,
      identification,
      flags,
      ttl: 64,
      protocol,
      source: `10.0.1.1${from}`,
      destination: `10.0.1.1${to}`,
      payloadOctets,
    },
    payload,
  );
}

interface Ipv6Fields {
  readonly to: string;
  readonly from: string;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: string;
  readonly destination: string;
  readonly payloadOctets: number;
}

export function ipv6(
  fields: Ipv6Fields,
  payload: (bytes: Uint8Array, offset: number, ipOffset: number) => void,
): FrameWriter {
  return (bytes, offset) => {
    const ipOffset = offset + ETHERNET_OCTETS;
    writeEthernet(bytes, offset, mac(fields.to), mac(fields.from), ETHERTYPE_IPV6);
    writeIpv6(
      bytes,
      ipOffset,
      fields.trafficClass ?? 0,
      fields.flowLabel ?? 0,
      fields.payloadOctets,
      fields.nextHeader,
      fields.hopLimit,
      ip(fields.source),
      0,
      ip(fields.destination),
      0,
    );
    payload(bytes, ipOffset + IPV6_OCTETS, ipOffset);
    return ETHERNET_OCTETS + IPV6_OCTETS + fields.payloadOctets;
  };
}

export function mld(recordType: number): FrameWriter {
  return ipv6(
    {
      to: "33:33:00:00:00:16",
      from: "02:00:00:00:00:01",
      nextHeader: IPPROTO_HOP_BY_HOP,
      hopLimit: 1,
      source: "fe80::ff:fe00:1",
      destination: "ff02::16",
      payloadOctets: HOP_BY_HOP_ROUTER_ALERT_OCTETS + MLDV2_REPORT_OCTETS,
    },
    (bytes, offset, ipOffset) => {
      writeHopByHopRouterAlert(bytes, offset, IPPROTO_ICMPV6);
      const report = offset + HOP_BY_HOP_ROUTER_ALERT_OCTETS;
      writeMldV2Report(bytes, report, ipOffset, recordType, ip("ff02::12"), 0);
    },
  );
}

export function solicitation(
  to: string,
  from: string,
  source: string,
  destination: string,
  target: string,
  sourceMac: Uint8Array | null,
): FrameWriter {
  const payloadOctets = sourceMac === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
  return ipv6(
    { to, from, nextHeader: IPPROTO_ICMPV6, hopLimit: 255, source, destination, payloadOctets },
    (bytes, offset, ipOffset) => {
      writeNeighbourSolicitation(bytes, offset, ipOffset, ip(target), 0, sourceMac);
    },
  );
}

export function advertisement(
  to: string,
  from: string,
  destination: string,
  flags: number,
  target: string,
  targetMac: Uint8Array | null,
): FrameWriter {
  const payloadOctets = targetMac === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
  return ipv6(
    { to, from, nextHeader: IPPROTO_ICMPV6, hopLimit: 255, source: target, destination, payloadOctets },
    (bytes, offset, ipOffset) => {
      writeNeighbourAdvertisement(bytes, offset, ipOffset, flags, ip(target), 0, targetMac);
    },
  );
}

export function packet6(
  to: number,
  from: number,
  flowLabel: number,
  nextHeader: number,
  payloadOctets: number,
  payload: (bytes: Uint8Array, offset: number, ipOffset: number) => void,
): FrameWriter {
  return ipv6(
    {
      to: `02:00:00:00:00:0${to}`,
      from: `02:00:00:00:00:0${from}`,
      flowLabel,
      nextHeader,
      hopLimit: 64,
      source: `2001:db8:1::1${from}`,
      destination: `2001:db8:1::1${to}`,
      payloadOctets,
    },
    payload,
  );
}
