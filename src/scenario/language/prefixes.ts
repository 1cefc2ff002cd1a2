/** Prefixes as a subnet has them: their first and last address, and what a host in them may be called. */
import type { IpAddress, IpPrefix } from "../../text/ip-text.ts";
import { prefixContains, sameIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { SubnetSpec } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";

export function formatPrefix({ address, length }: IpPrefix): string {
  return `${formatIp(address)}/${length}`;
}

/** The prefix's first address: all host bits zero. */
export function firstAddress(prefix: IpPrefix): IpAddress {
  return prefix.address.map((octet, index) => octet & maskOctet(prefix.length, index));
}

/** Its last one: all host bits set. */
export function lastAddress(prefix: IpPrefix): IpAddress {
  return prefix.address.map((octet, index) => octet | (~maskOctet(prefix.length, index) & 0xff));
}

export function overlap(a: IpPrefix, b: IpPrefix): boolean {
  return prefixContains(a, b.address) || prefixContains(b, a.address);
}

/** The prefix of `subnet` that holds `address` as a host's; null and a finding at `path` if no host there can have it. */
export function hostPrefix(judge: Judge, path: Path, address: IpAddress, subnet: SubnetSpec): IpPrefix | null {
  const prefix = subnet.prefixes.find((candidate) => prefixContains(candidate, address));
  if (prefix === undefined)
    return judge.error(
      path,
      `${formatIp(address)} is outside subnet '${subnet.name}' (${subnet.prefixes.map(formatPrefix).join(", ")})`,
      rangeHint(subnet.prefixes.find(({ address: { length } }) => length === address.length)),
    );
  // A prefix of two addresses or one has neither (RFC 3021, RFC 6164).
  if (address.length * 8 - prefix.length < 2) return prefix;
  if (sameIp(address, firstAddress(prefix)))
    return judge.error(
      path,
      `${formatIp(address)} names subnet '${subnet.name}' itself, no host can have it`,
      rangeHint(prefix),
    );
  if (address.length === 4 && sameIp(address, lastAddress(prefix)))
    return judge.error(
      path,
      `${formatIp(address)} is the broadcast address of subnet '${subnet.name}', no host can have it`,
      rangeHint(prefix),
    );
  return prefix;
}

function rangeHint(prefix: IpPrefix | undefined): string {
  if (prefix === undefined)
    return "the subnet has no prefix of this family; cidr may be a list: [10.0.1.0/24, 2001:db8:1::/64]";
  if (prefix.address.length === 16 || prefix.length > 30) return `an address in ${formatPrefix(prefix)} is needed`;
  const [first, last] = [firstAddress(prefix), lastAddress(prefix)];
  first[3]! += 1;
  last[3]! -= 1;
  return `hosts there have ${formatIp(first)} to ${formatIp(last)}`;
}

function maskOctet(length: number, index: number): number {
  const bits = Math.min(8, Math.max(0, length - 8 * index));
  return (0xff << (8 - bits)) & 0xff;
}
