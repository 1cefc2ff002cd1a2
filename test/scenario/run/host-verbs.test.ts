/** Verbs by which hosts are made to do things: `send`, `answer`, `ping`, `udp`, `command`; and the settings that they boot with. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { type RunResult, runScenario } from "../../../src/scenario/run.ts";
import { memoryFiles } from "../language/files.ts";

const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";

interface Stage {
  /** Further keys of hut. */
  readonly hut?: string;
  readonly steps: readonly string[];
  readonly until?: string;
}

/** Two hosts on a wire; each step is the inside of a flow mapping. */
function play({ hut = "", steps, until = "10s" }: Stage): RunResult {
  const text = `name: two
until: ${until}
subnets: { lan: { cidr: [10.0.1.0/24, "2001:db8::/64"] } }
hosts:
  hut: { subnet: lan, mac: "02:00:00:00:01:00", address: [10.0.1.1, "2001:db8::1"]${hut} }
  peer: { subnet: lan, mac: "${A}", address: [10.0.1.2, "2001:db8::2"] }
timeline:
${steps.map((step) => `  - { ${step} }`).join("\n")}
`;
  return runScenario(loadScenario("two.yaml", text, memoryFiles({})));
}

/** What `host` knew at the snapshot `s`. */
const cacheOf = (result: RunResult, host = "hut", name = "s") =>
  result.report.snapshots
    .find((snapshot) => snapshot.name === name)!
    .neighbours.filter((neighbour) => neighbour.host === host)
    .map(({ address, mac, state }) => `${address} ${mac ?? "-"} ${state}`);

const told = ({ happenings }: RunResult) => happenings.filter(({ kind }) => kind === "step").map(({ text }) => text);

describe("send", () => {
  const announcement = `ffffffffffff${B.replaceAll(":", "")}0806 0001080006040001 ${B.replaceAll(":", "")} 0a000102 ffffffffffff 0a000102`;

  it("puts exactly these octets on the wire: a forged announcement moves an address", () => {
    const result = play({
      steps: [
        "at: 1s, ping: { from: hut, to: peer }",
        `at: 2s, send: { host: peer, frame: ${announcement} }`,
        "at: 3s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual([`10.0.1.2 ${B} STALE`]);
    expect(told(result)[1]).toBe(`eth0 sends ARP, Request who-has 10.0.1.2 tell 10.0.1.2 at ${B} (gratuitous)`);
  });

  it("by a machine that is down does nothing, and says so", () => {
    const result = play({ steps: ["at: 1s, crash: peer", `at: 2s, send: { host: peer, frame: ${announcement} }`] });
    expect(told(result)[1]).toContain(", but the machine is down");
    expect(result.report.counters.frames.in).toBe(0);
  });
});

describe("answer", () => {
  it("by nobody: the host keeps silent for its own address", () => {
    const result = play({
      steps: [
        "at: 0s, answer: { host: peer, for: 10.0.1.2, by: null }",
        "at: 1s, ping: { from: hut, to: peer }",
        "at: 9s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual(["10.0.1.2 - FAILED"]);
    expect(told(result)[0]).toBe("nobody answers questions for 10.0.1.2 from now on");
  });

  it("by somebody else's MAC, late, over IPv6 too", () => {
    const by = `[{ mac: "${B}", after: 500ms, S: 1, O: 1 }]`;
    const result = play({
      steps: [
        `at: 0s, answer: { host: peer, for: "2001:db8::77", by: ${by} }`,
        `at: 0s, answer: { host: peer, for: 10.0.1.77, by: "${B}" }`,
        'at: 1s, udp: { from: hut, to: "2001:db8::77" }',
        "at: 1s, udp: { from: hut, to: 10.0.1.77 }",
        "at: 1.4s, snapshot: early",
        "at: 2s, snapshot: s",
      ],
    });
    expect(cacheOf(result, "hut", "early")).toEqual([`10.0.1.77 ${B} REACHABLE`, "2001:db8::77 - INCOMPLETE"]);
    expect(cacheOf(result)).toEqual([`10.0.1.77 ${B} REACHABLE`, `2001:db8::77 ${B} REACHABLE`]);
    expect(told(result)[0]).toBe(`answers as ${B} after 500 ms questions for 2001:db8::77 from now on`);
  });

  it("is over with the machine", () => {
    const result = play({
      steps: [
        "at: 0s, answer: { host: peer, for: 10.0.1.2, by: null }",
        "at: 1s, crash: peer",
        "at: 2s, restore: peer",
        "at: 3s, ping: { from: hut, to: peer }",
        "at: 4s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual([`10.0.1.2 ${A} REACHABLE`]);
  });
});

describe("ping and udp", () => {
  it("send as many as they are told to, as fast, until then", () => {
    const framesOf = (step: string) => play({ until: "5s", steps: [`at: 1s, ${step}`] }).report.counters.frames.in;
    // A question and its answer of ARP. Who has asked is known, and is in doubt only 5 s later.
    expect(framesOf("ping: { from: hut, to: 10.0.1.2 }")).toBe(2 + 2);
    expect(framesOf("ping: { from: hut, to: 10.0.1.2, count: 3 }")).toBe(2 + 6);
    expect(framesOf("ping: { from: hut, to: 10.0.1.2, count: 3, every: 1s }")).toBe(2 + 6);
    expect(framesOf("ping: { from: hut, to: 10.0.1.2, every: 500ms, until: 2.6s }")).toBe(2 + 8);
  });

  it("to a port that nobody listens at is refused, to the echo port answered", () => {
    const framesOf = (more: string) =>
      play({ until: "5s", steps: [`at: 1s, udp: { from: hut, to: peer, count: 2${more} }`] }).report.counters.frames.in;
    expect(framesOf("")).toBe(2 + 4);
    expect(framesOf(", port: 7")).toBe(2 + 4);
  });

  it("stop with the machine", () => {
    const result = play({
      until: "5s",
      steps: ["at: 1s, ping: { from: hut, to: peer, every: 1s }", "at: 2.5s, crash: hut", "at: 2.7s, restore: hut"],
    });
    expect(result.report.counters.frames.in).toBe(2 + 4);
  });

  it("say what they do", () => {
    const result = play({
      steps: [
        "at: 1s, ping: { from: hut, to: peer }",
        "at: 2s, udp: { from: hut, to: peer, every: 200ms, until: 3s }",
        "at: 4s, udp: { from: hut, to: peer, count: 5, port: 53 }",
      ],
    });
    expect(told(result)).toEqual([
      "sends 1 echo request to 10.0.1.2",
      "sends datagrams to 10.0.1.2 port 9, one every 200 ms until 3.000 s",
      "sends 5 datagrams to 10.0.1.2 port 53",
    ]);
  });
});

describe("command", () => {
  it("ip neigh: set by hand, in doubt, gone", () => {
    const set = "run: ip neigh add 10.0.1.9 lladdr 02:00:00:00:00:09 dev eth0";
    const result = play({
      steps: [
        `at: 1s, command: { host: hut, ${set} }`,
        "at: 2s, snapshot: set",
        "at: 3s, command: { host: hut, run: ip neigh change 10.0.1.9 lladdr 02:00:00:00:00:09 dev eth0 nud stale }",
        "at: 4s, snapshot: stale",
        "at: 5s, command: { host: hut, run: ip neigh flush dev eth0 }",
        "at: 6s, snapshot: s",
      ],
    });
    expect(cacheOf(result, "hut", "set")).toEqual(["10.0.1.9 02:00:00:00:00:09 PERMANENT"]);
    expect(cacheOf(result, "hut", "stale")).toEqual(["10.0.1.9 02:00:00:00:00:09 STALE"]);
    expect(cacheOf(result)).toEqual([]);
  });

  it("ip link set down: nothing is sent or heard; up: it is", () => {
    const steps = (verb: string) => [`at: 1s, command: { host: peer, run: ip link set eth0 ${verb} }`];
    const ask = ["at: 2s, ping: { from: hut, to: peer }", "at: 3s, snapshot: s"];
    expect(cacheOf(play({ steps: [...steps("down"), ...ask] }))).toEqual(["10.0.1.2 - INCOMPLETE"]);
    expect(cacheOf(play({ steps: [...steps("down"), ...steps("up"), ...ask] }))).toEqual([`10.0.1.2 ${A} REACHABLE`]);
  });

  it("ip link set address: asks and answers with the new MAC", () => {
    const result = play({
      steps: [
        `at: 1s, command: { host: peer, run: ip link set eth0 address ${B} }`,
        "at: 2s, ping: { from: hut, to: peer }",
        "at: 3s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual([`10.0.1.2 ${B} REACHABLE`]);
  });

  it("ip route: packets for elsewhere go to the router, or directly", () => {
    const via = (route: string) =>
      cacheOf(
        play({
          steps: [
            `at: 1s, command: { host: hut, run: ip route add ${route} }`,
            "at: 2s, udp: { from: hut, to: 192.0.2.1 }",
            "at: 3s, snapshot: s",
          ],
        }),
      );
    expect(via("default via 10.0.1.2")).toEqual([`10.0.1.2 ${A} REACHABLE`]);
    expect(via("192.0.2.0/24 dev eth0")).toEqual(["192.0.2.1 - INCOMPLETE"]);
    expect(via("198.51.100.0/24 via 10.0.1.2")).toEqual([]);
  });

  it("sysctl -w: from now on", () => {
    const result = play({
      steps: [
        "at: 1s, command: { host: peer, run: sysctl -w net.ipv4.conf.all.arp_ignore=8 }",
        "at: 2s, ping: { from: hut, to: peer }",
        "at: 3s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual(["10.0.1.2 - INCOMPLETE"]);
  });

  it.each([["U"], ["A"]])("arping -%s announces: who knows the address learns the MAC", (form) => {
    const result = play({
      steps: [
        'at: 0s, answer: { host: peer, for: 10.0.1.77, by: "02:00:00:00:00:77" }',
        "at: 1s, udp: { from: hut, to: 10.0.1.77 }",
        "at: 1.5s, command: { host: peer, run: ip addr add 10.0.1.77/24 dev eth0 }",
        `at: 2s, command: { host: peer, run: arping -${form} -c 2 -I eth0 10.0.1.77 }`,
        "at: 4s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual([`10.0.1.77 ${A} STALE`]);
    // The question and its answer, the datagram, and two announcements.
    expect(result.report.counters.frames.in).toBe(5);
  });

  it("ip addr add … dev lo: answered for on every vNIC", () => {
    const result = play({
      steps: [
        "at: 1s, command: { host: peer, run: ip addr add 10.0.1.77/32 dev lo }",
        "at: 2s, ping: { from: hut, to: 10.0.1.77 }",
        "at: 3s, snapshot: s",
      ],
    });
    expect(cacheOf(result)).toEqual([`10.0.1.77 ${A} REACHABLE`]);
  });
});

describe("what a host boots with", () => {
  const asked = [
    "at: 0s, answer: { host: peer, for: 10.0.1.77, by: null }",
    "at: 1s, udp: { from: hut, to: 10.0.1.77 }",
  ];
  const framesWith = (sysctl: string) =>
    play({ hut: `, sysctl: { ${sysctl} }`, steps: asked }).report.counters.frames.in;

  it("is set by Linux's names, for one vNIC or for all", () => {
    expect(framesWith("net.ipv4.neigh.eth0.mcast_solicit: 5")).toBe(5);
    expect(framesWith("net.ipv4.neigh.default.mcast_solicit: 6")).toBe(6);
    expect(framesWith("net.ipv4.neigh.default.mcast_solicit: 6, net.ipv4.neigh.eth0.mcast_solicit: 2")).toBe(2);
    expect(framesWith("net.ipv4.neigh.eth0.mcast_solicit: 2, net.ipv4.neigh.default.mcast_solicit: 6")).toBe(2);
    expect(framesWith("net.ipv4.neigh.eth0.retrans_time_ms: 4000")).toBe(3);
    expect(framesWith("net.ipv4.neigh.eth0.app_solicit: 2")).toBe(3);
    expect(framesWith("net.ipv4.neigh.eth0.mcast_solicit: 0")).toBe(0);
  });

  it("holds again after a crash, and what was set since does not", () => {
    const result = play({
      hut: ", sysctl: { net.ipv4.neigh.eth0.mcast_solicit: 2 }",
      until: "20s",
      steps: [
        "at: 0s, answer: { host: peer, for: 10.0.1.77, by: null }",
        "at: 1s, command: { host: hut, run: sysctl -w net.ipv4.neigh.eth0.mcast_solicit=5 }",
        "at: 2s, crash: hut",
        "at: 3s, restore: hut",
        "at: 4s, udp: { from: hut, to: 10.0.1.77 }",
      ],
    });
    expect(result.report.counters.frames.in).toBe(2);
  });

  it("reachable-time: fixes what is drawn at random", () => {
    const result = play({
      hut: ", reachable-time: 7s",
      steps: ["at: 1s, ping: { from: hut, to: peer }", "at: 7.9s, snapshot: early", "at: 8.3s, snapshot: s"],
    });
    expect(cacheOf(result, "hut", "early")).toEqual([`10.0.1.2 ${A} REACHABLE`]);
    expect(cacheOf(result)).toEqual([`10.0.1.2 ${A} STALE`]);
  });
});
