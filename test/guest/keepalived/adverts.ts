/** Adverts made by hand, right or wrong in any field: what a stranger on the subnet may send. */
import { parseIp } from "../../../src/text/ip-text.ts";
import { parseMac, writeMulticastMac4, writeMulticastMac6 } from "../../../src/wire/address.ts";
import { ETHERNET_OCTETS, ETHERTYPE_IPV4, ETHERTYPE_IPV6, writeEthernet } from "../../../src/wire/ethernet.ts";
import { IPPROTO_VRRP, IPV4_OCTETS, writeIpv4 } from "../../../src/wire/ipv4.ts";
import { IPV6_OCTETS, writeIpv6 } from "../../../src/wire/ipv6.ts";
import { vrrpExpectedOctets, writeVrrpV2, writeVrrpV3 } from "../../../src/wire/vrrp.ts";

export interface AdvertOptions {
  readonly version?: 2 | 3;
  readonly vrid?: number;
  readonly priority?: number;
  readonly source?: string;
  /** A group, or one host's address; then `destinationMac` is needed. */
  readonly destination?: string;
  readonly destinationMac?: string;
  readonly ttl?: number;
  readonly addresses?: readonly string[];
  /** Seconds in version 2, centiseconds in version 3. */
  readonly interval?: number;
  readonly authType?: number;
  readonly password?: string;
  /** Changes the octets of the VRRP message after its checksum was made. */
  readonly spoil?: (message: Uint8Array) => void;
  /** Octets to leave out at the end, or to add. */
  readonly longer?: number;
}

const SENDER_MAC = "02:00:00:00:00:99";

export function advert(options: AdvertOptions = {}): Uint8Array {
  const { version = 2, vrid = 51, priority = 200, addresses = ["10.0.0.100"], authType = 0, longer = 0 } = options;
  const isIpv6 = addresses[0]?.includes(":") ?? false;
  const source = parseIp(options.source ?? (isIpv6 ? "fe80::99" : "10.0.0.99"))!;
  const destination = parseIp(options.destination ?? (isIpv6 ? "ff02::12" : "224.0.0.18"))!;
  const list = Uint8Array.from(addresses.flatMap((address) => [...parseIp(address)!]));
  const messageOctets = vrrpExpectedOctets(version, addresses.length, isIpv6 ? 16 : 4);
  const headerOctets = isIpv6 ? IPV6_OCTETS : IPV4_OCTETS;
  const bytes = new Uint8Array(ETHERNET_OCTETS + headerOctets + messageOctets + Math.max(0, longer));
  const ip = ETHERNET_OCTETS;
  const at = ip + headerOctets;
  writeEthernet(bytes, 0, new Uint8Array(6), parseMac(SENDER_MAC)!, isIpv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
  if (options.destinationMac !== undefined) bytes.set(parseMac(options.destinationMac)!);
  else if (isIpv6) writeMulticastMac6(bytes, 0, destination, 0);
  else writeMulticastMac4(bytes, 0, destination, 0);
  const ttl = options.ttl ?? 255;
  const payloadOctets = messageOctets + longer;
  if (isIpv6) writeIpv6(bytes, ip, 0xc0, 0, payloadOctets, IPPROTO_VRRP, ttl, source, 0, destination, 0);
  else writeIpv4(bytes, ip, 0xc0, IPV4_OCTETS + payloadOctets, 1, 0, ttl, IPPROTO_VRRP, source, 0, destination, 0);
  const password = options.password === undefined ? null : new Uint8Array(8);
  password?.set(new TextEncoder().encode(options.password));
  if (version === 2) {
    writeVrrpV2(bytes, at, ip, vrid, priority, authType, options.interval ?? 1, list, addresses.length, password);
  } else {
    writeVrrpV3(bytes, at, ip, vrid, priority, options.interval ?? 100, list, addresses.length);
  }
  options.spoil?.(bytes.subarray(at));
  return bytes.slice(0, ETHERNET_OCTETS + headerOctets + payloadOctets);
}
