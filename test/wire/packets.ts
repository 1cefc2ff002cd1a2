/** IP headers for the tests of what stands behind them. */
import { IPV4_OCTETS, writeIpv4 } from "../../src/wire/ipv4.ts";
import { IPV6_OCTETS, writeIpv6 } from "../../src/wire/ipv6.ts";
import { ip } from "./frame-writers.ts";

/** A header for `payloadOctets` octets of `protocol`; IPv4 or IPv6 as the addresses are. */
export function ipHeader(
  protocol: number,
  payloadOctets: number,
  ttl: number,
  source: string,
  destination: string,
): Uint8Array {
  const from = ip(source);
  const to = ip(destination);
  if (from.length === 4) {
    const bytes = new Uint8Array(IPV4_OCTETS);
    writeIpv4(bytes, 0, 0, IPV4_OCTETS + payloadOctets, 0, 0, ttl, protocol, from, 0, to, 0);
    return bytes;
  }
  const bytes = new Uint8Array(IPV6_OCTETS);
  writeIpv6(bytes, 0, 0, 0, payloadOctets, protocol, ttl, from, 0, to, 0);
  return bytes;
}

/** One array of both: the payload begins where the header ends. */
export function joined(header: Uint8Array, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(header.length + payload.length);
  bytes.set(header);
  bytes.set(payload, header.length);
  return bytes;
}
