/**
 * What probes are told of the hosts that answer them: a log for each address that somebody asks, kept up with who is master for it and what
 * the holder watch sees.
 */
import type { DomainId } from "../base/ids.ts";
import type { Nic } from "../host/nic.ts";
import type { Probe } from "../host/probe.ts";
import { HolderLog } from "../observe/holder-log.ts";
import type { WatchedAddress } from "../observe/holder-watch.ts";
import { type IpAddress, sameIp } from "../text/ip-text.ts";
import { formatIp } from "../wire/address.ts";
import type { Fabric } from "./fabric.ts";

/** The hosts whose keepalived is master for an address, now. */
export type MastersOf = (domain: DomainId, ip: IpAddress) => readonly string[];

export class AnswerWitnesses {
  readonly #fabric: Fabric;
  readonly #watched: () => readonly WatchedAddress[];
  readonly #mastersOf: MastersOf;
  /** By broadcast domain and address. */
  readonly #logs = new Map<string, HolderLog>();

  /** `watched`: addresses whose holders are known. */
  constructor(fabric: Fabric, watched: () => readonly WatchedAddress[], mastersOf: MastersOf) {
    this.#fabric = fabric;
    this.#watched = watched;
    this.#mastersOf = mastersOf;
  }

  /** From now on the probe knows who answers it. */
  inform(probe: Probe): void {
    const { nic, to } = probe.options;
    const { domain } = this.#fabric.ports[nic.port]!.at.subnet;
    const key = keyOf(domain, to);
    const known = this.#logs.get(key);
    const log = known ?? new HolderLog(this.#fabric.slab, (port) => this.#fabric.nicAt(port).host.name);
    this.#logs.set(key, log);
    if (known === undefined) this.onChange(domain, to);
    probe.book.witness = log;
  }

  /** A master or the holder of the address may be another one now. */
  onChange(domain: DomainId, ip: IpAddress): void {
    const log = this.#logs.get(keyOf(domain, ip));
    if (log === undefined) return;
    const watched = this.#watched().find((address) => address.domain === domain && sameIp(address.ip, ip));
    const port = watched?.holder?.port;
    const holder = port === undefined ? null : this.#fabric.nicAt(port).host.name;
    log.changed(this.#fabric.clock.nowNs, this.#mastersOf(domain, ip), holder);
  }

  /** A master of the address that the vNIC carries may be another one now. */
  onMaster({ port }: Nic, ip: IpAddress): void {
    this.onChange(this.#fabric.ports[port]!.at.subnet.domain, ip);
  }
}

function keyOf(domain: DomainId, ip: IpAddress): string {
  return `${domain} ${formatIp(ip)}`;
}
