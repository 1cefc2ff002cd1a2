/**
 * The pseudo-header: the parts of the IP header that an upper protocol's checksum covers, so that a packet delivered to
 * the wrong address is noticed.
 *
 *   IPv4 (RFC 768)                        IPv6 (RFC 8200 section 8.1)
 *   +-------------------------------+     +-------------------------------+
 *   | source (4 octets)             |     | source (16 octets)            |
 *   +-------------------------------+     +-------------------------------+
 *   | destination (4 octets)        |     | destination (16 octets)       |
 *   +-------+----------+------------+     +-------------------------------+
 *   | zero  | protocol | length (2) |     | upper length (4 octets)       |
 *   +-------+----------+------------+     +--------------------+----------+
 *                                         | zero (3 octets)    | protocol |
 *                                         +--------------------+----------+
 *
 * The addresses are read from the IP header in front, at `ipOffset` of the same bytes: when sending, write that first.
 */
import { addToSum } from "../base/checksum.ts";
import { IPV4_SOURCE } from "./ipv4.ts";
import { IPV6_SOURCE } from "./ipv6.ts";

/** Adds the pseudo-header of the IP header at `ipOffset`, whichever its version is (anything but 4 counts as 6). */
export function addPseudoHeaderToSum(
  sum: number,
  bytes: Uint8Array,
  ipOffset: number,
  protocol: number,
  upperOctets: number,
): number {
  return isIpv4(bytes, ipOffset)
    ? addPseudoHeader4ToSum(sum, bytes, ipOffset, protocol, upperOctets)
    : addPseudoHeader6ToSum(sum, bytes, ipOffset, protocol, upperOctets);
}

/** `upperOctets` is the length of the upper header and its data. */
export function addPseudoHeader4ToSum(
  sum: number,
  bytes: Uint8Array,
  ipOffset: number,
  protocol: number,
  upperOctets: number,
): number {
  return addToSum(sum + protocol + upperOctets, bytes, ipOffset + IPV4_SOURCE, 8);
}

/** `protocol` is the upper header's, not an extension header's; `upperOctets` counts from the upper header. */
export function addPseudoHeader6ToSum(
  sum: number,
  bytes: Uint8Array,
  ipOffset: number,
  protocol: number,
  upperOctets: number,
): number {
  return addToSum(sum + protocol + upperOctets, bytes, ipOffset + IPV6_SOURCE, 32);
}

/** Whether the IP header at `ipOffset` is version 4. */
export function isIpv4(bytes: Uint8Array, ipOffset: number): boolean {
  return bytes[ipOffset]! >>> 4 === 4;
}
