/** What probes are told of the hosts that answer them: a log for each address that somebody asks, kept up with what the holder watch sees. */
import { NO_PORT } from "../base/ids.ts";
import type { Probe } from "../host/probe.ts";
import { HolderLog } from "../observe/holder-log.ts";
import type { WatchedAddress } from "../observe/holder-watch.ts";
import { sameIp } from "../text/ip-text.ts";
import { formatIp } from "../wire/address.ts";
import type { Fabric } from "./fabric.ts";

export class AnswerWitnesses {
  readonly #fabric: Fabric;
  /** By broadcast domain and address. */
  readonly #logs = new Map<string, HolderLog>();

  constructor(fabric: Fabric) {
    this.#fabric = fabric;
  }

  /** From now on the probe knows who answers it. `watched`: addresses whose holders are known. */
  inform(probe: Probe, watched: readonly WatchedAddress[]): void {
    const { nic, to } = probe.options;
    const { domain } = this.#fabric.ports[nic.port]!.at.subnet;
    const key = `${domain} ${formatIp(to)}`;
    let log = this.#logs.get(key);
    if (log === undefined) {
      log = new HolderLog(this.#fabric.slab, (port) => this.#fabric.nicAt(port).host.name);
      this.#logs.set(key, log);
      const known = watched.find((address) => address.domain === domain && sameIp(address.ip, to));
      if (known !== undefined) log.changed(this.#fabric.clock.nowNs, known.holder?.port ?? NO_PORT);
    }
    probe.book.witness = log;
  }

  onHolder({ domain, ip, holder }: WatchedAddress): void {
    this.#logs.get(`${domain} ${formatIp(ip)}`)?.changed(this.#fabric.clock.nowNs, holder?.port ?? NO_PORT);
  }
}
