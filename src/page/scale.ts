/** The axis of time: where a moment stands on it, and which moments have a line and a label. */
import { NS_PER_S } from "../base/units.ts";

/** A distance between two lines of the axis, and the decimals of a second that tell their labels apart. */
export interface TickStep {
  readonly ns: number;
  readonly decimals: number;
}

/** 1, 2, 5, 10, … from a microsecond to more than any run lasts. */
export const TICK_STEPS: readonly TickStep[] = [
  1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
].flatMap((decade, i) => [1, 2, 5].map((factor) => ({ ns: factor * decade, decimals: Math.max(0, 6 - i) })));

/** The closest lines that are no more than `countMax` between the two ends. */
export function tickStep(spanNs: number, countMax: number): TickStep {
  return TICK_STEPS.find(({ ns }) => spanNs / ns <= countMax) ?? TICK_STEPS.at(-1)!;
}

/** Multiples of the step from the first to the last that lies between the ends. */
export function ticksOf(fromNs: number, untilNs: number, { ns }: TickStep): number[] {
  const first = Math.ceil(fromNs / ns);
  const count = Math.max(0, Math.floor(untilNs / ns) - first + 1);
  return Array.from({ length: count }, (_, i) => (first + i) * ns);
}

export function tickLabel(atNs: number, { decimals }: TickStep): string {
  return `${(atNs / NS_PER_S).toFixed(decimals)} s`;
}

/** A share of the whole as SVG and CSS write it, to a millionth. */
export function percent(part: number, whole: number): string {
  return `${Number(((part / whole) * 100).toFixed(4))}%`;
}
