/** An `announce` step: who says where an address is, in which form, to whom. Null everywhere: broken, and reported. */
import { type IpAddress, parseIp, prefixContains } from "../../text/ip-text.ts";
import { ALL_NODES, BROADCAST_MAC, formatIp, linkLocalOfMac, ZERO_MAC } from "../../wire/address.ts";
import { ARP_REPLY, ARP_REQUEST } from "../../wire/arp.ts";
import { composeFrame, type FrameContent, type IpMessage } from "../../wire/compose.ts";
import { ND_FLAG_OVERRIDE, ND_FLAG_SOLICITED } from "../../wire/nd.ts";
import { VRRP_GROUP4, VRRP_GROUP6 } from "../../wire/vrrp.ts";
import type { AnnouncementForm } from "../announcement-forms.ts";
import type { AnnounceAction, HavipSpec, NicSpec } from "../model.ts";
import { classFault } from "./address-class.ts";
import type { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import { formatPrefix } from "./prefixes.ts";
import type { Machine, Network } from "./read-hosts.ts";
import { LINK_TTL, NO_PASSWORD } from "./read-ip-frame.ts";
import { readPace } from "./read-pace.ts";
import { macFor, macOr, namedNic, ownAddress, type Sender } from "./sender.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type AnnounceDraft = NonNullable<NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>["announce"]>;

/** Forms of one family; the others are of both. */
const IPV4_FORMS: ReadonlySet<AnnouncementForm> = new Set([
  "garp-request",
  "garp-request-own",
  "garp-reply",
  "garp-reply-broadcast",
  "arp-reply",
  "arp-request",
  "arp-probe",
  "carp",
]);
const IPV6_FORMS: ReadonlySet<AnnouncementForm> = new Set(["na", "na-no-override"]);
/** Which forms a key is for. */
const KEYS: Readonly<Record<"to" | "vrid" | "priority" | "vhid", readonly AnnouncementForm[]>> = {
  to: ["arp-reply", "arp-request", "na", "na-no-override"],
  vrid: ["vrrp"],
  priority: ["vrrp"],
  vhid: ["carp"],
};
/** What a form must have. */
const NEEDED: Partial<Record<AnnouncementForm, readonly [key: keyof typeof KEYS, message: string, hint: string]>> = {
  "arp-reply": ["to", "to whom is it a reply?", "to: client"],
  "arp-request": ["to", "which address does it ask for?", "to: client"],
  vrrp: ["vrid", "of which virtual router is it?", "vrid: 51"],
  carp: ["vhid", "of which virtual host is it?", "vhid: 1"],
};

export function readAnnounce(
  network: Network,
  path: Path,
  draft: AnnounceDraft,
  havips: Declared<HavipSpec>,
): AnnounceAction | null {
  const { judge, machines } = network;
  const machine = draft.host === undefined ? null : machines.find(judge, [...path, "host"], draft.host);
  const vip = readVip(network, path, draft, havips);
  const pace = readPace(network, path, draft);
  const words = ["nic", "as", "mac", "source", "to", "vrid", "priority", "vhid", "count", "every", "until"] as const;
  if (words.some((key) => judge.isRefused([...path, key], draft[key]))) return null;
  if (machine === null || vip === null || pace === null) return null;
  const sender = readPlace(network, path, machine, draft.nic, vip);
  if (sender === null) return null;
  const form = draft.as ?? (vip.length === 4 ? "garp-request" : "na");
  if (!fits(network, path, draft, form, vip)) return null;
  const frame = forge(network, path, draft, form, vip, sender.nic);
  return frame && { verb: "announce", host: machine.name, nic: sender.nic.name, vip, form, frame, pace };
}

function readVip(
  { judge }: Network,
  path: Path,
  { vip: text }: AnnounceDraft,
  havips: Declared<HavipSpec>,
): IpAddress | null {
  if (text === undefined) return null;
  const havip = havips.get(text);
  if (havip !== undefined) return havip === null ? null : havip.address;
  const at = [...path, "vip"];
  const ip = parseIp(text);
  if (ip === null)
    return havips.isComplete
      ? judge.error(at, `${quoted(text)} is no IP address or HAVIP`, judge.suggestion(text, havips.names))
      : null;
  const fault = classFault(ip);
  return fault === null ? ip : judge.error(at, `${fault}, and nobody's to announce`, "10.0.1.50, or 2001:db8::50");
}

/** The vNIC that is named, or the one in the address's subnet. */
function readPlace(
  { judge, subnets }: Network,
  path: Path,
  machine: Machine,
  named: string | undefined,
  vip: IpAddress,
): Sender | null {
  if (named !== undefined) return namedNic(judge, path, machine, named);
  const prefixesOf = ({ subnet }: NicSpec) => subnets.get(subnet)?.prefixes ?? [];
  const nic = machine.nics.find((candidate) => prefixesOf(candidate).some((prefix) => prefixContains(prefix, vip)));
  if (nic !== undefined) return { machine, nic };
  if (subnets.values.length < subnets.names.length) return null;
  const known = machine.nics.map((own) => `${own.name} (${prefixesOf(own).map(formatPrefix).join(", ")})`);
  return judge.error(
    [...path, "vip"],
    `${formatIp(vip)} is in no subnet of '${machine.name}'`,
    `${machine.name} has ${known.join(", ")}; where it lies nevertheless, nic: ${machine.nics[0]!.name}`,
  );
}

/** Whether family and keys are the form's. */
function fits({ judge }: Network, path: Path, draft: AnnounceDraft, form: AnnouncementForm, vip: IpAddress): boolean {
  const isWrong = (vip.length === 4 ? IPV6_FORMS : IPV4_FORMS).has(form);
  if (isWrong) {
    const right = vip.length === 4 ? "garp-request" : "na";
    judge.error([...path, "as"], `${form} cannot announce ${formatIp(vip)}`, `as: ${right}, or leave it out`);
    return false;
  }
  for (const key of Object.keys(KEYS) as (keyof typeof KEYS)[]) {
    if (draft[key] === undefined || KEYS[key].includes(form)) continue;
    judge.errorAtKey([...path, key], `${form} has no '${key}'`, `it is for as: ${KEYS[key].join(", ")}`);
    return false;
  }
  const needed = NEEDED[form];
  if (needed === undefined || draft[needed[0]] !== undefined) return true;
  judge.errorAtKey(path, needed[1], needed[2]);
  return false;
}

function forge(
  network: Network,
  path: Path,
  draft: AnnounceDraft,
  form: AnnouncementForm,
  vip: IpAddress,
  nic: NicSpec,
): Uint8Array | null {
  const mac = macOr(draft.mac, usualMac(draft, form, vip, nic));
  const source = macOr(draft.source, mac);
  const to = draft.to === undefined ? null : readPeer(network, [...path, "to"], draft.to, vip, nic);
  if (draft.to !== undefined && to === null) return null;
  const compose = (destination: Uint8Array, content: FrameContent) =>
    composeFrame({ destination, source, vlan: null, content });
  const arp = (operation: number, targetMac: Uint8Array, senderIp = vip, targetIp = vip) =>
    ({ what: "arp", operation, senderMac: mac, senderIp, targetMac, targetIp }) as const;
  const ip = (from: IpAddress, destination: IpAddress, message: IpMessage) =>
    ({ what: "ip", from, to: destination, ttl: LINK_TTL, message, checksum: "right" }) as const;
  switch (form) {
    case "garp-request":
      return compose(BROADCAST_MAC, arp(ARP_REQUEST, BROADCAST_MAC));
    case "garp-request-own":
      return compose(BROADCAST_MAC, arp(ARP_REQUEST, mac));
    case "garp-reply":
      return compose(BROADCAST_MAC, arp(ARP_REPLY, mac));
    case "garp-reply-broadcast":
      return compose(BROADCAST_MAC, arp(ARP_REPLY, BROADCAST_MAC));
    case "arp-probe":
      return compose(BROADCAST_MAC, arp(ARP_REQUEST, ZERO_MAC, new Uint8Array(4)));
    case "arp-request":
      return compose(BROADCAST_MAC, arp(ARP_REQUEST, ZERO_MAC, vip, to!));
    case "arp-reply": {
      const peer = macOf(network, path, to!, nic);
      return peer && compose(peer, arp(ARP_REPLY, peer, vip, to!));
    }
    case "na":
    case "na-no-override": {
      const peer = macOf(network, path, to ?? ALL_NODES, nic);
      const flags = (to === null ? 0 : ND_FLAG_SOLICITED) | (form === "na" ? ND_FLAG_OVERRIDE : 0);
      return peer && compose(peer, ip(vip, to ?? ALL_NODES, { what: "na", target: vip, mac, flags }));
    }
    case "vrrp":
    case "carp": {
      const group = vip.length === 4 ? VRRP_GROUP4 : VRRP_GROUP6;
      const from = vip.length === 4 ? ownAddress(nic, 4) : linkLocalOfMac(nic.mac);
      if (from === null)
        return network.judge.errorAtKey(
          path,
          `${nic.name} has no IPv4 address to send from`,
          "send: { frame: { vrrp: … } }",
        );
      return compose(macFor(network, nic, group)!, ip(from, group, advertisement(draft, form, vip)));
    }
  }
}

function advertisement(
  { vrid, priority = 100, vhid }: AnnounceDraft,
  form: "vrrp" | "carp",
  vip: IpAddress,
): IpMessage {
  if (form === "carp") return { what: "carp", vhid: vhid!, baseS: 1, skew: 0, address: vip, password: NO_PASSWORD };
  const version = vip.length === 4 ? 2 : 3;
  return { what: "vrrp", version, vrid: vrid!, priority, intervalCs: 100, addresses: [vip], password: null };
}

/** What a form says where the address is, or for VRRP and CARP comes from, unless another MAC is written. */
function usualMac({ vrid, vhid }: AnnounceDraft, form: AnnouncementForm, vip: IpAddress, nic: NicSpec): Uint8Array {
  if (form === "vrrp") return Uint8Array.of(0, 0, 0x5e, 0, vip.length === 4 ? 1 : 2, vrid!);
  return form === "carp" ? Uint8Array.of(0, 0, 0x5e, 0, 0, vhid!) : nic.mac;
}

/** A host or an address, of the VIP's family. */
function readPeer(
  { judge, machines }: Network,
  path: Path,
  text: string,
  vip: IpAddress,
  nic: NicSpec,
): IpAddress | null {
  const family = vip.length as 4 | 16;
  const host = machines.get(text);
  if (host === null) return null;
  if (host !== undefined) {
    const peer = host.nics.find(({ subnet }) => subnet === nic.subnet);
    const own = peer === undefined ? null : ownAddress(peer, family);
    if (own !== null) return own;
    return judge.error(
      path,
      `'${text}' has no IPv${family === 4 ? 4 : 6} address in subnet '${nic.subnet}'`,
      "a host beside the sender",
    );
  }
  const ip = parseIp(text);
  if (ip === null)
    return machines.isComplete
      ? judge.error(path, `${quoted(text)} is no IP address or host`, judge.suggestion(text, machines.names))
      : null;
  const fault = classFault(ip);
  if (fault !== null) return judge.error(path, `${fault}, and no host's`, "a host's name, or its address");
  if (ip.length === family) return ip;
  return judge.error(path, `${text} is not of the family of ${formatIp(vip)}`, "two IPv4 or two IPv6 addresses");
}

function macOf(network: Network, path: Path, ip: IpAddress, nic: NicSpec): Uint8Array | null {
  const mac = macFor(network, nic, ip);
  if (mac !== null) return mac;
  return network.judge.error(
    [...path, "to"],
    `no host of the file boots with ${formatIp(ip)} in subnet '${nic.subnet}'`,
    "a host's name; to a MAC of your own: send: { frame: { arp: … }, destination: … }",
  );
}
