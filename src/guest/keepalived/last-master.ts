/**
 * What a backup knows of the master: its interval, whom it heard last, when and with which priority, and what it has heard since without
 * heeding it. How long it waits, and why it takes over in the end, follow from that.
 */
import type { Clock } from "../../base/clock.ts";
import { formatSeconds } from "../../base/units.ts";
import { formatIp } from "../../wire/address.ts";
import { VRRP_PRIORITY_LEAVING } from "../../wire/vrrp.ts";
import type { VrrpInstance } from "./conf/model.ts";
import type { ReceivedAdvert } from "./received-advert.ts";
import { masterDownNs, skewNs } from "./timing.ts";

export class LastMaster {
  /** Source of the last accepted advert; null: none since the state was entered. */
  source: Uint8Array | null = null;
  /** Source of the last valid advert that a backup heard, heeded or not, whatever was before: whom `skip_check_adv_addr` trusts. Null: none. */
  recorded: Uint8Array | null = null;
  /** When it came, ns; -1: never. */
  heardNs = -1;
  readonly #conf: VrrpInstance;
  readonly #clock: Clock;
  /** M: the own one, until version 3 learns another. */
  #intervalNs: number;
  #priority = 0;
  #ignoredPriority = 0;
  /** Source of an advert that came later and was too low to count; null: none. */
  #ignoredSource: Uint8Array | null = null;

  constructor(conf: VrrpInstance, clock: Clock) {
    this.#conf = conf;
    this.#clock = clock;
    this.#intervalNs = conf.advertIntervalNs;
  }

  /** The last accepted advert was a farewell: what is being waited for is the skew alone. */
  get hasLeft(): boolean {
    return this.source !== null && this.#priority === VRRP_PRIORITY_LEAVING;
  }

  /** The skew that a router of this priority waits for beside the adverts. */
  skewNs(priority: number): number {
    return skewNs(this.#conf.version, priority, this.#intervalNs);
  }

  /** How long a router of this priority waits for an advert. */
  downNs(priority: number): number {
    return masterDownNs(this.#conf.version, priority, this.#intervalNs, this.#conf.downTimerAdverts);
  }

  /** A state was entered in which nobody has been heard yet. */
  forget(): void {
    this.source = null;
    this.heardNs = -1;
    this.#ignoredSource = null;
  }

  /** After a fault nothing is left of what was learned either. */
  forgetInterval(): void {
    this.#intervalNs = this.#conf.advertIntervalNs;
  }

  /** After a reload: what `before` knew but for the interval, which is the own one again (observed with 2.2.7). */
  takeOver(before: LastMaster): void {
    this.source = before.source;
    this.recorded = before.recorded;
    this.heardNs = before.heardNs;
    this.#priority = before.#priority;
    this.#ignoredPriority = before.#ignoredPriority;
    this.#ignoredSource = before.#ignoredSource;
  }

  /** Version 3 learns the interval of whom it heeds. */
  learnInterval(advert: ReceivedAdvert): void {
    if (this.#conf.version === 3) this.#intervalNs = advert.intervalNs;
  }

  /** An advert was accepted. */
  heard(advert: ReceivedAdvert): void {
    this.source = advert.source;
    this.heardNs = this.#clock.nowNs;
    this.#priority = advert.priority;
    this.#ignoredSource = null;
  }

  /** An advert was discarded because its priority is lower than ours. */
  ignored(advert: ReceivedAdvert): void {
    this.#ignoredSource = advert.source;
    this.#ignoredPriority = advert.priority;
  }

  /**
   * Why a backup of this priority takes over now, with the figures. The ends of `preempt_delay` and `vrrp_startup_delay` are 0 if these did
   * not run.
   */
  whyTakeover(priority: number, preemptEndsNs: number, startupEndsNs: number): string {
    const skew = formatSeconds(this.skewNs(priority));
    const startup = startupEndsNs > 0 ? `; vrrp_startup_delay ended at ${formatSeconds(startupEndsNs)}` : "";
    if (this.hasLeft) return `${this.#describeFarewell()}, so only the skew of ${skew} was waited for${startup}`;
    const sum = `${this.#conf.downTimerAdverts} × ${formatSeconds(this.#intervalNs, 2)} + skew ${skew}`;
    const delay = preemptEndsNs > 0 ? `; preempt_delay ended at ${formatSeconds(preemptEndsNs)}` : "";
    return `no advert for ${formatSeconds(this.downNs(priority))} = ${sum}; ${this.#describe()}${delay}${startup}`;
  }

  /** `the last one came at 9.627 s from 10.0.1.11 (priority 100)`, and what came after it. */
  #describe(): string {
    const ignored =
      this.#ignoredSource === null
        ? null
        : `adverts of priority ${this.#ignoredPriority} from ${formatIp(this.#ignoredSource)} are lower and do not count`;
    if (this.source === null) return ignored ?? "none was heard";
    const last = `the last one came at ${formatSeconds(this.heardNs)} from ${formatIp(this.source)} (priority ${this.#priority})`;
    return ignored === null ? last : `${last}; ${ignored}`;
  }

  /** The same of a farewell. */
  #describeFarewell(): string {
    return `${formatIp(this.source!)} said farewell at ${formatSeconds(this.heardNs)}`;
  }
}
