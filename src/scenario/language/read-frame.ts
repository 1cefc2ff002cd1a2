/**
 * The `frame` of a `send` step, as octets or described, to the octets of the whole frame. What a description does not say is as an honest host has
 * it; what it says may be a lie, but must be one that a frame can hold.
 */
import { parseIp, sameIp } from "../../text/ip-text.ts";
import { BROADCAST_MAC, formatIp, parseMac, ZERO_MAC } from "../../wire/address.ts";
import { ARP_REPLY, ARP_REQUEST } from "../../wire/arp.ts";
import { type ArpContent, composeFrame, type FrameContent } from "../../wire/compose.ts";
import { ETHERNET_OCTETS } from "../../wire/ethernet.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import { type ArpDraft, type Described, readIpContent } from "./read-ip-frame.ts";
import { CONTENTS, FRAME_OCTETS_MAX } from "./schema-sending.ts";
import { macFor, macOr, ownAddress, type Sender } from "./sender.ts";
import { quoted } from "./yaml-errors.ts";

/** What stands at `path`, sent by `sender`; null and findings if it is broken. */
export function readFrame(network: Network, path: Path, draft: string | Described, sender: Sender): Uint8Array | null {
  const { judge } = network;
  const frame =
    typeof draft === "string" ? readDigits(judge, path, draft) : readDescribed(network, path, draft, sender);
  if (frame === null || (frame.length >= ETHERNET_OCTETS && frame.length <= FRAME_OCTETS_MAX)) return frame;
  return judge.error(
    path,
    `these are ${frame.length} octets`,
    `a frame has ${ETHERNET_OCTETS} to ${FRAME_OCTETS_MAX}, without FCS`,
  );
}

function readDigits(judge: Judge, path: Path, text: string): Uint8Array | null {
  const digits = text.replaceAll(/[\s:]/g, "");
  const isHex = /^[0-9a-fA-F]*$/.test(digits);
  if (isHex && digits.length % 2 === 0)
    return Uint8Array.from(digits.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
  return judge.error(
    path,
    isHex ? "half an octet is left over" : "a frame is written in hexadecimal digits",
    "two digits for each octet, from the destination MAC on: ffffffffffff02…; or what it is: { arp: { … } }",
  );
}

function readDescribed(network: Network, path: Path, draft: Described, { nic }: Sender): Uint8Array | null {
  const { judge } = network;
  const [what, second] = CONTENTS.filter((key) => judge.isWritten([...path, key]));
  if (what === undefined) {
    if (judge.places.isDamaged(path)) return null;
    return judge.error(path, "what kind of frame is it?", `one of: ${CONTENTS.join(", ")}`);
  }
  if (second !== undefined)
    return judge.errorAtKey(
      [...path, second],
      `a frame is one thing, this one is ${quoted(what)} and ${quoted(second)}`,
      "write a step for each, with the same 'at'",
    );
  if (!isWhole(judge, path, draft) || NEEDED[what].some((key) => !judge.isWritten([...path, what, key]))) return null;
  const source = macOr(draft.source, nic.mac);
  const at = [...path, what];
  const content: FrameContent | null =
    what === "arp"
      ? readArp(network, at, draft.arp!, nic, source, draft.destination)
      : readIpContent(judge, at, draft, what, nic, source);
  if (content === null) return null;
  const destination =
    draft.destination === undefined ? destinationOf(network, nic, content) : parseMac(draft.destination);
  if (destination !== null) return composeFrame({ destination, source, vlan: draft.vlan ?? null, content });
  const to = content.what === "arp" ? content.targetIp : content.to;
  return judge.error(
    path,
    `no host of the file boots with ${formatIp(to)} in subnet '${nic.subnet}': which MAC does the frame go to?`,
    'destination: "02:00:00:00:00:01"',
  );
}

/** What must be said of each; the structure has been judged. */
const NEEDED: Readonly<Record<(typeof CONTENTS)[number], readonly string[]>> = {
  arp: ["to"],
  na: ["target"],
  ns: ["target"],
  vrrp: ["vrid", "addresses"],
  carp: ["vhid", "address"],
  udp: [],
  icmp: [],
};

/** Whether nothing in the draft was refused. */
function isWhole(judge: Judge, path: Path, draft: unknown): boolean {
  const node = judge.places.node(path);
  if (draft === undefined || judge.places.isDamaged(path)) return node === undefined;
  if (node?.kind !== "map") return !Array.isArray(draft) || !draft.includes(undefined);
  const values = draft as Readonly<Record<string, unknown>>;
  return [...node.entries.keys()].every((key) => isWhole(judge, [...path, key], values[key]));
}

function readArp(
  network: Network,
  path: Path,
  draft: ArpDraft,
  nic: Sender["nic"],
  source: Uint8Array,
  destination: string | undefined,
): ArpContent | null {
  const { judge } = network;
  const strange = (["from", "to"] as const).find((key) => parseIp(draft[key] ?? "0.0.0.0")?.length !== 4);
  if (strange !== undefined)
    return judge.error([...path, strange], `${draft[strange]} is no IPv4 address`, "ARP is IPv4's; IPv6 has ns and na");
  const targetIp = parseIp(draft.to!)!;
  const senderIp = draft.from === undefined ? ownAddress(nic, 4) : parseIp(draft.from);
  if (senderIp === null)
    return judge.errorAtKey(path, `${nic.name} has no IPv4 address to speak for`, "from: 10.0.1.50");
  const senderMac = macOr(draft.mac, source);
  const isReply = draft.op === "reply";
  const isAnnouncement = sameIp(senderIp, targetIp);
  const asked = (): Uint8Array | null => {
    if (!isReply) return isAnnouncement ? BROADCAST_MAC : ZERO_MAC;
    if (isAnnouncement) return senderMac;
    return destination === undefined ? macFor(network, nic, targetIp) : parseMac(destination);
  };
  const targetMac = draft.target === undefined ? asked() : parseMac(draft.target);
  if (targetMac === null)
    return judge.error(
      [...path, "to"],
      `no host of the file boots with ${formatIp(targetIp)} in subnet '${nic.subnet}': what is its MAC?`,
      'target: "02:00:00:00:00:01"',
    );
  return { what: "arp", operation: isReply ? ARP_REPLY : ARP_REQUEST, senderMac, senderIp, targetMac, targetIp };
}

/** Where an honest host sends it; null: the file does not tell. */
function destinationOf(network: Network, nic: Sender["nic"], content: FrameContent): Uint8Array | null {
  if (content.what === "ip") return macFor(network, nic, content.to);
  const { operation, senderIp, targetIp, targetMac } = content;
  return operation === ARP_REQUEST || sameIp(senderIp, targetIp) ? BROADCAST_MAC : targetMac;
}
