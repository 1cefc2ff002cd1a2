/** Files that `viplane run` writes: whole or not at all, and nothing of anybody else's is lost. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CRASH, FAILING, LONG } from "./scenarios.ts";
import { outcome, start, viplane, workshop } from "./viplane.ts";

const BROKEN = CRASH.replace("until: 12s", "until: 12");

const shop = workshop({ "crash.yaml": CRASH, "failing.yaml": FAILING });
const crash = shop.at("crash.yaml");

describe("when a run cannot start", () => {
  it.concurrent.each([
    [
      "the scenario is broken",
      (at: (name: string) => string) => [at("broken.yaml"), "--json", at("old"), "--pcap", at("new")],
    ],
    ["another scenario is broken", (at) => [at("crash.yaml"), at("broken.yaml"), "--json", at("old")]],
    ["a file is missing", (at) => [at("crash.yaml"), at("nowhere.yaml"), "--json", at("old")]],
    ["one of the outputs cannot be", (at) => [at("crash.yaml"), "--json", at("old"), "--pcap", at("no/such/folder")]],
    ["an output is a folder", (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", at("folder")]],
    ["an output would be a folder", (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", `${at("new")}/`]],
    [
      "a part of an output's path is a file",
      (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", at("old/x.json")],
    ],
    ["an output has no name", (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", ""]],
    ["both outputs are one file", (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", at("./folder/../new")]],
    ["an output is the scenario", (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", at("crash.yaml")]],
    [
      "an output is the scenario by another name",
      (at) => [at("crash.yaml"), "--pcap", at("new"), "--json", at("link.yaml")],
    ],
    ["an output is a configuration that the scenario names", (at) => [at("confs.yaml"), "--json", at("a.conf")]],
    ["two captures would share a clock", (at) => [at("crash.yaml"), at("crash.yaml"), "--pcap", at("old")]],
    ["the seed is none", (at) => [at("crash.yaml"), "--json", at("old"), "--seed", "x"]],
  ] as readonly [string, (at: (name: string) => string) => string[]][])(
    "because %s, no file appears and none is touched",
    async (_, argsOf) => {
      const confs = CRASH.replace(/keepalived: \|\n(?: {6}.*\n)+/, "keepalived: a.conf\n");
      const conf =
        "vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n virtual_ipaddress {\n 10.0.1.50\n }\n}\n";
      const folder = shop.inner({
        "crash.yaml": CRASH,
        "broken.yaml": BROKEN,
        "confs.yaml": confs,
        "a.conf": conf,
        old: "precious",
      });
      mkdirSync(folder.at("folder"));
      symlinkSync("crash.yaml", folder.at("link.yaml"));
      const before = folder.list();
      const { status, out, err } = await viplane(["run", ...argsOf((name) => folder.at(name))]);
      expect(status).toBe(2);
      expect(out).toBe("");
      expect(err).toMatch(/error: ./);
      expect(err.match(/error:/g)).toHaveLength(1);
      expect(folder.list()).toEqual(before);
      expect(readFileSync(folder.at("old"), "utf8")).toBe("precious");
      expect(readFileSync(folder.at("crash.yaml"), "utf8")).toBe(CRASH);
      expect(readFileSync(folder.at("a.conf"), "utf8")).toBe(conf);
    },
  );
});

describe("an output", () => {
  it.concurrent("replaces an existing file, and a link's target rather than the link", async () => {
    shop.write("target.json", "x".repeat(100_000));
    symlinkSync("target.json", shop.at("link.json"));
    expect((await viplane(["run", crash, "--json", shop.at("link.json")])).status).toBe(0);
    expect(JSON.parse(readFileSync(shop.at("target.json"), "utf8")).scenario).toBe("crash");
    expect(lstatSync(shop.at("link.json")).isSymbolicLink()).toBe(true);
  });

  it.concurrent("may not be a pipe that nobody reads: opening it would wait for ever", async () => {
    execFileSync("mkfifo", [shop.at("pipe")]);
    const { status, err } = await viplane(["run", crash, "--json", shop.at("pipe")]);
    expect([status, err]).toEqual([2, `error: cannot write ${shop.at("pipe")}: no such device or address\n`]);
  });

  it.concurrent("may be a device", async () => {
    expect((await viplane(["run", crash, "--json", "/dev/null"])).status).toBe(0);
  });

  it.concurrent.each(["--json", "--pcap"])("that does not fit says so, with status 3: %s", async (option) => {
    const { status, err } = await viplane(["run", crash, option, "/dev/full"]);
    expect([status, err]).toEqual([3, "error: cannot write /dev/full: no space left on device\n"]);
  });

  it.concurrent("that nobody can read is written all the same", async () => {
    // The reader of stdout leaves after the first octets, as `| head -1` does.
    const child = start(["run", shop.at("failing.yaml"), "--events", "--json", shop.at("head.json")]);
    child.stdout!.once("data", () => child.stdout!.destroy());
    const stderr: Buffer[] = [];
    child.stderr!.on("data", (chunk: Buffer) => stderr.push(chunk));
    const [status] = await once(child, "exit");
    expect([status, Buffer.concat(stderr).toString()]).toEqual([1, ""]);
    expect(JSON.parse(readFileSync(shop.at("head.json"), "utf8")).outcome).toBe("fail");
  });

  it.concurrent("of data to a reader that leaves ends quietly", async () => {
    const child = start(["run", crash, "--pcap", "-"]);
    child.stdout!.once("data", () => child.stdout!.destroy());
    const stderr: Buffer[] = [];
    child.stderr!.on("data", (chunk: Buffer) => stderr.push(chunk));
    const [status] = await once(child, "exit");
    expect([status, Buffer.concat(stderr).toString()]).toEqual([0, ""]);
  });

  it.concurrent("reaches a slow reader whole", async () => {
    const child = start(["run", crash, "--pcap-egress", "--pcap", "-"]);
    child.stdout!.pause();
    setTimeout(() => child.stdout!.resume(), 700);
    const [slow, fast] = await Promise.all([outcome(child), viplane(["run", crash, "--pcap-egress", "--pcap", "-"])]);
    expect(slow.status).toBe(0);
    expect(slow.stdout.equals(fast.stdout)).toBe(true);
    expect(slow.stdout.length).toBeGreaterThan(100_000);
  });

  it.concurrent.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("of an interrupted run leaves no trace: %s", async (signal, expected) => {
    const folder = shop.inner({ "long.yaml": LONG });
    const child = start([
      "run",
      folder.at("long.yaml"),
      "--json",
      folder.at("i.json"),
      "--pcap",
      folder.at("i.pcapng"),
    ]);
    while (folder.list().length < 3 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    const { status, out, err } = await outcome(child);
    expect([status, out, err]).toEqual([expected, "", ""]);
    expect(folder.list()).toEqual(["long.yaml"]);
  });
});

describe("an input", () => {
  it.concurrent.each(["/dev/zero", "/dev/random", "/dev/full"])(
    "may not be a device, which has no end: %s",
    async (device) => {
      for (const command of ["run", "check"]) {
        const { status, err } = await viplane([command, device]);
        expect([status, err.split("\n")[0]]).toEqual([2, `${device}: error: cannot read this file: it is a device`]);
      }
    },
  );

  it.concurrent("is read to a limit, on stdin too", async () => {
    const { status, err } = await viplane(["run", "-"], { input: "#".repeat(9 << 20) });
    expect([status, err.split("\n")[0]]).toEqual([
      2,
      "-: error: cannot read this file: it has more than 8388608 octets",
    ]);
  });

  it.concurrent("that a scenario names may not be a device or a pipe", async () => {
    const folder = shop.inner({
      "device.yaml": CRASH.replace(/keepalived: \|\n(?: {6}.*\n)+/, "keepalived: /dev/zero\n"),
    });
    const { status, err } = await viplane(["run", folder.at("device.yaml")]);
    expect(status).toBe(2);
    expect(err).toMatch(/device\.yaml:\d+:\d+: error: .*\/dev\/zero/);
  });
});
