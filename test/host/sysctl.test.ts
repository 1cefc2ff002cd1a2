/** Settings by their Linux names: what is known, what they change, and what `all` and `default` mean. */
import { describe, expect, it } from "vitest";
import { applySysctls, parseSysctl, sysctlKeys, sysctlRange, writeSysctl } from "../../src/host/sysctl.ts";
import { arp, BROADCAST, na } from "./frames.ts";
import { HOST_MAC, ip, LoneHost, mac } from "./lone-host.ts";

const US = "10.0.0.1";
const ASKER = { senderMac: "02:00:00:00:00:77", senderIp: "10.0.0.77" };
const A = "02:00:00:00:00:0a";
const lone = () => new LoneHost([`${US}/24`, "10.0.0.50/32"]);
const write = (host: LoneHost, name: string, value: number) => writeSysctl(host.host, parseSysctl(name)!, value);

describe("names", () => {
  it.each([
    ["net.ipv4.conf.eth0.arp_ignore", { family: "ipv4", group: "conf", item: "eth0", key: "arp_ignore" }],
    ["net/ipv4/conf/vrrp.51/arp_ignore", { family: "ipv4", group: "conf", item: "vrrp.51", key: "arp_ignore" }],
    ["net.ipv6.neigh.default.gc_thresh3", { family: "ipv6", group: "neigh", item: "default", key: "gc_thresh3" }],
    ["net.ipv6.conf.all.ndisc_notify", { family: "ipv6", group: "conf", item: "all", key: "ndisc_notify" }],
  ])("%s", (text, name) => {
    expect(parseSysctl(text)).toEqual(name);
  });

  it.each([
    "net.ipv4.conf.eth0.constructor",
    "net.ipv4.conf.arp_ignore",
    "net.ipv4.neigh.all.locktime",
    "net.ipv4.neigh.eth0.gc_thresh1",
    "net.ipv4.conf.eth0.ndisc_notify",
    "net.ipv4.ip_forward",
  ])("%s is none", (text) => {
    expect(parseSysctl(text)).toBeNull();
  });

  it("have ranges, and every key that is told of is one", () => {
    expect(sysctlRange(parseSysctl("net.ipv4.conf.eth0.rp_filter")!)).toEqual({ min: 0, max: 2 });
    expect(sysctlRange(parseSysctl("net.ipv4.conf.eth0.proxy_arp")!)).toEqual({ min: 0, max: 0 });
    for (const family of ["ipv4", "ipv6"] as const)
      for (const group of ["conf", "neigh"] as const)
        for (const key of sysctlKeys({ family, group }))
          expect(parseSysctl(`net.${family}.${group}.default.${key}`)).not.toBeNull();
  });
});

describe("values", () => {
  it("are in the kernel's units", () => {
    const host = lone();
    const { settings } = host.nic.neighbours4;
    write(host, "net.ipv4.neigh.eth0.locktime", 50);
    write(host, "net.ipv4.neigh.eth0.retrans_time_ms", 250);
    write(host, "net.ipv4.neigh.eth0.delay_first_probe_time", 2);
    write(host, "net.ipv4.neigh.eth0.base_reachable_time", 8);
    write(host, "net.ipv4.neigh.eth0.unres_qlen", 2);
    expect(settings).toMatchObject({
      locktimeNs: 0.5e9,
      // 62.5 jiffies, rounded up.
      retransNs: 0.252e9,
      delayFirstProbeNs: 2e9,
      baseReachableNs: 8e9,
      unresQlenOctets: 4180,
    });
    expect(host.nic.neighbours4.reachableNs).toBeGreaterThanOrEqual(4e9);
    expect(host.nic.neighbours4.reachableNs).toBeLessThan(12e9);
  });

  it("of an interface that there is none change nothing", () => {
    const host = lone();
    write(host, "net.ipv4.conf.eth9.arp_ignore", 8);
    write(host, "net.ipv4.neigh.eth9.locktime", 8);
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US }));
    expect(host.takeSent()).toHaveLength(1);
  });

  it("under default are what interfaces boot with, wherever they stand", () => {
    const host = lone();
    const values = { "net.ipv4.conf.eth0.arp_accept": 2, "net.ipv4.conf.default.arp_accept": 1 };
    applySysctls(host.host, new Map(Object.entries(values)));
    expect(host.nic.settings4.arpAccept).toBe(2);
    applySysctls(host.host, new Map([["net.ipv4.conf.default.arp_filter", 1]]));
    expect(host.nic.settings4.arpFilter).toBe(1);
    write(host, "net.ipv4.conf.default.arp_filter", 0);
    expect(host.nic.settings4.arpFilter).toBe(1);
  });
});

describe("who is answered", () => {
  const answers = (host: LoneHost, frame: Partial<Parameters<typeof arp>[0]> = {}) => {
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US, ...frame }));
    return host.takeSent().length;
  };

  it.each([
    // arp_ignore: our address, the loopback's, ours to an asker of another subnet
    [0, [1, 1, 1]],
    [1, [1, 0, 1]],
    [2, [1, 0, 0]],
    [3, [1, 1, 1]],
    [8, [0, 0, 0]],
  ])("arp_ignore %i, of eth0 or of all", (level, wanted) => {
    for (const item of ["eth0", "all"]) {
      const host = lone();
      host.host.addLoopbackAddress(ip("10.0.9.9"));
      write(host, `net.ipv4.conf.${item}.arp_ignore`, level);
      const seen = [answers(host), answers(host, { targetIp: "10.0.9.9" }), answers(host, { senderIp: "192.168.7.7" })];
      expect(seen).toEqual(wanted);
    }
  });

  it("arp_filter 1, rp_filter 1 and 2: not who is elsewhere; without answer, nothing is learned", () => {
    for (const setting of ["arp_filter=1", "rp_filter=1", "rp_filter=2"]) {
      const host = lone();
      const [key, value] = setting.split("=");
      write(host, `net.ipv4.conf.eth0.${key}`, Number(value));
      expect([answers(host), answers(host, { senderIp: "192.168.7.7" })]).toEqual([1, 0]);
      expect(host.entry("192.168.7.7")).toBe("-");
    }
  });
});

describe("who is believed", () => {
  const announcement = (senderIp: string) =>
    arp({ operation: 1, senderMac: A, senderIp, targetIp: senderIp, targetMac: BROADCAST });

  it("arp_accept 2: announcements in a subnet of the interface", () => {
    const host = lone();
    write(host, "net.ipv4.conf.eth0.arp_accept", 2);
    host.deliver(announcement("10.0.0.9"));
    host.deliver(announcement("192.168.7.7"));
    expect([host.entry("10.0.0.9"), host.entry("192.168.7.7")]).toEqual([`STALE ${A}`, "-"]);
  });

  it("arp_accept 1: not of our own address", () => {
    const host = lone();
    write(host, "net.ipv4.conf.eth0.arp_accept", 1);
    host.deliver(announcement(US));
    expect(host.nic.neighbours4.count).toBe(0);
  });

  it.each([1, 2] as const)(
    "drop_gratuitous_arp: not from gratuitous frames, of operation %i, but from questions",
    (operation) => {
      const host = lone();
      write(host, "net.ipv4.conf.eth0.drop_gratuitous_arp", 1);
      host.deliver(arp({ operation: 1, ...ASKER, targetIp: US }));
      host.runTo(5);
      host.deliver(arp({ operation, senderMac: A, senderIp: ASKER.senderIp, targetMac: A, targetIp: ASKER.senderIp }));
      expect(host.entry(ASKER.senderIp)).toBe(`STALE ${ASKER.senderMac}`);
      host.deliver(arp({ operation: 1, ...ASKER, senderMac: A, targetIp: US }));
      expect(host.entry(ASKER.senderIp)).toBe(`STALE ${A}`);
    },
  );

  it("drop_gratuitous_arp of all", () => {
    const host = lone();
    write(host, "net.ipv4.conf.all.arp_accept", 1);
    write(host, "net.ipv4.conf.all.drop_gratuitous_arp", 1);
    host.deliver(announcement("10.0.0.9"));
    expect(host.nic.neighbours4.count).toBe(0);
  });
});

describe("who is told when an interface comes up or changes its MAC (arp_notify)", () => {
  const changed = (settings: readonly string[], change: (host: LoneHost) => void) => {
    const host = new LoneHost([`${US}/24`, "10.0.0.50/32", "2001:db8::1/64"]);
    for (const item of settings) write(host, `net.ipv4.conf.${item}.arp_notify`, 1);
    change(host);
    return host.takeSent().filter((line) => line.includes("ARP"));
  };
  const bounced = (host: LoneHost) => {
    host.host.setLink(host.nic, false);
    host.host.setLink(host.nic, true);
  };

  it("0: nobody", () => {
    expect(changed([], bounced)).toEqual([]);
    expect(changed([], (host) => host.nic.setMac(mac(A)))).toEqual([]);
  });

  it.each([["eth0"], ["all"]])("1 of %s: everybody, a gratuitous request for each address", (item) => {
    const announced = [US, "10.0.0.50"].map(
      (own) => `${BROADCAST} ARP, Request who-has ${own} tell ${own} at ${HOST_MAC} (gratuitous)`,
    );
    expect(changed([item], bounced)).toEqual(announced);
    expect(changed([item], (host) => host.nic.setMac(mac(A)))).toHaveLength(2);
  });

  it("1: not when an address is added, nor when only the carrier was lost (observed)", () => {
    expect(changed(["eth0"], (host) => host.host.addAddress(host.nic, ip("10.0.0.51"), 24))).toEqual([]);
    const carrier = (host: LoneHost) => {
      host.nic.setCarrier(false);
      host.nic.setCarrier(true);
    };
    expect(changed(["eth0"], carrier)).toEqual([]);
  });
});

describe("who is believed over IPv6", () => {
  const STRANGER = "2001:db8::99";
  const advertised = (settings: Readonly<Record<string, number>>, target: string, mac: string | null = A) => {
    const host = new LoneHost(["2001:db8::1/64"]);
    for (const [key, value] of Object.entries(settings)) write(host, `net.ipv6.conf.eth0.${key}`, value);
    host.deliver(na({ from: A, target, flags: 0x20, mac }));
    return host.entry(target);
  };

  it.each([
    // accept_untracked_na, forwarding, in our subnet and in another
    [0, 1, "-", "-"],
    [1, 0, "-", "-"],
    [1, 1, `STALE ${A}`, `STALE ${A}`],
    [2, 1, `STALE ${A}`, "-"],
  ])("accept_untracked_na %i with forwarding %i (RFC 9131)", (accept, forwarding, inside, outside) => {
    const settings = { accept_untracked_na: accept, forwarding };
    expect([advertised(settings, STRANGER), advertised(settings, "2001:db8:7::99")]).toEqual([inside, outside]);
    expect(advertised(settings, STRANGER, null)).toBe("-");
  });

  it("drop_unsolicited_na: only answers are", () => {
    const host = new LoneHost(["2001:db8::1/64"]);
    write(host, "net.ipv6.conf.eth0.drop_unsolicited_na", 1);
    host.ask(STRANGER);
    host.deliver(na({ from: A, target: STRANGER, flags: 0x20, mac: A }));
    expect(host.entry(STRANGER)).toBe("INCOMPLETE");
    host.deliver(na({ from: A, target: STRANGER, flags: 0x60, mac: A, destination: "2001:db8::1" }));
    expect(host.entry(STRANGER)).toBe(`REACHABLE ${A}`);
  });
});

describe("in whose name is asked (arp_announce)", () => {
  it.each([
    // from the address in the target's subnet, from the one outside it
    [0, ["10.0.0.2", "192.168.0.1"]],
    [1, ["10.0.0.2", "10.0.0.1"]],
    [2, ["10.0.0.1", "10.0.0.1"]],
  ])("%i", (level, wanted) => {
    const host = new LoneHost(["10.0.0.1/24", "10.0.0.2/24", "192.168.0.1/24"]);
    write(host, "net.ipv4.conf.eth0.arp_announce", level);
    host.ask("10.0.0.8", "udp", "10.0.0.2");
    host.ask("10.0.0.9", "udp", "192.168.0.1");
    expect(host.takeSent().map((line) => line.split(" tell ")[1])).toEqual(wanted);
  });
});

describe("the carrier", () => {
  it.each([["eth0"], ["all"]])("arp_evict_nocarrier 0 of %s keeps the cache", (item) => {
    const host = lone();
    write(host, `net.ipv4.conf.${item}.arp_evict_nocarrier`, 0);
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US }));
    host.nic.setCarrier(false);
    expect(host.nic.neighbours4.count).toBe(1);
  });
});
