/** Neighbour discovery: who is answered, with which flags, and what an advertisement may change. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { formatMac } from "../../src/wire/address.ts";
import { na, ns } from "./frames.ts";
import { HOST_MAC, LoneHost } from "./lone-host.ts";

const US = "2001:db8::1";
const LINK_LOCAL = "fe80::ff:fe00:100";
const VIP = "2001:db8::50";
const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";
const ASKER = { from: "02:00:00:00:00:77", source: "2001:db8::77", mac: "02:00:00:00:00:77" };
const S = 0x40;
const O = 0x20;
const R = 0x80;

const lone = () => new LoneHost([`${US}/64`]);
/** Destination MAC, flags, and the MAC in the option (`-`: none) of the last advertisement sent. */
const lastAdvertisement = (host: LoneHost) => {
  const { bytes } = host.sent.at(-1)!;
  expect([bytes[20], bytes[21], bytes[54]]).toEqual([58, 255, 136]);
  return [formatMac(bytes), bytes[58], bytes.length > 78 ? formatMac(bytes, 80) : "-"];
};

describe("a solicitation", () => {
  it.each([US, LINK_LOCAL])(
    "for %s to its group is answered with S, O and the MAC; the asker is remembered",
    (target) => {
      const host = lone();
      host.deliver(ns({ ...ASKER, target }));
      expect(lastAdvertisement(host)).toEqual([ASKER.mac, S | O, HOST_MAC]);
      // The answer itself is a use of the entry (observed).
      expect(host.entry(ASKER.source)).toBe(`DELAY ${ASKER.mac}`);
    },
  );

  it("by unicast, to see whether we are still there, is answered with S alone (observed)", () => {
    const host = lone();
    host.deliver(ns({ ...ASKER, target: US, unicast: true }));
    expect(lastAdvertisement(host)).toEqual([ASKER.mac, S, "-"]);
  });

  it("by unicast without the asker's MAC is answered after a question (observed)", () => {
    const host = lone();
    host.deliver(ns({ ...ASKER, target: US, mac: null, unicast: true }));
    expect(host.sent.map(({ bytes }) => bytes[54])).toEqual([135]);
    host.deliver(na({ from: ASKER.from, target: ASKER.source, flags: S | O, mac: ASKER.mac, destination: US }));
    expect(lastAdvertisement(host)).toEqual([ASKER.mac, S, "-"]);
  });

  it("to its group without the asker's MAC is answered to neighbours that are known, and to nobody else", () => {
    const host = lone();
    host.deliver(ns({ ...ASKER, target: US, mac: null }));
    expect([host.sent.length, host.nic.neighbours6.count]).toEqual([0, 0]);
    host.deliver(ns({ ...ASKER, target: US }));
    host.takeSent();
    host.deliver(ns({ ...ASKER, target: US, mac: null }));
    expect(lastAdvertisement(host)).toEqual([ASKER.mac, S | O, HOST_MAC]);
  });

  it("from the unspecified address (somebody checks whether the address is free) is answered to all nodes with O", () => {
    const host = lone();
    host.deliver(ns({ ...ASKER, source: "::", mac: null, target: US }));
    expect(lastAdvertisement(host)).toEqual(["33:33:00:00:00:01", O, HOST_MAC]);
    expect(host.nic.neighbours6.count).toBe(0);
  });

  it("for an address of somebody else in our group is not answered", () => {
    const host = lone();
    host.deliver(ns({ ...ASKER, target: "2001:db8:1::1" }));
    expect([host.sent.length, host.nic.neighbours6.count]).toEqual([0, 0]);
  });

  it("for an address that was taken off is not answered", () => {
    const host = lone();
    host.nic.removeAddress(host.nic.addresses[0]!.ip);
    host.deliver(ns({ ...ASKER, target: US }));
    expect(host.sent).toEqual([]);
  });
});

describe("an advertisement", () => {
  /** REACHABLE with A's MAC, then STALE after its time if wanted; two seconds later than that. */
  const known = (state: "INCOMPLETE" | "REACHABLE" | "STALE" | "FAILED") => {
    const host = lone();
    host.nic.neighbours6.reachableNs = 10 * NS_PER_S;
    host.ask(VIP);
    if (state === "FAILED") host.runTo(3.5);
    if (state === "INCOMPLETE" || state === "FAILED") return host;
    host.deliver(na({ from: A, target: VIP, flags: S | O, mac: A, destination: US }));
    host.runTo(state === "STALE" ? 12 : 2);
    expect(host.entry(VIP)).toBe(`${state} ${A}`);
    return host;
  };

  it.each([
    // from, flags, MAC in the option, entry after it
    ["INCOMPLETE", O, B, `DELAY ${B}`],
    ["INCOMPLETE", 0, B, `DELAY ${B}`],
    ["INCOMPLETE", S | O, B, `REACHABLE ${B}`],
    ["INCOMPLETE", S, B, `REACHABLE ${B}`],
    ["INCOMPLETE", S | O, null, "INCOMPLETE"],
    ["REACHABLE", O, B, `STALE ${B}`],
    ["REACHABLE", O, A, `REACHABLE ${A}`],
    ["REACHABLE", 0, B, `STALE ${A}`],
    ["REACHABLE", 0, A, `REACHABLE ${A}`],
    ["REACHABLE", R | O, B, `STALE ${B}`],
    ["REACHABLE", S, B, `STALE ${A}`],
    ["REACHABLE", S | O, B, `REACHABLE ${B}`],
    ["STALE", O, B, `STALE ${B}`],
    ["STALE", 0, B, `STALE ${A}`],
    ["STALE", S, B, `STALE ${A}`],
    ["STALE", S, A, `REACHABLE ${A}`],
    ["STALE", S, null, `REACHABLE ${A}`],
    ["STALE", 0, null, `STALE ${A}`],
    ["FAILED", O, B, "FAILED"],
    ["FAILED", S | O, B, "FAILED"],
  ] as const)("%s, flags %i, MAC %s: %s", (state, flags, mac, after) => {
    const host = known(state);
    const solicited = (flags & S) !== 0;
    host.deliver(na({ from: B, target: VIP, flags, mac, ...(solicited ? { destination: US } : {}) }));
    expect(host.entry(VIP)).toBe(after);
  });

  it("of an address that nobody asked for makes no entry", () => {
    const host = lone();
    host.deliver(na({ from: A, target: VIP, flags: O, mac: A }));
    expect(host.entry(VIP)).toBe("-");
  });

  it("of our own address changes nothing and is not answered", () => {
    const host = lone();
    host.deliver(na({ from: A, target: US, flags: O, mac: A }));
    expect([host.sent.length, host.nic.neighbours6.count]).toEqual([0, 0]);
  });

  it("that has crossed a router is refused", () => {
    const host = known("REACHABLE");
    host.deliver(na({ from: B, target: VIP, flags: O, mac: B, hopLimit: 254 }));
    expect([host.entry(VIP), host.host.packetsMalformed]).toEqual([`REACHABLE ${A}`, 1]);
  });

  it("knows no locktime", () => {
    const host = lone();
    host.ask(VIP);
    for (const from of [A, B, A]) host.deliver(na({ from, target: VIP, flags: S | O, mac: from, destination: US }));
    expect(host.entry(VIP)).toBe(`REACHABLE ${A}`);
  });
});

describe("a question of our own", () => {
  it("goes to the solicited-node group, from the address of the packet that waits, with our MAC", () => {
    const host = lone();
    host.ask(VIP);
    const { bytes } = host.sent[0]!;
    expect(formatMac(bytes)).toBe("33:33:ff:00:00:50");
    expect(host.takeSent()[0]).toContain(`${US} > ff02::1:ff00:50`);
    expect(formatMac(bytes, 80)).toBe(HOST_MAC);
  });

  it("that verifies a neighbour is unicast, from the link-local address (observed)", () => {
    const host = lone();
    host.nic.neighbours6.reachableNs = 3 * NS_PER_S;
    host.ask(VIP);
    host.deliver(na({ from: A, target: VIP, flags: S | O, mac: A, destination: US }));
    host.takeSent();
    host.runTo(8.5);
    const { bytes } = host.sent[0]!;
    expect(formatMac(bytes)).toBe(A);
    expect(host.takeSent()).toHaveLength(1);
    expect(Array.from(bytes.subarray(22, 24))).toEqual([0xfe, 0x80]);
    // The answer to it need not say the MAC again.
    host.deliver(na({ from: A, target: VIP, flags: S, mac: null, destination: US }));
    expect(host.entry(VIP)).toBe(`REACHABLE ${A}`);
  });
});
