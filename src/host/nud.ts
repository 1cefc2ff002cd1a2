/**
 * The states of a neighbour: those of RFC 4861 section 7.3.2, which Linux uses for IPv4 too, and two that only people set
 * (`ip neigh add … nud permanent`).
 */
export const NUD_NONE = 0;
export const NUD_INCOMPLETE = 1;
export const NUD_REACHABLE = 2;
export const NUD_STALE = 3;
export const NUD_DELAY = 4;
export const NUD_PROBE = 5;
export const NUD_FAILED = 6;
export const NUD_PERMANENT = 7;
export const NUD_NOARP = 8;
export type NudState = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** The names that `ip neigh` prints. */
export const NUD_NAMES: readonly string[] = [
  "NONE",
  "INCOMPLETE",
  "REACHABLE",
  "STALE",
  "DELAY",
  "PROBE",
  "FAILED",
  "PERMANENT",
  "NOARP",
];

/** It has a MAC that packets go to (Linux: NUD_VALID). */
export function isValid(state: number): boolean {
  return state >= NUD_REACHABLE && state !== NUD_FAILED;
}

/** Its MAC is not in doubt (Linux: NUD_CONNECTED). */
export function isConnected(state: number): boolean {
  return state === NUD_REACHABLE || state >= NUD_PERMANENT;
}

/** Time changes it (Linux: NUD_IN_TIMER): the collector leaves it alone. */
export function isTimed(state: number): boolean {
  return state === NUD_INCOMPLETE || state === NUD_REACHABLE || state === NUD_DELAY || state === NUD_PROBE;
}
