/**
 * Is this advert one that the virtual router listens to? The tests stand in the order in which keepalived 2.2.7 makes them
 * (`vrrp_check_packet`), because the first that fails is the one that its log names. All read checked lengths only.
 */
import { equalBytes } from "../../base/bytes.ts";
import { NS_PER_CS, NS_PER_S } from "../../base/units.ts";
import { AH_OCTETS, ahIcvOk, ahSequence, ahSpiIsSource } from "../../wire/ah.ts";
import { IPV4_DESTINATION, IPV4_SOURCE, ipv4Ttl } from "../../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_SOURCE, ipv6HopLimit } from "../../wire/ipv6.ts";
import {
  VRRP_ADVERTISEMENT,
  VRRP_AUTH_AH,
  VRRP_AUTH_NONE,
  VRRP_AUTH_OCTETS,
  VRRP_AUTH_PASS,
  VRRP_OCTETS,
  vrrpAddressCount,
  vrrpExpectedOctets,
  vrrpListsAddress,
  vrrpType,
  vrrpV2AuthOffset,
  vrrpV2AuthType,
  vrrpV2ChecksumOk,
  vrrpV2IntervalS,
  vrrpV3ChecksumOk,
  vrrpV3IntervalCs,
  vrrpVersion,
} from "../../wire/vrrp.ts";
import type { AhCounter } from "./ah-counter.ts";
import type { VrrpInstance } from "./conf/model.ts";
import type { KeepalivedVersion } from "./version.ts";

export const ADVERT_OK = 0;
/** Index: what `checkAdvert` returned. Sentences without the names in front of them. */
export const REJECT_REASONS: readonly string[] = [
  "ok",
  "the packet is too short",
  "its length does not fit the number of addresses",
  "its TTL is not 255",
  "its VRRP version is another",
  "its authentication type is another",
  "its password is another",
  "its AH check value is wrong: another password, or it was changed on its way",
  "its AH index is not its source address",
  "its AH sequence number is not new",
  "its advertisement interval is another",
  "it is no advertisement",
  "it lists another number of virtual addresses",
  "its checksum is wrong",
  "it came by multicast where unicast is configured, or the other way round",
  "it lacks one of the configured virtual addresses",
  "its source is not among the unicast peers",
  "its TTL is not one that this peer may have",
];

/** ADVERT_OK, or an index into REJECT_REASONS. `lastMaster` is the source of the last advert that a backup found valid, null if there was none, or for a master. */
export function checkAdvert(
  conf: VrrpInstance,
  version: KeepalivedVersion,
  bytes: Uint8Array,
  ip: number,
  at: number,
  octets: number,
  lastMaster: Uint8Array | null,
  ahCounter: AhCounter,
): number {
  if (octets < VRRP_OCTETS) return 1;
  const isIpv4 = conf.family === 4;
  const addressOctets = isIpv4 ? 4 : 16;
  const count = vrrpAddressCount(bytes, at);
  // As long as its own version and count say, whatever is configured.
  if (octets !== vrrpExpectedOctets(vrrpVersion(bytes, at), count, addressOctets)) return 2;
  const unicast = conf.unicastPeers.length > 0;
  const ttl = isIpv4 ? ipv4Ttl(bytes, ip) : ipv6HopLimit(bytes, ip);
  if (!unicast && ttl !== 255) return 3;
  if (vrrpVersion(bytes, at) !== conf.version) return 4;
  if (conf.version === 2) {
    const authType = vrrpV2AuthType(bytes, at);
    if (authType !== authTypeOf(conf)) return 5;
    // Over IPv6 there are no authentication data to compare.
    const withPass = conf.authPass !== null && isIpv4;
    if (withPass && !equalBytes(bytes, vrrpV2AuthOffset(bytes, at), conf.authPass, 0, VRRP_AUTH_OCTETS)) return 6;
    if (conf.ahKey !== null) {
      // `ahCounter` learns the number of what verifies, even if it is refused for something else.
      const ah = at - AH_OCTETS;
      if (!ahIcvOk(bytes, ip, ah, conf.ahKey, unicast)) return 7;
      if (!ahSpiIsSource(bytes, ah, ip)) return 8;
      if (!ahCounter.accepts(ahSequence(bytes, ah))) return 9;
    }
    if (vrrpV2IntervalS(bytes, at) * NS_PER_S !== conf.advertIntervalNs) return 10;
  }
  if (vrrpType(bytes, at) !== VRRP_ADVERTISEMENT) return 11;
  const source = ip + (isIpv4 ? IPV4_SOURCE : IPV6_SOURCE);
  const trusted =
    conf.skipCheckAdvAddr && lastMaster !== null && equalBytes(lastMaster, 0, bytes, source, addressOctets);
  const mayListOthers = trusted || version.acceptsOtherAddressLists;
  if (!mayListOthers && count !== conf.addresses.length) return 12;
  const plainSum = isIpv4 && (conf.version === 2 || conf.v3ChecksumAsV2);
  if (!(plainSum ? vrrpV2ChecksumOk(bytes, at, octets) : vrrpV3ChecksumOk(bytes, at, octets, ip))) return 13;
  const destination = bytes[ip + (isIpv4 ? IPV4_DESTINATION : IPV6_DESTINATION)]!;
  const toGroup = isIpv4 ? (destination & 0xf0) === 0xe0 : destination === 0xff;
  if (toGroup === unicast) return 14;
  if (!mayListOthers && lacksAddress(conf, bytes, at)) return 15;
  return unicast && conf.checkUnicastSource && !trusted
    ? checkPeer(conf, bytes, source, addressOctets, ttl)
    : ADVERT_OK;
}

/** What stands in the field of version 2. */
export function authTypeOf({ authPass, ahKey }: VrrpInstance): number {
  return ahKey !== null ? VRRP_AUTH_AH : authPass !== null ? VRRP_AUTH_PASS : VRRP_AUTH_NONE;
}

/** Whether an accepted advert lists other virtual addresses than are configured. */
export function listsOtherAddresses(conf: VrrpInstance, bytes: Uint8Array, at: number): boolean {
  return vrrpAddressCount(bytes, at) !== conf.addresses.length || lacksAddress(conf, bytes, at);
}

function lacksAddress({ addresses, family }: VrrpInstance, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < addresses.length; i++)
    if (!vrrpListsAddress(bytes, at, family === 4 ? 4 : 16, addresses[i]!.address, 0)) return true;
  return false;
}

/** The interval that an accepted version 3 advert announces, ns. */
export function advertisedIntervalNs(bytes: Uint8Array, at: number): number {
  return vrrpV3IntervalCs(bytes, at) * NS_PER_CS;
}

/** The first peer with the source's address decides which TTLs it may have. */
function checkPeer(conf: VrrpInstance, bytes: Uint8Array, source: number, octets: number, ttl: number): number {
  const peer = conf.unicastPeers.find(
    ({ address }) => address.length === octets && equalBytes(address, 0, bytes, source, octets),
  );
  if (peer === undefined) return 16;
  return ttl >= peer.minTtl && ttl <= peer.maxTtl ? ADVERT_OK : 17;
}
