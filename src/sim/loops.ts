/**
 * Loops of links between switches. Without a spanning tree a broadcast goes round a loop for ever, so the links of a subnet must form a
 * tree, or several.
 */

/** A link as the search sees it: the names of two switches. */
export interface Edge {
  readonly name: string;
  readonly between: readonly [string, string];
}

/** A way from a switch back to itself by different links. */
export interface Loop {
  /** Switches in turn; the last is the first again. */
  readonly switches: readonly string[];
  /** The links between them: one less. */
  readonly links: readonly string[];
}

/** The shortest loop that `closing` makes with the others; null if it makes none. */
export function loopClosedBy(closing: Edge, others: Iterable<Edge>): Loop | null {
  const [start, goal] = closing.between;
  const neighbours = new Map<string, { edge: string; to: string }[]>();
  const connect = (from: string, to: string, edge: string) => {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, [{ edge, to }]);
    else known.push({ edge, to });
  };
  for (const { name, between } of others) {
    connect(between[0], between[1], name);
    connect(between[1], between[0], name);
  }
  // From the closing link's far end back to its near one, nearest switches first.
  const cameBy = new Map<string, { from: string; edge: string } | null>([[goal, null]]);
  const queue = [goal];
  for (let i = 0; i < queue.length && !cameBy.has(start); i++) {
    for (const { edge, to } of neighbours.get(queue[i]!) ?? []) {
      if (cameBy.has(to)) continue;
      cameBy.set(to, { from: queue[i]!, edge });
      queue.push(to);
    }
  }
  if (!cameBy.has(start)) return null;
  const switches = [start];
  const links: string[] = [];
  for (let step = cameBy.get(start)!; step !== null; step = cameBy.get(step.from)!) {
    switches.push(step.from);
    links.push(step.edge);
  }
  return { switches: [...switches, start], links: [...links, closing.name] };
}

/** `core – rack-1 – rack-2 – core`. */
export function loopText({ switches }: Loop): string {
  return switches.join(" – ");
}

/** Switches that links join with each other, a list for each such group, in the order given. */
export function islands(switches: readonly string[], links: Iterable<Edge>): string[][] {
  const groupOf = new Map(switches.map((name) => [name, [name]]));
  for (const { between } of links) {
    const [a, b] = between.map((name) => groupOf.get(name)!) as [string[], string[]];
    if (a === b) continue;
    a.push(...b);
    for (const name of b) groupOf.set(name, a);
  }
  const order = new Map(switches.map((name, index) => [name, index]));
  return [...new Set(groupOf.values())].map((group) => group.toSorted((a, b) => order.get(a)! - order.get(b)!));
}
