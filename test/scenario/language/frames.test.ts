/** `send` and `announce`: what a description leaves out, and what a person is told who wrote it wrong. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { describeFrame } from "../../../src/wire/describe.ts";
import { findingsOf, memoryFiles } from "./files.ts";

const text = (step: string) => `name: x
until: 10s
subnets: { lan: { cidr: [10.0.1.0/24, "2001:db8::/64"] }, back: { cidr: 10.0.2.0/24 } }
hosts:
  hut: { subnet: lan, mac: "02:00:00:00:00:0a", address: [10.0.1.1, "2001:db8::1"] }
  peer: { subnet: lan, mac: "02:00:00:00:00:0b", address: [10.0.1.2, "2001:db8::2"] }
  two: { nics: { eth0: { subnet: back }, eth1: { subnet: lan } } }
havips:
  web: { subnet: lan, address: 10.0.1.50 }
timeline:
  - { at: 1s, ${step} }
`;
const VIP6 = '"2001:db8::50"';

/** The frame that the step puts on the wire, in hexadecimal digits. */
function frameOf(step: string): string {
  const { action } = loadScenario("x.yaml", text(step), memoryFiles({})).timeline[0]!;
  if (action.verb !== "send" && action.verb !== "announce") throw new Error(`${action.verb} sends no frame`);
  return Buffer.from(action.frame).toString("hex");
}

/** The same, as a capture would show it. */
function shown(step: string): string {
  const octets = Buffer.from(frameOf(step), "hex");
  return describeFrame(octets, 0, octets.length);
}

const OWN = "02000000000a";
const PEER = "02000000000b";
const ALL = "ffffffffffff";
const NOBODY = "000000000000";
const VIP = "0a000132";
const arp = (destination: string, op: 1 | 2, target: string, from = VIP, to = VIP, mac = OWN) =>
  `${destination}${mac}0806000108000604000${op}${mac}${from}${target}${to}`;

describe("announce", () => {
  it.each([
    ["garp-request", arp(ALL, 1, ALL)],
    ["garp-request-own", arp(ALL, 1, OWN)],
    ["garp-reply", arp(ALL, 2, OWN)],
    ["garp-reply-broadcast", arp(ALL, 2, ALL)],
    ["arp-reply, to: peer", arp(PEER, 2, PEER, VIP, "0a000102")],
    ["arp-request, to: 10.0.1.77", arp(ALL, 1, NOBODY, VIP, "0a00014d")],
    ["arp-probe", arp(ALL, 1, NOBODY, "00000000")],
  ])("as: %s", (form, hex) => {
    expect(frameOf(`announce: { host: hut, vip: web, as: ${form} }`)).toBe(hex);
  });

  it.each([
    ["", "2001:db8::50 > ff02::1", "(unsolicited, override)"],
    [", as: na", "2001:db8::50 > ff02::1", "(unsolicited, override)"],
    [", as: na, to: peer", "2001:db8::50 > 2001:db8::2", "(solicited, override)"],
    [", as: na-no-override", "2001:db8::50 > ff02::1", "(unsolicited)"],
    [", as: na-no-override, to: peer", "2001:db8::50 > 2001:db8::2", "(solicited)"],
  ])("of an IPv6 address%s", (words, way, flags) => {
    const what = "ICMP6 neighbour advertisement, 2001:db8::50 is at 02:00:00:00:00:0a";
    expect(shown(`announce: { host: hut, vip: ${VIP6}${words} }`)).toBe(`${way}: ${what} ${flags}`);
  });

  it("as VRRP and CARP comes from the virtual MAC", () => {
    const vrrp = frameOf("announce: { host: hut, vip: web, as: vrrp, vrid: 51, priority: 7 }");
    expect(vrrp.slice(0, 24)).toBe("01005e000012" + "00005e000133");
    expect(shown("announce: { host: hut, vip: web, as: vrrp, vrid: 51, priority: 7 }")).toBe(
      "10.0.1.1 > 224.0.0.18: VRRPv2 advert vrid 51 prio 7 int 1s auth none 10.0.1.50",
    );
    const step6 = `announce: { host: hut, vip: ${VIP6}, as: vrrp, vrid: 51 }`;
    expect(frameOf(step6).slice(0, 24)).toBe("333300000012" + "00005e000233");
    expect(shown(step6)).toBe("fe80::ff:fe00:a > ff02::12: VRRPv3 advert vrid 51 prio 100 int 100cs 2001:db8::50");
    const carp = "announce: { host: hut, vip: web, as: carp, vhid: 7 }";
    expect(frameOf(carp).slice(0, 24)).toBe("01005e000012" + "00005e000007");
    expect(shown(carp)).toBe("10.0.1.1 > 224.0.0.18: CARP advert vhid 7 base 1s skew 0");
  });

  it("says another MAC, and comes from it unless it says otherwise", () => {
    const mac = 'mac: "02:00:00:00:00:66"';
    const forged = arp(ALL, 1, ALL, VIP, VIP, "020000000066");
    expect(frameOf(`announce: { host: hut, vip: web, ${mac} }`)).toBe(forged);
    expect(frameOf(`announce: { host: hut, vip: web, ${mac}, source: "02:00:00:00:00:0a" }`)).toBe(
      forged.replace(`${ALL}020000000066`, `${ALL}${OWN}`),
    );
  });

  it("is sent by the vNIC in the address's subnet, or by the one that is named", () => {
    const nicOf = (step: string) => {
      const { action } = loadScenario("x.yaml", text(step), memoryFiles({})).timeline[0]!;
      return "nic" in action ? action.nic : null;
    };
    expect(nicOf("announce: { host: two, vip: web }")).toBe("eth1");
    expect(nicOf("announce: { host: two, vip: web, nic: eth0 }")).toBe("eth0");
  });

  it.each([
    ["vip: 10.0.9.9", "10.0.9.9 is in no subnet of 'hut'", "hut has eth0 (10.0.1.0/24, 2001:db8::/64); where it lies"],
    ["vip: wob", "vip: 'wob' is no IP address or HAVIP", "did you mean 'web'?"],
    ["vip: 224.0.0.18", "224.0.0.18 is a group's address, and nobody's to announce", "10.0.1.50"],
    ["vip: web, nic: eth7", "'hut' has no vNIC 'eth7'", "did you mean 'eth0'?"],
    ["vip: web, as: garp", "expected a form of announcement such as garp-request, got 'garp'", "did you mean"],
    ["vip: web, as: na", "as: na cannot announce 10.0.1.50", "as: garp-request, or leave it out"],
    [`vip: ${VIP6}, as: arp-probe`, "arp-probe cannot announce 2001:db8::50", "as: na, or leave it out"],
    ["vip: web, as: vrrp", "of which virtual router is it?", "vrid: 51"],
    ["vip: web, as: carp", "of which virtual host is it?", "vhid: 1"],
    ["vip: web, as: arp-reply", "to whom is it a reply?", "to: client"],
    ["vip: web, to: peer", "garp-request has no 'to'", "it is for as: arp-reply, arp-request, na, na-no-override"],
    ["vip: web, vrid: 1", "garp-request has no 'vrid'", "it is for as: vrrp"],
    ["vip: web, as: arp-reply, to: 10.0.1.9", "no host of the file boots with 10.0.1.9 in subnet 'lan'", "send: {"],
    ["vip: web, as: arp-reply, to: pear", "to: 'pear' is no IP address or host", "did you mean 'peer'?"],
    ["vip: web, as: arp-reply, to: two", "'two' has no IPv4 address in subnet 'lan'", "a host beside the sender"],
    [`vip: web, as: arp-reply, to: ${VIP6}`, "is not of the family of 10.0.1.50", "two IPv4 or two IPv6"],
    ["vip: web, as: arp-reply, to: 10.0.1.2, mac: x", "expected a MAC address such as", "six pairs"],
    ["vip: web, every: 0s", "0s would send without end at one moment", "every: 10ms"],
    ["vip: web, until: 5s", "without 'every' all of them are sent at once", "every: 200ms"],
    ["vip: web, count: 0", "expected a whole number from 1 to 1000000", ""],
    ["nic: eth0", "an `announce` step needs the key 'vip'", "vip: an address such as 10.0.1.50"],
    ["vip: web, form: na", "an `announce` step has no key 'form'", "known:"],
  ])("{ host: hut, %s }: %s", (words, message, hint) => {
    expectOneMistake(`announce: { host: hut, ${words} }`, message, hint);
  });
});

describe("a described frame", () => {
  it.each([
    ["arp: { to: 10.0.1.9 }", "ARP, Request who-has 10.0.1.9 tell 10.0.1.1"],
    [
      "arp: { from: 10.0.1.50, to: 10.0.1.50 }",
      "ARP, Request who-has 10.0.1.50 tell 10.0.1.50 at 02:00:00:00:00:0a (gratuitous)",
    ],
    ["arp: { op: reply, to: 10.0.1.2 }", "ARP, Reply 10.0.1.1 is-at 02:00:00:00:00:0a"],
    [
      'arp: { op: reply, from: 10.0.1.50, mac: "02:00:00:00:00:66", to: 10.0.1.2 }',
      "ARP, Reply 10.0.1.50 is-at 02:00:00:00:00:66 (Ethernet source 02:00:00:00:00:0a)",
    ],
    [
      `na: { target: ${VIP6} }`,
      "2001:db8::50 > ff02::1: ICMP6 neighbour advertisement, 2001:db8::50 is at 02:00:00:00:00:0a (unsolicited, override)",
    ],
    [
      `na: { target: ${VIP6}, mac: null, to: "2001:db8::2", O: 0, R: 1 }`,
      "2001:db8::50 > 2001:db8::2: ICMP6 neighbour advertisement, 2001:db8::50 (router, solicited)",
    ],
    [
      `na: { target: ${VIP6}, ttl: 64 }`,
      "2001:db8::50 > ff02::1: ICMP6 neighbour advertisement, 2001:db8::50 is at 02:00:00:00:00:0a (unsolicited, override) [bad-ttl]",
    ],
    [
      `ns: { target: ${VIP6} }`,
      "2001:db8::1 > ff02::1:ff00:50: ICMP6 neighbour solicitation, who has 2001:db8::50, tell 02:00:00:00:00:0a",
    ],
    [`ns: { target: ${VIP6}, from: "::" }`, ":: > ff02::1:ff00:50: ICMP6 neighbour solicitation, who has 2001:db8::50"],
    [
      "vrrp: { vrid: 51, addresses: [10.0.1.50, 10.0.1.51], priority: 255 }",
      "10.0.1.1 > 224.0.0.18: VRRPv2 advert vrid 51 prio 255 int 1s auth none 10.0.1.50 10.0.1.51",
    ],
    [
      "vrrp: { vrid: 51, addresses: [10.0.1.50], password: secret, interval: 3s, from: 10.0.1.9 }",
      "10.0.1.9 > 224.0.0.18: VRRPv2 advert vrid 51 prio 100 int 3s auth pass 10.0.1.50",
    ],
    [
      "vrrp: { vrid: 51, addresses: [10.0.1.50], version: 3, interval: 40.95s, checksum: wrong }",
      "10.0.1.1 > 224.0.0.18: VRRPv3 advert vrid 51 prio 100 int 4095cs 10.0.1.50 [bad-checksum]",
    ],
    [
      `vrrp: { vrid: 51, addresses: [${VIP6}] }`,
      "fe80::ff:fe00:a > ff02::12: VRRPv3 advert vrid 51 prio 100 int 100cs 2001:db8::50",
    ],
    ["carp: { vhid: 7, address: 10.0.1.50, skew: 3 }", "10.0.1.1 > 224.0.0.18: CARP advert vhid 7 base 1s skew 3"],
    ["udp: { to: 10.0.1.2, octets: 8 }", "10.0.1.1 > 10.0.1.2: UDP 40000 > 9, length 8"],
    ["udp: { to: 10.0.1.2, checksum: wrong }", "10.0.1.1 > 10.0.1.2: UDP 40000 > 9, length 0 [bad-checksum]"],
    ["udp: { to: 10.0.1.2, checksum: none }", "10.0.1.1 > 10.0.1.2: UDP 40000 > 9, length 0"],
    ['icmp: { to: "2001:db8::2", op: reply }', "2001:db8::1 > 2001:db8::2: ICMP6 echo reply, id 1, seq 1, length 64"],
    [
      "icmp: { to: 10.0.1.2, octets: 0 }, vlan: 12",
      "vlan 12, p 0, 10.0.1.1 > 10.0.1.2: ICMP echo request, id 1, seq 1, length 8",
    ],
    [
      'icmp: { from: 10.0.1.9, to: 10.0.1.77, octets: 0 }, destination: "02:00:00:00:00:77"',
      "10.0.1.9 > 10.0.1.77: ICMP echo request, id 1, seq 1, length 8",
    ],
  ])("{ %s }", (frame, line) => {
    expect(shown(`send: { host: hut, frame: { ${frame} } }`)).toBe(line);
  });

  it.each([
    ["arp: { to: 10.0.1.2 }", ALL, OWN],
    ["arp: { op: reply, to: 10.0.1.2 }", PEER, OWN],
    ["arp: { op: reply, from: 10.0.1.50, to: 10.0.1.50 }", ALL, OWN],
    ['arp: { op: reply, to: 10.0.1.9 }, destination: "02:00:00:00:00:77"', "020000000077", OWN],
    ["udp: { to: 10.0.1.2 }", PEER, OWN],
    ['udp: { to: "fe80::ff:fe00:b" }', PEER, OWN],
    ["udp: { to: 239.1.2.3 }", "01005e010203", OWN],
    ["udp: { to: 255.255.255.255 }", ALL, OWN],
    [`ns: { target: ${VIP6} }`, "3333ff000050", OWN],
    ['vrrp: { vrid: 1, addresses: [10.0.1.50] }, source: "00:00:5e:00:01:01"', "01005e000012", "00005e000101"],
    ['arp: { to: 10.0.1.2 }, source: "ff:ff:ff:ff:ff:ff"', ALL, ALL],
  ])("{ %s } goes to %s, from %s", (frame, destination, source) => {
    expect(frameOf(`send: { host: hut, frame: { ${frame} } }`).slice(0, 24)).toBe(destination + source);
  });

  it.each([
    ["{}", "what kind of frame is it?", "one of: arp, na, ns, vrrp, carp, udp, icmp"],
    ["{ vlan: 1 }", "what kind of frame is it?", "one of: arp"],
    ["{ arp: { to: 10.0.1.2 }, udp: { to: 10.0.1.2 } }", "this one is 'arp' and 'udp'", "write a step for each"],
    ["{ arb: { to: 10.0.1.2 } }", "a frame has no key 'arb'", "did you mean 'arp'?"],
    ["{ arp: { from: 10.0.1.2 } }", "an ARP frame needs the key 'to'", "to: an IP address such as 10.0.1.50"],
    ["{ arp: { to: 10.0.1.2, op: ask } }", "op: expected request or reply, got 'ask'", ""],
    ["{ arp: { to: 10.0.1.2, ttl: 3 } }", "an ARP frame has no key 'ttl'", "known:"],
    [`{ arp: { to: ${VIP6} } }`, "2001:db8::50 is no IPv4 address", "ARP is IPv4's; IPv6 has ns and na"],
    [
      "{ arp: { op: reply, to: 10.0.1.9 } }",
      "no host of the file boots with 10.0.1.9 in subnet 'lan': what is its MAC?",
      "target:",
    ],
    ["{ na: { target: 10.0.1.50 } }", "target: 10.0.1.50 is no IPv6 address", "IPv4 has arp"],
    [`{ na: { target: ${VIP6}, to: 10.0.1.2 } }`, "10.0.1.2 is not of the family of 2001:db8::50", "one frame is of"],
    [`{ na: { target: ${VIP6}, O: 2 } }`, "O: expected 0 or 1", ""],
    [`{ na: { target: ${VIP6}, mac: me } }`, "mac: expected a MAC address", "six pairs"],
    [`{ carp: { vhid: 1, address: ${VIP6} } }`, "2001:db8::50 is no IPv4 address", "CARP is IPv4's here"],
    ["{ vrrp: { vrid: 0, addresses: [10.0.1.50] } }", "vrid: expected a whole number from 1 to 255", ""],
    [
      "{ vrrp: { vrid: 1, addresses: [] } }",
      "addresses: expected a list of addresses such as [10.0.1.50], got an empty list",
      "",
    ],
    [`{ vrrp: { vrid: 1, addresses: [10.0.1.50, ${VIP6}] } }`, "is not of the family of 10.0.1.50", "one frame is of"],
    [
      "{ vrrp: { vrid: 1, addresses: [10.0.1.50], interval: 1.5s } }",
      "1.5s cannot be said in version 2",
      "whole seconds",
    ],
    ["{ vrrp: { vrid: 1, addresses: [10.0.1.50], interval: 256s } }", "256s cannot be said in version 2", "up to 255s"],
    [
      "{ vrrp: { vrid: 1, addresses: [10.0.1.50], version: 3, interval: 41s } }",
      "41s cannot be said in version 3",
      "40.95s",
    ],
    [
      "{ vrrp: { vrid: 1, addresses: [10.0.1.50], version: 3, password: x } }",
      "version 3 over IPv4 has no auth",
      "leave it out",
    ],
    ["{ vrrp: { vrid: 1, addresses: [10.0.1.50], version: 4 } }", "version: expected 2 or 3", ""],
    [
      "{ vrrp: { vrid: 1, addresses: [10.0.1.50], password: 1234 } }",
      "password: expected a password of 1 to 8",
      "quotes make it text",
    ],
    [
      "{ vrrp: { vrid: 1, addresses: [10.0.1.50], checksum: bad } }",
      "checksum: expected right or wrong, got 'bad'",
      "",
    ],
    ["{ udp: { port: 9 } }", "where does it go to?", "to: 10.0.1.100"],
    ["{ udp: { to: 10.0.1.9 } }", "which MAC does the frame go to?", 'destination: "02:00:00:00:00:01"'],
    ['{ udp: { to: "2001:db8::2", octets: 1472 } }', "these are 1534 octets", "14 to 1518"],
    ["{ udp: { to: 10.0.1.2 }, vlan: 4095 }", "vlan: expected a whole number from 0 to 4094", ""],
    ["{ udp: { to: 10.0.1.2 }, destination: all }", "destination: expected a MAC address", "six pairs"],
    ["[1, 2]", "expected the octets of a frame in hexadecimal digits, or { arp: { … } }", ""],
  ])("%s: %s", (frame, message, hint) => {
    expectOneMistake(`send: { host: hut, frame: ${frame} }`, message, hint);
  });

  it("from a vNIC without an address needs one", () => {
    const sent = (frame: string) => `send: { host: two, nic: eth1, frame: { ${frame} } }`;
    expectOneMistake(sent("arp: { to: 10.0.1.2 }"), "eth1 has no IPv4 address to speak for", "from:");
    expectOneMistake(sent("icmp: { to: 10.0.1.2 }"), "eth1 has no IPv4 address to send from", "from:");
    expectOneMistake(
      "announce: { host: two, vip: web, as: carp, vhid: 1 }",
      "eth1 has no IPv4 address to send from",
      "send:",
    );
    expect(shown(sent('icmp: { to: "2001:db8::2", octets: 0 }'))).toMatch(
      /^fe80::.* > 2001:db8::2: ICMP6 echo request/,
    );
  });
});

describe("any description", () => {
  const word = fc.constantFrom(
    ...["10.0.1.2", "10.0.1.50", '"2001:db8::2"', '"::"', "224.0.0.18", "web", "peer", "null", "0", "1", "2", "3"],
    ...["255", "70000", "request", "reply", "wrong", "none", "right", "1s", "1ns", "02:00:00:00:00:01", "[10.0.1.50]"],
    ...["garp-request", "na", "vrrp", "carp", "arp-reply", "x", "{}", "[]", "true", '""'],
  );
  const key = fc.constantFrom(
    ...["op", "from", "to", "mac", "target", "R", "S", "O", "ttl", "checksum", "vrid", "priority", "addresses"],
    ...["version", "interval", "password", "vhid", "skew", "base", "address", "port", "source-port", "octets", "id"],
    ...["sequence", "source", "destination", "vlan", "count", "every", "until", "as", "vip", "nic"],
  );
  const map = (entries: readonly (readonly [string, string])[]) =>
    `{ ${entries.map(([name, value]) => `${name}: ${value}`).join(", ")} }`;
  const entries = fc.uniqueArray(fc.tuple(key, word), { selector: ([name]) => name, maxLength: 5 });
  const content = fc.constantFrom("arp", "na", "ns", "vrrp", "carp", "udp", "icmp");
  const frame = fc
    .tuple(fc.uniqueArray(fc.tuple(content, entries.map(map)), { selector: ([name]) => name, maxLength: 2 }), entries)
    .map(([contents, more]) => map([...contents, ...more]));
  const step = fc.oneof(
    frame.map((value) => `send: { host: hut, frame: ${value} }`),
    entries.map((more) => `announce: ${map([["host", "hut"], ...more])}`),
  );

  it("is a frame, or refused with a place in the file", () => {
    fc.assert(
      fc.property(step, (written) => {
        try {
          expect(frameOf(written).length).toBeGreaterThanOrEqual(28);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.findings.every(({ line, column }) => line === 11 && column > 1)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});

function expectOneMistake(step: string, message: string, hint: string): void {
  const [finding, ...more] = findingsOf(text(step));
  expect(more).toEqual([]);
  expect(finding!.line).toBe(11);
  expect(finding!.message).toContain(message);
  expect(finding!.hint ?? "").toContain(hint);
}
