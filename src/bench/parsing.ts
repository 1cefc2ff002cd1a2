/** Workload W5: frames that announce something, read field by field into one record. */
import type { FrameRef } from "../base/ids.ts";
import { readAnnouncement } from "../wire/announcement.ts";
import { ANNOUNCED_BY_VRRP, Announcement } from "../wire/announcement-record.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { announcementSlab } from "./announcements.ts";
import type { Workload } from "./workload.ts";

/** A pass reads `frameCount` frames, which make up a unit each. */
export function parsing(frameCount: number): Workload {
  const slab = announcementSlab(frameCount);
  const { words, bytes, octets } = slab;
  const announcement = new Announcement();
  /** What was read, added up in 32 bits, and frames that were not believed. */
  const sums = new Int32Array(2);
  return {
    pass() {
      let sum = 0;
      for (let k = 0; k < frameCount; k++) {
        const word = slab.start(k as FrameRef) >> 2;
        if (readAnnouncement(words, bytes, word, octets[k]!, announcement) !== PARSE_OK || announcement.unusual !== 0) {
          sums[1]! += 1;
          continue;
        }
        const { vrid, priority, intervalCs, operation } = announcement;
        const rest = announcement.kind === ANNOUNCED_BY_VRRP ? vrid + priority + intervalCs : operation;
        sum = (sum + turned(announcement.ip0) + rest) | 0;
      }
      sums[0]! += sum;
      return frameCount;
    },
    // Frames refused change it, too: there should be none.
    digest: () => (sums[0]! ^ sums[1]!) >>> 0,
  };
}

/** The four octets in the other order. */
function turned(word: number): number {
  const halves = (word << 16) | (word >>> 16);
  return ((halves & 0x00ff00ff) << 8) | ((halves >>> 8) & 0x00ff00ff);
}
