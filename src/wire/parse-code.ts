/**
 * The one list of results that a header's check can have. A check never throws and never reads beyond the length it
 * was given; after PARSE_OK the readers of that header need no checks of their own.
 */
export const PARSE_OK = 0;
/** Fewer octets than the header, or what its length fields promise, needs. */
export const PARSE_TRUNCATED = 1;
/** Another version than the reader's. */
export const PARSE_BAD_VERSION = 2;
/** A length field contradicts the format. */
export const PARSE_BAD_LENGTH = 3;
/** The checksum does not match. */
export const PARSE_BAD_CHECKSUM = 4;
/** TTL or hop limit is not what the protocol demands (255 for VRRP and neighbour discovery). */
export const PARSE_BAD_TTL = 5;
/** A type, operation or address format that this header does not have. */
export const PARSE_BAD_TYPE = 6;
/** A fragment: the rest of the packet is elsewhere. */
export const PARSE_FRAGMENT = 7;
/** A field's value is forbidden by the RFC (an all-zero target, a multicast source). */
export const PARSE_BAD_VALUE = 8;
/** Nothing is wrong as far as it was read, but it is not what this reader is for. */
export const PARSE_OTHER_KIND = 9;

export type ParseCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export const PARSE_NAMES: readonly string[] = [
  "ok",
  "truncated",
  "bad-version",
  "bad-length",
  "bad-checksum",
  "bad-ttl",
  "bad-type",
  "fragment",
  "bad-value",
  "other-kind",
];

/** ` [bad-checksum]`, as messages append it; nothing for PARSE_OK. */
export function parseNote(code: ParseCode): string {
  return code === PARSE_OK ? "" : ` [${PARSE_NAMES[code]}]`;
}
