/**
 * A policer of announcements, as switches have it against floods of ARP: of gratuitous ARP and unsolicited neighbour advertisements so
 * many pass in a second, what comes beyond is dropped. Who moves a hundred addresses at once finds that the network believes in two.
 *
 * It is a bucket of tokens that is full at first and holds what comes in a second, one token at least: `2/s` lets two announcements pass
 * at once, and then one every half second. The bucket is one number, the time at which it would be full again.
 */

import type { FrameRef } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { FrameSlab } from "../frame/slab.ts";
import { readAnnouncement } from "../wire/announcement.ts";
import { ANNOUNCED_BY_VRRP, Announcement } from "../wire/announcement-record.ts";
import { PARSE_OK } from "../wire/parse-code.ts";

export class AnnouncementPolicer {
  readonly #slab: FrameSlab;
  readonly #announcement = new Announcement();
  /** 0: everything passes. */
  #nsPerToken = 0;
  /** How far ahead of now the bucket's being full may be, for one more token to be in it. */
  #slackNs = 0;
  readonly #fullNs = new Float64Array(1);

  constructor(slab: FrameSlab) {
    this.#slab = slab;
  }

  /** From now on so many pass in a second, 0: all. The bucket is full. */
  set(perSecond: number): void {
    this.#nsPerToken = perSecond === 0 ? 0 : NS_PER_S / perSecond;
    this.#slackNs = Math.max(0, (perSecond - 1) * this.#nsPerToken);
    this.#fullNs[0] = 0;
  }

  /** Whether a frame passes that comes at `nowNs[0]`; an announcement takes a token then. Borrows the frame. */
  passes(frame: FrameRef, nowNs: Float64Array): boolean {
    if (this.#nsPerToken === 0 || !this.#announces(frame)) return true;
    const fullNs = Math.max(this.#fullNs[0]!, nowNs[0]!);
    if (fullNs - nowNs[0]! > this.#slackNs) return false;
    this.#fullNs[0] = fullNs + this.#nsPerToken;
    return true;
  }

  #announces(frame: FrameRef): boolean {
    const { words, bytes, octets } = this.#slab;
    const start = this.#slab.start(frame);
    const code = readAnnouncement(words, bytes, start >> 2, octets[frame]!, this.#announcement);
    return code === PARSE_OK && this.#announcement.kind !== ANNOUNCED_BY_VRRP;
  }
}
