/** `viplane bench` as people and programs call it. What it measures is not judged here: times are the machine's. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Measurement } from "../../src/bench/measure.ts";
import { builtMain, ending, start, viplane, workshop } from "../cli/viplane.ts";

const shop = workshop();
/** Of `bench/base.c`, as it prints them. */
const DIGESTS = {
  W1: 338_018_052,
  W2: 2_844_012_117,
  W3: 1_948_953_980,
  W4: 4_215_181_113,
  W5: 192_284_433,
  W6: 1_420_238_590,
};
const UNITS = ["frames", "frames", "deliveries", "garps", "frames", "frames"];
const QUICKLY = ["--seconds", "0.01"];

describe("viplane bench", () => {
  it("does what C does, in every workload, and writes it down", async () => {
    const file = shop.at("bench.json");
    const { status, out, err } = await viplane(["bench", ...QUICKLY, "--json", file]);
    expect([status, err]).toEqual([0, ""]);
    const document = JSON.parse(readFileSync(file, "utf8"));
    expect(document).toMatchObject({ schemaVersion: 1, bench: "dataplane", seconds: 0.01 });
    const rows: Measurement[] = document.workloads;
    expect(Object.fromEntries(rows.map(({ wl, digest }) => [wl, digest]))).toEqual(DIGESTS);
    expect(rows.map(({ unit }) => unit)).toEqual(UNITS);

    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/a unit is +ns per unit +units per s +octets allocated +digest$/);
    expect(lines).toHaveLength(7);
    for (const [i, [id, digest]] of Object.entries(DIGESTS).entries())
      expect(lines[i + 1]).toMatch(new RegExp(`^ *${id} .* [\\d.,]+ +[\\d,]+ +[\\d.]+ +${digest}$`));
    expect(lines.every((line) => line.length <= 160)).toBe(true);
  }, 120_000);

  it("prints one object a line for programs", async () => {
    const { status, out, err } = await viplane([
      "bench",
      "dataplane",
      "--only",
      "W1",
      "--seconds",
      "0.05",
      "--json-lines",
    ]);
    expect([status, err]).toEqual([0, ""]);
    const row = JSON.parse(out);
    expect(out).toBe(`${JSON.stringify(row)}\n`);
    expect(Object.keys(row)).toEqual(["impl", "wl", "unit", "n", "sec", "rate", "ns", "digest", "bytesPerUnit"]);
    expect(row).toMatchObject({ impl: "viplane", wl: "W1", unit: "frames", digest: DIGESTS.W1 });
    expect(row.n % 65_536).toBe(0);
    expect(row.sec).toBeGreaterThanOrEqual(0.05);
    expect(row.rate * row.sec).toBeCloseTo(row.n, -4);
    expect((row.ns * row.n) / 1e9).toBeCloseTo(row.sec, 3);
    expect(row.bytesPerUnit).toBeGreaterThanOrEqual(0);
  });

  it("takes workloads in any order and either case, and measures each once", async () => {
    const { out } = await viplane(["bench", "--only", "w5, W1,W5", ...QUICKLY, "--json-lines"]);
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).wl),
    ).toEqual(["W1", "W5"]);
  });

  it("leaves out the table where the JSON goes to stdout", async () => {
    const { status, out } = await viplane(["bench", "--only", "W5", ...QUICKLY, "--json", "-"]);
    expect(status).toBe(0);
    expect(JSON.parse(out).workloads).toHaveLength(1);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const folder = shop.inner({});
    const child = start(["bench", "--seconds", "60", "--json", folder.at("bench.json")]);
    setTimeout(() => child.kill("SIGINT"), 1_500);
    const { status, out } = await ending(child);
    expect([status, out]).toEqual([130, ""]);
    expect(folder.list()).toEqual([]);
  });
});

describe("a machine that cannot take what viplane bench prints", () => {
  it("is left without half a file", () => {
    const folder = shop.inner({});
    const command = `"$0" "$1" bench --only W5 --seconds 0.01 --json bench.json > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", command, process.execPath, builtMain()], { cwd: folder.path });
    expect([status, stderr.toString()]).toEqual([3, "error: cannot write to stdout: no space left on device\n"]);
    expect(folder.list()).toEqual([]);
  });
});

describe("wrong usage of viplane bench", () => {
  it.concurrent.each([
    [["failover"], "'failover' is invalid for argument 'what'", "Allowed choices are dataplane"],
    [["dataplane", "W1"], "too many arguments", "viplane bench --help"],
    [["--only", "W7"], "'W7' is invalid", "W1, W2, W3, W4, W5, W6"],
    [["--only", ""], "'' is invalid", "W1, W2, W3, W4, W5, W6"],
    [["--only", "W1,,W2"], "'W1,,W2' is invalid", "W1, W2, W3, W4, W5, W6"],
    [["--only", "W1 W2"], "'W1 W2' is invalid", "W1, W2, W3, W4, W5, W6"],
    [["--only"], "argument missing", "viplane bench --help"],
    [["--seconds", "0"], "'0' is invalid", "above 0, 60 at most"],
    [["--seconds", "-1"], "'-1' is invalid", "above 0, 60 at most"],
    [["--seconds", "61"], "'61' is invalid", "above 0, 60 at most"],
    [["--seconds", "1e3"], "'1e3' is invalid", "above 0, 60 at most"],
    [["--seconds", "soon"], "'soon' is invalid", "above 0, 60 at most"],
    [["--seconds", ""], "'' is invalid", "above 0, 60 at most"],
    [["--json-lines", "--json", "-"], "cannot share stdout", "--json-lines and --json -"],
    [["--json", "."], "cannot write .", "directory"],
    [["--json", ""], "cannot write a file without a name", "name one"],
    [["--jsn"], "unknown option '--jsn'", "Did you mean --json?"],
  ])("%j: %s", async (args, says, helps) => {
    const { status, out, err } = await viplane(["bench", ...args], { cwd: shop.path });
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(says);
    expect(err).toContain(helps);
    expect(err.match(/error:/g)).toHaveLength(1);
  });
});

describe("the help of viplane bench", () => {
  it("has every workload, examples and the exit statuses", async () => {
    const { status, out, err } = await viplane(["bench", "--help"]);
    expect([status, err]).toEqual([0, ""]);
    for (const id of Object.keys(DIGESTS)) expect(out).toMatch(new RegExp(`^ {2}${id} {2}\\S`, "m"));
    expect(out).toContain("\nExamples:\n  viplane bench");
    expect(out).toMatch(/\nExit status:\n {2}0 /);
    expect(out.split("\n").every((line) => line.length <= 120)).toBe(true);
  });
});
