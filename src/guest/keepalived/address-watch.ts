/** The daemon's knowledge of what people do to the host's addresses: the kernel's news are read a little late, as those of carriers are. */
import type { TimerId } from "../../base/ids.ts";
import type { AddressNews, Host } from "../../host/host.ts";
import type { TimerOwner } from "../../time/timers.ts";
import { NETLINK_NS } from "./timing.ts";

interface Unread extends AddressNews {
  readonly readNs: number;
}

export class AddressWatch implements TimerOwner {
  readonly #host: Host;
  readonly #heard: (news: AddressNews) => void;
  readonly #timer: TimerId;
  /** Oldest first. */
  readonly #unread: Unread[] = [];
  readonly #onNews = (news: AddressNews): void => {
    const { timers, clock } = this.#host.platform;
    this.#unread.push({ ...news, readNs: clock.nowNs + NETLINK_NS });
    if (!timers.armed(this.#timer)) timers.armAfter(this.#timer, NETLINK_NS);
  };

  /** Listens. `heard` is called for each change, in order. */
  constructor(host: Host, heard: (news: AddressNews) => void) {
    this.#host = host;
    this.#heard = heard;
    this.#timer = host.platform.timers.create(this, 0);
    host.watchAddresses(this.#onNews);
  }

  release(): void {
    this.#host.unwatchAddresses(this.#onNews);
    this.#host.platform.timers.release(this.#timer);
  }

  onTimer(): void {
    const { timers, clock } = this.#host.platform;
    while (this.#unread.length > 0 && this.#unread[0]!.readNs <= clock.nowNs) this.#heard(this.#unread.shift()!);
    if (this.#unread.length > 0) timers.armAt(this.#timer, this.#unread[0]!.readNs);
  }
}
