/** New IPv6 addresses: how they are checked, what is answered meanwhile, and what happens if somebody has them. */
import { describe, expect, it } from "vitest";
import { parseSysctl, writeSysctl } from "../../src/host/sysctl.ts";
import { na, ns } from "./frames.ts";
import { ip, LoneHost } from "./lone-host.ts";

const NEW = "2001:db8::50";
const OTHER = "02:00:00:00:00:0b";
const ASKER = { from: OTHER, source: "2001:db8::77", mac: OTHER };

function adding(settings: Readonly<Record<string, number>> = {}, noDad = false) {
  const host = new LoneHost(["2001:db8::1/64"]);
  for (const [name, value] of Object.entries(settings)) writeSysctl(host.host, parseSysctl(`net.ipv6.${name}`)!, value);
  const news: boolean[] = [];
  host.host.watchAddresses(({ isThere }) => news.push(isThere));
  expect(host.host.addAddress(host.nic, ip(NEW), 64, noDad)).toBe(true);
  return { host, news };
}
const isThere = ({ nic }: LoneHost) => nic.owns(ip(NEW), 0, 16);

describe("an address that nobody has", () => {
  it("is asked for once within a second (and the 32 ms of a timer), from nowhere, and there a second later", () => {
    const { host, news } = adding();
    host.runTo(1.036);
    expect(host.takeSent()).toEqual([expect.stringContaining("33:33:ff:00:00:50 :: > ff02::1:ff00:50")]);
    expect([isThere(host), news]).toEqual([false, []]);
    host.deliver(ns({ ...ASKER, target: NEW }));
    expect(host.takeSent()).toEqual([]);
    host.runTo(2.07);
    expect([isThere(host), news, host.sent.length]).toEqual([true, [true], 0]);
  });

  it("is asked for as often as dad_transmits says, and advertised where ndisc_notify does", () => {
    const { host } = adding({
      "conf.eth0.dad_transmits": 3,
      "neigh.eth0.retrans_time_ms": 500,
      "conf.eth0.ndisc_notify": 1,
    });
    host.runTo(2.6);
    expect(host.sent.map(({ bytes }) => bytes[54])).toEqual([135, 135, 135, 136]);
    // 125 jiffies, three times as late as the timer wheel has it.
    expect(host.sent[3]!.atNs - host.sent[0]!.atNs).toBe(3 * 0.512e9);
  });

  it("is there at once with nodad, or where accept_dad is 0", () => {
    expect(isThere(adding({}, true).host)).toBe(true);
    expect(isThere(adding({ "conf.eth0.accept_dad": 0 }).host)).toBe(true);
    expect(isThere(adding({ "conf.eth0.accept_dad": 0, "conf.all.accept_dad": 1 }).host)).toBe(false);
  });
});

describe("an address that somebody has", () => {
  it.each([
    ["is advertised", na({ from: OTHER, target: NEW, flags: 0x20, mac: OTHER })],
    ["is checked by somebody else", ns({ ...ASKER, source: "::", mac: null, target: NEW })],
  ])("%s: it is never used, and can be taken off", (_what, frame) => {
    const { host, news } = adding();
    host.runTo(1.036);
    host.deliver(frame);
    host.deliver(frame);
    host.runTo(10);
    expect([isThere(host), news]).toEqual([false, []]);
    // Told once.
    expect(host.duplicates).toEqual([`eth0 ${NEW} ${OTHER}`]);
    expect(host.nic.duplicates.lost).toHaveLength(1);
    expect(host.host.addAddress(host.nic, ip(NEW), 64)).toBe(false);
    expect(host.host.deleteAddress(host.nic, ip(NEW))).toBe(true);
    expect(host.nic.duplicates.has(ip(NEW))).toBe(false);
  });

  it("a question of our own that comes back is no sign of somebody else (RFC 7527)", () => {
    const { host } = adding();
    host.runTo(1.036);
    host.deliver(host.sent[0]!.bytes);
    host.runTo(3);
    expect(isThere(host)).toBe(true);
  });
});

it("a crash ends it", () => {
  const { host, news } = adding();
  host.host.crash();
  host.runTo(5);
  expect([isThere(host), news, host.sent.length]).toEqual([false, [], 0]);
});
