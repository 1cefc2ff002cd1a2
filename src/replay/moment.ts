/** A frame of the capture and when it was: what every turn of the story points at. */
export interface Moment {
  /** As Wireshark numbers it. */
  readonly frame: number;
  /** Since the first frame. */
  readonly atNs: number;
}

/** Below 0: `a` was before `b`. Of one time the file's order tells; of several times it may not. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.atNs - b.atNs || a.frame - b.frame;
}

/** What lasts no longer than a tenth of a second is one deed: a burst of announcements, two masters whose adverts cross. */
export const INSTANT_NS = 100_000_000;
