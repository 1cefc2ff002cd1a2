/**
 * What a backup remembers of the master: whom it heard last, when and with which priority, and what it has heard since without heeding
 * it. It decides nothing but `skip_check_adv_addr`; it is what the reason for a takeover is told from.
 */
import { formatSeconds } from "../../base/units.ts";
import { formatIp } from "../../wire/address.ts";
import { VRRP_PRIORITY_LEAVING } from "../../wire/vrrp.ts";

export class LastMaster {
  /** Source of the last accepted advert; null: none since the state was entered. */
  source: Uint8Array | null = null;
  /** When it came, ns; -1: never. */
  heardNs = -1;
  #priority = 0;
  #ignoredPriority = 0;
  /** Source of an advert that came later and was too low to count; null: none. */
  #ignoredSource: Uint8Array | null = null;

  /** The last accepted advert was a farewell: what is being waited for is the skew alone. */
  get hasLeft(): boolean {
    return this.source !== null && this.#priority === VRRP_PRIORITY_LEAVING;
  }

  forget(): void {
    this.source = null;
    this.heardNs = -1;
    this.#ignoredSource = null;
  }

  /** An advert was accepted. Keeps `source`. */
  heard(source: Uint8Array, priority: number, nowNs: number): void {
    this.source = source;
    this.heardNs = nowNs;
    this.#priority = priority;
    this.#ignoredSource = null;
  }

  /** An advert was discarded because its priority is lower than ours. Keeps `source`. */
  ignored(source: Uint8Array, priority: number): void {
    this.#ignoredSource = source;
    this.#ignoredPriority = priority;
  }

  /** `the last one came at 9.627 s from 10.0.1.11 (priority 100)`, and what came after it. */
  describe(): string {
    const ignored =
      this.#ignoredSource === null
        ? null
        : `adverts of priority ${this.#ignoredPriority} from ${formatIp(this.#ignoredSource)} are lower and do not count`;
    if (this.source === null) return ignored ?? "none was heard";
    const last = `the last one came at ${formatSeconds(this.heardNs)} from ${formatIp(this.source)} (priority ${this.#priority})`;
    return ignored === null ? last : `${last}; ${ignored}`;
  }

  /** The same of a farewell. */
  describeFarewell(): string {
    return `${formatIp(this.source!)} said farewell at ${formatSeconds(this.heardNs)}`;
  }
}
