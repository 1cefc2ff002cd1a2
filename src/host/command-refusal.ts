/**
 * What a person at a terminal sees who types a command that fails: the words that iproute2 has for the kernel's error, and behind them in
 * parentheses why it is so. Which commands fail, and with which error, was observed on Linux 6.18 with iproute2 6.1; where the kernel sends
 * a text of its own with the error, recent versions of `ip` print that instead of `RTNETLINK answers`. What arping says is from its source.
 */
import { equalBits } from "../base/bytes.ts";
import { type IpAddress, type IpPrefix, sameIp } from "../text/ip-text.ts";
import { formatIp, isLinkLocal6 } from "../wire/address.ts";
import type { HostCommand } from "./command.ts";
import type { Host } from "./host.ts";
import type { Nic } from "./nic.ts";

type RouteCommand = Extract<HostCommand, { what: "route" }>;
type AddressCommand = Extract<HostCommand, { what: "address" }>;

/** Linux would take it off. */
const KEPT = "nothing changes: here the route that comes with an address stays as long as the address";

/** What is shown; null if the command does what it says. The host runs, and has the command's NIC. */
export function refusalOf(host: Host, command: HostCommand): string | null {
  switch (command.what) {
    case "address":
      return addressRefusal(host, command);
    case "neighbour": {
      const known = knownNeighbour(host, command);
      if (command.change === "add" && known) return answer("File exists", "there is such a neighbour");
      return command.change === "change" && !known ? noSuchNeighbour() : null;
    }
    case "neighbour-del":
      return knownNeighbour(host, command) ? null : noSuchNeighbour();
    case "route":
      return routeRefusal(host, command);
    case "arping": {
      const { nic, address } = command;
      if (!host.nic(nic)!.isUp) return `arping: Interface "${nic}" is down`;
      if (host.ownsAnywhere(address, 0, address.length)) return null;
      return `arping: bind: Cannot assign requested address (the host does not have ${formatIp(address)})`;
    }
    default:
      return null;
  }
}

function answer(error: string, why: string): string {
  return `RTNETLINK answers: ${error} (${why})`;
}

function addressRefusal(host: Host, command: AddressCommand): string | null {
  const { change, nic: name } = command;
  const nic = host.nic(name);
  const there = nic === undefined ? host.hasLoopbackAddress(command.address) : isThere(nic, command);
  if (there === (change === "del")) return null;
  if (change === "del") return answer("Cannot assign requested address", `${name} has no such address`);
  const isDuplicate = nic?.duplicates.lost.some((lost) => sameIp(lost, command.address)) === true;
  return answer("File exists", `${name} has it already${isDuplicate ? ", as a duplicate" : ""}`);
}

/** Another prefix length is another address, but IPv6 has no address twice. */
function isThere(nic: Nic, { change, address, prefixLength }: AddressCommand): boolean {
  if (nic.duplicates.has(address)) return true;
  const isAnyLength = address.length === 16 && change === "add";
  return nic.addresses.some((own) => (isAnyLength || own.prefixLength === prefixLength) && sameIp(own.ip, address));
}

function noSuchNeighbour(): string {
  return answer("No such file or directory", "there is no such neighbour");
}

function knownNeighbour(host: Host, { nic: name, address }: { readonly nic: string; readonly address: IpAddress }) {
  const nic = host.nic(name)!;
  return (address.length === 4 ? nic.neighbours4 : nic.neighbours6).find(address, 0) >= 0;
}

/** In the order in which Linux looks: the way, the source, and only then whether there is such a route. */
function routeRefusal(host: Host, command: RouteCommand): string | null {
  const { change, prefix, nic: name, via, source } = command;
  const route = host.routes.get(prefix);
  const isConnected = host.nics.some(
    (nic) => nic.isUp && (name === null || nic.name === name) && connects(nic, prefix),
  );
  if (change === "del") {
    const isMeant =
      route !== null &&
      (name === null || route.nic.name === name) &&
      (via === null || isSame(route.via, via)) &&
      (source === null || isSame(route.source, source));
    if (isMeant) return null;
    if (isConnected && via === null) return KEPT;
    return answer("No such process", "there is no such route");
  }
  const isVersion4 = prefix.address.length === 4;
  if (via === null || isLinkLocal6(via)) {
    if (name === null) return answer("No such device", "the route names none");
    if (!host.nic(name)!.isUp) return answer("Network is down", `${name} is switched off`);
  } else if (routerNic(host, command) === null) {
    const where = name === null ? "a subnet of the host" : `a subnet of ${name}`;
    return answer(isVersion4 ? "Network is unreachable" : "No route to host", `${formatIp(via)} is not in ${where}`);
  } else if (!isVersion4 && host.ownsAnywhere(via, 0, 16)) {
    return answer("Invalid argument", `${formatIp(via)} is the host's own address`);
  }
  if (source !== null && !host.ownsAnywhere(source, 0, source.length))
    return answer("Invalid argument", `the host does not have ${formatIp(source)}`);
  // IPv6 keeps both apart by their metric.
  if (isConnected && isVersion4) return change === "replace" ? KEPT : answer("File exists", "it comes with an address");
  return change === "add" && route !== null ? answer("File exists", "there is such a route") : null;
}

/** The NIC that reaches the router directly; null: none does. */
export function routerNic(host: Host, { nic: name, via }: Pick<RouteCommand, "nic" | "via">): Nic | null {
  if (via === null || isLinkLocal6(via)) return name === null ? null : host.nic(name)!;
  const candidates = host.nics.filter((nic) => nic.isUp && (name === null || nic.name === name));
  const direct = candidates.find((nic) => nic.reaches(via, 0, via.length));
  if (direct !== undefined) return direct;
  const route = host.routes.find(via, 0, via.length);
  return route?.via === null && candidates.includes(route.nic) ? route.nic : null;
}

/** Whether an address of the NIC brings the route to exactly this prefix. */
function connects(nic: Nic, { address, length }: IpPrefix): boolean {
  return nic.addresses.some(
    ({ ip, prefixLength }) =>
      prefixLength === length && ip.length === address.length && equalBits(ip, 0, address, 0, length),
  );
}

function isSame(a: IpAddress | null, b: IpAddress): boolean {
  return a !== null && sameIp(a, b);
}
