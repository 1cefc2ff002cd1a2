/** `hosts:` to machines with vNICs, each in a subnet, with an address and a MAC that nobody else has. */

import { MacBook } from "../../sim/mac-book.ts";
import type { Position } from "../../text/config-error.ts";
import { type IpAddress, parsePrefix } from "../../text/ip-text.ts";
import { formatIp, formatMac, isLinkLocal6, parseMac } from "../../wire/address.ts";
import type { AddressSpec, LinkSpec, NicSpec, ServerSpec, SubnetSpec, SwitchSpec } from "../model.ts";
import { Declared, type Judge } from "./judge.ts";
import type { NameBook } from "./name-book.ts";
import type { Path } from "./positions.ts";
import { hostPrefix } from "./prefixes.ts";
import { type HostSettings, readHostSettings } from "./read-host-settings.ts";
import type { Subnets } from "./read-subnets.ts";
import { LOOPBACK } from "./schema-words.ts";
import type { ScenarioDraft } from "./structure.ts";

/** The network side of a host. */
export interface Machine {
  readonly name: string;
  readonly position: Position;
  readonly nics: readonly NicSpec[];
  readonly sysctls: HostSettings["sysctls"];
  readonly system: HostSettings["system"];
  readonly reachableTimeNs: HostSettings["reachableTimeNs"];
  readonly arpTimeoutNs: HostSettings["arpTimeoutNs"];
}

type HostDraft = NonNullable<NonNullable<ScenarioDraft["hosts"]>[string]>;
type NicDraft = Pick<HostDraft, "subnet" | "switch" | "mac" | "address">;

/** A vNIC as written: in `nics`, or by the shorthand on the host itself. */
interface NicPlace {
  readonly host: string;
  readonly nic: string;
  readonly path: Path;
  readonly position: Position;
  /** Undefined: broken. */
  readonly draft: NicDraft | undefined;
}

const SHORTHAND = ["subnet", "switch", "mac", "address"] as const;

/** Whose an address is, by its text. */
export type AddressBook = ReadonlyMap<string, AddressOwner>;

interface AddressOwner {
  readonly host: string;
  readonly line: number;
}

/** What the rest of the file refers to. */
export interface Network {
  readonly judge: Judge;
  /** The end of the run; null: broken. */
  readonly untilNs: number | null;
  readonly subnets: Declared<SubnetSpec>;
  readonly machines: Declared<Machine>;
  readonly servers: Declared<ServerSpec>;
  readonly links: Declared<LinkSpec>;
  readonly addresses: AddressBook;
}

export function readHosts(
  judge: Judge,
  draft: ScenarioDraft,
  subnets: Subnets,
  names: NameBook,
): { machines: Declared<Machine>; addresses: AddressBook } {
  const machines = new Declared<Machine>("host", draft.hosts !== undefined);
  const addresses = new Map<string, AddressOwner>();
  const macs = new MacBook();
  const hosts = Object.entries(draft.hosts ?? {}).map(([name, host]) => ({
    name,
    places: nicPlaces(judge, name, host),
  }));
  // Given addresses first, so that no derived one takes them.
  const given = new Map<NicPlace, Uint8Array | null>();
  for (const { places } of hosts)
    for (const place of places ?? [])
      if (place.draft?.mac !== undefined) given.set(place, readMac(judge, place, place.draft.mac, macs));
  for (const { name, places } of hosts) {
    const nics = (places ?? []).map((place) => {
      const mac = given.has(place) ? given.get(place)! : macs.derive(place.host, place.nic);
      return readNic(judge, place, mac, subnets, addresses);
    });
    const isWhole = places !== null && nics.every((nic) => nic !== null);
    const nicNames = (places ?? []).map(({ nic }) => nic);
    const settings = readHostSettings(judge, ["hosts", name], draft.hosts?.[name] ?? {}, nicNames);
    names.claim(["hosts", name], "a host");
    machines.add(name, isWhole ? { name, position: judge.keyPosition(["hosts", name]), nics, ...settings } : null);
  }
  return { machines, addresses };
}

/** Null: the host is broken as a whole. */
function nicPlaces(judge: Judge, host: string, draft: HostDraft | undefined): readonly NicPlace[] | null {
  const path: Path = ["hosts", host];
  if (draft === undefined) return null;
  const isWritten = (key: string) => judge.isWritten([...path, key]);
  const position = judge.keyPosition(path);
  if (!isWritten("nics")) {
    if (isWritten("subnet")) return [{ host, nic: "eth0", path, position, draft }];
    if (judge.places.isDamaged(path)) return null;
    return judge.errorAtKey(
      path,
      `host '${host}' has no subnet to be plugged into`,
      "{ subnet: app, address: 10.0.1.11 }, or several vNICs: nics: { eth0: { subnet: app, … }, eth1: … }",
    );
  }
  const superfluous = SHORTHAND.find(isWritten);
  if (superfluous !== undefined)
    return judge.errorAtKey(
      [...path, superfluous],
      `host '${host}' has both 'nics' and '${superfluous}'`,
      `'${superfluous}' on a host is short for nics: { eth0: { ${superfluous}: … } }; write it there`,
    );
  if (draft.nics === undefined) return null;
  return Object.entries(draft.nics).map(([nic, nicDraft]) => {
    const nicPath: Path = [...path, "nics", nic];
    return { host, nic, path: nicPath, position: judge.keyPosition(nicPath), draft: nicDraft };
  });
}

function readMac(judge: Judge, { host, nic, path }: NicPlace, text: string, macs: MacBook): Uint8Array | null {
  const mac = parseMac(text);
  if (mac === null) return null;
  const other = macs.claim(mac, `${host}.${nic}`);
  if (other === null) return mac;
  return judge.error(
    [...path, "mac"],
    `${formatMac(mac)} is the MAC address of ${other} already`,
    "every vNIC has its own; left out, it is derived from the names",
  );
}

/** `mac` null: it is broken, or (with a broken draft) does not matter. */
function readNic(
  judge: Judge,
  { host, nic, path, position, draft }: NicPlace,
  mac: Uint8Array | null,
  { subnets, switches }: Subnets,
  book: Map<string, AddressOwner>,
): NicSpec | null {
  if (draft === undefined) return null;
  const subnet = draft.subnet === undefined ? null : subnets.find(judge, [...path, "subnet"], draft.subnet);
  const at = subnet === null ? undefined : readSwitch(judge, path, draft.switch, subnet, switches.get(subnet.name)!);
  const isList = typeof draft.address === "object";
  const isBroken = judge.isRefused([...path, "address"], draft.address);
  const texts = draft.address === undefined ? [] : typeof draft.address === "string" ? [draft.address] : draft.address;
  const loopback: IpAddress[] = [];
  const addresses = texts.flatMap((text, index) => {
    const place = isList ? [...path, "address", index] : [...path, "address"];
    if (text === undefined) return [null];
    if (!LOOPBACK.test(text)) return [readAddress(judge, place, text, host, subnet, book)];
    // Several hosts may have it there: the real servers behind a load balancer do.
    loopback.push(parsePrefix(text.replace(LOOPBACK, ""))!.address);
    return [];
  });
  if (subnet === null || at === undefined || mac === null || isBroken) return null;
  if (!addresses.every((address) => address !== null)) return null;
  return { name: nic, position, subnet: subnet.name, switch: at, mac, addresses, loopback };
}

/** The switch that a vNIC is plugged into; null: the subnet's only one. Undefined: broken. */
function readSwitch(
  judge: Judge,
  path: Path,
  written: string | undefined,
  subnet: SubnetSpec,
  switches: Declared<SwitchSpec>,
): string | null | undefined {
  const at = [...path, "switch"];
  if (written === undefined) {
    if (judge.isWritten(at) || !switches.isComplete) return undefined;
    if (switches.names.length < 2) return switches.names[0] ?? null;
    if (judge.places.isDamaged(path)) return undefined;
    judge.errorAtKey(
      path,
      `which switch of subnet '${subnet.name}' is '${String(path.at(-1))}' plugged into?`,
      `switch: ${switches.names.slice(0, -1).join(", ")} or ${switches.names.at(-1)}`,
    );
    return undefined;
  }
  if (switches.isComplete && switches.names.length === 0) {
    judge.error(at, `subnet '${subnet.name}' names no switches`, `switches: { ${written}: {} } there`);
    return undefined;
  }
  return switches.find(judge, at, written)?.name;
}

function readAddress(
  judge: Judge,
  path: Path,
  text: string,
  host: string,
  subnet: SubnetSpec | null,
  book: Map<string, AddressOwner>,
): AddressSpec | null {
  const written = parsePrefix(text);
  if (written === null) return null;
  const { address } = written;
  if (isLinkLocal6(address))
    return { address, prefixLength: text.includes("/") ? written.length : 64, position: judge.position(path) };
  const prefix = subnet === null ? null : hostPrefix(judge, path, address, subnet);
  if (subnet !== null && prefix === null) return null;
  const other = claim(book, address, host, judge.position(path).line);
  if (other !== null)
    return judge.error(
      path,
      `${formatIp(address)} is the address of ${other.host} already (line ${other.line})`,
      "an address that moves between hosts is written in their keepalived configurations, not here",
    );
  if (prefix === null) return null;
  return { address, prefixLength: text.includes("/") ? written.length : prefix.length, position: judge.position(path) };
}

/** Whose the address is already; null if it was free and is now `host`'s. */
function claim(book: Map<string, AddressOwner>, address: IpAddress, host: string, line: number) {
  const text = formatIp(address);
  const other = book.get(text);
  if (other === undefined) book.set(text, { host, line });
  return other ?? null;
}
