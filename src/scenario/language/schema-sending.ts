/** The verbs `send` and `announce`: frames that a host puts on the wire, in octets or described, honest ones and lies. */
import { z } from "zod";
import { VLAN_ID_MAX } from "../../wire/vlan.ts";
import { ANNOUNCEMENT_FORMS, FORM_NAMES } from "../announcement-forms.ts";
import { address, anyMac, bit, duration, reference, wanted, wholeNumber } from "./schema-words.ts";

/** Of a frame that a step sends, without FCS. */
export const FRAME_OCTETS_MAX = 1518;
/** Packets of one step: more would fill the memory before they show anything. */
export const PACKETS_MAX = 1_000_000;
/** Addresses of one VRRP advertisement: more do not fit into a frame. */
const ADDRESSES_MAX = 255;

const host = (description: string) => reference("a host's name", description, "vm-A");

export const nicOf = () =>
  reference("a vNIC", "The vNIC; may be left out where the host has one only", "eth0").optional();

/** How often, and how fast. */
export const paceShape = {
  count: wholeNumber("How many; without `every` all at once", 1, PACKETS_MAX).optional(),
  every: duration("Time between two of them", "200ms").optional(),
  until: duration(
    "None from here on; default: with `every` the end of the run, unless `count` says how many",
    "20s",
  ).optional(),
};

const HEX_EXAMPLE = "ffffffffffff02000000000a08060001080006040001…";

const hexadecimal = z
  .string()
  .min(1)
  .max(4 * FRAME_OCTETS_MAX)
  .meta({
    description: "Its octets as hexadecimal digits, from the destination MAC on, without FCS",
    examples: [HEX_EXAMPLE],
  })
  .register(wanted, { expected: "the octets of a frame in hexadecimal digits" });

const operation = (what: string) =>
  z.enum(["request", "reply"]).register(wanted, { expected: "request or reply" }).optional().meta({
    description: what,
    default: "request",
  });

/** A MAC, or null: the option is left out. */
const macOption = (description: string) =>
  z
    .union([z.null(), anyMac("The MAC")])
    .register(wanted, { expected: "a MAC address such as 02:00:00:00:00:01, or null for none" })
    .optional()
    .meta({ description });

const checksum = <const T extends string>(known: readonly [T, ...T[]], more: string) =>
  z
    .enum(known)
    .register(wanted, { expected: known.join(" or ") })
    .optional()
    .meta({ description: `Of the message, not of the IP header${more}`, default: "right" });

/** In every message over IP. */
const ipShape = (to: string) => ({
  from: address("Source address; default: the vNIC's own", "10.0.1.11").optional(),
  to: address(`Destination address; ${to}`, "10.0.1.100").optional(),
  ttl: wholeNumber("TTL or hop limit; default: 64, where the protocol demands it 255", 0, 255).optional(),
});

const arp = z
  .strictObject({
    op: operation("What it is"),
    from: address("The sender's IP address; default: the vNIC's own", "10.0.1.50").optional(),
    mac: anyMac("The sender's MAC, in the payload; default: the frame's source").optional(),
    to: address("The target's IP address", "10.0.1.50"),
    target: anyMac(
      "The target's MAC, in the payload; default: of a question nobody's (zeros), of an announcement as keepalived and arping have it, of a reply the MAC of who has `to`",
    ).optional(),
  })
  .register(wanted, { expected: "{ op: request, from: 10.0.1.50, to: 10.0.1.50 }", owner: "an ARP frame" });

const na = z
  .strictObject({
    target: address("The address that it is about", "2001:db8::50"),
    mac: macOption("The MAC that it says; default: the frame's source; null: without"),
    R: bit("The flag `router`", 0).optional(),
    S: z
      .union([z.literal(0), z.literal(1)])
      .register(wanted, { expected: "0 or 1" })
      .optional()
      .meta({ description: "The flag `solicited`; default: 1 to one host, 0 to all" }),
    O: bit("The flag `override`", 1).optional(),
    ...ipShape("default: all nodes (ff02::1)"),
    checksum: checksum(["right", "wrong"], ""),
  })
  .register(wanted, { expected: '{ target: "2001:db8::50" }', owner: "a neighbour advertisement" });

const ns = z
  .strictObject({
    target: address("The address that is asked for", "2001:db8::50"),
    mac: macOption("The asker's MAC; default: the frame's source, and none where `from` is ::; null: without"),
    ...ipShape("default: the target's solicited-node group"),
    checksum: checksum(["right", "wrong"], ""),
  })
  .register(wanted, { expected: '{ target: "2001:db8::50" }', owner: "a neighbour solicitation" });

const vrid = wholeNumber("The virtual router's number", 1, 255);

const vrrp = z
  .strictObject({
    vrid,
    priority: wholeNumber("0 says farewell, 255 that the addresses are the sender's own", 0, 255, 100).optional(),
    addresses: z
      .array(address("A virtual address", "10.0.1.50"))
      .min(1)
      .max(ADDRESSES_MAX)
      .meta({ description: "The virtual addresses, all of one family" })
      .register(wanted, { expected: "a list of addresses such as [10.0.1.50]" }),
    version: z
      .union([z.literal(2), z.literal(3)])
      .register(wanted, { expected: "2 or 3" })
      .optional()
      .meta({ description: "Default: 2 over IPv4, 3 over IPv6" }),
    interval: duration(
      "The advert interval: whole seconds up to 255 s in version 2, up to 40.95 s in version 3",
      "1s",
      "1s",
    ).optional(),
    password: z
      .string()
      .regex(/^[\x21-\x7e]{1,8}$/)
      .register(wanted, {
        expected: "a password of 1 to 8 characters",
        hint: (value) => (typeof value === "number" ? `quotes make it text: "${value}"` : undefined),
      })
      .optional()
      .meta({ description: "Version 2 over IPv4: auth_type PASS; default: no authentication" }),
    ...ipShape("default: the VRRP group (224.0.0.18, ff02::12)"),
    checksum: checksum(["right", "wrong"], ""),
  })
  .register(wanted, { expected: "{ vrid: 51, addresses: [10.0.1.50] }", owner: "a VRRP advertisement" });

const carp = z
  .strictObject({
    vhid: wholeNumber("The virtual host's number", 1, 255),
    address: address("The virtual address, which is in the HMAC only", "10.0.1.50"),
    skew: wholeNumber("In 1/256 s: the lower, the better master", 0, 255, 0).optional(),
    base: wholeNumber("In seconds, of the interval", 0, 255, 1).optional(),
    ...ipShape("default: the group that it shares with VRRP (224.0.0.18)"),
    checksum: checksum(["right", "wrong"], ""),
  })
  .register(wanted, { expected: "{ vhid: 1, address: 10.0.1.50 }", owner: "a CARP advertisement" });

const dataOctets = (defaultValue: number) =>
  wholeNumber("Octets of data behind the header, all zero", 0, 1472, defaultValue).optional();

const udp = z
  .strictObject({
    port: wholeNumber("Destination port", 0, 65_535, 9).optional(),
    "source-port": wholeNumber("Source port", 0, 65_535, 40_000).optional(),
    octets: dataOctets(0),
    ...ipShape("must be said"),
    checksum: checksum(["right", "wrong", "none"], "; none: 0, which over IPv4 is allowed"),
  })
  .register(wanted, { expected: "{ to: 10.0.1.50, port: 53 }", owner: "a datagram" });

const icmp = z
  .strictObject({
    op: operation("Echo request or echo reply, of the family of the addresses"),
    id: wholeNumber("Whose question it is", 0, 65_535, 1).optional(),
    sequence: wholeNumber("Which question it is", 0, 65_535, 1).optional(),
    octets: dataOctets(56),
    ...ipShape("must be said"),
    checksum: checksum(["right", "wrong"], ""),
  })
  .register(wanted, { expected: "{ to: 10.0.1.50 }", owner: "an echo message" });

const described = z
  .strictObject({
    arp: arp.optional().meta({ description: "ARP" }),
    na: na.optional().meta({ description: "Neighbour advertisement" }),
    ns: ns.optional().meta({ description: "Neighbour solicitation" }),
    vrrp: vrrp.optional().meta({ description: "VRRP advertisement" }),
    carp: carp.optional().meta({ description: "CARP advertisement" }),
    udp: udp.optional().meta({ description: "UDP datagram" }),
    icmp: icmp.optional().meta({ description: "Echo message" }),
    source: anyMac("The frame's source MAC; default: the vNIC's").optional(),
    destination: anyMac("The frame's destination MAC; default: as its content demands").optional(),
    vlan: wholeNumber("The VLAN ID of an 802.1Q tag; default: no tag", 0, VLAN_ID_MAX).optional(),
  })
  .meta({ description: "What it is: one of arp, na, ns, vrrp, carp, udp and icmp, and its MACs" })
  .register(wanted, { expected: "{ arp: { op: request, from: 10.0.1.50, to: 10.0.1.50 } }", owner: "a frame" });

/** What a described frame may be. */
export const CONTENTS = ["arp", "na", "ns", "vrrp", "carp", "udp", "icmp"] as const;

export const sending = z
  .strictObject({
    host: host("The host that sends it"),
    nic: nicOf(),
    frame: z
      .union([hexadecimal, described])
      .meta({ description: "Its octets, or what it is" })
      .register(wanted, {
        expected: "the octets of a frame in hexadecimal digits, or { arp: { … } }",
        hint: (value) =>
          typeof value === "number" ? `in quotes, digits are no number: frame: "${HEX_EXAMPLE}"` : undefined,
      }),
    ...paceShape,
  })
  .register(wanted, {
    expected: "{ host: vm-A, frame: { arp: { from: 10.0.1.50, to: 10.0.1.50 } } }",
    owner: "a `send` step",
  });

export const announcing = z
  .strictObject({
    host: host("The host that sends it"),
    nic: reference("a vNIC", "The vNIC; default: the host's in the subnet of the address", "eth0").optional(),
    vip: reference("an address", "What is announced: an address, or the name of a HAVIP", "10.0.1.50"),
    as: z
      .enum(FORM_NAMES)
      .register(wanted, { expected: "a form of announcement such as garp-request" })
      .optional()
      .meta({
        description: `${FORM_NAMES.map((name) => `${name}: ${ANNOUNCEMENT_FORMS[name]}`).join(". ")}. Default: garp-request, or na`,
      }),
    mac: anyMac("Where the address is said to be; default: the vNIC's MAC, or the virtual router's").optional(),
    source: anyMac("The frame's source MAC; default: `mac`").optional(),
    to: reference(
      "a host's name or an address",
      "To whom: the host of an arp-reply or na, the address that an arp-request asks for",
      "client",
    ).optional(),
    vrid: vrid.optional(),
    priority: wholeNumber("Of a vrrp advertisement", 0, 255, 100).optional(),
    vhid: wholeNumber("Of a carp advertisement", 1, 255).optional(),
    ...paceShape,
  })
  .register(wanted, { expected: "{ host: vm-A, vip: 10.0.1.50 }", owner: "an `announce` step" });
