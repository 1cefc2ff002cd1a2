/** What a person may type on a host, as far as it matters on layer 2: what it means, whether it would change anything, and doing it. */
import type { IpAddress, IpPrefix } from "../text/ip-text.ts";
import { startArping } from "./arping.ts";
import { refusalOf, routerNic } from "./command-refusal.ts";
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

/** Why the command would change nothing although it does not fail, as the end of a sentence; null if it does. The host runs. */
export function commandFutility(host: Host, command: HostCommand): string | null {
  if (command.what === "link" && nicOf(host, command.nic).isUp === command.up)
    return `but it is ${command.up ? "up" : "down"} already`;
  if (command.what !== "address" || command.change === "del" || refusalOf(host, command) !== null) return null;
  const { nic: name, address } = command;
  // Linux has it twice then, which makes no difference on the wire.
  return host.nic(name)?.owns(address, 0, address.length) === true
    ? `but ${name} has it already, with another prefix length`
    : null;
}

/** Does what the command says, or nothing: then the answer is what the terminal shows; otherwise null. The host runs. */
export function runCommand(host: Host, command: HostCommand): string | null {
  const refusal = refusalOf(host, command);
  if (refusal !== null) return refusal;
  perform(host, command);
  host.changed();
  return null;
}

function perform(host: Host, command: HostCommand): void {
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
      const nic = routerNic(host, command);
      if (change !== "del" && nic !== null) host.routes.add({ prefix, nic, via, source });
      return;
    }
    case "sysctl":
      writeSysctl(host, command.name, command.value);
      return;
    case "arping": {
      const { nic, address, form, count } = command;
      startArping(nicOf(host, nic), address, form, count);
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

function neighbourOf(host: Host, { nic: name, address }: { readonly nic: string; readonly address: IpAddress }) {
  const nic = nicOf(host, name);
  const cache = address.length === 4 ? nic.neighbours4 : nic.neighbours6;
  return { cache, known: cache.find(address, 0) };
}

/** The command was judged by somebody who knows the host. */
function nicOf(host: Host, name: string): Nic {
  return host.nic(name)!;
}
