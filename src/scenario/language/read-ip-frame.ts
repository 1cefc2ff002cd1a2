/** What a described frame carries over IP: a message, between addresses of one family. */
import { NS_PER_CS, NS_PER_S } from "../../base/units.ts";
import { parseDuration } from "../../text/duration.ts";
import { type IpAddress, parseIp } from "../../text/ip-text.ts";
import { ALL_NODES, formatIp, linkLocalOfMac, parseMac, solicitedNodeOf } from "../../wire/address.ts";
import type { IpContent, IpMessage } from "../../wire/compose.ts";
import { ND_FLAG_OVERRIDE, ND_FLAG_ROUTER, ND_FLAG_SOLICITED } from "../../wire/nd.ts";
import { VRRP_AUTH_OCTETS, VRRP_GROUP4, VRRP_GROUP6, VRRP_V3_INTERVAL_CS_MAX } from "../../wire/vrrp.ts";
import type { NicSpec } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { CONTENTS } from "./schema-sending.ts";
import { ownAddress } from "./sender.ts";
import type { ScenarioDraft } from "./structure.ts";

type StepDraft = NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>;
export type Described = Exclude<NonNullable<NonNullable<StepDraft["send"]>["frame"]>, string>;
export type ArpDraft = NonNullable<Described["arp"]>;
type IpWord = Exclude<(typeof CONTENTS)[number], "arp">;
type IpDraft = NonNullable<Described[IpWord]>;

const TTL = 64;
/** What proves that a frame was sent on this link. */
export const LINK_TTL = 255;
const VRRP_V2_INTERVAL_S_MAX = 255;
/** What CARP adverts are signed with: nobody here has set one. */
export const NO_PASSWORD = new Uint8Array(0);

/** Nothing in the draft was refused. `source`: the frame's MAC. Null and a finding if the parts do not fit. */
export function readIpContent(
  judge: Judge,
  path: Path,
  described: Described,
  what: IpWord,
  nic: NicSpec,
  source: Uint8Array,
): IpContent | null {
  const draft: IpDraft = described[what]!;
  const written = addressesOf(described, what, path);
  const family = written[0]?.ip.length as 4 | 16 | undefined;
  const stranger = written.find(({ ip }) => ip.length !== family);
  if (stranger !== undefined)
    return judge.error(
      stranger.path,
      `${formatIp(stranger.ip)} is not of the family of ${formatIp(written[0]!.ip)}`,
      "one frame is of IPv4 or of IPv6",
    );
  const octets = what === "ns" || what === "na" ? 16 : what === "carp" ? 4 : family;
  if (octets === undefined) return noDestination(judge, path);
  if (family !== octets)
    return judge.error(
      written[0]!.path,
      `${formatIp(written[0]!.ip)} is no IPv${octets === 4 ? 4 : 6} address`,
      octets === 4 ? "CARP is IPv4's here" : "neighbour discovery is IPv6's; IPv4 has arp",
    );
  const ends = readEnds(judge, path, described, what, nic, octets);
  if (ends === null) return null;
  const message = readMessage(judge, path, described, what, source, ends.from, ends.to);
  if (message === null) return null;
  const { checksum = "right", ttl = what === "udp" || what === "icmp" ? TTL : LINK_TTL } = draft;
  return { what: "ip", ...ends, ttl, message, checksum };
}

interface WrittenAddress {
  readonly ip: IpAddress;
  readonly path: Path;
}

/** All addresses that the message names: they must be of one family. */
function addressesOf(described: Described, what: IpWord, path: Path): readonly WrittenAddress[] {
  const { vrrp, carp, na, ns } = described;
  const draft: IpDraft = described[what]!;
  const texts: (readonly [string | undefined, ...Path])[] = [
    ...(vrrp?.addresses ?? []).map((text, index) => [text, "addresses", index] as const),
    [carp?.address, "address"],
    [na?.target ?? ns?.target, "target"],
    [draft.from, "from"],
    [draft.to, "to"],
  ];
  return texts.flatMap(([text, ...place]) =>
    text === undefined ? [] : [{ ip: parseIp(text)!, path: [...path, ...place] }],
  );
}

/** Source and destination. A neighbour advertisement comes from the address that it is about, VRRP over IPv6 from a link-local one (RFC 9568 section 5.1.2.1). */
function readEnds(
  judge: Judge,
  path: Path,
  described: Described,
  what: IpWord,
  nic: NicSpec,
  octets: 4 | 16,
): { from: IpAddress; to: IpAddress } | null {
  const draft: IpDraft = described[what]!;
  const written = draft.from ?? described.na?.target;
  const usual = what === "vrrp" && octets === 16 ? linkLocalOfMac(nic.mac) : ownAddress(nic, octets);
  const from = written === undefined ? usual : parseIp(written);
  const to = draft.to === undefined ? usualTo(described, what, octets) : parseIp(draft.to);
  if (to === null) return noDestination(judge, path);
  if (from === null) return judge.errorAtKey(path, `${nic.name} has no IPv4 address to send from`, "from: 10.0.1.11");
  return { from, to };
}

function noDestination(judge: Judge, path: Path): null {
  return judge.errorAtKey(path, "where does it go to?", "to: 10.0.1.100");
}

/** The group that such messages go to; null: there is none. */
function usualTo({ ns }: Described, what: IpWord, octets: 4 | 16): IpAddress | null {
  switch (what) {
    case "na":
      return ALL_NODES;
    case "ns":
      return solicitedNodeOf(parseIp(ns!.target!)!);
    case "vrrp":
    case "carp":
      return octets === 4 ? VRRP_GROUP4 : VRRP_GROUP6;
    default:
      return null;
  }
}

function readMessage(
  judge: Judge,
  path: Path,
  { na, ns, vrrp, carp, udp, icmp }: Described,
  what: IpWord,
  source: Uint8Array,
  from: IpAddress,
  to: IpAddress,
): IpMessage | null {
  switch (what) {
    case "na": {
      const { target, mac, R = 0, S = to[0] === 0xff ? 0 : 1, O = 1 } = na!;
      const flags = (R && ND_FLAG_ROUTER) | (S && ND_FLAG_SOLICITED) | (O && ND_FLAG_OVERRIDE);
      return { what, target: parseIp(target!)!, mac: optionOf(mac, source), flags };
    }
    case "ns": {
      const usual = from.every((octet) => octet === 0) ? null : source;
      return { what, target: parseIp(ns!.target!)!, mac: optionOf(ns!.mac, usual) };
    }
    case "vrrp":
      return readVrrp(judge, path, vrrp!, from.length);
    case "carp": {
      const { vhid, skew = 0, base = 1, address } = carp!;
      return { what, vhid: vhid!, skew, baseS: base, address: parseIp(address!)!, password: NO_PASSWORD };
    }
    case "udp": {
      const { port = 9, "source-port": sourcePort = 40_000, octets: dataOctets = 0 } = udp!;
      return { what, port, sourcePort, dataOctets };
    }
    case "icmp": {
      const { op, id: identifier = 1, sequence = 1, octets: dataOctets = 56 } = icmp!;
      return { what, isReply: op === "reply", identifier, sequence, dataOctets };
    }
  }
}

function readVrrp(judge: Judge, path: Path, draft: NonNullable<Described["vrrp"]>, octets: number): IpMessage | null {
  const { vrid, priority = 100, addresses, version = octets === 4 ? 2 : 3, interval = "1s", password } = draft;
  const intervalNs = parseDuration(interval)!;
  const [unitNs, max] = version === 2 ? [NS_PER_S, VRRP_V2_INTERVAL_S_MAX] : [NS_PER_CS, VRRP_V3_INTERVAL_CS_MAX];
  if (intervalNs % unitNs !== 0 || intervalNs / unitNs > max)
    return judge.error(
      [...path, "interval"],
      `${interval} cannot be said in version ${version}`,
      version === 2 ? "whole seconds up to 255s" : "hundredths of a second up to 40.95s",
    );
  if (password !== undefined && (version === 3 || octets === 16))
    return judge.error(
      [...path, "password"],
      `version ${version} over IPv${octets === 4 ? 4 : 6} has no authentication`,
      "leave it out",
    );
  return {
    what: "vrrp",
    version,
    vrid: vrid!,
    priority,
    intervalCs: intervalNs / NS_PER_CS,
    addresses: addresses!.map((address) => parseIp(address!)!),
    password: password === undefined ? null : passwordOctets(password),
  };
}

/** Printable ASCII, filled up with zeros. */
function passwordOctets(password: string): Uint8Array {
  const octets = new Uint8Array(VRRP_AUTH_OCTETS);
  for (let i = 0; i < password.length; i++) octets[i] = password.charCodeAt(i);
  return octets;
}

function optionOf(mac: string | null | undefined, usual: Uint8Array | null): Uint8Array | null {
  return mac === undefined ? usual : mac === null ? null : parseMac(mac);
}
