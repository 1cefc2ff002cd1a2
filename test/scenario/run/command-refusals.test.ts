/** Commands that fail on a host: the story says what the terminal shows, and the run goes on. Errors as observed on Linux 6.18. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { memoryFiles } from "../language/files.ts";

/** What is told of hut, without times; each step is the inside of a flow mapping. */
function told(...steps: readonly string[]): string[] {
  const text = `name: two
until: 10s
subnets: { lan: { cidr: [10.0.1.0/24, "2001:db8::/64"] } }
hosts:
  hut: { subnet: lan, address: [10.0.1.1, "2001:db8::1"] }
  peer: { subnet: lan, address: [10.0.1.2, "2001:db8::2"] }
timeline:
${steps.map((step) => `  - { ${step} }`).join("\n")}
`;
  const { happenings } = runScenario(loadScenario("two.yaml", text, memoryFiles({})));
  return happenings.filter(({ who }) => who === "hut").map(({ kind, text: line }) => `${kind}: ${line}`);
}

/** What hut is told of the last of these commands, typed one a second; null: nothing. */
function shown(...commands: readonly string[]): string | null {
  const steps = commands.map((run, index) => `at: ${index + 1}s, command: { host: hut, run: "${run}" }`);
  const lines = told(...steps);
  const last = lines.findLastIndex((line) => line.startsWith("step: somebody types"));
  expect(lines[last]).toBe(`step: somebody types ${commands.at(-1)}`);
  return lines[last + 1] ?? null;
}

const VIA = "ip route add 10.9.0.0/16 via";
const DOWN = "ip link set eth0 down";

describe("what a terminal shows", () => {
  it.each<[string, ...string[]]>([
    ["File exists (eth0 has it already)", "ip addr add 10.0.1.1/24 dev eth0"],
    ["File exists (eth0 has it already)", "ip addr add 2001:db8::1/128 dev eth0"],
    ["File exists (lo has it already)", "ip addr add 10.0.9.1/32 dev lo", "ip addr add 10.0.9.1/32 dev lo"],
    ["File exists (eth0 has it already, as a duplicate)", ...Array(4).fill("ip addr add 2001:db8::2/64 dev eth0")],
    ["Cannot assign requested address (eth0 has no such address)", "ip addr del 10.0.1.1/32 dev eth0"],
    ["Cannot assign requested address (eth0 has no such address)", "ip addr del 2001:db8::1/48 dev eth0"],
    ["Cannot assign requested address (lo has no such address)", "ip addr del 10.0.9.9/32 dev lo"],
    ["No such file or directory (there is no such neighbour)", "ip neigh del 10.0.1.9 dev eth0"],
    [
      "No such file or directory (there is no such neighbour)",
      "ip neigh change 10.0.1.9 lladdr 02:00:00:00:00:09 dev eth0",
    ],
    [
      "File exists (there is such a neighbour)",
      "ip neigh add 10.0.1.9 lladdr 02:00:00:00:00:09 dev eth0",
      "ip neigh add 10.0.1.9 lladdr 02:00:00:00:00:09 dev eth0",
    ],
    ["Network is unreachable (192.0.2.1 is not in a subnet of the host)", `${VIA} 192.0.2.1`],
    ["Network is unreachable (192.0.2.1 is not in a subnet of eth0)", `${VIA} 192.0.2.1 dev eth0`],
    ["Network is unreachable (10.0.1.2 is not in a subnet of the host)", DOWN, `${VIA} 10.0.1.2`],
    ["Network is down (eth0 is switched off)", DOWN, "ip route add 10.9.0.0/16 dev eth0"],
    ["Network is down (eth0 is switched off)", DOWN, "ip route add 2001:db9::/64 via fe80::2 dev eth0"],
    ["No route to host (2001:dead::1 is not in a subnet of the host)", "ip route add 2001:db9::/64 via 2001:dead::1"],
    ["Invalid argument (2001:db8::1 is the host's own address)", "ip route add 2001:db9::/64 via 2001:db8::1"],
    ["Invalid argument (the host does not have 10.0.7.7)", `${VIA} 10.0.1.2 src 10.0.7.7`],
    ["File exists (there is such a route)", `${VIA} 10.0.1.2`, `${VIA} 10.0.1.3`],
    ["File exists (it comes with an address)", "ip route add 10.0.1.0/24 dev eth0"],
    ["No such process (there is no such route)", "ip route del 10.9.0.0/16"],
    ["No such process (there is no such route)", `${VIA} 10.0.1.2`, "ip route del 10.9.0.0/16 via 10.0.1.99"],
    ["No such process (there is no such route)", `${VIA} 10.0.1.2`, "ip route del 10.9.0.0/16 src 10.0.1.1"],
  ])("RTNETLINK answers: %s", (answer, ...commands) => {
    expect(shown(...commands)).toBe(`note: RTNETLINK answers: ${answer}`);
  });

  it("arping: only addresses that the host has, on a vNIC that is switched on", () => {
    expect(shown("arping -U -c 1 -I eth0 10.0.1.77")).toBe(
      "note: arping: bind: Cannot assign requested address (the host does not have 10.0.1.77)",
    );
    expect(shown(DOWN, "arping -A -c 1 -I eth0 10.0.1.1")).toBe('note: arping: Interface "eth0" is down');
    expect(shown("arping -U -c 1 -I eth0 10.0.1.1")).toBe(null);
  });

  it("of an IPv6 address that somebody else has: what the kernel logs", () => {
    const lines = told(
      'at: 1s, command: { host: peer, run: "ip link set eth0 address 02:00:00:00:00:0b" }',
      'at: 2s, command: { host: hut, run: "ip addr add 2001:db8::2/64 dev eth0" }',
    );
    expect(lines).toEqual([
      "step: somebody types ip addr add 2001:db8::2/64 dev eth0",
      "note: IPv6: eth0: IPv6 duplicate address 2001:db8::2 used by 02:00:00:00:00:0b detected!",
    ]);
  });

  it("of the route that an address brings: it stays, unlike Linux's", () => {
    const kept = "note: nothing changes: here the route that comes with an address stays as long as the address";
    expect(shown("ip route del 10.0.1.0/24")).toBe(kept);
    expect(shown("ip route replace 10.0.1.0/24 via 10.0.1.2")).toBe(kept);
  });

  it.each([
    ["ip addr del 2001:db8::1/64 dev eth0"],
    ["ip neigh flush dev eth0"],
    ["ip neigh add 224.0.0.50 lladdr 02:00:00:00:00:01 dev eth0"],
    [`${VIA} 10.0.1.2 src 10.0.1.1`],
    ["ip route add 2001:db8::/64 dev eth0"],
    ["ip route add 2001:db9::/64 via fe80::2 dev eth0"],
    ["ip route replace 10.9.0.0/16 via 10.0.1.2"],
  ])("nothing: %s", (run) => {
    expect(shown(run)).toBe(null);
  });

  it("nothing of a router behind a route without one, nor of the route that is meant", () => {
    expect(shown("ip route add 192.0.2.0/24 dev eth0", `${VIA} 192.0.2.1`)).toBe(null);
    expect(shown(`${VIA} 10.0.1.2`, "ip route del 10.9.0.0/16 via 10.0.1.2 dev eth0")).toBe(null);
  });

  it("comes when the machine goes on, if it stands still, and never from one that is down", () => {
    const del = "command: { host: hut, run: ip route del 10.9.0.0/16 }";
    expect(told("at: 1s, pause: hut", `at: 2s, ${del}`, "at: 3s, resume: hut")).toEqual([
      "step: STANDS STILL",
      "step: somebody types ip route del 10.9.0.0/16, once the machine goes on",
      "step: goes on",
      "note: RTNETLINK answers: No such process (there is no such route)",
    ]);
    expect(told("at: 1s, crash: hut", `at: 2s, ${del}`).at(-1)).toBe(
      "step: somebody types ip route del 10.9.0.0/16, but the machine is down",
    );
  });

  it("is nothing where all is as it is told to be: the step says so", () => {
    expect(told("at: 1s, command: { host: hut, run: ip addr add 10.0.1.1/25 dev eth0 }")).toEqual([
      "step: somebody types ip addr add 10.0.1.1/25 dev eth0, but eth0 has it already, with another prefix length",
    ]);
    expect(told("at: 1s, command: { host: hut, run: ip link set eth0 up }")).toEqual([
      "step: somebody types ip link set eth0 up, but it is up already",
    ]);
  });
});
