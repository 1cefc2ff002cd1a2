/** keepalived on the hosts of a network: its configurations are read and judged as a scenario's are, and what it may bring up is watched. */
import type { DomainId } from "../base/ids.ts";
import { type ConfFiles, NO_FILES } from "../guest/keepalived/conf/files.ts";
import { confHostOf } from "../guest/keepalived/conf/host.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import { readConfOnHost } from "../guest/keepalived/conf/read-on-host.ts";
import { toFinding } from "../guest/keepalived/conf/to-finding.ts";
import { KeepalivedDaemon } from "../guest/keepalived/daemon.ts";
import type { KeepalivedObserver } from "../guest/keepalived/observer.ts";
import type { KeepalivedVersion } from "../guest/keepalived/version.ts";
import type { VirtualRouter } from "../guest/keepalived/virtual-router.ts";
import type { Host } from "../host/host.ts";
import type { LocalAddress, Nic } from "../host/nic.ts";
import type { HolderWatch } from "../observe/holder-watch.ts";
import { ConfigError, type Finding } from "../text/config-error.ts";
import { type IpAddress, sameIp } from "../text/ip-text.ts";
import { type HostOptions, versionOf } from "./options.ts";

/** An interface of a host as keepalived finds it. */
interface FoundNic {
  readonly name: string;
  readonly mac: Uint8Array;
  readonly addresses: readonly LocalAddress[];
}

export class Guests {
  /** By host. */
  readonly daemons = new Map<string, KeepalivedDaemon>();
  /** What keepalived would complain about in the configurations given as text, and run all the same. */
  readonly warnings: Finding[] = [];
  readonly #observer: KeepalivedObserver;
  readonly #holders: HolderWatch;
  readonly #domainOf: (nic: Nic) => DomainId;

  constructor(observer: KeepalivedObserver, holders: HolderWatch, domainOf: (nic: Nic) => DomainId) {
    this.#observer = observer;
    this.#holders = holders;
    this.#domainOf = domainOf;
  }

  /** What the options of a host with these NICs say; undefined: it runs none. A ConfigError if it would not run. */
  judge(host: string, options: HostOptions, nics: readonly FoundNic[]): KeepalivedConf | undefined {
    const { keepalived, keepalivedVersion, files = NO_FILES } = options;
    if (typeof keepalived !== "string") return keepalived;
    return this.#read(host, keepalived, files, nics, versionOf(keepalivedVersion, `keepalived of ${host}`));
  }

  add(host: Host, conf: KeepalivedConf, options: HostOptions): void {
    const { autostart = true } = options;
    const daemon = new KeepalivedDaemon(host, conf, { autostart, surroundings: options }, this.#observer);
    host.software.push(daemon);
    this.daemons.set(host.name, daemon);
    this.#watch(host, conf);
  }

  /** Another configuration for a host's daemon, which stays the version that it is. A ConfigError if it would not run with it. */
  another(host: Host, daemon: KeepalivedDaemon, keepalived: string | KeepalivedConf, files: ConfFiles): KeepalivedConf {
    const { version } = daemon.conf;
    const nics = host.nics.filter(({ lower }) => lower === null);
    const conf =
      typeof keepalived === "string"
        ? this.#read(host.name, keepalived, files, nics, version)
        : { ...keepalived, version };
    this.#watch(host, conf);
    return conf;
  }

  /** The hosts whose keepalived is master for the address, now. */
  mastersOf(domain: DomainId, ip: IpAddress): string[] {
    const isIts = ({ state, addresses }: VirtualRouter): boolean =>
      state === "MASTER" && addresses.list.some((one) => sameIp(one.ip, ip) && this.#domainOf(one.nic) === domain);
    return [...this.daemons].filter(([, daemon]) => daemon.routers.some(isIts)).map(([host]) => host);
  }

  #read(
    host: string,
    text: string,
    files: ConfFiles,
    nics: readonly FoundNic[],
    version: KeepalivedVersion,
  ): KeepalivedConf {
    const found = confHostOf(nics.map((nic) => ({ ...nic, addresses: nic.addresses.map(({ ip }) => ip) })));
    const { conf, diagnostics } = readConfOnHost(`keepalived.conf of ${host}`, text, files, host, found, version);
    const fatal = diagnostics.filter(({ severity }) => severity === "fatal");
    if (fatal.length > 0) throw new ConfigError(fatal.map(toFinding));
    this.warnings.push(...diagnostics.map(toFinding));
    return conf;
  }

  /** Every address that a guest may bring up is watched, HAVIP or not. */
  #watch(host: Host, { instances }: KeepalivedConf): void {
    for (const instance of instances)
      for (const { address, device } of [...instance.addresses, ...instance.excludedAddresses])
        this.#watchAddress(host, device ?? instance.interface, address);
  }

  #watchAddress(host: Host, interfaceName: string | null, ip: IpAddress): void {
    const nic = (interfaceName === null ? undefined : host.nic(interfaceName)) ?? host.nics[0];
    if (nic === undefined) return;
    const domain = this.#domainOf(nic);
    const holders = this.#holders;
    const known = holders.watched.some((watched) => watched.domain === domain && sameIp(watched.ip, ip));
    if (!known) holders.watch(domain, ip, null, null);
  }
}
