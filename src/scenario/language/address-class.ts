/** Addresses that no host can have for its own, whatever its subnet is. */
import { type IpAddress, prefixContains } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";

const GROUPS4 = { address: Uint8Array.of(224, 0, 0, 0), length: 4 };

/** `224.0.0.18 is a group's address`, to be followed by what is wrong with that; null if a host can have it. */
export function classFault(ip: IpAddress): string | null {
  const text = formatIp(ip);
  if (ip.every((octet) => octet === 0)) return `${text} is nobody's address`;
  if (ip.every((octet) => octet === 255) && ip.length === 4) return `${text} is everybody's address`;
  return prefixContains(GROUPS4, ip) || (ip.length === 16 && ip[0] === 0xff) ? `${text} is a group's address` : null;
}

/** ::1, which is on `lo` and nowhere else. */
export function isLoopback6(ip: IpAddress): boolean {
  return ip.length === 16 && ip[15] === 1 && ip.subarray(0, 15).every((octet) => octet === 0);
}
