/** Forged announcements and described frames in a run: what they do to a client's cache, and how they are told. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { type RunResult, runScenario } from "../../../src/scenario/run.ts";
import { memoryFiles } from "../language/files.ts";

const THIEF = "02:00:00:00:00:66";
const OWNER = "02:00:00:00:00:0a";

/** The owner has 10.0.1.50 and 2001:db8::50, and the client asks for both from 1 s on; each step is the inside of a flow mapping. */
function play(...steps: readonly string[]): RunResult {
  const text = `name: lan
until: 10s
subnets: { lan: { cidr: [10.0.1.0/24, "2001:db8::/64"] } }
hosts:
  owner: { subnet: lan, mac: "${OWNER}", address: [10.0.1.50, "2001:db8::50"] }
  thief: { subnet: lan, mac: "${THIEF}", address: 10.0.1.66 }
  client: { subnet: lan, address: [10.0.1.100, "2001:db8::100"], reachable-time: 30s }
timeline:
  - { at: 1s, ping: { from: client, to: 10.0.1.50 } }
  - { at: 1s, ping: { from: client, to: "2001:db8::50" } }
${steps.map((step) => `  - { ${step} }`).join("\n")}
  - { at: 10s, snapshot: s }
`;
  return runScenario(loadScenario("lan.yaml", text, memoryFiles({})));
}

/** What the client takes for the address in the end. */
const known = ({ report }: RunResult, address: string) => {
  const entry = report.snapshots[0]!.neighbours.find((item) => item.host === "client" && item.address === address);
  return entry === undefined ? "-" : `${entry.mac} ${entry.state}`;
};
const told = ({ happenings }: RunResult) => happenings.filter(({ who }) => who === "thief").map(({ text }) => text);

describe("a forged announcement", () => {
  it.each([
    ["10.0.1.50", "", `${THIEF} STALE`],
    ["10.0.1.50", ", as: garp-request-own", `${THIEF} STALE`],
    ["10.0.1.50", ", as: garp-reply", `${THIEF} STALE`],
    // No announcement to Linux, but a reply is believed a second after the last change.
    ["10.0.1.50", ", as: garp-reply-broadcast", `${THIEF} STALE`],
    ["10.0.1.50", ", as: arp-reply, to: client", `${THIEF} REACHABLE`],
    ["10.0.1.50", ", as: arp-request, to: client", `${THIEF} STALE`],
    ["10.0.1.50", ", as: arp-probe", `${OWNER} REACHABLE`],
    ["10.0.1.50", ", as: vrrp, vrid: 7", `${OWNER} REACHABLE`],
    ["10.0.1.50", ", as: carp, vhid: 7", `${OWNER} REACHABLE`],
    ["2001:db8::50", "", `${THIEF} STALE`],
    ["2001:db8::50", ", as: na, to: client", `${THIEF} REACHABLE`],
    ["2001:db8::50", ", as: na-no-override", `${OWNER} STALE`],
  ])("of %s%s: the client has %s", (vip, words, entry) => {
    expect(known(play(`at: 9s, announce: { host: thief, vip: "${vip}"${words} }`), vip)).toBe(entry);
  });

  it("of somebody else: the client sends to the MAC that it says", () => {
    const mac = 'mac: "02:00:00:00:00:77"';
    const result = play(`at: 9s, announce: { host: thief, vip: 10.0.1.50, ${mac}, source: "${THIEF}" }`);
    expect(known(result, "10.0.1.50")).toBe("02:00:00:00:00:77 STALE");
    expect(told(result)).toEqual([
      `FORGES an announcement of 10.0.1.50 (garp-request): ARP, Request who-has 10.0.1.50 tell 10.0.1.50 at 02:00:00:00:00:77 (gratuitous, Ethernet source ${THIEF})`,
    ]);
  });

  it("is repeated as often as it is told to, and says so", () => {
    const quiet = play().report.counters.frames.in;
    const step = (pace: string) => `at: 2s, announce: { host: thief, vip: 10.0.1.50, as: arp-probe, ${pace} }`;
    // The owner answers each.
    expect(play(step("count: 3")).report.counters.frames.in - quiet).toBe(6);
    expect(play(step("count: 3, every: 3s")).report.counters.frames.in - quiet).toBe(6);
    const repeated = play(step("every: 1s, until: 5s"));
    expect(repeated.report.counters.frames.in - quiet).toBe(6);
    expect(told(repeated)[0]).toContain(" (probe), one every 1.000 s until 5.000 s");
    expect(told(play(step("count: 3, every: 1s")))[0]).toContain(" (probe), 3 times, one every 1.000 s");
    expect(told(play(step("count: 3")))[0]).toMatch(/ \(probe\), 3 times$/);
  });

  it("does nothing where the machine or its cable is down, and waits for one that stands still", () => {
    const step = "at: 3s, announce: { host: thief, vip: 10.0.1.50 }";
    const isFooled = (result: RunResult) => known(result, "10.0.1.50").startsWith(THIEF);
    const down = play("at: 2s, crash: thief", step);
    expect([isFooled(down), told(down)[1]!.endsWith(", but the machine is down")]).toEqual([false, true]);
    const cut = play("at: 2s, link-down: thief", step);
    expect([isFooled(cut), told(cut)[1]!.endsWith(", but eth0 has no carrier")]).toEqual([false, true]);
    const late = play("at: 2s, pause: thief", step, "at: 9s, resume: thief");
    expect([isFooled(late), told(late)[1]!.endsWith(", once the machine goes on")]).toEqual([true, true]);
  });

  it("counts for the network, as any other that it hears", () => {
    const text = `name: vip
until: 5s
subnets: { lan: { cidr: 10.0.1.0/24 } }
hosts:
  a: { subnet: lan, address: 10.0.1.11 }
  b: { subnet: lan, address: 10.0.1.12 }
havips: { web: { subnet: lan, address: 10.0.1.50, claimants: [a] } }
timeline:
  - { at: 1s, announce: { host: a, vip: web } }
  - { at: 2s, announce: { host: b, vip: web } }
expect:
  - { at: 4s, holder: { of: web, is: a } }
`;
    const { report, happenings } = runScenario(loadScenario("vip.yaml", text, memoryFiles({})));
    expect(report.outcome).toBe("pass");
    expect(happenings.at(-1)!.text).toContain("but is no claimant: the network takes no notice");
  });
});

describe("a described frame", () => {
  it("is on the wire as it is described", () => {
    const frame = `{ arp: { op: reply, from: 10.0.1.50, to: 10.0.1.100 } }`;
    const result = play(`at: 9s, send: { host: thief, frame: ${frame}, count: 2 }`);
    expect(known(result, "10.0.1.50")).toBe(`${THIEF} REACHABLE`);
    expect(told(result)).toEqual([`eth0 sends ARP, Reply 10.0.1.50 is-at ${THIEF}, 2 times`]);
  });

  it("with a wrong checksum is refused by who gets it, and counted", () => {
    const malformed = (checksum: string) => {
      const frame = `{ icmp: { to: 10.0.1.50, checksum: ${checksum} } }`;
      return play(`at: 2s, send: { host: thief, frame: ${frame} }`).report.counters.hosts.malformed;
    };
    expect([malformed("right"), malformed("wrong")]).toEqual([0, 1]);
  });
});
