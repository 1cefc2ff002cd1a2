/**
 * Two or three nodes with random configurations, and random faults. Some time after the last fault, when nothing can be pending any more, each group of nodes
 * that can hear and accept each other has exactly one master, and it is one that the rules allow: nobody who may preempt has a higher priority
 * (RFC 5798 6.4.2 and 6.4.3; of masters with one priority the higher address stays, keepalived-behaviour as in `timelines.test.ts`).
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Network } from "../../../src/sim/network.ts";

/** The last fault comes before this, and then all is waited out: the slowest takeover takes 3 × 2 s + 1 s, behind a delay of 4 s. */
const FAULTS_S = 25;
const REST_S = 60;

interface NodeSetting {
  readonly priority: number;
  readonly nopreempt: boolean;
  readonly preemptDelayS: number;
  /** Of the tracked script; null: none is tracked. */
  readonly weight: number | null;
  /** Index into the intervals of the version. */
  readonly interval: number;
  readonly talkative: boolean;
}

/** What one of the nodes of a pair has otherwise, so that the two refuse each other. */
type Difference = "none" | "password" | "addresses" | "interval" | "version";

interface Plan {
  readonly version: 2 | 3;
  readonly unicast: boolean;
  readonly difference: Difference;
  readonly nodes: readonly NodeSetting[];
  readonly faults: readonly { readonly atMs: number; readonly node: number; readonly kind: Fault }[];
  readonly seed: number;
}

const FAULTS = [
  "crash",
  "restore",
  "stop",
  "kill",
  "start",
  "link-down",
  "link-up",
  "script-fails",
  "script-works",
  "alone",
  "heal",
] as const;
type Fault = (typeof FAULTS)[number];

const INTERVALS: Readonly<Record<2 | 3, readonly number[]>> = { 2: [1, 2], 3: [0.1, 0.5, 1] };

const node: fc.Arbitrary<NodeSetting> = fc.record({
  priority: fc.oneof(fc.integer({ min: 1, max: 254 }), fc.constantFrom(90, 100)),
  nopreempt: fc.boolean(),
  preemptDelayS: fc.constantFrom(0, 0, 4),
  weight: fc.constantFrom(null, null, 0, -20, 30),
  interval: fc.nat({ max: 2 }),
  talkative: fc.boolean(),
});

const plan: fc.Arbitrary<Plan> = fc
  .record({
    version: fc.constantFrom<2 | 3>(2, 3),
    unicast: fc.boolean(),
    difference: fc.constantFrom<Difference>("none", "none", "none", "password", "addresses", "interval", "version"),
    nodes: fc.array(node, { minLength: 2, maxLength: 3 }),
    faults: fc.array(
      fc.record({
        atMs: fc.integer({ min: 1, max: FAULTS_S * 1_000 }),
        node: fc.nat({ max: 2 }),
        kind: fc.constantFrom(...FAULTS),
      }),
      { maxLength: 8 },
    ),
    seed: fc.nat(),
  })
  // Three of which two understand each other never rest: the third one silences now this, now that.
  .map((drawn) => (drawn.nodes.length === 2 ? drawn : { ...drawn, difference: "none" as const }));

function confOf({ version, unicast, difference, nodes }: Plan, i: number): string {
  const own = nodes[i]!;
  const intervals = INTERVALS[version];
  // Version 2 demands one interval of all, version 3 learns the master's. Of three, one that steps down with a last word (higher_prio_send_advert) teaches the
  // third its own, shorter interval once more, which then takes over, and steps down with a last word: they never rest.
  const differs = i === 1 && difference !== "none";
  const common = intervals[nodes[0]!.interval % intervals.length]!;
  const otherVersion = version === 2 ? 3 : 2;
  const mayDiffer =
    version === 3 && difference !== "version" && (nodes.length === 2 || !nodes.some(({ talkative }) => talkative));
  const interval = mayDiffer ? intervals[own.interval % intervals.length]! : difference === "version" ? 1 : common;
  const lines = [
    "state BACKUP",
    "interface eth0",
    "virtual_router_id 51",
    `version ${differs && difference === "version" ? otherVersion : version}`,
    `priority ${own.priority}`,
    `advert_int ${differs && difference === "interval" && version === 2 ? interval + 1 : interval}`,
    ...(own.nopreempt ? ["nopreempt"] : own.preemptDelayS > 0 ? [`preempt_delay ${own.preemptDelayS}`] : []),
    ...(own.talkative ? ["higher_prio_send_advert true"] : ["lower_prio_no_advert true"]),
    ...(version === 2 && difference !== "version"
      ? [
          "authentication {",
          "auth_type PASS",
          `auth_pass ${differs && difference === "password" ? "other" : "secret"}`,
          "}",
        ]
      : []),
    ...(unicast ? ["unicast_peer {", ...nodes.flatMap((_, j) => (j === i ? [] : [`10.0.0.${j + 1}`])), "}"] : []),
    ...(own.weight === null ? [] : ["track_script {", "chk", "}"]),
    "virtual_ipaddress {",
    "10.0.0.100/24",
    ...(differs && difference === "addresses" ? [] : ["10.0.0.101/24"]),
    "}",
  ];
  const script =
    own.weight === null ? [] : ["vrrp_script chk {", 'script "/bin/true"', "interval 1", `weight ${own.weight}`, "}"];
  return [...script, "vrrp_instance VI_1 {", ...lines, "}", ""].join("\n");
}

/** What nodes have become of the faults, told without a simulator. */
class Expected {
  readonly up: boolean[];
  readonly running: boolean[];
  readonly carrier: boolean[];
  readonly works: boolean[];
  alone: number | null = null;

  constructor(count: number) {
    const all = () => new Array<boolean>(count).fill(true);
    this.up = all();
    this.running = all();
    this.carrier = all();
    this.works = all();
  }

  apply(kind: Fault, i: number): void {
    if (kind === "crash") {
      this.up[i] = false;
      this.running[i] = false;
    } else if (kind === "restore") {
      if (!this.up[i]) this.running[i] = true;
      this.up[i] = true;
    } else if (kind === "stop" || kind === "kill") this.running[i] = false;
    else if (kind === "start") this.running[i] = this.up[i]!;
    else if (kind === "link-down" || kind === "link-up") this.carrier[i] = kind === "link-up";
    else if (kind === "script-fails" || kind === "script-works") this.works[i] = kind === "script-works";
    else this.alone = kind === "alone" ? i : null;
  }

  eligible(i: number, { weight }: NodeSetting): boolean {
    return this.up[i]! && this.running[i]! && this.carrier[i]! && !(weight === 0 && !this.works[i]);
  }

  priority(i: number, { priority, weight }: NodeSetting): number {
    const added = weight === null ? 0 : weight > 0 ? (this.works[i] ? weight : 0) : this.works[i] ? 0 : weight;
    return Math.min(254, Math.max(1, priority + added));
  }
}

function bring(network: Network, kind: Fault, name: string, setting: NodeSetting, all: readonly string[]): void {
  if (kind === "crash") network.crash(name);
  else if (kind === "restore") network.restore(name);
  else if (kind === "stop") network.stop(name);
  else if (kind === "kill") network.kill(name);
  else if (kind === "start") network.start(name);
  else if (kind === "link-down") network.linkDown(name);
  else if (kind === "link-up") network.linkUp(name);
  else if (kind === "alone") network.partition([[name], all.filter((other) => other !== name)]);
  else if (kind === "heal") network.heal();
  else if (setting.weight !== null) network.script(name, "chk", kind === "script-works" ? 0 : 1);
}

/** Sets of nodes that hear and accept each other. */
function circles({ nodes, difference, version }: Plan, expected: Expected): number[][] {
  const all = nodes.map((_, i) => i);
  // The interval is none of version 3's business, and it has no password.
  const isDivided =
    difference === "addresses" ||
    difference === "version" ||
    (version === 2 && (difference === "password" || difference === "interval"));
  if (isDivided) return all.map((i) => [i]);
  if (expected.alone === null) return [all];
  return [[expected.alone], all.filter((i) => i !== expected.alone)];
}

it("ends with exactly one master in each circle, and it is one that the rules allow", () => {
  fc.assert(
    fc.property(plan, (drawn) => {
      const { nodes } = drawn;
      const network = new Network({ seed: drawn.seed });
      network.addSubnet("lan", { cidr: "10.0.0.0/24" });
      const names = nodes.map((_, i) => `n${i + 1}`);
      for (const [i, name] of names.entries())
        network.addHost(name, { subnet: "lan", address: `10.0.0.${i + 1}`, keepalived: confOf(drawn, i) });
      const expected = new Expected(nodes.length);
      const faults = drawn.faults.filter((fault) => fault.node < nodes.length).toSorted((a, b) => a.atMs - b.atMs);
      let lastMs = -1;
      for (const { atMs, node: i, kind } of faults) {
        // Steps of one moment would have an order that nobody wrote.
        if (atMs - lastMs < 100) continue;
        lastMs = atMs;
        network.run(`${atMs}ms`);
        bring(network, kind, names[i]!, nodes[i]!, names);
        expected.apply(kind, i);
      }
      network.run((FAULTS_S + REST_S) * NS_PER_S);
      for (const circle of circles(drawn, expected)) {
        const eligible = circle.filter((i) => expected.eligible(i, nodes[i]!));
        const stateOf = (i: number) => network.daemons.get(names[i]!)!.routers[0]?.state ?? "STOPPED";
        const masters = eligible.filter((i) => stateOf(i) === "MASTER");
        expect(masters.length, `masters of ${circle.map((i) => `${names[i]} ${stateOf(i)}`).join(", ")}`).toBe(
          Math.min(1, eligible.length),
        );
        for (const i of circle) if (!eligible.includes(i)) expect(stateOf(i)).not.toBe("MASTER");
        const [master] = masters;
        if (master === undefined) continue;
        const reign = expected.priority(master, nodes[master]!);
        for (const i of eligible)
          if (!nodes[i]!.nopreempt)
            expect(expected.priority(i, nodes[i]!), `${names[i]} under ${names[master]}`).toBeLessThanOrEqual(reign);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);
