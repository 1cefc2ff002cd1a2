/**
 * Tests that need a program of this machine (tshark, keepalived, …). Where it is missing they are skipped and say so;
 * with VIPLANE_DEMAND_ALL=1, as on a machine that is meant to have everything, a missing program is a failure.
 */
import { spawnSync } from "node:child_process";
import { it } from "vitest";

const answers = new Map<string, boolean>();

/** As `it(name, body)`, if `program`, or one of several, is on the PATH. */
export function itNeeds(program: string | readonly string[], name: string, body: () => void | Promise<void>): void {
  const programs = typeof program === "string" ? [program] : program;
  if (programOf(programs) !== null) {
    it(name, body);
    return;
  }
  const reason = `${programs.join(" or ")} is not on the PATH`;
  if (process.env.VIPLANE_DEMAND_ALL === "1") {
    it(name, () => {
      throw new Error(`${reason}, and VIPLANE_DEMAND_ALL=1 demands it`);
    });
    return;
  }
  process.stderr.write(`skipped: ${name}: ${reason}\n`);
  it(name, ({ skip }) => skip(reason));
}

/** The first of the programs that is on the PATH; null: none is. */
export function programOf(programs: readonly string[]): string | null {
  return programs.find((program) => isOnPath(program)) ?? null;
}

/** Whether the shell would find `program`; asked once for each. */
function isOnPath(program: string): boolean {
  let found = answers.get(program);
  if (found === undefined) {
    found = spawnSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", program], { stdio: "ignore" }).status === 0;
    answers.set(program, found);
  }
  return found;
}
