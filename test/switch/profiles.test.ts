import { describe, expect, it } from "vitest";
import { AGEING_NEVER } from "../../src/switch/fdb.ts";
import { LINUX, type SwitchProfile } from "../../src/switch/profile.ts";
import { DYNAMIPS, NS3, OVS, PROFILE_NAMES, PROFILES, profileByName, VDE } from "../../src/switch/profiles.ts";
import { BROADCAST, host, Wired } from "./wired.ts";

const VIRTUAL_MAC = "00:00:5e:00:01:33";
const CLIENT = host(9);
const NEVER = Number.POSITIVE_INFINITY;

function wired(profile: SwitchProfile) {
  const net = new Wired(4, 2048, { profile });
  return { net, ports: net.addDomain(3) };
}

/**
 * Port 0 has the virtual MAC until 10.3 s; from then on port 1 announces it every 0.1 s. After how many milliseconds the switch sends a client's
 * frames to port 1; Infinity: not within an hour.
 */
function msUntilBelieved(profile: SwitchProfile): number {
  const { net } = wired(profile);
  net.waitMs(10_300);
  net.send(0, BROADCAST, VIRTUAL_MAC);
  for (let ms = 0; ms < 3_600_000; ms += 100) {
    net.send(1, BROADCAST, VIRTUAL_MAC);
    if (net.send(2, VIRTUAL_MAC, CLIENT).out.join() === "1") return ms;
    net.waitMs(100);
  }
  return NEVER;
}

/** As above, but nobody ever announces anything: after how many milliseconds a client's frames are flooded. */
function msUntilForgotten(profile: SwitchProfile): number {
  const { net } = wired(profile);
  net.send(0, BROADCAST, VIRTUAL_MAC);
  for (let ms = 0; ms < 3_600_000; ms += 1000) {
    if (net.send(2, VIRTUAL_MAC, CLIENT).out.length > 1) return ms;
    net.waitMs(1000);
  }
  return NEVER;
}

describe("the profiles", () => {
  it("have names in lower case, each once, linux first", () => {
    expect(PROFILE_NAMES).toEqual(["linux", "ovs", "vde", "dynamips", "gvisor", "ns3", "inet"]);
    expect(PROFILES[0]).toBe(LINUX);
  });

  it("are found by name, and by no other", () => {
    expect(profileByName("ovs")).toBe(OVS);
    for (const name of ["OVS", "", "toString", "cisco"]) expect(profileByName(name)).toBeUndefined();
  });

  it("say in one sentence what sets them apart", () => {
    for (const { summary } of PROFILES) expect(summary).toMatch(/^\S.{20,130}[^.\s]$/);
    expect(new Set(PROFILES.map(({ summary }) => summary)).size).toBe(PROFILES.length);
  });
});

describe("a virtual MAC that moves", () => {
  const expected: Readonly<Record<string, number>> = {
    linux: 0,
    ovs: 0,
    vde: 3_700,
    dynamips: 0,
    gvisor: NEVER,
    ns3: 0,
    inet: 0,
  };
  for (const profile of PROFILES) {
    const ms = expected[profile.name]!;
    it(`is believed after ${ms} ms: ${profile.name}`, () => {
      expect(msUntilBelieved(profile)).toBe(ms);
    });
  }
});

describe("a MAC that falls silent", () => {
  for (const profile of PROFILES) {
    const { ageingMs } = profile.table;
    const ms = ageingMs === AGEING_NEVER ? NEVER : ageingMs;
    it(`is forgotten after ${ms} ms: ${profile.name}`, () => {
      expect(msUntilForgotten(profile)).toBe(ms);
    });
  }
});

describe("a cable that is pulled", () => {
  const tables = (profile: SwitchProfile) => {
    const { net, ports } = wired(profile);
    for (let port = 0; port < 3; port++) net.send(port, BROADCAST, host(port));
    const rows: number[] = [net.switch.fdb.count];
    for (const up of [false, true]) {
      net.switch.setLink(ports[0]!, up);
      rows.push(net.switch.fdb.count);
    }
    return rows;
  };

  it("takes along what was behind it, or all, or nothing", () => {
    expect(tables(LINUX)).toEqual([3, 2, 2]);
    expect(tables(VDE)).toEqual([3, 0, 0]);
    expect(tables(OVS)).toEqual([3, 3, 3]);
  });

  it("makes vde forget again when it is plugged in", () => {
    const { net, ports } = wired(VDE);
    net.switch.setLink(ports[0]!, false);
    net.send(1, BROADCAST, host(1));
    net.switch.setLink(ports[0]!, true);
    expect(net.switch.fdb.count).toBe(0);
  });

  it("loses frames for what is still thought to be behind it, until that speaks elsewhere", () => {
    const { net, ports } = wired(OVS);
    net.send(0, BROADCAST, VIRTUAL_MAC);
    net.send(2, VIRTUAL_MAC, CLIENT);
    net.switch.setLink(ports[0]!, false);
    expect(net.send(2, VIRTUAL_MAC, CLIENT)).toEqual({ cause: "egress-link-down", out: [] });
    net.send(1, BROADCAST, VIRTUAL_MAC);
    expect(net.send(2, VIRTUAL_MAC, CLIENT)).toEqual({ cause: "none", out: [1] });
  });
});

describe("two MACs with one hash", () => {
  // The exclusive or of its pairs of octets ends in f33, as that of the virtual MAC does.
  const rival = "02:00:00:00:0d:33";

  it("take one place from one another, and both stay reachable by floods", () => {
    const { net } = wired(DYNAMIPS);
    net.send(0, BROADCAST, VIRTUAL_MAC);
    expect(net.send(2, VIRTUAL_MAC, CLIENT).out).toEqual([0]);
    net.send(1, BROADCAST, rival);
    expect(net.send(2, VIRTUAL_MAC, CLIENT).out).toEqual([0, 1]);
    expect(net.send(2, rival, CLIENT).out).toEqual([1]);
    expect(net.switch.fdb.displaced).toBe(1);
    net.send(0, BROADCAST, VIRTUAL_MAC);
    expect(net.send(2, VIRTUAL_MAC, CLIENT).out).toEqual([0]);
    expect(net.send(2, rival, CLIENT).out).toEqual([0, 1]);
  });

  it("are nothing to a table that looks further", () => {
    const { net } = wired(OVS);
    net.send(0, BROADCAST, VIRTUAL_MAC);
    net.send(1, BROADCAST, rival);
    expect(net.send(2, VIRTUAL_MAC, CLIENT).out).toEqual([0]);
    expect(net.switch.fdb.displaced).toBe(0);
  });
});

describe("a frame for what is where it came from", () => {
  it("goes nowhere, but with ns3 to all others", () => {
    for (const profile of PROFILES) {
      const { net } = wired(profile);
      net.send(0, BROADCAST, host(1));
      expect(net.send(0, host(1), host(2)).out).toEqual(profile === NS3 ? [1, 2] : []);
    }
  });
});
