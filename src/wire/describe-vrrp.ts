/** A VRRP advertisement, for `describeFrame`. */
import { formatIp } from "./address.ts";
import { carpBaseS, carpSkew, carpVhid, checkCarp } from "./carp.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK, PARSE_OTHER_KIND, type ParseCode, parseNote } from "./parse-code.ts";
import { isIpv4 } from "./pseudo-header.ts";
import {
  checkVrrpV2,
  checkVrrpV3,
  VRRP_ADDRESSES,
  VRRP_AUTH_AH,
  VRRP_AUTH_NONE,
  VRRP_AUTH_PASS,
  VRRP_OCTETS,
  VRRP_PRIORITY_LEAVING,
  vrrpAddressCount,
  vrrpPriority,
  vrrpV2AuthType,
  vrrpV2ChecksumOk,
  vrrpV2IntervalS,
  vrrpV3IntervalCs,
  vrrpVersion,
  vrrpVrid,
} from "./vrrp.ts";

const AUTH_NAMES: Readonly<Record<number, string>> = {
  [VRRP_AUTH_NONE]: "none",
  [VRRP_AUTH_PASS]: "pass",
  [VRRP_AUTH_AH]: "ah",
};

/** What protocol 112 carries, VRRP or CARP. `ipOffset` is the IP header's. The password of version 2 is not shown: reports get around. */
export function describeVrrp(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const carpCode = isIpv4(bytes, ipOffset) ? checkCarp(bytes, offset, octets) : PARSE_OTHER_KIND;
  if (carpCode === PARSE_OK || carpCode === PARSE_BAD_CHECKSUM) {
    const interval = `base ${carpBaseS(bytes, offset)}s skew ${carpSkew(bytes, offset)}`;
    return `CARP advert vhid ${carpVhid(bytes, offset)} ${interval}${parseNote(carpCode)}`;
  }
  const version = octets > 0 ? vrrpVersion(bytes, offset) : 0;
  const isVersion2 = version === 2;
  const code = isVersion2 ? checkVrrpV2(bytes, offset, octets, ipOffset) : checkVrrpV3(bytes, offset, octets, ipOffset);
  if (octets < VRRP_OCTETS || (version !== 2 && version !== 3)) return `VRRP${parseNote(code)}, length ${octets}`;
  const priority = vrrpPriority(bytes, offset);
  const leaving = priority === VRRP_PRIORITY_LEAVING ? " (leaving)" : "";
  const authType = vrrpV2AuthType(bytes, offset);
  const interval = isVersion2
    ? `int ${vrrpV2IntervalS(bytes, offset)}s auth ${AUTH_NAMES[authType] ?? authType}`
    : `int ${vrrpV3IntervalCs(bytes, offset)}cs`;
  const addressOctets = isIpv4(bytes, ipOffset) ? 4 : 16;
  const present = Math.floor((octets - VRRP_OCTETS) / addressOctets);
  const count = Math.min(vrrpAddressCount(bytes, offset), present);
  const addresses = Array.from({ length: count }, (_, i) =>
    formatIp(bytes, offset + VRRP_ADDRESSES + i * addressOctets, addressOctets),
  );
  const vips = addresses.length === 0 ? "no addresses" : addresses.join(" ");
  const note = checksumNote(code, version, bytes, offset, octets, addressOctets);
  return `VRRPv${version} advert vrid ${vrrpVrid(bytes, offset)} prio ${priority}${leaving} ${interval} ${vips}${note}`;
}

/** RFC 9568's checksum is worth more than "bad": such a sender and keepalived's default do not hear each other. */
function checksumNote(
  code: ParseCode,
  version: number,
  bytes: Uint8Array,
  offset: number,
  octets: number,
  addressOctets: number,
): string {
  const isRfc9568 = code === PARSE_BAD_CHECKSUM && version === 3 && addressOctets === 4;
  return isRfc9568 && vrrpV2ChecksumOk(bytes, offset, octets) ? " [checksum without pseudo-header]" : parseNote(code);
}
