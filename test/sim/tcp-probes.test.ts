/** TCP probes through a whole network: what connections see of failures, beside what the path does, and who answers them. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { announceByArp } from "../../src/host/arp.ts";
import { announceByNeighbourDiscovery } from "../../src/host/nd.ts";
import { NUD_PERMANENT } from "../../src/host/nud.ts";
import type { Probe } from "../../src/host/probe.ts";
import { Network } from "../../src/sim/network.ts";
import type { ProbeSettings } from "../../src/sim/options.ts";
import { parseIp } from "../../src/text/ip-text.ts";
import { TCP_SYN } from "../../src/wire/tcp.ts";

interface Staging extends Partial<ProbeSettings> {
  readonly vip?: string;
  readonly seed?: number;
}

/**
 * Two servers at one switch and a client at another, with a link between; `a` has the virtual address from the beginning. It moves by
 * hand, and is announced as keepalived does it.
 */
function stage({ vip = "10.0.1.50", seed = 1, ...options }: Staging = {}) {
  const network = new Network({ seed });
  const ip = parseIp(vip)!;
  const isIpv4 = ip.length === 4;
  const own = (last: string) => (isIpv4 ? `10.0.1.${last}` : `2001:db8::${last}`);
  network.addSubnet("lan", { cidr: isIpv4 ? "10.0.1.0/24" : "2001:db8::/64" });
  for (const name of ["left", "right"]) network.addSwitch(name, { subnet: "lan" });
  network.addLink("uplink", { subnet: "lan", between: ["left", "right"] });
  network.addHost("a", { subnet: "lan", switch: "left", address: own("11") });
  network.addHost("b", { subnet: "lan", switch: "left", address: own("12") });
  network.addHost("client", { subnet: "lan", switch: "right", address: own("100") });
  network.addHavip("web", { subnet: "lan", address: vip });
  const settings = { from: "client", to: vip, kind: "tcp", every: "10ms", start: "1s", ...options } as const;
  const probe = network.addProbe("tcp", settings);
  const give = (name: string) => {
    const host = network.host(name);
    const [nic] = host.nics;
    host.addAddress(nic!, ip, isIpv4 ? 32 : 128, true);
    if (isIpv4) announceByArp(nic!);
    else announceByNeighbourDiscovery(nic!);
  };
  const take = (name: string) => network.host(name).deleteAddress(network.host(name).nics[0]!, ip);
  network.at(0, () => give("a"));
  return { network, probe, give, take };
}

const answers = (probe: Probe) => Object.fromEntries(probe.answeredBy);
const outages = (network: Network) =>
  network.outagesOf("tcp").map(({ fromNs, untilNs, lost, late = 0 }) => ({
    from: fromNs / NS_PER_S,
    until: untilNs / NS_PER_S,
    lost,
    late,
  }));

/** Counts SYNs over IPv4 that enter the network from now on. */
function countSyns({ fabric: { slab, taps } }: Network): () => number {
  let syns = 0;
  taps.push({
    onFrame: (_port, frame) => {
      const start = slab.start(frame);
      if (slab.bytes[start + 23] === 6 && slab.bytes[start + 47] === TCP_SYN) syns++;
    },
  });
  return () => syns;
}

describe("attempts to connect", () => {
  it.each(["10.0.1.50", "2001:db8::50"])("to %s are answered by the server that has the address", (vip) => {
    const { network, probe, give, take } = stage({ vip });
    network.at("1.995s", () => {
      take("a");
      give("b");
    });
    network.run("2.995s");
    expect([probe.sent, probe.answered, probe.lost, probe.refused, probe.duplicates]).toEqual([200, 200, 0, 0, 0]);
    expect(answers(probe)).toEqual({ a: 100, b: 100 });
    expect(probe.wrongHost).toBe(0);
    // Closed at once: neither end keeps anything.
    expect([network.host("a").tcp.count, network.host("b").tcp.count]).toEqual([0, 0]);
  });

  it("take a round trip, the first of them besides what it takes to find the neighbour", () => {
    const { network, probe } = stage();
    network.run("2.995s");
    expect(probe.latency).toEqual({ minNs: 210_000, medianNs: 210_000, p99Ns: 210_000, maxNs: 420_000 });
  });

  it("are lost while nobody answers, and no SYN is sent again within a second", () => {
    const { network, probe } = stage();
    network.at("2s", () => network.crash("a"));
    network.at("4s", () => network.restore("a"));
    network.at("4s", () => network.addAddress("a", "eth0", "10.0.1.50/32"));
    const syns = countSyns(network);
    network.run("4.995s");
    expect(outages(network)).toEqual([{ from: 2, until: 4, lost: 200, late: 0 }]);
    expect([probe.sent, probe.answered, probe.lost, syns()]).toEqual([400, 200, 200, 400]);
  });

  it("with a longer timeout are sent again every second at first, and are late rather than lost", () => {
    const { network, probe } = stage({ timeout: "10s", end: "9s" });
    network.at("2s", () => network.linkDown("uplink"));
    network.at("4.5s", () => network.linkUp("uplink"));
    network.run("15s");
    expect([probe.answered, probe.lost, outages(network)]).toEqual([800, 0, []]);
    const trips = Array.from(probe.answeredNs.subarray(0, 800), (ns, i) => (ns - probe.sentNs[i]!) / NS_PER_S);
    const tries = [...new Set(trips.map((seconds) => Math.floor(seconds)))].sort((x, y) => x - y);
    expect(tries).toEqual([0, 1, 2, 3]);
    // Those of the last second of it succeed with their second SYN, those before with their third, and so on.
    const [one, two, three] = [1, 2, 3].map((wait) =>
      trips.flatMap((trip, i) => (Math.floor(trip) === wait ? [i] : [])),
    );
    const isInOrder = three!.at(-1)! < two![0]! && two!.at(-1)! < one![0]!;
    expect([three![0], isInOrder, one!.at(-1)]).toEqual([100, true, 349]);
  });

  it("that are sent again are told of as an outage once all of them were given up", () => {
    const { network, probe } = stage({ timeout: "2s", end: "9s" });
    const told: unknown[] = [];
    network.events.on("outage", (event) => told.push(event));
    network.at("2s", () => network.linkDown("uplink"));
    network.at("6s", () => network.linkUp("uplink"));
    network.run("6.5s");
    expect(told).toEqual([]);
    network.run("15s");
    expect(outages(network)).toEqual([{ from: 2, until: 5, lost: 300, late: 0 }]);
    expect(told).toEqual(network.outagesOf("tcp"));
    expect(probe.lost).toBe(300);
  });

  it("of a machine that has crashed are not sent again once it has booted", () => {
    const { network, probe } = stage({ timeout: "4s", end: "2.5s" });
    network.at("2s", () => network.linkDown("uplink"));
    network.at("2.5s", () => network.crash("client"));
    network.at("2.6s", () => network.restore("client"));
    network.at("2.6s", () => network.linkUp("uplink"));
    network.run("2.7s");
    const syns = countSyns(network);
    network.run("9s");
    expect([syns(), probe.lost]).toEqual([0, 50]);
  });

  it("are given up at their timeout: what answers later is refused", () => {
    const { network, probe } = stage({ timeout: "50ms", every: "100ms" });
    network.at("2s", () => network.pause("a"));
    network.at("2.5s", () => network.resume("a"));
    network.run("4s");
    // Asked at 2.0 to 2.4 s, all answered at 2.5 s: too late.
    expect(outages(network)).toEqual([{ from: 2, until: 2.5, lost: 5, late: 0 }]);
    expect([probe.answered, probe.duplicates, network.host("a").tcp.count]).toEqual([25, 0, 0]);
  });

  it("that two hosts answer are answered once, and the second answer is from the wrong one", () => {
    const { network, probe } = stage();
    const { nics } = network.host("b");
    // A switch that has forgotten where `a` is floods, and `b` takes what is for the same MAC.
    network.at("1.5s", () => {
      nics[0]!.setMac(network.host("a").nics[0]!.mac);
      network.host("b").addAddress(nics[0]!, parseIp("10.0.1.50")!, 32);
    });
    network.at("1.505s", () => {
      for (const { bridge } of network.fabric.switches) bridge.fdb.flush();
    });
    network.run("1.516s");
    expect([probe.answered, probe.duplicates, probe.wrongHost]).toEqual([52, 1, 1]);
    expect(answers(probe)).toEqual({ a: 52, b: 1 });
  });

  it("are the same for the same seed, and begin at other numbers for another", () => {
    const sequences = (seed: number) => {
      const { network } = stage({ seed });
      const seen: number[] = [];
      const { slab } = network.fabric;
      network.fabric.taps.push({
        onFrame: (_port, frame) => {
          const start = slab.start(frame);
          if (slab.bytes[start + 23] === 6) seen.push(slab.words[(start + 40) >> 2]!);
        },
      });
      network.run("1.1s");
      return seen;
    };
    expect(sequences(3)).toEqual(sequences(3));
    expect(sequences(3)).not.toEqual(sequences(4));
    expect(new Set(sequences(3)).size).toBeGreaterThan(20);
  });
});

describe("a connection that is kept", () => {
  const kept = (options: Staging = {}) => stage({ connection: "kept", ...options });

  it.each(["10.0.1.50", "2001:db8::50"])("to %s carries every request, each answered in a round trip", (vip) => {
    const { network, probe } = kept({ vip });
    network.run("10.995s");
    expect([probe.sent, probe.answered, probe.lost]).toEqual([1000, 1000, 0]);
    expect(probe.flow).toEqual({ connections: 1, resets: 0, timeouts: 0, retransmissions: 0, late: 0 });
    expect(probe.latency).toMatchObject({ minNs: 210_000, p99Ns: 210_000 });
    expect(answers(probe)).toEqual({ a: 1000 });
    expect(network.host("a").tcp.count).toBe(1);
  });

  it("goes on after a link was down, with the first try after that: nothing is lost, all of it is late", () => {
    const { network, probe } = kept();
    network.at("2s", () => network.linkDown("uplink"));
    network.at("2.7s", () => network.linkUp("uplink"));
    network.run("5s");
    const [outage, ...others] = outages(network);
    expect(others).toEqual([]);
    // Tries after 0.2, 0.6 and 1.4 s, each at most an eighth late.
    expect(outage).toMatchObject({ from: 2, lost: 0 });
    expect(outage!.until).toBeGreaterThanOrEqual(3.4);
    expect(outage!.until).toBeLessThan(3.6);
    expect(outage!.late).toBe(Math.round((outage!.until - 2) * 100));
    expect([probe.answered, probe.lost]).toEqual([400, 0]);
    expect(probe.flow).toMatchObject({ connections: 1, resets: 0, late: outage!.late });
  });

  it("is reset by the host that the address has moved to, and established anew at once", () => {
    const { network, probe, give } = kept();
    network.at("2s", () => network.crash("a"));
    network.at("5s", () => give("b"));
    network.run("12s");
    const [outage, ...others] = outages(network);
    expect(others).toEqual([]);
    // The tries after 0.2, 0.6 and 1.4 s are for nobody, and so is the one after 3.0 s, which is a little late.
    expect(outage).toMatchObject({ from: 2 });
    expect(outage!.until).toBeGreaterThanOrEqual(5);
    expect(outage!.until).toBeLessThan(8.9);
    expect(probe.flow).toMatchObject({ connections: 2, resets: 1, timeouts: 0, late: 0 });
    expect(probe.answeredBy.get("b")! + probe.answeredBy.get("a")!).toBe(probe.answered);
    expect(probe.lost).toBe(outage!.lost);
  });

  it("is reset at once where the old server still runs: the next request is answered by the new one", () => {
    const { network, probe, give, take } = kept();
    network.at("2.005s", () => {
      take("a");
      give("b");
    });
    network.run("4s");
    expect(outages(network)).toEqual([{ from: 2.01, until: 2.02, lost: 1, late: 0 }]);
    expect(probe.flow).toMatchObject({ connections: 2, resets: 1, retransmissions: 0 });
    expect(answers(probe)).toEqual({ a: 101, b: 198 });
  });

  it("survives a silent loss by its third duplicate acknowledgment, without a timeout", () => {
    const { network, probe } = kept();
    network.at("2.0095s", () => network.impair({ on: "uplink", loss: 1 }));
    network.at("2.0105s", () => network.impair({ on: "uplink", loss: 0 }));
    network.run("4s");
    expect([probe.answered, probe.lost, outages(network)]).toEqual([300, 0, []]);
    expect(probe.flow).toMatchObject({ resets: 0, retransmissions: 1, late: 0 });
    // Three more requests, and a round trip.
    expect(probe.latency!.maxNs).toBe(30_210_000 + 210_000);
  });

  it("is given up after 15 tries, and connects anew when there is somebody again", () => {
    const { network, probe } = kept({ every: "1s", end: "1300s" });
    network.at("3.5s", () => network.linkDown("uplink"));
    network.at("1200s", () => network.linkUp("uplink"));
    network.run("1310s");
    expect(probe.flow!.timeouts).toBeGreaterThanOrEqual(2);
    expect(probe.flow!.connections).toBe(2);
    expect(network.outagesOf("tcp").length).toBe(1);
    expect(probe.answeredNs[probe.sent - 1]).toBeGreaterThan(1200 * NS_PER_S);
  });

  it("begins anew when the client has booted, and knows nothing of what it had", () => {
    const { network, probe } = kept();
    network.at("2s", () => network.crash("client"));
    network.at("3s", () => network.restore("client"));
    network.run("3.995s");
    expect([probe.sent, probe.answered]).toEqual([200, 200]);
    expect(probe.flow).toMatchObject({ connections: 2, resets: 0 });
  });

  it("is the same for the same seed", () => {
    const course = () => {
      const { network, probe } = kept({ seed: 9 });
      network.at("2s", () => network.impair({ on: "uplink", loss: "20%" }));
      network.run("30s");
      return [probe.answered, probe.flow, probe.latency, outages(network)];
    };
    expect(course()).toEqual(course());
  });
});

describe("a probe that cannot be", () => {
  it.each([
    [{ port: 0 }, "port of probe tcp: 0 is out of range"],
    [{ port: 65_536 }, "port of probe tcp: 65536 is out of range"],
    [{ timeout: 0 }, "timeout of probe tcp: 0 is out of range"],
    [{ timeout: "132s" }, "timeout of probe tcp: 132s is out of range"],
    [{ every: "1us" }, "timeout of probe tcp: more than 10000 attempts would wait at once"],
  ])("is refused: %j", (options, message) => {
    expect(() => stage(options)).toThrow(message);
    if ("every" in options) expect(() => stage({ ...options, connection: "kept" })).not.toThrow();
  });
});

describe("the answers of any probe", () => {
  it.each(["icmp", "udp", "tcp"] as const)("by %s are from the wrong host where another holds the address", (kind) => {
    const { network, probe } = stage({ kind });
    const b = network.host("b");
    // `b` announces the address without having it; packets that are sent to `a` all the same are answered.
    network.at("2s", () => {
      const { neighbours4 } = network.host("client").nics[0]!;
      const entry = neighbours4.find(parseIp("10.0.1.50")!, 0);
      neighbours4.configure(entry, network.host("a").nics[0]!.mac, NUD_PERMANENT);
      b.nics[0]!.addAddress(parseIp("10.0.1.50")!, 32);
      announceByArp(b.nics[0]!);
      b.nics[0]!.removeAddress(parseIp("10.0.1.50")!);
    });
    network.run("2.995s");
    expect(probe.answered).toBe(200);
    expect(answers(probe)).toEqual({ a: 200 });
    // The network has heard the announcement half a cable later: what left at that very moment came from the holder.
    expect(probe.wrongHost).toBe(100);
  });

  it("come from the host itself where it has the address", () => {
    const { network, probe, give, take } = stage({ kind: "icmp" });
    network.at("1.995s", () => {
      take("a");
      give("client");
    });
    network.run("2.995s");
    expect(answers(probe)).toEqual({ a: 100, client: 100 });
    expect(probe.wrongHost).toBe(0);
  });
});
