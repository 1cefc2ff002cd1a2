/** What a person may type on a host, as far as it matters on layer 2: what it means, whether it would change anything, and doing it. */
import { type IpAddress, type IpPrefix, sameIp } from "../text/ip-text.ts";
import { Arping } from "./arping.ts";
import type { Host } from "./host.ts";
import type { Nic } from "./nic.ts";
import { NUD_NOARP, NUD_PERMANENT, type NudState } from "./nud.ts";
import { type SysctlName, writeSysctl } from "./sysctl.ts";

/** `nic` is the name of one of the host's; of an address it may be `lo`. */
export type HostCommand =
  /** `ip addr add` or `del`. */
  | {
      readonly what: "address";
      readonly change: "add" | "del";
      readonly nic: string;
      readonly address: IpAddress;
      readonly prefixLength: number;
      /** An IPv6 address is used at once, without a look whether it is a duplicate. */
      readonly noDad: boolean;
    }
  /** `ip link set NIC up` or `down`. */
  | { readonly what: "link"; readonly nic: string; readonly up: boolean }
  /** `ip link set NIC address MAC`. */
  | { readonly what: "mac"; readonly nic: string; readonly mac: Uint8Array }
  /** `ip neigh add`, `change` or `replace`. */
  | {
      readonly what: "neighbour";
      readonly change: "add" | "change" | "replace";
      readonly nic: string;
      readonly address: IpAddress;
      readonly mac: Uint8Array;
      readonly state: NudState;
    }
  | { readonly what: "neighbour-del"; readonly nic: string; readonly address: IpAddress }
  /** `ip neigh flush`: of both families; what people have set stays. */
  | { readonly what: "neighbour-flush"; readonly nic: string }
  /** `ip route add`, `replace` or `del`. `nic` null: the one that reaches `via`. */
  | {
      readonly what: "route";
      readonly change: "add" | "replace" | "del";
      readonly prefix: IpPrefix;
      readonly nic: string | null;
      readonly via: IpAddress | null;
      readonly source: IpAddress | null;
    }
  /** `sysctl -w`. */
  | { readonly what: "sysctl"; readonly name: SysctlName; readonly value: number }
  /** `arping -U` or `-A`. */
  | {
      readonly what: "arping";
      readonly nic: string;
      readonly address: IpAddress;
      readonly form: "request" | "reply";
      readonly count: number;
    };

/** Why the command would change nothing, as the end of a sentence; null if it does. The host runs. */
export function commandFutility(host: Host, command: HostCommand): string | null {
  switch (command.what) {
    case "address": {
      const { change, nic, address } = command;
      if (isThere(host, command) !== (change === "add")) return null;
      if (change === "del") return `but ${nic} has no such address`;
      return host.nic(nic)?.duplicates.lost.some((lost) => sameIp(lost, address)) === true
        ? `but ${nic} has it already, as a duplicate`
        : `but ${nic} has it already`;
    }
    case "link":
      return nicOf(host, command.nic).isUp === command.up ? `but it is ${command.up ? "up" : "down"} already` : null;
    case "neighbour": {
      const { known } = neighbourOf(host, command);
      if (command.change === "add" && known >= 0) return "but there is such a neighbour already";
      return command.change === "change" && known < 0 ? "but there is no such neighbour" : null;
    }
    case "neighbour-del":
      return neighbourOf(host, command).known < 0 ? "but there is no such neighbour" : null;
    case "route": {
      const has = host.routes.has(command.prefix);
      if (command.change === "add" && has) return "but there is such a route already";
      if (command.change === "del") return has ? null : "but there is no such route";
      return command.via !== null && routeNic(host, command) === null ? "but its router cannot be reached" : null;
    }
    default:
      return null;
  }
}

/** Does what the command says, where it changes anything. The host runs. */
export function runCommand(host: Host, command: HostCommand): void {
  if (commandFutility(host, command) !== null) return;
  switch (command.what) {
    case "address":
      changeAddress(host, command);
      return;
    case "link":
      host.setLink(nicOf(host, command.nic), command.up);
      return;
    case "mac":
      nicOf(host, command.nic).setMac(command.mac);
      return;
    case "neighbour": {
      const { cache } = neighbourOf(host, command);
      const index = cache.findOrCreate(command.address, 0);
      if (index >= 0) cache.configure(index, command.mac, command.state);
      return;
    }
    case "neighbour-del": {
      const { cache, known } = neighbourOf(host, command);
      cache.remove(known);
      return;
    }
    case "neighbour-flush": {
      const { neighbours4, neighbours6 } = nicOf(host, command.nic);
      for (const cache of [neighbours4, neighbours6])
        for (const index of cache.entries.indices())
          if (cache.state(index) !== NUD_PERMANENT && cache.state(index) !== NUD_NOARP) cache.remove(index);
      return;
    }
    case "route": {
      const { change, prefix, via, source } = command;
      if (change !== "add") host.routes.delete(prefix);
      const nic = routeNic(host, command);
      if (change !== "del" && nic !== null) host.routes.add({ prefix, nic, via, source });
      return;
    }
    case "sysctl":
      writeSysctl(host, command.name, command.value);
      return;
    case "arping": {
      const { nic, address, form, count } = command;
      new Arping(nicOf(host, nic), address, form, count);
    }
  }
}

type AddressCommand = Extract<HostCommand, { what: "address" }>;

function changeAddress(host: Host, { change, nic: name, address, prefixLength, noDad }: AddressCommand): void {
  const nic = host.nic(name);
  if (nic === undefined) {
    if (change === "add") host.addLoopbackAddress(address);
    else host.deleteLoopbackAddress(address);
  } else if (change === "add") host.addAddress(nic, address, prefixLength, noDad);
  else host.deleteAddress(nic, address);
}

/** Exactly this address: another prefix length is another one. */
function isThere(host: Host, { nic: name, address, prefixLength }: AddressCommand): boolean {
  const nic = host.nic(name);
  if (nic === undefined) return host.hasLoopbackAddress(address);
  if (nic.duplicates.has(address)) return true;
  return nic.addresses.some((own) => own.prefixLength === prefixLength && sameIp(own.ip, address));
}

function neighbourOf(host: Host, { nic: name, address }: { readonly nic: string; readonly address: IpAddress }) {
  const nic = nicOf(host, name);
  const cache = address.length === 4 ? nic.neighbours4 : nic.neighbours6;
  return { cache, known: cache.find(address, 0) };
}

function routeNic(host: Host, { nic, via }: Extract<HostCommand, { what: "route" }>): Nic | null {
  if (nic !== null) return nicOf(host, nic);
  return via === null ? null : (host.nics.find((own) => own.isUp && own.reaches(via, 0, via.length)) ?? null);
}

/** The command was judged by somebody who knows the host. */
function nicOf(host: Host, name: string): Nic {
  return host.nic(name)!;
}
