/**
 * What can be done to a network while it runs: machines, guest software, carriers, partitions, impaired links. Everything takes
 * effect now. `Network` documents each.
 */
import type { PortId } from "../base/ids.ts";
import type { KeepalivedDaemon } from "../guest/keepalived/daemon.ts";
import { FILE_VALUE_MAX, FILE_VALUE_MIN, PROCESSES_MAX } from "../guest/keepalived/surroundings.ts";
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import type { IpAddress, IpPrefix } from "../text/ip-text.ts";
import type { Fabric } from "./fabric.ts";
import { Impairments } from "./impairments.ts";
import type { Link } from "./link.ts";
import { type ImpairOptions, integerOf, refusal } from "./options.ts";
import { Partition } from "./partition.ts";

/** What there is to be broken, by name. */
export interface Inventory {
  readonly fabric: Fabric;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly daemons: ReadonlyMap<string, KeepalivedDaemon>;
  /** Hosts by the machine that they stand on. */
  readonly servers: ReadonlyMap<string, readonly string[]>;
  readonly links: ReadonlyMap<string, Link>;
}

export class Faults {
  readonly #inventory: Inventory;
  /** Told of a port that lost its carrier. */
  readonly #onPortDown: (port: PortId) => void;
  readonly #partition: Partition;
  readonly #impairments: Impairments;

  constructor(inventory: Inventory, onPortDown: (port: PortId) => void) {
    this.#inventory = inventory;
    this.#partition = new Partition(inventory.fabric);
    this.#impairments = new Impairments(inventory);
    this.#onPortDown = onPortDown;
  }

  // --- machines and software ------------------------------------------------------------------------------------------

  crash(name: string): void {
    for (const host of this.#machines(name)) host.crash();
  }

  restore(name: string): void {
    for (const host of this.#machines(name)) {
      if (host.running) continue;
      host.boot();
      for (const software of host.software) software.start();
    }
  }

  pause(name: string): void {
    for (const host of this.#machines(name)) host.pause();
  }

  resume(name: string): void {
    for (const host of this.#machines(name)) host.resume();
  }

  /** Does something to the daemon of a host; a machine that stands still hears of it when it goes on. */
  toDaemon(host: string, action: (daemon: KeepalivedDaemon) => void): void {
    const daemon = this.daemon(host);
    this.host(host).whenAwake(() => action(daemon));
  }

  addAddress(host: string, nicName: string, { address, length }: IpPrefix): void {
    const nic = this.nic(host, nicName);
    nic.host.whenAwake(() => nic.host.addAddress(nic, address, length));
  }

  deleteAddress(host: string, nicName: string, address: IpAddress): void {
    const nic = this.nic(host, nicName);
    nic.host.whenAwake(() => nic.host.deleteAddress(nic, address));
  }

  script(host: string, name: string, exit: number): void {
    const { conf, surroundings } = this.daemon(host);
    demandKnown(host, "vrrp_script", name, conf.scripts);
    surroundings.script(name).exit = exit;
  }

  file(host: string, nameOrPath: string, value: number): void {
    const { conf, surroundings } = this.daemon(host);
    const known = conf.trackFiles.find(({ name, path }) => name === nameOrPath || path === nameOrPath);
    if (known === undefined) demandKnown(host, "track_file", nameOrPath, conf.trackFiles);
    else surroundings.setFile(known.path, integerOf(value, FILE_VALUE_MIN, FILE_VALUE_MAX, `value of ${nameOrPath}`));
  }

  process(host: string, name: string, count: number, by: "exec" | "fork"): void {
    const { conf, surroundings } = this.daemon(host);
    demandKnown(host, "vrrp_track_process", name, conf.trackProcesses);
    surroundings.setProcesses(name, integerOf(count, 0, PROCESSES_MAX, `processes of ${name}`), by === "fork");
  }

  bfd(host: string, name: string, up: boolean): void {
    const { conf, surroundings } = this.daemon(host);
    demandKnown(host, "bfd_instance", name, conf.trackBfds);
    surroundings.setBfd(name, up);
  }

  // --- the network ----------------------------------------------------------------------------------------------------

  setCarrier(name: string, nicName: string | undefined, up: boolean): void {
    const link = nicName === undefined ? this.#inventory.links.get(name) : undefined;
    if (link !== undefined) {
      link.setCarrier(up);
      return;
    }
    const cabled = this.host(name).nics.filter(({ lower }) => lower === null);
    const nics = nicName === undefined ? cabled : cabled.filter((nic) => nic.name === nicName);
    if (nics.length === 0)
      throw refusal(`${name} has no NIC ${nicName}`, `its NICs: ${cabled.map((nic) => nic.name).join(", ") || "none"}`);
    for (const nic of nics) {
      const { at, local, fromNic, toNic } = this.#inventory.fabric.ports[nic.port]!;
      at.bridge.setLink(local, up);
      nic.setCarrier(up);
      if (up) continue;
      fromNic?.cut();
      toNic?.cut();
      this.#onPortDown(nic.port);
    }
  }

  partition(groups: readonly (readonly string[])[]): void {
    this.#partition.begin(groups.map((names) => names.map((name) => this.host(name))));
  }

  heal(): void {
    this.#partition.end();
  }

  /** A host has been added. */
  joined(): void {
    this.#partition.joined();
  }

  impair(options: ImpairOptions): void {
    this.#impairments.impair(options);
  }

  // --- finding things -------------------------------------------------------------------------------------------------

  host(name: string): Host {
    const { hosts } = this.#inventory;
    const host = hosts.get(name);
    if (host === undefined)
      throw refusal(`there is no host ${name}`, `hosts: ${[...hosts.keys()].join(", ") || "none"}`);
    return host;
  }

  daemon(host: string): KeepalivedDaemon {
    this.host(host);
    const daemon = this.#inventory.daemons.get(host);
    if (daemon === undefined) throw refusal(`${host} runs no keepalived`, "give it a configuration: keepalived");
    return daemon;
  }

  nic(hostName: string, name: string): Nic {
    const host = this.host(hostName);
    const nic = host.nic(name);
    if (nic === undefined)
      throw refusal(
        `${hostName} has no NIC ${name}`,
        `its NICs: ${host.nics.map((other) => other.name).join(", ") || "none"}`,
      );
    return nic;
  }

  /** A host, or all on a server. */
  #machines(name: string): readonly Host[] {
    const guests = this.#inventory.servers.get(name);
    return guests === undefined ? [this.host(name)] : guests.map((guest) => this.host(guest));
  }
}

function demandKnown(host: string, block: string, wanted: string, known: readonly { readonly name: string }[]): void {
  if (known.some(({ name }) => name === wanted)) return;
  throw refusal(`${host} has no ${block} ${wanted}`, `it has: ${known.map(({ name }) => name).join(", ") || "none"}`);
}
