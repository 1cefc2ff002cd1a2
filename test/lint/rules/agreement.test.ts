/**
 * What the rules say of weights and `nopreempt`, against what simulated daemons do: a master whose script fails keeps the address exactly where
 * a rule has said so.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PREEMPTION_RULES } from "../../../src/lint/rules/preemption.ts";
import { PRIORITY_RULES } from "../../../src/lint/rules/priority.ts";
import { Cluster, conf, script, TRACK_CHK } from "../../guest/keepalived/cluster.ts";
import { findingsOf } from "./findings-of.ts";

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
