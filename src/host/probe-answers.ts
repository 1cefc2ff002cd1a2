/**
 * What a probe knows of the answers that it got: from which host each came, whether that was the host that should have answered, and how
 * long they took. Who answered is told by where the frame entered the network, whatever MAC and address stand in it. How long is computed when
 * somebody asks, from when questions were sent and answered.
 */
import type { FrameRef, PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";

/** What is known of ports, and of who holds the address that a probe asks. */
export interface AnswerWitness {
  /** The name of the host at a port. */
  hostAt(port: PortId): string;
  /** Whether the frame, when it was sent, came from a host that was not to answer for the address, as far as is known. Called for each answer. */
  isFromAnother(frame: FrameRef): boolean;
}

/** Round trips, ns. Median and p99 are round trips that there were: at least so many in a hundred took no longer. */
export interface Latency {
  readonly minNs: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

const FIRST_PORTS = 16;

export class AnswerBook {
  /** Answers that came from a host that was not to answer for the address when they were sent. */
  fromOthers = 0;
  /** Null: all ports are strangers, and nobody is known to hold anything. */
  witness: AnswerWitness | null = null;
  readonly #slab: FrameSlab;
  #byPort = new Int32Array(FIRST_PORTS);

  constructor(slab: FrameSlab) {
    this.#slab = slab;
  }

  /** The frame brought an answer. */
  note(frame: FrameRef): void {
    const port = this.#slab.origin[frame]!;
    if (port >= this.#byPort.length) this.#grow(port);
    this.#byPort[port]! += 1;
    if (this.witness?.isFromAnother(frame)) this.fromOthers++;
  }

  /** Answers by host, the first of the network first. */
  byHost(): Map<string, number> {
    const counts = new Map<string, number>();
    this.#byPort.forEach((count, port) => {
      if (count === 0) return;
      const host = this.#hostAt(port);
      counts.set(host, (counts.get(host) ?? 0) + count);
    });
    return counts;
  }

  /** Whose frame it is. */
  hostOf(frame: FrameRef): string {
    return this.#hostAt(this.#slab.origin[frame]!);
  }

  #hostAt(port: number): string {
    return this.witness?.hostAt(port as PortId) ?? `port ${port}`;
  }

  #grow(port: number): void {
    const grown = new Int32Array(port * 2);
    grown.set(this.#byPort);
    this.#byPort = grown;
  }
}

/** Of `count` questions: when each was sent, and when answered; less than 0: it was not. `lateNs` likewise, instead of `answeredNs`. Null: no answers. */
export function latencyOf(
  count: number,
  sentNs: Float64Array,
  answeredNs: Float64Array,
  lateNs: Float64Array | null,
): Latency | null {
  const trips = new Float64Array(count);
  let answers = 0;
  let minNs = Number.POSITIVE_INFINITY;
  let maxNs = 0;
  for (let i = 0; i < count; i++) {
    const atNs = lateNs === null ? answeredNs[i]! : Math.max(answeredNs[i]!, lateNs[i]!);
    if (atNs < 0) continue;
    const tripNs = atNs - sentNs[i]!;
    trips[answers++] = tripNs;
    if (tripNs < minNs) minNs = tripNs;
    if (tripNs > maxNs) maxNs = tripNs;
  }
  if (answers === 0) return null;
  const ranked = trips.subarray(0, answers);
  // Most answers take as long as the quickest: whoever is among them need not be looked for.
  let shortest = 0;
  for (let i = 0; i < answers; i++) if (ranked[i] === minNs) shortest++;
  const rank = (share: number): number => {
    const index = Math.ceil(share * answers) - 1;
    return index < shortest ? minNs : selected(ranked, index);
  };
  return { minNs, medianNs: rank(0.5), p99Ns: rank(0.99), maxNs };
}

/** The value that would stand at `index` if they were sorted (Hoare's quickselect); changes their order. */
function selected(values: Float64Array, index: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (index <= j) high = j;
    else if (index >= i) low = i;
    else break;
  }
  return values[index]!;
}
