/**
 * Measures one workload: its digest first, then, once the compiler is done with it, what a unit allocates and how long it takes. The
 * clock and the heap are the caller's, because neither is known here.
 */
import type { WorkloadPlan } from "./workloads.ts";

/** What a measurement needs of the machine. */
export interface Meter {
  /** Any steady clock, milliseconds. */
  nowMs(): number;
  /** Octets in use on the heap. */
  heapOctets(): number;
  collectGarbage(): void;
}

/** What was measured, as `--json-lines` prints it. */
export interface Measurement {
  readonly impl: "viplane";
  readonly wl: string;
  readonly unit: string;
  /** Units done. */
  readonly n: number;
  readonly sec: number;
  /** Units a second. */
  readonly rate: number;
  /** Nanoseconds a unit. */
  readonly ns: number;
  readonly digest: number;
  /** Octets allocated on the heap a unit. */
  readonly bytesPerUnit: number;
}

/** How long a workload runs before it is measured, and how many units it does at least: the compiler works beside it. */
const WARM_UP_MS = 300;
const WARM_UP_UNITS = 1_000_000;
/** Fewer units would let a single object look like an octet a unit. */
const ALLOCATION_UNITS_MIN = 200_000;
const ALLOCATION_ROUNDS = 5;

/** Runs the workload for at least `seconds`, pass by pass, after warming up. */
export function measure(plan: WorkloadPlan, seconds: number, meter: Meter): Measurement {
  const workload = plan.make();
  for (let i = 0; i < plan.digestPasses; i++) workload.pass();
  const digest = workload.digest();

  const warmMs = meter.nowMs() + WARM_UP_MS;
  let warmUnits = 0;
  do warmUnits += workload.pass();
  while (meter.nowMs() < warmMs || warmUnits < WARM_UP_UNITS);

  const rounds: number[] = [];
  for (let i = 0; i < ALLOCATION_ROUNDS; i++) {
    meter.collectGarbage();
    const before = meter.heapOctets();
    let units = 0;
    do units += workload.pass();
    while (units < ALLOCATION_UNITS_MIN);
    rounds.push((meter.heapOctets() - before) / units);
  }
  const octets = rounds.sort((a, b) => a - b)[ALLOCATION_ROUNDS >> 1]!;

  let n = 0;
  const startMs = meter.nowMs();
  let elapsedMs: number;
  do {
    n += workload.pass();
    elapsedMs = meter.nowMs() - startMs;
  } while (elapsedMs < seconds * 1_000);
  return {
    impl: "viplane",
    wl: plan.id,
    unit: plan.unit,
    n,
    sec: rounded(elapsedMs / 1_000, 4),
    rate: Math.round((n / elapsedMs) * 1_000),
    ns: rounded((elapsedMs * 1e6) / n, 3),
    digest,
    bytesPerUnit: rounded(Math.max(0, octets), 2),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
