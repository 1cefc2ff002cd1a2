/** What a virtual router has to say about adverts: each thing once, until its state changes. */
import type { KeepalivedObserver } from "./observer.ts";
import { REJECT_REASONS } from "./packet-check.ts";
import type { ReceivedAdvert } from "./received-advert.ts";
import type { SyncGroup } from "./sync-group.ts";
import type { VirtualRouter } from "./virtual-router.ts";

const OTHER_ADDRESSES = "lists other virtual addresses, which this version only logs";

export class Remarks {
  readonly #router: VirtualRouter;
  readonly #observer: KeepalivedObserver;
  readonly #told = new Set<string>();

  constructor(router: VirtualRouter, observer: KeepalivedObserver) {
    this.#router = router;
    this.#observer = observer;
  }

  /** The state has changed. */
  forget(): void {
    this.#told.clear();
  }

  /** An advert was refused. `code` is what `checkAdvert` returned. */
  refused(code: number, { from }: ReceivedAdvert): void {
    const reason = REJECT_REASONS[code]!;
    if (this.#isNew(reason)) this.#observer.onReject(this.#router, from, reason);
  }

  /** An advert counts although it lists other addresses. */
  otherAddresses({ from }: ReceivedAdvert): void {
    if (this.#isNew(OTHER_ADDRESSES))
      this.#observer.onRemark(this.#router, `takes an advert from ${from} that ${OTHER_ADDRESSES}`);
  }

  /** Its wait is over, and its sync group is not ready. */
  waitsForGroup({ name, waitedFor }: SyncGroup): void {
    if (waitedFor !== "" && this.#isNew(`waits for ${waitedFor}`))
      this.#observer.onRemark(this.#router, `could be master, but sync group ${name} waits for ${waitedFor}`);
  }

  #isNew(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }
}
