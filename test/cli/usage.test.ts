/** Help for those who ask, and one message for those who err. */

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { itNeeds } from "../support/need.ts";
import { CRASH, FAILING } from "./scenarios.ts";
import { builtMain, ending, plainEnvironment, ROOT, start, viplane, workshop } from "./viplane.ts";

const shop = workshop({ "crash.yaml": CRASH, "failing.yaml": FAILING });
const crash = shop.at("crash.yaml");

describe("help", () => {
  it.concurrent.each([[], ["run"], ["check"], ["schema"]])(
    "of viplane %s has examples and the exit statuses",
    async (...command) => {
      const { status, out, err } = await viplane([...command, "--help"]);
      expect([status, err]).toEqual([0, ""]);
      const called = ["viplane", ...command].join(" ");
      expect(out).toMatch(new RegExp(`^Usage: ${called} `));
      expect(out).toMatch(new RegExp(`\\n(Example|Examples):\\n  ${called}`));
      expect(out).toMatch(/\nExit status:\n {2}0 /);
      expect(out.split("\n").every((line) => line.length <= 120)).toBe(true);
    },
  );

  it.concurrent.each([
    ["run", "012 3 70 130", "every expectation holds"],
    ["check", "012 3 70 130", "no error was found"],
    ["trace", "02 3 70 130", "every step was decided"],
    ["replay", "02 3 70 130", "the capture was read"],
    ["schema", "02 3 70 130", "the schema was printed"],
  ])("of viplane %s lists the exit statuses that it has", async (command, statuses, ok) => {
    const { out } = await viplane([command, "--help"]);
    const list = out.slice(out.indexOf("\nExit status:"));
    expect([...list.matchAll(/^ {2}(\d+) /gm)].map(([, status]) => status)).toEqual(
      statuses.replace(" ", "").match(/130|70|\d/g),
    );
    expect(list).toContain(ok);
    expect(list.includes("expectation")).toBe(command === "run");
  });

  it.concurrent("may be asked for by the word", async () => {
    const [word, option] = await Promise.all([viplane(["help", "run"]), viplane(["run", "-h"])]);
    expect(word).toMatchObject({ status: 0, out: option.out, err: "" });
  });

  it.concurrent("is shown to those who say nothing, as an error", async () => {
    const { status, out, err } = await viplane([]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(/^Usage: viplane /);
  });

  it.concurrent("knows the version", async () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
    expect(await viplane(["--version"])).toMatchObject({ status: 0, out: `${version}\n`, err: "" });
  });
});

describe("wrong usage", () => {
  it.concurrent.each([
    [["rnu"], "unknown command 'rnu'", "Did you mean run?"],
    [["frobnicate", crash], "unknown command 'frobnicate'", "viplane --help"],
    [["--frob"], "unknown option '--frob'", "viplane --help"],
    [["run"], "missing required argument 'file'", "viplane run --help"],
    [["check"], "missing required argument 'file'", "viplane check --help"],
    [["run", crash, "--jsn", "x"], "unknown option '--jsn'", "Did you mean --json?"],
    [["check", "--json", "x", crash], "unknown option '--json'", "viplane check --help"],
    [["run", crash, "--json"], "argument missing", "viplane run --help"],
    [["run", crash, "--seed", "one"], "'one' is invalid", "whole number from 0 to 9007199254740991"],
    [["run", crash, "--seed", "-1"], "--seed", "whole number"],
    [["run", crash, "--seed", "1.5"], "'1.5' is invalid", "whole number"],
    [["run", crash, "--seed", ""], "'' is invalid", "whole number"],
    [["run", crash, "--seed", "9007199254740992"], "'9007199254740992' is invalid", "9007199254740991"],
    [["run", crash, "--json", "-", "--pcap", "-"], "cannot share stdout", "--json - and --pcap -"],
    [["run", crash, "--events", "--json", "-"], "--events prints to stdout", "- puts data"],
    [["run", crash, "--events", "--pcap", "-"], "--events prints to stdout", "- puts data"],
    [["run", crash, "--pcap-egress"], "--pcap-egress needs --pcap", "FILE"],
    [["run", crash, crash, "--pcap", "x"], "--pcap takes one scenario", "one clock"],
    [["run", "nowhere.yaml"], "nowhere.yaml: error: cannot read this file: no such file", "- for stdin"],
    [["run", "."], "it is a directory", "name an existing file"],
    [["run", ""], "error: cannot read this file", "name an existing file"],
    [["schema", "x"], "too many arguments", "viplane schema --help"],
  ])("%j: %s", async (args, says, helps) => {
    const { status, out, err } = await viplane(args, { cwd: shop.path });
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(says);
    expect(err).toContain(helps);
    expect(err.match(/error:/g)).toHaveLength(1);
    expect(err.split("\n").length).toBeLessThanOrEqual(4);
  });

  it.concurrent("takes the largest seed", async () => {
    expect((await viplane(["run", crash, "--seed", "9007199254740991"])).status).toBe(0);
  });
});

describe("a defect of ours", () => {
  it.concurrent("is called so, without a stack trace unless one is wanted", async () => {
    const sabotage = shop.write("sabotage.cjs", 'performance.now = () => { throw new Error("boom"); };\n');
    const env = { NODE_OPTIONS: `--require ${sabotage}` };
    const plain = await ending(start(["run", crash], { env }));
    expect([plain.status, plain.out]).toEqual([70, ""]);
    expect(plain.err).toMatch(
      /^viplane \S+ has a defect, this is not your mistake: Error: boom\nPlease report it .*\n$/,
    );
    const debugged = await ending(start(["run", crash], { env: { ...env, VIPLANE_DEBUG: "1" } }));
    expect(debugged.err.startsWith(plain.err)).toBe(true);
    expect(debugged.err).toMatch(/\n {4}at /);
  });
});

describe("a terminal", () => {
  /** What a terminal would get: `script` runs the command on one. */
  async function onTerminal(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
    const command = [process.execPath, builtMain(), "run", ...args].map((word) => `'${word}'`).join(" ");
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...plainEnvironment(), TERM: "xterm", ...env },
    });
    child.stdin.end();
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => child.on("close", resolve));
    // On a busy machine it may take long enough to show its progress.
    return Buffer.concat(chunks)
      .toString()
      .replaceAll(/(?:\r[^\r\n]* %)+\r/g, "")
      .replaceAll("\u001b[K", "");
  }

  itNeeds("script", "gets colours, if it wants them", async () => {
    const failing = shop.at("failing.yaml");
    const coloured = await onTerminal({}, failing);
    const plain = (await viplane(["run", failing])).out;
    expect(coloured).toContain("\u001b[31mFAIL  1 of 1 expectation does not hold\u001b[39m");
    expect(stripVTControlCharacters(coloured).replaceAll("\r\n", "\n")).toBe(plain);
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }])
      expect((await onTerminal(env, failing)).replaceAll("\r\n", "\n")).toBe(plain);
  });

  itNeeds("script", "does not get octets", async () => {
    expect(await onTerminal({}, crash, "--pcap", "-")).toMatch(
      /^error: --pcap - writes octets, .* is a terminal: .*\r\n$/,
    );
  });

  it.concurrent("is not what a pipe is, even where colours are forced", async () => {
    const result = await viplane(["run", shop.at("failing.yaml")], {
      env: { FORCE_COLOR: "1", TERM: "xterm-256color" },
    });
    expect(result.out).not.toContain("\u001b");
    const errors = await viplane(["run", "nowhere.yaml"], { env: { FORCE_COLOR: "1" } });
    expect(errors.err).not.toContain("\u001b");
  });
});
