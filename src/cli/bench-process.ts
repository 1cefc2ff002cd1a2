/** The process that `viplane bench` measures one workload in: `node --expose-gc bench-process.js W1 0.4` prints one JSON object. */
import { measure } from "../bench/measure.ts";
import { WORKLOADS } from "../bench/workloads.ts";
import { print } from "./console.ts";

const [id, seconds] = process.argv.slice(2);
const { gc } = globalThis as { gc?: () => void };
const plan = WORKLOADS.find((candidate) => candidate.id === id);
if (plan === undefined || gc === undefined)
  throw new Error("usage: node --expose-gc bench-process.js WORKLOAD SECONDS");
const measurement = measure(plan, Number(seconds), {
  nowMs: () => performance.now(),
  heapOctets: () => process.memoryUsage().heapUsed,
  collectGarbage: gc,
});
print(`${JSON.stringify(measurement)}\n`);
