/** Loops of links: found where a plain union-find finds them, and what is named as a way round is one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Edge, islands, type Loop, loopClosedBy, loopText } from "../../src/sim/loops.ts";

/** Groups of joined switches, by union-find: the plain way. */
class Groups {
  readonly #parent = new Map<string, string>();

  of(name: string): string {
    const parent = this.#parent.get(name) ?? name;
    return parent === name ? name : this.of(parent);
  }

  /** False if they were joined already. */
  join([a, b]: readonly [string, string]): boolean {
    if (this.of(a) === this.of(b)) return false;
    this.#parent.set(this.of(a), this.of(b));
    return true;
  }
}

const NAMES = Array.from({ length: 12 }, (_, index) => `s${index}`);
const end = fc.constantFrom(...NAMES);
const graph = fc
  .array(fc.tuple(end, end), { maxLength: 24 })
  .map((pairs) => pairs.map((between, index): Edge => ({ name: `l${index}`, between })));

/** Goes round by the links that it names: each joins the switches it stands between, and none is used twice. */
function isWayRound({ switches, links }: Loop, known: readonly Edge[]): boolean {
  const fits = links.every((name, index) => {
    const ends = known
      .find((edge) => edge.name === name)
      ?.between.toSorted()
      .join();
    return ends === [switches[index]!, switches[index + 1]!].toSorted().join();
  });
  const inner = switches.slice(1);
  return (
    fits &&
    switches.length === links.length + 1 &&
    switches[0] === switches.at(-1) &&
    new Set(links).size === links.length &&
    new Set(inner).size === inner.length
  );
}

describe("loopClosedBy", () => {
  it("finds a loop exactly where a union-find does, and names a way round that ends with the closing link", () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const groups = new Groups();
        const tree: Edge[] = [];
        for (const edge of edges) {
          const loop = loopClosedBy(edge, tree);
          expect(loop === null).toBe(groups.join(edge.between));
          if (loop === null) {
            tree.push(edge);
            continue;
          }
          expect(loop.links.at(-1)).toBe(edge.name);
          expect(isWayRound(loop, [...tree, edge])).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("names the shortest of several", () => {
    const ring = ["ab", "bc", "cd", "da"].map((name): Edge => ({ name, between: [name[0]!, name[1]!] }));
    const chord: Edge = { name: "ac", between: ["a", "c"] };
    const longWay: Edge = { name: "xa", between: ["a", "x"] };
    const loop = loopClosedBy(ring[3]!, [...ring.slice(0, 3), chord, longWay]);
    expect(loop).toEqual({ switches: ["d", "c", "a", "d"], links: ["cd", "ac", "da"] });
    expect(loopText(loop!)).toBe("d – c – a – d");
  });

  it("knows parallel links and a cable from a switch to itself", () => {
    const one: Edge = { name: "one", between: ["a", "b"] };
    const two: Edge = { name: "two", between: ["b", "a"] };
    expect(loopClosedBy(two, [one])).toEqual({ switches: ["b", "a", "b"], links: ["one", "two"] });
    expect(loopClosedBy({ name: "self", between: ["a", "a"] }, [])).toEqual({ switches: ["a", "a"], links: ["self"] });
  });
});

describe("islands", () => {
  it("are the groups of a union-find, in the order of the names", () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const groups = new Groups();
        for (const { between } of edges) groups.join(between);
        const roots = [...new Set(NAMES.map((name) => groups.of(name)))];
        const wanted = roots.map((root) => NAMES.filter((name) => groups.of(name) === root));
        expect(islands(NAMES, edges)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });
});
