/**
 * What an announcement says, as integers: the one record that `readAnnouncement` fills again and again. Nothing in it is made per
 * frame, and it holds no reference to the frame.
 *
 * Addresses are little-endian words, as the slab has them: octet 0 of the address is the lowest of `ip0`. A MAC is two of them, its
 * first two octets and its last four, as the forwarding table has it. All are signed and meant for comparing.
 */

/** Gratuitous ARP (RFC 5944 section 4.6), request or reply. */
export const ANNOUNCED_BY_ARP = 1;
/** An unsolicited neighbour advertisement (RFC 4861 section 7.2.6). */
export const ANNOUNCED_BY_ND = 2;
/** A VRRP advertisement, version 2 or 3, over IPv4 or IPv6. */
export const ANNOUNCED_BY_VRRP = 3;

/**
 * The frame's source MAC is another than the one announced; of VRRP: it is not the virtual router's, 00:00:5e:00:01:VRID (:02:
 * over IPv6), as keepalived sends without `use_vmac`.
 */
export const UNUSUAL_SOURCE = 1;
/**
 * It is not addressed to everybody (broadcast, ff02::1 with its MAC); of VRRP: not to the group (224.0.0.18, ff02::12, with its MAC), as
 * with unicast peers.
 */
export const UNUSUAL_DESTINATION = 2;

export class Announcement {
  /** ANNOUNCED_BY_…; 0 before the first. */
  kind = 0;
  /** UNUSUAL_…, or 0: the frame's addresses are what the RFCs have them to be. */
  unusual = 0;
  /** 4 or 16. With 4, only the first word of each address counts; the others are left over from earlier. */
  addressOctets = 4;
  /** What is announced; of VRRP: the first of its addresses, 0 if it lists none. */
  ip0 = 0;
  ip1 = 0;
  ip2 = 0;
  ip3 = 0;
  /** The MAC announced; of VRRP: the frame's source. */
  macHi = 0;
  macLo = 0;

  /** ARP only: ARP_REQUEST or ARP_REPLY. */
  operation = 0;

  // VRRP only, from here on.

  /** 2 or 3. */
  version = 0;
  /** 1 to 255. */
  vrid = 0;
  priority = 0;
  addressCount = 0;
  /** Centiseconds; version 2's seconds are converted. */
  intervalCs = 0;
  /** Who sent it: the packet's source address. */
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
}

/** Makes the address at `offset`, of 4 or 16 octets, the one announced. */
export function setAnnouncedAddress(
  into: Announcement,
  bytes: Uint8Array,
  offset: number,
  addressOctets: number,
): void {
  into.addressOctets = addressOctets;
  into.ip0 = readLittleWord(bytes, offset);
  if (addressOctets === 4) return;
  into.ip1 = readLittleWord(bytes, offset + 4);
  into.ip2 = readLittleWord(bytes, offset + 8);
  into.ip3 = readLittleWord(bytes, offset + 12);
}

/** Four octets as the slab's words have them: the first is the lowest. */
export function readLittleWord(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24);
}
