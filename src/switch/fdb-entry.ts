/** What an entry of the forwarding table is, for those who read it or hear of it: the table itself is in `fdb.ts`. */
import type { DomainId, PortId } from "../base/ids.ts";

/** The entry is as it was, or younger. */
export const REFRESHED = 0;
export const LEARNED = 1;
export const MOVED = 2;
/** Nothing was learned: the frame is forwarded all the same. */
export const NOT_LEARNED = 3;
export type LearnResult = 0 | 1 | 2 | 3;

/** `dynamic` ages and moves; `static` does not age; `sticky` neither ages nor moves; `local` is the switch's own address. */
export type EntryKind = "dynamic" | "static" | "sticky" | "local";

/** One entry, for people and reports. */
export interface FdbEntry {
  readonly domain: DomainId;
  /** First two octets, the first lowest. */
  readonly macHi: number;
  /** Last four octets, the first lowest. */
  readonly macLo: number;
  /** NO_PORT for the switch's own addresses. */
  readonly port: PortId;
  readonly kind: EntryKind;
  /** Since the last frame from the MAC, or since the entry was made. */
  readonly ageMs: number;
}

/** 1,000,000 s: the longest that a bridge can be asked for (RFC 4188, `dot1dTpAgingTime`). */
export const AGEING_MS_MAX = 1_000_000_000;
/** Entries do not age. */
export const AGEING_NEVER = 0x7fff_ffff;
