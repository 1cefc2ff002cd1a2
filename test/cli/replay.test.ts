/** `viplane replay`: what it prints, what its options do, and how it ends. */
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { itNeeds } from "../support/need.ts";
import { CRASH } from "./scenarios.ts";
import { builtMain, ending, outcome, plainEnvironment, ROOT, start, viplane, workshop } from "./viplane.ts";

const shop = workshop({ "crash.yaml": CRASH });
const recording = (name: string) => `${ROOT}test/recordings/${name}.pcap`;
const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

/** As the command line of `viplane replay`, with a file on stdin. */
async function piped(file: string, ...args: readonly string[]) {
  const child = start(["replay", "-", ...args]);
  child.stdin!.end(readFileSync(file));
  return await outcome(child);
}

describe("a capture", () => {
  it.concurrent("is told as text", async () => {
    const { status, out, err } = await viplane(["replay", recording("crash-and-return")]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("60 frames of 3 hosts in 26.550 s, from 2026-11-20 07:51:25.300 UTC\n");
    expect(out).toContain("\n10.0.1.50 changed hands twice\n");
    expect(out).toContain("10.0.1.11 had been silent for 3.650 s, 3 adverts missed (its last: frame 17)");
  });

  it.concurrent("is told as the README shows it", async () => {
    const [, args, excerpt] = /\$ npx viplane (replay .+)\n([\s\S]*?)```/.exec(README)!;
    const { out } = await viplane(args!.split(" "), { cwd: ROOT });
    const shown = excerpt!.split("\n").filter((line) => !/^\s*…?$/.test(line));
    expect(shown.length).toBeGreaterThan(4);
    for (const line of shown) expect(out.split("\n")).toContain(line);
  });

  it.concurrent("is told as JSON, to a file and to stdout alike", async () => {
    const file = shop.at("report.json");
    const [both, only] = await Promise.all([
      viplane(["replay", recording("split-brain"), "--json", file]),
      viplane(["replay", recording("split-brain"), "--json", "-"]),
    ]);
    expect([both.status, both.err, only.status, only.err]).toEqual([0, "", 0, ""]);
    expect(both.out).toContain("Two at once");
    expect(only.out).toBe(readFileSync(file, "utf8"));
    expect(JSON.parse(only.out)).toMatchObject({
      schemaVersion: 1,
      mode: "replay",
      by: "mac",
      capture: { format: "pcap", begins: "2026-11-20T07:52:31.596166088Z", frames: { all: 76 } },
      contests: [{ kind: "masters", vrid: 51, hosts: ["10.0.1.11", "10.0.1.12"] }],
    });
  });

  it.concurrent("may come by stdin", async () => {
    const [stdin, named] = await Promise.all([
      piped(recording("virtual-mac")),
      viplane(["replay", recording("virtual-mac")]),
    ]);
    expect(stdin.status).toBe(0);
    expect(stdin.out.split("\n").slice(1)).toEqual(named.out.split("\n").slice(1));
    expect(stdin.out).toMatch(/^-: 43 frames/);
  });

  it.concurrent("may be one of viplane's own: the holders are those of the run", async () => {
    const [pcap, json] = [shop.at("own.pcapng"), shop.at("own.json")];
    expect((await viplane(["run", shop.at("crash.yaml"), "--pcap", pcap, "--json", json])).status).toBe(0);
    const { status, out } = await viplane(["replay", pcap, "--json", "-"]);
    expect(status).toBe(0);
    const { addresses, capture, by } = JSON.parse(out);
    const run = JSON.parse(readFileSync(json, "utf8"));
    expect(by).toBe("interface");
    const holds = addresses.find(({ address }: { address: string }) => address === "10.0.1.50").holds;
    const zero = capture.firstSeconds + capture.firstNanoseconds / 1e9;
    expect(holds.map(({ holder, mac }: { holder: string; mac: string }) => [holder, mac])).toEqual(
      run.holders.map(({ holder, nic, mac }: { holder: string; nic: string; mac: string }) => [
        `${holder}.${nic}`,
        mac,
      ]),
    );
    for (const [i, { from }] of holds.entries()) expect(from + zero).toBeCloseTo(run.holders[i].at, 8);
  });

  it.concurrent("may go straight from one command to the other", async () => {
    const script = `"$0" "$1" run "$2" --pcap - | "$0" "$1" replay -`;
    const args = ["-c", script, process.execPath, builtMain(), shop.at("crash.yaml")];
    const { status, out } = await ending(spawn("/bin/sh", args, { env: plainEnvironment() }));
    expect(status).toBe(0);
    expect(out).toContain("\nWho held 10.0.1.50 (VRID 51)\n");
  });
});

describe("options", () => {
  it.concurrent("--name calls hosts by MAC or address", async () => {
    const names = ["--name", "02:00:00:00:00:01=vm A", "--name", "10.0.1.12=vm-B=2"];
    const { out, err } = await viplane(["replay", recording("virtual-mac"), ...names, "--json", "-"]);
    expect(err).toBe("");
    const { hosts, virtualMacs } = JSON.parse(out);
    expect(
      hosts
        .map(({ name }: { name: string }) => name)
        .slice(0, 2)
        .sort(),
    ).toEqual(["vm A", "vm-B=2"]);
    expect(virtualMacs[0].holds.map(({ holder }: { holder: string }) => holder)).toEqual(["vm A", "vm-B=2"]);
  });

  it.concurrent("--name says so if nobody is called so", async () => {
    const { status, err } = await viplane(["replay", recording("virtual-mac"), "--name", "2001:DB8::1=x"]);
    expect(status).toBe(0);
    expect(err).toMatch(/\.pcap: warning: no host of this capture is 2001:db8::1, so nobody is called x\n/);
  });

  it.concurrent("--by tells hosts apart in another way", async () => {
    const pcap = shop.at("by.pcapng");
    await viplane(["run", shop.at("crash.yaml"), "--pcap", pcap, "--pcap-egress"]);
    const [byMac, byInterface] = await Promise.all(
      ["mac", "interface"].map(async (by) =>
        JSON.parse((await viplane(["replay", pcap, "--by", by, "--json", "-"])).out),
      ),
    );
    expect([byMac.by, byInterface.by]).toEqual(["mac", "interface"]);
    expect(byMac.hosts.map(({ name }: { name: string }) => name).sort()).toEqual([
      "10.0.1.100",
      "10.0.1.11",
      "10.0.1.12",
    ]);
    expect(byMac.capture.frames.switched).toBe(byInterface.capture.frames.switched);
  });
});

describe("the end", () => {
  it.concurrent("help has examples and the exit statuses", async () => {
    const { status, out, err } = await viplane(["replay", "--help"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^Usage: viplane replay /);
    expect(out).toMatch(/\nExamples:\n {2}viplane replay/);
    expect(out).toMatch(/\nExit status:\n {2}0 /);
    expect(out.split("\n").every((line) => line.length <= 120)).toBe(true);
  });

  it.concurrent.each([
    [["replay"], "missing required argument 'file'", "viplane replay --help"],
    [["replay", "nowhere.pcap"], "nowhere.pcap: error: cannot read this file: no such file", "- for stdin"],
    [["replay", "."], "it is a directory", "name an existing file"],
    [["replay", "/dev/zero"], "it is a device", "name an existing file"],
    [
      ["replay", "crash.yaml"],
      "crash.yaml: error: at octet 0: this is no capture: it begins with 6e 61 6d 65",
      "tcpdump -w",
    ],
    [["replay", "short.pcap"], "short.pcap: error: at octet 20: a pcap's header has 24 octets", "copy it again"],
    [["replay", "damaged.pcap"], "damaged.pcap: error: at octet 32: packet 1 claims 4294967295 octets", "editcap"],
    [["replay", "damaged.pcap", "--by", "ip"], "argument 'ip' is invalid", "mac, interface"],
    [["replay", "damaged.pcap", "--name", "vm-A"], "'vm-A' is invalid", "10.0.1.11=vm-A"],
    [["replay", "damaged.pcap", "--name", "host=vm-A"], "'host=vm-A' is invalid", "10.0.1.11=vm-A"],
    [["replay", "damaged.pcap", "--name", "10.0.1.11="], "'10.0.1.11=' is invalid", "10.0.1.11=vm-A"],
    [["replay", "cut.pcap", "--json", "no/such/folder"], "cannot write no/such/folder", ""],
    [["replay", "cut.pcap", "--json", "./cut.pcap"], "cannot write ./cut.pcap: it is the capture", ""],
  ])("%j: status 2 and one message", async (args, says, helps) => {
    const bytes = readFileSync(recording("split-brain"));
    const folder = shop.inner({ "crash.yaml": CRASH });
    writeFileSync(folder.at("short.pcap"), bytes.subarray(0, 20));
    writeFileSync(folder.at("cut.pcap"), bytes.subarray(0, 1_000));
    writeFileSync(folder.at("damaged.pcap"), Buffer.from(bytes).fill(0xff, 32, 36));
    const before = folder.list();
    const { status, out, err } = await viplane(args, { cwd: folder.path });
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(says);
    expect(err).toContain(helps);
    expect(err.match(/error:/g)).toHaveLength(1);
    expect(folder.list()).toEqual(before);
    expect(readFileSync(folder.at("cut.pcap"))).toEqual(bytes.subarray(0, 1_000));
  });

  it.concurrent("a file that breaks off is told up to there, with a warning", async () => {
    const path = shop.at("broken-off.pcap");
    writeFileSync(path, readFileSync(recording("split-brain")).subarray(0, 980));
    const { status, out, err } = await viplane(["replay", path]);
    expect(status).toBe(0);
    expect(err).toMatch(
      /broken-off\.pcap: warning: at octet \d+: packet 14 ends \d+ octets behind the file's end; all before it was read\n/,
    );
    expect(out).toContain(": 13 frames of ");
  });

  it.concurrent("a reader that leaves ends it quietly", async () => {
    const child = start(["replay", recording("three-nodes"), "--json", "-"]);
    child.stdout!.once("data", () => child.stdout!.destroy());
    const { status, err } = await ending(child);
    expect([status, err]).toEqual([0, ""]);
  });

  it.concurrent("a full disk is status 3", async () => {
    const { status, err } = await viplane(["replay", recording("three-nodes"), "--json", "/dev/full"]);
    expect([status, err]).toEqual([3, "error: cannot write /dev/full: no space left on device\n"]);
  });
});

describe("a terminal", () => {
  /** What a terminal would get: `script` runs the command on one. */
  function onTerminal(file: string): string {
    const command = [process.execPath, builtMain(), "replay", file].map((word) => `'${word}'`).join(" ");
    const env = { ...plainEnvironment(), TERM: "xterm" };
    return execFileSync("script", ["-qec", command, "/dev/null"], { env, encoding: "utf8", maxBuffer: 1 << 28 });
  }

  itNeeds("script", "gets colours", () => {
    expect(onTerminal(recording("split-brain"))).toContain("\u001b[1m\u001b[31mTwo at once\u001b[39m\u001b[22m");
  });

  itNeeds("script", "sees how far a long replay is", () => {
    const bytes = readFileSync(recording("v3-100ms"));
    const packets = bytes.subarray(24);
    const path = shop.at("long.pcap");
    writeFileSync(path, Buffer.concat([bytes.subarray(0, 24), ...new Array(9_000).fill(packets)]));
    const told = onTerminal(path);
    expect(told).toMatch(/\r\S*long\.pcap: \d+ %\r/);
    expect(told).toContain("\r\u001b[K");
  });
});
