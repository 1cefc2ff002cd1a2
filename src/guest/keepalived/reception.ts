/**
 * What a virtual router makes of a packet with its VRID: is it an advert for it, does it count, and what has to be done. The router does it.
 *
 *   BACKUP   a farewell               FAREWELL   wait for the skew alone
 *            an advert that counts    HEED       wait anew
 *            any other                DISCARD    wait on
 *   MASTER   a farewell               ANSWER     with an advert of its own
 *            a better one             YIELD
 *            a weaker one             ASSERT     itself
 */
import type { HostPlatform } from "../../host/platform.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import { AH_OCTETS, ahSequence } from "../../wire/ah.ts";
import { VRRP_PRIORITY_LEAVING, VRRP_PRIORITY_OWNER } from "../../wire/vrrp.ts";
import { AhCounter } from "./ah-counter.ts";
import type { VrrpInstance } from "./conf/model.ts";
import type { LastMaster } from "./last-master.ts";
import type { VrrpCause } from "./observer.ts";
import { ADVERT_OK, checkAdvert, listsOtherAddresses } from "./packet-check.ts";
import { Preemption } from "./preemption.ts";
import { ReceivedAdvert } from "./received-advert.ts";
import type { Remarks } from "./remarks.ts";
import type { KeepalivedVersion } from "./version.ts";

/** IGNORE: nothing is done. */
export const IGNORE = 0;
export const FAREWELL = 1;
export const HEED = 2;
export const DISCARD = 3;
export const ANSWER = 4;
export const YIELD = 5;
export const ASSERT = 6;

export class Reception {
  /** What is being looked at. */
  readonly advert: ReceivedAdvert;
  readonly preemption: Preemption;
  /** Of `auth_type AH`; shared with who sends. */
  readonly ahCounter = new AhCounter();
  readonly #conf: VrrpInstance;
  readonly #version: KeepalivedVersion;
  readonly #master: LastMaster;
  readonly #remarks: Remarks;

  constructor(
    conf: VrrpInstance,
    version: KeepalivedVersion,
    master: LastMaster,
    remarks: Remarks,
    { slab, clock }: HostPlatform,
  ) {
    this.advert = new ReceivedAdvert(slab, conf.family);
    this.preemption = new Preemption(conf, clock);
    this.#conf = conf;
    this.#version = version;
    this.#master = master;
    this.#remarks = remarks;
  }

  /** After a reload: goes on where `before` was. */
  takeOver(before: Reception): void {
    this.#master.takeOver(before.#master);
    this.preemption.endsNs = before.preemption.endsNs;
    this.ahCounter.takeOver(before.ahCounter);
  }

  /** The packet with its IP header at `ip` and `octets` octets of VRRP at `at` has come to a backup of this priority. */
  asBackup(ip: number, at: number, octets: number, priority: number): number {
    if (!this.#isValid(ip, at, octets, this.#master.recorded)) return IGNORE;
    const theirs = this.advert.priority;
    if (theirs === VRRP_PRIORITY_LEAVING) return FAREWELL;
    this.#master.recorded = this.advert.source;
    return this.preemption.heeds(theirs, priority) ? HEED : DISCARD;
  }

  /** It has come to a master of this priority, whose adverts come from `source`. */
  asMaster(ip: number, at: number, octets: number, priority: number, source: IpAddress | null): number {
    if (!this.#isValid(ip, at, octets, null)) return IGNORE;
    const theirs = this.advert.priority;
    if (theirs === VRRP_PRIORITY_LEAVING) return ANSWER;
    let order = theirs - priority;
    if (order === 0) {
      // Of two owners of the addresses, a mistake, whoever hears the other one yields; later versions look at the addresses first.
      const yields = theirs === VRRP_PRIORITY_OWNER && !this.#version.ownersCompareAddresses;
      order = yields ? 1 : this.advert.compareSource(source);
    }
    if (order < 0 && this.#conf.ahKey !== null) this.ahCounter.jumpOver(ahSequence(this.advert.bytes, at - AH_OCTETS));
    return order > 0 ? YIELD : order < 0 ? ASSERT : IGNORE;
  }

  /** The packet was meant for another kind of router. */
  overhear(ip: number, at: number, octets: number): void {
    this.#isValid(ip, at, octets, null);
  }

  /** Of the advert that a master of this priority yields to. */
  whyYield(priority: number): { readonly cause: VrrpCause; readonly why: string } {
    const { from, priority: theirs } = this.advert;
    return theirs === priority
      ? {
          cause: "same-priority-higher-address",
          why: `advert from ${from} with the same priority ${theirs} and a higher address`,
        }
      : { cause: "higher-priority-advert", why: `advert from ${from} with priority ${theirs}, ours ${priority}` };
  }

  #isValid(ip: number, at: number, octets: number, lastMaster: Uint8Array | null): boolean {
    const { advert } = this;
    const { bytes } = advert;
    advert.lookAt(ip, at);
    const code = checkAdvert(this.#conf, this.#version, bytes, ip, at, octets, lastMaster, this.ahCounter);
    if (code !== ADVERT_OK) {
      this.#remarks.refused(code, advert);
      return false;
    }
    if (this.#version.acceptsOtherAddressLists && listsOtherAddresses(this.#conf, bytes, at))
      this.#remarks.otherAddresses(advert);
    return true;
  }
}
