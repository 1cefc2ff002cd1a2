/** Whatever somebody types in whatever order, it is refused when the file is read, or runs to the end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { memoryFiles } from "../language/files.ts";

const address = fc.constantFrom(
  ...["10.0.1.1", "10.0.1.2", "10.0.1.50", "10.0.9.9", "192.0.2.1", "0.0.0.0", "224.0.0.18", "255.255.255.255"],
  ...["2001:db8::1", "2001:db8::2", "2001:db8::50", "fe80::1", "::", "::1", "ff02::1"],
);
const prefix = fc.tuple(address, fc.constantFrom(0, 8, 24, 25, 32, 64, 128)).map(([ip, length]) => `${ip}/${length}`);
const nic = fc.constantFrom("eth0", "eth1", "lo");
const mac = fc.constantFrom("02:00:00:00:00:0a", "02:00:00:00:00:0b", "ff:ff:ff:ff:ff:ff");
/** Words, some of which are left out. */
const words = (...parts: (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((said) => said.filter((word) => word !== "").join(" "));
const perhaps = (word: string, value: fc.Arbitrary<string>) => fc.oneof(fc.constant(""), words(word, value));

const command = fc.oneof(
  words("ip addr", fc.constantFrom("add", "del"), prefix, "dev", nic, fc.constantFrom("", "nodad")),
  words("ip link set", nic, fc.constantFrom("up", "down")),
  words("ip link set", nic, "address", mac),
  words(
    "ip neigh",
    fc.constantFrom("add", "change", "replace", "del", "flush"),
    fc.oneof(address, fc.constant("")),
    perhaps("lladdr", mac),
    "dev",
    nic,
    perhaps("nud", fc.constantFrom("permanent", "noarp", "reachable", "stale")),
  ),
  words(
    "ip route",
    fc.constantFrom("add", "replace", "del"),
    fc.oneof(prefix, fc.constant("default")),
    perhaps("via", address),
    perhaps("dev", nic),
    perhaps("src", address),
  ),
  words("arping", fc.constantFrom("-U", "-A"), "-c 2 -I", nic, address),
  words("sysctl -w net.ipv4.conf.eth0.arp_ignore=1"),
);

const HEAD = `name: two
until: 20s
subnets: { lan: { cidr: [10.0.1.0/24, "2001:db8::/64"] }, back: { cidr: 10.0.2.0/24 } }
hosts:
  hut: { nics: { eth0: { subnet: lan, address: [10.0.1.1, "2001:db8::1"] }, eth1: { subnet: back } } }
  peer: { subnet: lan, address: [10.0.1.2, "2001:db8::2"] }
probes:
  four: { from: peer, to: 10.0.1.1, every: 500ms }
  six: { from: peer, to: "2001:db8::1", every: 500ms }
timeline:
  - { at: 1s, ping: { from: hut, to: 10.0.9.9, every: 300ms } }
  - { at: 1s, ping: { from: hut, to: peer, every: 300ms } }
`;
const stepsOf = (commands: readonly string[]) =>
  commands.map((run, index) => `  - { at: ${index + 2}s, command: { host: hut, run: "${run}" } }\n`).join("");

/** Null: it is refused. */
function load(commands: readonly string[]) {
  try {
    return loadScenario("two.yaml", HEAD + stepsOf(commands), memoryFiles({}));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.findings.every(({ line, column }) => line > 12 && column > 1)).toBe(true);
    return null;
  }
}

describe("any command", () => {
  it("is refused with its place, or runs", () => {
    let ran = 0;
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 12 }), (commands) => {
        const good = commands.filter((run) => load([run]) !== null);
        const { report, happenings } = runScenario(load(good)!);
        expect(report.outcome).toBe("pass");
        expect(happenings.filter(({ text }) => text.startsWith("somebody types")).length).toBe(good.length);
        ran += good.length;
      }),
      { numRuns: 60 },
    );
    expect(ran).toBeGreaterThan(100);
  });
});
