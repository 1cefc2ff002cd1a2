/** The fields of a frame written in hexadecimal, and what a frame becomes when a tag is put on or taken off. */

const TPID_8021Q = "8100";
const TPID_8021AD = "88a8";

export function octetsOf(frame: string): number {
  return frame.length / 2;
}

export function destinationOf(frame: string): string {
  return macAt(frame, 0);
}

export function sourceOf(frame: string): string {
  return macAt(frame, 12);
}

export function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** X of 01:80:c2:00:00:0X, which no bridge relays (IEEE 802.1D-2004 table 7-10); null for any other address. */
export function reservedOf(mac: string): number | null {
  const found = /^01:80:c2:00:00:0([0-9a-f])$/.exec(mac);
  return found === null ? null : Number.parseInt(found[1]!, 16);
}

/** Whether the first thing after the addresses is a tag, of customers (802.1Q) or of providers (802.1ad). */
export function beginsWithTag(frame: string): boolean {
  return isTagged(frame) || tpidOf(frame) === TPID_8021AD;
}

/** Whether it has an 802.1Q tag, whatever stands behind. */
export function isTagged(frame: string): boolean {
  return tpidOf(frame) === TPID_8021Q;
}

/** VID of the 802.1Q tag; 0 if it has none. */
export function vidOf(frame: string): number {
  return isTagged(frame) ? tciOf(frame) & 0xfff : 0;
}

/** The frame with a tag of this VLAN: priority and drop eligibility are those of its tag, or 0. */
export function tagged(frame: string, vid: number): string {
  const tci = isTagged(frame) ? (tciOf(frame) & 0xf000) | vid : vid;
  return addressesOf(frame) + TPID_8021Q + tci.toString(16).padStart(4, "0") + restOf(frame);
}

/** The frame without its outermost 802.1Q tag. */
export function untagged(frame: string): string {
  return addressesOf(frame) + restOf(frame);
}

function macAt(frame: string, at: number): string {
  return frame
    .slice(at, at + 12)
    .match(/../g)!
    .join(":");
}

function addressesOf(frame: string): string {
  return frame.slice(0, 24);
}

function tpidOf(frame: string): string {
  return frame.slice(24, 28);
}

function tciOf(frame: string): number {
  return Number.parseInt(frame.slice(28, 32), 16);
}

/** What follows the addresses and the 802.1Q tag. */
function restOf(frame: string): string {
  return frame.slice(isTagged(frame) ? 32 : 24);
}
