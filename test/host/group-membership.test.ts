/** Joining and leaving groups: what is reported, how often, and what is heard in between. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { GroupMembership } from "../../src/host/group-membership.ts";
import { ip, LoneHost, mac } from "./lone-host.ts";

const GROUP = "224.0.0.18";
const lone = (seed = 1) => new LoneHost(["10.0.0.1/24", "2001:db8::1/64"], { seed });
const lines = (host: LoneHost) => host.takeSent().map((line) => line.replace(/^\S+ /, ""));
const hex = (bytes: Uint8Array) => Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");

describe("a membership", () => {
  it("is reported after 8 to 12 ms and once more within a second (and the 32 ms of a timer), and so is its end", () => {
    const host = lone();
    const membership = new GroupMembership(host.nic, ip(GROUP), "test");
    membership.join();
    host.runTo(5);
    membership.leave();
    host.runTo(10);
    const [join, joinAgain, leave, leaveAgain] = host.sent.map(({ atNs }) => atNs / NS_PER_S);
    for (const first of [join!, leave! - 5]) {
      expect(first).toBeGreaterThan(0.008);
      expect(first).toBeLessThanOrEqual(0.012);
    }
    for (const between of [joinAgain! - join!, leaveAgain! - leave!]) {
      expect(between).toBeGreaterThan(0.008);
      expect(between).toBeLessThanOrEqual(1.04);
    }
    expect(lines(host)).toEqual([
      "10.0.0.1 > 224.0.0.22: IGMPv3 report, join 224.0.0.18",
      "10.0.0.1 > 224.0.0.22: IGMPv3 report, join 224.0.0.18",
      "10.0.0.1 > 224.0.0.22: IGMPv3 report, leave 224.0.0.18",
      "10.0.0.1 > 224.0.0.22: IGMPv3 report, leave 224.0.0.18",
    ]);
  });

  it("is repeated at a moment of chance", () => {
    const moments = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const host = lone(seed);
      new GroupMembership(host.nic, ip(GROUP), "test").join();
      host.runTo(2);
      expect(host.sent.length).toBe(2);
      moments.add(host.sent[1]!.atNs);
    }
    expect(moments.size).toBe(20);
  });

  it("that ends before its repetition is repeated as ended", () => {
    const host = lone();
    const membership = new GroupMembership(host.nic, ip(GROUP), "test");
    membership.join();
    host.runTo(0.02);
    membership.leave();
    host.runTo(3);
    expect(lines(host).map((line) => /join|leave/.exec(line)![0])).toEqual(["join", "leave", "leave"]);
  });

  it("that ends before it was reported is reported as ended only", () => {
    const host = lone();
    const membership = new GroupMembership(host.nic, ip(GROUP), "test");
    membership.join();
    membership.leave();
    host.runTo(3);
    expect(lines(host).map((line) => /join|leave/.exec(line)![0])).toEqual(["leave", "leave"]);
  });

  it("that never began does not end", () => {
    const host = lone();
    new GroupMembership(host.nic, ip(GROUP), "test").leave();
    host.runTo(2);
    expect(host.sent).toEqual([]);
  });

  it("vanishes without a word", () => {
    const host = lone();
    const membership = new GroupMembership(host.nic, ip(GROUP), "test");
    membership.join();
    host.runTo(0.02);
    host.takeSent();
    membership.vanish();
    host.runTo(2);
    expect(host.sent).toEqual([]);
  });

  it("decides what the NIC listens to", () => {
    const host = lone();
    const listens = () => host.nic.listensTo(ip(GROUP), 0, 4);
    const membership = new GroupMembership(host.nic, ip(GROUP), "test");
    expect(listens()).toBe(false);
    membership.join();
    expect(listens()).toBe(true);
    membership.leave();
    expect(listens()).toBe(false);
  });
});

describe("the frames", () => {
  it("are Linux's octet for octet: IGMPv3", () => {
    const host = lone();
    new GroupMembership(host.nic, ip(GROUP), "test").join();
    host.runTo(0.02);
    expect(hex(host.sent[0]!.bytes)).toBe(
      "01005e000016020000000100080046c00028000040000102f9f80a000001e0000016940400002200f9eb0000000104000000e0000012",
    );
  });

  it("are Linux's octet for octet: MLDv2, from the link-local address", () => {
    const host = lone();
    new GroupMembership(host.nic, ip("ff02::12"), "test").join();
    host.runTo(0.02);
    expect(hex(host.sent[0]!.bytes)).toMatch(
      /^33330000001602000000010086dd6000000000240001fe80000000000000000000fffe000100ff020000000000000000000000000016/,
    );
    expect(lines(host)[0]).toBe("fe80::ff:fe00:100 > ff02::16: MLDv2 report, join ff02::12");
  });

  it("come from 0.0.0.0 where there is no address, and from below a macvlan", () => {
    const host = lone();
    const upper = host.host.addMacvlan(host.nic, "vrrp.51", mac("00:00:5e:00:01:33"));
    new GroupMembership(upper, ip(GROUP), "test").join();
    host.runTo(0.02);
    expect(hex(host.sent[0]!.bytes.subarray(6, 12))).toBe("020000000100");
    expect(lines(host)).toEqual(["0.0.0.0 > 224.0.0.22: IGMPv3 report, join 224.0.0.18"]);
    expect([upper.listensTo(ip(GROUP), 0, 4), host.nic.listensTo(ip(GROUP), 0, 4)]).toEqual([true, false]);
  });
});
