/**
 * What the rules say, against what simulated daemons do: priorities with all kinds of weights are the same, a master whose script fails keeps the
 * address exactly where a rule has said so, and nodes come to rest unless a rule has denied it.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { GROUP_RULES } from "../../../src/lint/rules/groups.ts";
import { PREEMPTION_RULES } from "../../../src/lint/rules/preemption.ts";
import { priorityOf } from "../../../src/lint/rules/priorities.ts";
import { PRIORITY_RULES } from "../../../src/lint/rules/priority.ts";
import { Cluster, conf, script, TRACK_CHK } from "../../guest/keepalived/cluster.ts";
import { findingsOf, nodesOf } from "./findings-of.ts";

interface Node {
  readonly priority: number;
  readonly weight: number;
  readonly reverse: boolean;
  readonly nopreempt: boolean;
  /** Its daemon starts when the others have settled. */
  readonly late: boolean;
}

const STUCK: ReadonlySet<string> = new Set(["nopreempt-ignores-weight", "weight-too-small"]);
const SETTLED_S = 10;

const node: fc.Arbitrary<Node> = fc.record({
  priority: fc.oneof(fc.integer({ min: 95, max: 105 }), fc.constantFrom(1, 2, 250, 253, 254)),
  weight: fc.integer({ min: -25, max: 25 }).filter((weight) => weight !== 0),
  reverse: fc.boolean(),
  nopreempt: fc.boolean(),
  late: fc.boolean(),
});

function confOf({ priority, weight, reverse, nopreempt }: Node): string {
  const lines = [...TRACK_CHK, ...(nopreempt ? ["nopreempt"] : [])];
  return conf({ priority, lines, before: script(`weight ${weight}${reverse ? " reverse" : ""}`) });
}

describe("weights in the simulation", () => {
  it("move the address on a failure, or do not, as the rules say", () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 2, maxLength: 3 }), (nodes) => {
        const texts = Object.fromEntries(nodes.map((one, i) => [`n${i + 1}`, confOf(one)]));
        const good = (host: string) => (nodes[Number(host.slice(1)) - 1]!.reverse ? 1 : 0);
        const hosts = Object.entries(texts).map(([name, keepalived], i) => {
          const scripts = { chk: { exit: good(name), runsNs: 0 } };
          return [name, { keepalived, scripts, autostart: !nodes[i]!.late }] as const;
        });
        const cluster = new Cluster(Object.fromEntries(hosts));
        cluster.run(SETTLED_S);
        for (const [i, { late }] of nodes.entries()) if (late) cluster.network.start(`n${i + 1}`);
        cluster.run(2 * SETTLED_S);
        const masters = () => Object.keys(texts).filter((host) => cluster.state(host) === "MASTER");
        const [master, ...more] = masters();
        expect(more).toEqual([]);
        cluster.network.script(master!, "chk", 1 - good(master!));
        cluster.run(3 * SETTLED_S);
        const isStuck = findingsOf([...PREEMPTION_RULES, ...PRIORITY_RULES], texts).some(
          ({ rule, place }) => STUCK.has(rule) && place.startsWith(`${master}:`),
        );
        expect(masters().includes(master!)).toBe(isStuck);
      }),
      { numRuns: 200 },
    );
  });
});

interface Watched {
  readonly weight: number;
  readonly reverse: boolean;
  /** The item of the instance, or of its sync group, has the weight; else the script has it. */
  readonly at: "script" | "item" | "group";
  readonly works: boolean;
}

const watched: fc.Arbitrary<Watched> = fc.record({
  weight: fc.integer({ min: -253, max: 253 }).filter((weight) => weight !== 0),
  reverse: fc.boolean(),
  at: fc.constantFrom("script", "item", "group"),
  works: fc.boolean(),
});

function watchingConf(priority: number, scripts: readonly Watched[]): string {
  const weightOf = ({ weight, reverse }: Watched) => `weight ${weight}${reverse ? " reverse" : ""}`;
  const defined = scripts.map((one, i) =>
    ["vrrp_script", `s${i} {\nscript "/bin/true"\n${one.at === "script" ? weightOf(one) : ""}\n}\n`].join(" "),
  );
  const items = (where: (one: Watched) => boolean) =>
    scripts.map((one, i) => (where(one) ? `s${i} ${one.at === "script" ? "" : weightOf(one)}` : "")).join("\n");
  const group = `vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\nsync_group_tracking_weight\ntrack_script {\n${items(({ at }) => at === "group")}\n}\n}\n`;
  const own = `track_script {\n${items(({ at }) => at !== "group")}\n}`;
  return [
    conf({ priority, lines: [own], before: defined.join("") }),
    conf({ name: "VI_2", vrid: 52, priority, vips: ["10.0.0.102"] }),
    group,
  ].join("\n");
}

describe("priorities", () => {
  it("are those of the simulation, whatever weights there are and whatever fails", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.array(watched, { maxLength: 4 }), (priority, scripts) => {
        const text = watchingConf(priority, scripts);
        const exits = scripts.map(({ works }, i) => [`s${i}`, { exit: works ? 0 : 1, runsNs: 0 }] as const);
        const cluster = new Cluster({ n1: { keepalived: text, scripts: Object.fromEntries(exits) } });
        cluster.run(5);
        const [node] = nodesOf({ n1: text });
        const member = { node: node!, instance: node!.conf.instances[0]! };
        // With reverse it is success that fails.
        const failing = [...member.instance.trackScripts, ...node!.conf.syncGroups[0]!.trackScripts].filter(
          ({ name, reverse }) => scripts[Number(name.slice(1))]!.works === reverse,
        );
        expect(priorityOf(member, failing).value).toBe(cluster.router("n1").priority);
      }),
      { numRuns: 100 },
    );
  });
});

interface Talker {
  readonly advertIntS: number;
  readonly nopreempt: boolean;
  readonly saysLastWord: boolean;
  readonly answers: boolean;
}

const talker: fc.Arbitrary<Talker> = fc.record({
  advertIntS: fc.constantFrom(0.1, 0.5, 1, 2, 5),
  nopreempt: fc.boolean(),
  // Most draws are of the kind that may never rest.
  saysLastWord: fc.constantFrom(true, true, true, false),
  answers: fc.constantFrom(false, false, true),
});

describe("three nodes of version 3 with intervals of their own", () => {
  const isRestless = (talkers: readonly Talker[], texts: Readonly<Record<string, string>>): boolean => {
    const cluster = new Cluster(texts);
    // Each comes to be master for a while beside the others, and then all hear each other again.
    for (const [i] of talkers.entries()) {
      const alone = `n${i + 1}`;
      cluster.network.run((60 * i + 30) * NS_PER_S);
      cluster.network.partition([[alone], Object.keys(texts).filter((host) => host !== alone)]);
      cluster.network.run((60 * i + 60) * NS_PER_S);
      cluster.network.heal();
    }
    cluster.network.run(210 * NS_PER_S);
    let changes = 0;
    cluster.network.events.on("vrrp", () => {
      changes += 1;
    });
    cluster.network.run(230 * NS_PER_S);
    return changes > 0;
  };

  it("never come to rest exactly where a rule says so", () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(fc.tuple(talker, talker, talker), (talkers) => {
        const texts = Object.fromEntries(
          talkers.map(({ advertIntS, nopreempt, saysLastWord, answers }, i) => {
            const lines = [
              "version 3",
              `advert_int ${advertIntS}`,
              ...(nopreempt ? ["nopreempt"] : []),
              `higher_prio_send_advert ${saysLastWord}`,
              `lower_prio_no_advert ${!answers}`,
            ];
            return [`n${i + 1}`, conf({ priority: 90 + 10 * i, lines })];
          }),
        );
        const isDenied = findingsOf(GROUP_RULES, texts).some(({ severity }) => severity === "error");
        seen.add(isDenied);
        expect(isRestless(talkers, texts)).toBe(isDenied);
      }),
      { numRuns: 150, seed: 1 },
    );
    expect(seen.size).toBe(2);
  });
});
