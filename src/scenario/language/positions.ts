/**
 * From a path (`["hosts", "vm-A", "address", 0]`, as the validator reports it) to the line and column where that key or
 * value stands, and the few changes to the tree that let the judging go on after a mistake.
 */
import { assert } from "../../base/assert.ts";
import type { Place, TreeEntry, TreeMap, TreeNode } from "./yaml-tree.ts";

/** Keys and list indices, outermost first. */
export type Path = readonly PropertyKey[];

export class Places {
  readonly #root: TreeNode;
  /** Objects that lost a key: what seems to be missing there may be what was lost. */
  readonly #damaged = new Set<string>();

  constructor(root: TreeNode) {
    this.#root = root;
  }

  /** The value at `path`, or undefined if the file has none there. */
  node(path: Path): TreeNode | undefined {
    let node: TreeNode | undefined = this.#root;
    for (const step of path) node = node === undefined ? undefined : childOf(node, step)?.node;
    return node;
  }

  /** Of the value; where the file has none, of the nearest key around it. */
  ofValue(path: Path): Place {
    return this.node(path)?.place ?? this.ofKey(path.slice(0, -1));
  }

  /** Of the key that the path ends with; of the item where it ends with an index. */
  ofKey(path: Path): Place {
    for (let length = path.length; length > 0; length--) {
      const parent = this.node(path.slice(0, length - 1));
      const child = parent === undefined ? undefined : childOf(parent, path[length - 1]!);
      if (child !== undefined) return child.keyPlace;
    }
    return this.#root.place;
  }

  /** Whether the key at the end of `path` stands there twice, which is reported already. */
  isDoubtful(path: Path): boolean {
    const parent = this.node(path.slice(0, -1));
    return parent !== undefined && childOf(parent, path.at(-1)!)?.isDoubtful === true;
  }

  /** Keeps the value under another key, as if it had been spelled so. Its place does not change. */
  rename(path: Path, key: string, newKey: string): void {
    const { entries } = this.#map(path);
    const renamed = [...entries].map(([name, entry]) => [name === key ? newKey : name, entry] as const);
    entries.clear();
    for (const [name, entry] of renamed) entries.set(name, entry);
  }

  remove(path: Path, key: string): void {
    this.#map(path).entries.delete(key);
    this.#damaged.add(pathText(path));
  }

  /** Whether the object at `path` lost a key. */
  isDamaged(path: Path): boolean {
    return this.#damaged.has(pathText(path));
  }

  /** The file as plain data, for the validator; undefined where a value is in doubt. */
  toValue(): unknown {
    return plainValue(this.#root);
  }

  #map(path: Path): TreeMap {
    const node = this.node(path);
    assert(node?.kind === "map", "only keys of a map are renamed and removed");
    return node;
  }
}

export function pathText(path: Path): string {
  return JSON.stringify(path);
}

/** `every: ` of the key that a path ends with, for messages about its value; empty for an item of a section's list. */
export function keyLabel(path: Path): string {
  const index = path.findLastIndex((step) => typeof step === "string");
  return index < 0 || (index === 0 && path.length > 1) ? "" : `${String(path[index])}: `;
}

function childOf(node: TreeNode, step: PropertyKey): TreeEntry | undefined {
  if (node.kind === "map") return node.entries.get(String(step));
  const item = node.kind === "list" ? node.items[Number(step)] : undefined;
  return item === undefined ? undefined : { keyPlace: item.place, node: item };
}

/** Objects have no prototype: a host may be called `constructor`. But the validator compares whatever is called `length` with numbers. */
const COMPARABLE = { [Symbol.toPrimitive]: { value: () => 1 } };

function plainValue(node: TreeNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plainValue);
  const object: Record<string, unknown> = Object.create(null, COMPARABLE);
  for (const [key, { node: value, isDoubtful }] of node.entries)
    object[key] = isDoubtful ? undefined : plainValue(value);
  return object;
}
