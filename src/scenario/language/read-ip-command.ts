/** `ip` of iproute2: `addr`, `link set`, `neigh` and `route`, in its words and their abbreviations. */
import type { HostCommand } from "../../host/command.ts";
import { NUD_NOARP, NUD_PERMANENT, NUD_REACHABLE, NUD_STALE, type NudState } from "../../host/nud.ts";
import { type IpAddress, type IpPrefix, parseIp, parsePrefix, sameIp } from "../../text/ip-text.ts";
import { formatIp, isLinkLocal6, parseMac } from "../../wire/address.ts";
import { classFault, isLoopback6 } from "./address-class.ts";
import { type CommandPlace, knownNic } from "./command-place.ts";
import { firstAddress, formatPrefix, lastAddress } from "./prefixes.ts";
import { quoted } from "./yaml-errors.ts";

const UNDERSTOOD = {
  object: "understood: ip addr, ip link set, ip neigh, ip route",
  addr: "understood: ip addr add ADDRESS/LENGTH dev NIC [nodad], ip addr del ADDRESS/LENGTH dev NIC",
  link: "understood: ip link set NIC up, ip link set NIC down, ip link set NIC address MAC",
  neigh:
    "understood: ip neigh add|change|replace ADDRESS lladdr MAC dev NIC [nud permanent|noarp|reachable|stale], ip neigh del ADDRESS dev NIC, ip neigh flush dev NIC",
  route: "understood: ip route add|replace|del PREFIX|default [via ADDRESS] [dev NIC] [src ADDRESS]",
} as const;

const NUD_STATES: ReadonlyMap<string, NudState> = new Map([
  ["permanent", NUD_PERMANENT],
  ["noarp", NUD_NOARP],
  ["reachable", NUD_REACHABLE],
  ["stale", NUD_STALE],
]);

/** What one command says: words with a value behind them, words without, and the rest. */
interface Said {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
}

interface Told {
  readonly place: CommandPlace;
  /** Reports that the command is not understood. */
  readonly refuse: () => null;
}

export function ipCommand(run: string, words: readonly string[], place: CommandPlace): HostCommand | null {
  const [object = "", verb = "", ...args] = words;
  const told = (hint: string): Told => ({
    place,
    refuse: () => place.fault(`${quoted(run)} is not understood here`, hint),
  });
  switch (object) {
    case "address":
    case "addr":
    case "a":
      return addressCommand(verb, args, told(UNDERSTOOD.addr));
    case "link":
    case "l":
      return linkCommand(verb, args, told(UNDERSTOOD.link));
    case "neighbour":
    case "neighbor":
    case "neigh":
    case "n":
      return neighbourCommand(verb, args, told(UNDERSTOOD.neigh));
    case "route":
    case "r":
      return routeCommand(verb, args, told(UNDERSTOOD.route));
    default:
      return told(UNDERSTOOD.object).refuse();
  }
}

function addressCommand(verb: string, args: readonly string[], { place, refuse }: Told): HostCommand | null {
  const change = verb === "add" ? "add" : verb === "del" || verb === "delete" ? "del" : null;
  const said = split(args, ["dev"], ["nodad"]);
  const [text, ...more] = said?.rest ?? [];
  const dev = said?.values.get("dev");
  if (change === null || said === null || text === undefined || dev === undefined || more.length > 0) return refuse();
  const prefix = parsePrefix(text);
  if (prefix === null) return place.fault(`${quoted(text)} is no address`, UNDERSTOOD.addr);
  const { address, length } = prefix;
  if (!text.includes("/"))
    return place.fault(`${text} has no prefix length`, `${text}/${address.length * 8} is the address alone`);
  const nic = knownNic(dev, place, true);
  const fault = addressFault(prefix, nic);
  if (fault !== null) return place.fault(...fault);
  return nic === null
    ? null
    : { what: "address", change, nic, address, prefixLength: length, noDad: said.flags.has("nodad") };
}

/** Linux takes some of these, and no other host could reach them. */
function addressFault({ address, length }: IpPrefix, nic: string | null): [message: string, hint: string] | null {
  const fault = classFault(address);
  if (fault !== null)
    return [`${fault}, no host can have it`, "an address of one host: 10.0.1.50/32 or 2001:db8::50/128"];
  if (isLoopback6(address) && nic !== "lo") return [`${formatIp(address)} is for the loopback alone`, "dev lo"];
  if (address.length * 8 - length < 2) return null;
  const prefix = { address, length };
  const network = firstAddress(prefix);
  if (sameIp(address, network) && address.length === 4)
    return [`${formatIp(address)} names ${formatPrefix(prefix)} itself, no host can have it`, "another address in it"];
  if (sameIp(address, lastAddress(prefix)) && address.length === 4)
    return [
      `${formatIp(address)} is the broadcast address of ${formatIp(network)}/${length}, no host can have it`,
      `another address in it, or ${formatIp(address)}/32`,
    ];
  return null;
}

function linkCommand(verb: string, args: readonly string[], { place, refuse }: Told): HostCommand | null {
  const [name, ...words] = args[0] === "dev" ? args.slice(1) : args;
  const [word, value, ...more] = words;
  if (verb !== "set" || name === undefined || more.length > 0) return refuse();
  if ((word === "up" || word === "down") && value === undefined) {
    const nic = knownNic(name, place);
    return nic === null ? null : { what: "link", nic, up: word === "up" };
  }
  if (word !== "address" || value === undefined) return refuse();
  const mac = parseMac(value);
  if (mac === null || (mac[0]! & 1) === 1 || mac.every((octet) => octet === 0))
    return place.fault(
      `${quoted(value)} is no MAC address of a vNIC`,
      "six octets, the first one even: 02:00:00:00:00:01",
    );
  const nic = knownNic(name, place);
  return nic === null ? null : { what: "mac", nic, mac };
}

function neighbourCommand(verb: string, args: readonly string[], { place, refuse }: Told): HostCommand | null {
  const said = split(args, ["dev", "lladdr", "nud"], []);
  const dev = said?.values.get("dev");
  if (said === null || dev === undefined) return refuse();
  const [text, ...more] = said.rest;
  if (more.length > 0) return refuse();
  if (verb === "flush") {
    if (text !== undefined || said.values.size > 1) return refuse();
    const nic = knownNic(dev, place);
    return nic === null ? null : { what: "neighbour-flush", nic };
  }
  const isDelete = verb === "del" || verb === "delete";
  const change = verb === "add" || verb === "change" || verb === "replace" ? verb : null;
  if (text === undefined || (change === null && !isDelete)) return refuse();
  const address = parseIp(text);
  if (address === null) return place.fault(`${quoted(text)} is no IP address`, UNDERSTOOD.neigh);
  const nic = knownNic(dev, place);
  if (change === null) return nic === null ? null : { what: "neighbour-del", nic, address };
  const lladdr = said.values.get("lladdr");
  const mac = lladdr === undefined ? null : parseMac(lladdr);
  const state = NUD_STATES.get(said.values.get("nud") ?? "permanent");
  if (mac === null || state === undefined) return refuse();
  return nic === null ? null : { what: "neighbour", change, nic, address, mac, state };
}

function routeCommand(verb: string, args: readonly string[], { place, refuse }: Told): HostCommand | null {
  const change = verb === "add" || verb === "replace" ? verb : verb === "del" || verb === "delete" ? "del" : null;
  const said = split(args, ["dev", "via", "src"], []);
  const [text, ...more] = said?.rest ?? [];
  if (change === null || said === null || text === undefined || more.length > 0) return refuse();
  const [via, source] = ["via", "src"].map((word) => {
    const value = said.values.get(word);
    return value === undefined ? null : (parseIp(value) ?? undefined);
  });
  if (via === undefined || source === undefined) return refuse();
  const dev = said.values.get("dev");
  if (change !== "del" && via === null && dev === undefined) return refuse();
  const prefix = text === "default" ? everything(via ?? source) : parsePrefix(text);
  if (prefix === null) return place.fault(`${quoted(text)} is no prefix`, UNDERSTOOD.route);
  const families = [via, source].filter((address) => address !== null);
  if (families.some(({ length }) => length !== prefix.address.length))
    return place.fault("addresses of IPv4 and IPv6 in one route", "a route is of one family");
  const fault = hostBitsFault(prefix) ?? (change === "del" ? null : routerFault(via, dev));
  if (fault !== null) return place.fault(...fault);
  const nic = dev === undefined ? null : knownNic(dev, place);
  if (dev !== undefined && nic === null) return null;
  return { what: "route", change, prefix, nic, via, source };
}

/** `default`, of the family of the addresses beside it; IPv4 if there are none. */
function everything(beside: IpAddress | null): IpPrefix {
  return { address: new Uint8Array(beside?.length ?? 4), length: 0 };
}

function hostBitsFault(prefix: IpPrefix): [message: string, hint: string] | null {
  const network: IpPrefix = { address: firstAddress(prefix), length: prefix.length };
  if (sameIp(network.address, prefix.address)) return null;
  return [`${formatPrefix(prefix)} has bits behind its prefix`, formatPrefix(network)];
}

function routerFault(via: IpAddress | null, dev: string | undefined): [message: string, hint: string] | null {
  const fault = via === null ? null : classFault(via);
  if (fault !== null) return [`${fault}, and no router`, "via an address of one router"];
  if (via !== null && isLinkLocal6(via) && dev === undefined)
    return [`${formatIp(via)} is link-local, and every link has such addresses`, "say which: dev eth0"];
  return null;
}

/** Null if a word lacks its value, or comes twice. */
function split(args: readonly string[], withValue: readonly string[], alone: readonly string[]): Said | null {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (withValue.includes(word)) {
      const value = args[++i];
      if (value === undefined || values.has(word)) return null;
      values.set(word, value);
    } else if (alone.includes(word)) flags.add(word);
    else rest.push(word);
  }
  return { values, flags, rest };
}
