/** The scripts of `bench/` on the built product, as short as they go. What they measure is not judged here. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { built } from "../alloc/built.ts";
import { workshop } from "../cli/viplane.ts";
import { itNeeds } from "../support/need.ts";

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `node bench/NAME.mjs ARGS`, to its end. */
async function script(name: string, ...args: readonly string[]): Promise<Outcome> {
  return await run(join(ROOT, "bench", `${name}.mjs`), args);
}

async function run(path: string, args: readonly string[]): Promise<Outcome> {
  built("bench/workloads.js");
  return await new Promise((resolve) => {
    execFile(process.execPath, ["--expose-gc", path, ...args], (error, out, err) =>
      resolve({ status: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const shop = workshop();

describe("bench/compare.mjs", () => {
  itNeeds("gcc", "finds that the product does what C does", async () => {
    const { status, out, err } = await script("compare", "--only", "W3,W5", "--rounds", "1", "--seconds", "0.01");
    expect([status, err]).toEqual([0, ""]);
    const rows = out.split("\n").filter((line) => /^W\d/.test(line));
    expect(rows.map((row) => row.split(/\s+/)[0])).toEqual(["W3", "W5"]);
    for (const row of rows) expect(row).toMatch(/%.* equal$/);
  });

  itNeeds("gcc", "says so, and fails, where C does something else", async () => {
    mkdirSync(shop.at("bench"));
    for (const name of ["compare.mjs", "rounds.mjs"]) copyFileSync(join(ROOT, "bench", name), shop.at(`bench/${name}`));
    for (const name of ["dist", "package.json", "node_modules"]) symlinkSync(join(ROOT, name), shop.at(name));
    const program = readFileSync(join(ROOT, "bench/base.c"), "utf8");
    writeFileSync(shop.at("bench/base.c"), program.replace("prng_a = 99;", "prng_a = 100;"));
    const { status, out } = await run(shop.at("bench/compare.mjs"), [
      "--only",
      "W5",
      "--rounds",
      "1",
      "--seconds",
      "0.01",
    ]);
    expect(status).toBe(1);
    expect(out).toMatch(/^W5 .* 192284433, C \d+$/m);
  });

  it.each([
    [["--only", "W9"], "there is no workload W9"],
    [["--rounds", "0"], "--rounds is a whole number from 1"],
  ])("refuses %j", async (args, says) => {
    const { status, out, err } = await script("compare", ...args);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(says);
  });
});

describe("bench/scale.mjs", () => {
  it("finds 10,000 MACs in 100 domains on 1,000 ports, and frames go where they should", async () => {
    const size = ["--macs", "10000", "--domains", "100", "--ports", "1000"];
    const { status, out, err } = await script("scale", ...size, "--json-lines");
    expect([status, err]).toEqual([0, ""]);
    const { failures, checked, steps } = JSON.parse(out);
    expect(failures).toBe(0);
    expect(checked.map(({ of }: { of: number }) => of)).toEqual([10_000, 20_000, 20_000, 20_000]);
    expect(steps.map(({ name, number }: { name: string; number: number }) => [name, number])).toEqual([
      ["domains", 100],
      ["ports", 1_000],
      ["entries", 10_000],
    ]);
  });
});
