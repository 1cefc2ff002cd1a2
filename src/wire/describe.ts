/**
 * Any frame as one line of text, much as tcpdump would print it: for reports, events and error messages. What a check
 * refuses is shown as far as it can be read, with the parse code in brackets: `VRRPv2 advert vrid 51 … [bad-checksum]`.
 *
 * Off the fast path: it allocates as it likes. It never throws, whatever the octets are.
 */
import { equalBytes } from "../base/bytes.ts";
import { formatIp, formatMac, MAC_OCTETS } from "./address.ts";
import {
  ARP_REPLY,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  arpOperation,
  checkArp,
  isArpProbe,
  isGratuitousArp,
} from "./arp.ts";
import { describeIpv4, describeIpv6 } from "./describe-ip.ts";
import {
  checkEthernet,
  ETHERNET_DESTINATION,
  ETHERNET_SOURCE,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MIN,
  ETHERTYPE_VLAN,
  etherType,
} from "./ethernet.ts";
import { PARSE_OK, PARSE_TRUNCATED, parseNote } from "./parse-code.ts";
import { checkVlan, VLAN_OCTETS, vlanDropEligible, vlanId, vlanInnerType, vlanPriority } from "./vlan.ts";

/** The frame of `octets` octets at `offset`, in one line. Octets that `bytes` does not have count as not there. */
export function describeFrame(bytes: Uint8Array, offset: number, octets: number): string {
  const available = Math.max(0, Math.min(octets, bytes.length - offset));
  const code = checkEthernet(bytes, offset, available);
  if (code === PARSE_TRUNCATED) return `Ethernet${parseNote(code)}, length ${available}`;
  const source =
    code === PARSE_OK ? "" : `Ethernet source ${formatMac(bytes, offset + ETHERNET_SOURCE)}${parseNote(code)}: `;
  return source + describeTyped(bytes, offset, available);
}

/** Tags, then what the innermost type says. */
function describeTyped(bytes: Uint8Array, offset: number, octets: number): string {
  const end = offset + octets;
  let tags = "";
  let type = etherType(bytes, offset);
  let typeOffset = offset + ETHERNET_TYPE;
  while (type === ETHERTYPE_VLAN) {
    const code = checkVlan(bytes, typeOffset, end - typeOffset);
    if (code === PARSE_TRUNCATED) return `${tags}vlan${parseNote(code)}, length ${end - typeOffset}`;
    const eligible = vlanDropEligible(bytes, typeOffset) ? ", DEI" : "";
    tags += `vlan ${vlanId(bytes, typeOffset)}${parseNote(code)}, p ${vlanPriority(bytes, typeOffset)}${eligible}, `;
    type = vlanInnerType(bytes, typeOffset);
    typeOffset += VLAN_OCTETS;
  }
  const payload = typeOffset + 2;
  const left = end - payload;
  if (type === ETHERTYPE_ARP) return tags + describeArp(bytes, offset, payload, left);
  if (type === ETHERTYPE_IPV4) return tags + describeIpv4(bytes, payload, left);
  if (type === ETHERTYPE_IPV6) return tags + describeIpv6(bytes, payload, left);
  const macs = `${formatMac(bytes, offset + ETHERNET_SOURCE)} > ${formatMac(bytes, offset + ETHERNET_DESTINATION)}`;
  const kind = type < ETHERTYPE_MIN ? "LLC" : `ethertype 0x${type.toString(16).padStart(4, "0")}`;
  return `${tags}${macs}, ${kind}, length ${left}`;
}

/** `frame` is the Ethernet header's offset: a sender MAC that is not the frame's source is worth a word. */
function describeArp(bytes: Uint8Array, frame: number, offset: number, octets: number): string {
  const code = checkArp(bytes, offset, octets);
  if (code !== PARSE_OK) return `ARP${parseNote(code)}, length ${octets}`;
  const senderIp = formatIp(bytes, offset + ARP_SENDER_IP, 4);
  const senderMac = formatMac(bytes, offset + ARP_SENDER_MAC);
  const remarks: string[] = [];
  if (isGratuitousArp(bytes, offset)) remarks.push("gratuitous");
  if (isArpProbe(bytes, offset)) remarks.push("probe");
  if (!equalBytes(bytes, frame + ETHERNET_SOURCE, bytes, offset + ARP_SENDER_MAC, MAC_OCTETS)) {
    remarks.push(`Ethernet source ${formatMac(bytes, frame + ETHERNET_SOURCE)}`);
  }
  const remark = remarks.length === 0 ? "" : ` (${remarks.join(", ")})`;
  if (arpOperation(bytes, offset) === ARP_REPLY) return `ARP, Reply ${senderIp} is-at ${senderMac}${remark}`;
  const at = isGratuitousArp(bytes, offset) ? ` at ${senderMac}` : "";
  return `ARP, Request who-has ${formatIp(bytes, offset + ARP_TARGET_IP, 4)} tell ${senderIp}${at}${remark}`;
}
