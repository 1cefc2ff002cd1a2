/** `viplane trace` as people call it. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { itNeeds } from "../support/need.ts";
import { builtMain, plainEnvironment, ROOT, start, viplane, workshop } from "./viplane.ts";

const FRAME = "ffffffffffff02000000000188b5";
const BACK = "02000000000102000000000288b5";
const LINES = `{"at":0.1,"port":0,"frame":"${FRAME}"}\n{"at":0.2,"port":1,"frame":"${BACK}"}\n{"at":0.3,"snapshot":"s"}\n`;
const shop = workshop({
  "frames.jsonl": LINES,
  "header.jsonl": `{"ports":3,"ageingSeconds":10}\n${LINES}{"at":12,"snapshot":"late"}\n`,
  "bad.jsonl": `${LINES}{"at":0.4,"port":9,"frame":"0"}\n{"at":0.5,"portFlags":{"port":0,"lerning":false}}\n`,
});
const frames = shop.at("frames.jsonl");
const header = shop.at("header.jsonl");
const RECORDINGS = join(ROOT, "test/recordings/linux-bridge");

/** A recording of a bridge as JSON lines: its own fields, then its steps. */
function recordingLines(name: string): string {
  const { steps, ...rest } = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), "utf8")) as { steps: object[] };
  return [rest, ...steps].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function objects(out: string): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("viplane trace", () => {
  it.concurrent("tells each decision", async () => {
    const { status, out, err } = await viplane(["trace", "--ports", "3", frames]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("learned 02:00:00:00:00:01 at port 0 (new)\n");
    expect(out).toContain("flooded to ports 1, 2: broadcast");
    expect(out).toContain(
      "to port 0: 02:00:00:00:00:01 is known at port 0 since step 0 at 0.100 s, last heard 100 ms ago\n",
    );
    expect(out).toMatch(/\n2 frames: 1 flooded, 1 forwarded, 0 dropped\n$/);
  });

  it.concurrent("prints an object for each step with --json, from stdin too", async () => {
    const [file, stdin] = await Promise.all([
      viplane(["trace", "--ports", "3", "--json", frames]),
      viplane(["trace", "--json", "-", "--ports=3"], { input: LINES }),
    ]);
    expect(file).toMatchObject({ status: 0, err: "", out: stdin.out });
    expect(objects(file.out)).toMatchObject([
      { step: 0, at: 0.1, in: 0, out: [1, 2], action: "flood", learned: true, moved: null, drop: null },
      { step: 1, at: 0.2, in: 1, out: [0], action: "forward", provenance: { step: 0, port: 0 } },
      { step: 2, snapshot: "s", forwarding: [{ port: 0, kind: "dynamic" }, { port: 1 }] },
    ]);
  });

  it.concurrent("changes nothing with --dry-run", async () => {
    const { out } = await viplane(["trace", "--dry-run", "--json", header]);
    expect(objects(out)).toMatchObject([
      { learned: true },
      { action: "flood" },
      { forwarding: [] },
      { forwarding: [] },
    ]);
  });

  it.concurrent("may be of another ageing time, and another switch", async () => {
    const late = async (...args: string[]) => objects((await viplane(["trace", "--json", header, ...args])).out).at(-1);
    const [ownTime, longer, inDuration, never] = await Promise.all([
      late(),
      late("--ageing", "300"),
      late("--ageing", "11.7s"),
      late("--profile", "gvisor"),
    ]);
    expect(ownTime!.forwarding).toEqual([]);
    expect(longer!.forwarding).toHaveLength(2);
    expect(inDuration!.forwarding).toEqual([]);
    expect(never!.forwarding).toEqual([]);
    const moves = `{"ports":2}\n{"at":0,"port":0,"frame":"${FRAME}"}\n{"at":1,"port":1,"frame":"${FRAME}"}\n`;
    const moved = async (...args: string[]) =>
      objects((await viplane(["trace", "--json", "-", ...args], { input: moves })).out)[1]!.moved;
    expect(await moved()).toEqual({ from: 0, heard: { step: 0, at: 0 } });
    expect(await moved("--profile", "vde")).toBeNull();
  });

  it.concurrent("takes what viplane run captures: each vNIC is a port", async () => {
    const run = await viplane(["run", join(ROOT, "topologies/havip-failover.yaml"), "--pcap", shop.at("x.pcapng")]);
    expect(run.status).toBe(0);
    const [text, json] = await Promise.all([
      viplane(["trace", shop.at("x.pcapng")]),
      viplane(["trace", "--json", shop.at("x.pcapng")]),
    ]);
    const about =
      "3 interfaces, all taken as ports of one switch, which keeps no memory of links, profiles or crashes that the capture does not show\n";
    expect([text.status, text.err]).toEqual([0, ""]);
    expect([json.status, json.err]).toEqual([0, `${shop.at("x.pcapng")}: note: ${about}`]);
    expect(text.out.startsWith(about)).toBe(true);
    expect(text.out.slice(about.length)).toMatch(
      /^port 0 is vm-A\.eth0\nport 1 is vm-B\.eth0\nport 2 is client\.eth0\n/,
    );
    expect(objects(json.out)[0]).toMatchObject({ step: 0, number: 1, in: 2, interface: "client.eth0", out: [0, 1] });
  });

  it.concurrent("wants one network of several", async () => {
    const file = shop.at("switches.pcapng");
    const run = await viplane(["run", join(ROOT, "topologies/three-switches.yaml"), "--pcap-egress", "--pcap", file]);
    expect(run.status).toBe(0);
    const [all, rack, profiles] = await Promise.all([
      viplane(["trace", file]),
      viplane(["trace", "--network", "rack-2", "--only", "moved", "--json", file]),
      viplane(["run", join(ROOT, "topologies/switch-profiles.yaml"), "--pcap", "-"]),
    ]);
    expect([all.status, all.out]).toEqual([2, ""]);
    expect(all.err).toContain("several networks in one capture: core, rack-1, rack-2\n");
    expect(all.err).toContain("--network core");
    // What moves there is what the run says.
    expect(rack.status).toBe(0);
    expect(rack.out.split("\n").length).toBeLessThan(5);
    expect(rack.err).toContain("note: rack-2: 3 of 9 interfaces");
    expect(profiles.status).toBe(0);
    writeFileSync(shop.at("profiles.pcapng"), profiles.stdout);
    const { status, err } = await viplane(["trace", shop.at("profiles.pcapng")]);
    expect(status).toBe(2);
    expect(err).toContain("several networks in one capture: linux, ovs, vde, dynamips, gvisor\n");
  });

  it.concurrent("shows only what is asked for", async () => {
    const [text, json] = await Promise.all([
      viplane(["trace", header, "--only", "forwarded, snapshot", "--mac", "02:00:00:00:00:02"]),
      viplane(["trace", header, "--only", "flooded", "--json"]),
    ]);
    expect(text.out).toMatch(/^ +step .*\n +1 +0\.200 +port 1: /);
    expect(text.out).toContain("; 3 of 4 decisions shown\n");
    expect(objects(json.out)).toMatchObject([{ step: 0, sourceMac: "02:00:00:00:00:01" }]);
  });

  it.concurrent("refuses a capture in which nothing says where frames came in", async () => {
    const { status, out, err } = await viplane(["trace", join(ROOT, "test/recordings/crash-and-return.pcap")]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain("crash-and-return.pcap: error: all frames are of one interface");
    expect(err).toContain("viplane replay");
  });

  it.concurrent("refuses an input with a mistake in it as a whole, and tells all mistakes", async () => {
    for (const flags of [[], ["--json"]]) {
      const { status, out, err } = await viplane(["trace", "--ports", "2", ...flags, shop.at("bad.jsonl")]);
      expect([status, out]).toEqual([2, ""]);
      const places = err.split("\n").filter((line) => line.includes(": error: "));
      expect(places.map((line) => line.slice(shop.path.length + 1).split(": ")[0])).toEqual([
        "bad.jsonl:4:18",
        "bad.jsonl:4:28",
        "bad.jsonl:5:33",
      ]);
      expect(err).toContain("did you mean 'learning'?");
    }
  });

  it.concurrent("goes on with what Linux refuses, with a warning or a word", async () => {
    const input = `{"ports":2,"options":{"groupFwdMask":1}}\n{"at":0,"fdbDel":{"mac":"02:00:00:00:00:01","port":0}}\n`;
    const { status, out, err } = await viplane(["trace", "--json", "-"], { input });
    expect(status).toBe(0);
    expect(err).toMatch(/^-:1:38: warning: .* is refused by Linux/);
    expect(objects(out)).toEqual([
      { step: 0, at: 0, did: "refused: there is no entry of 02:00:00:00:00:01 at port 0", refused: true },
    ]);
  });

  it.concurrent.each([
    [[frames], "how many ports the switch has is not said", "say --ports 4"],
    [["--ports", "0", frames], "'0' is invalid", "1 to 1024 ports"],
    [["--ports", "four", frames], "'four' is invalid", "1 to 1024 ports"],
    [["--ports", "2", header], "the header says 3 ports, and --ports says 2", "leave --ports out"],
    [["--ageing", "soon", header], "'soon' is invalid", "300, 1.5s, 5m"],
    [["--ageing", "1000001", header], "is invalid", "0 to 1000000 seconds"],
    [["--only", "moved,drop", header], "'moved,drop' is invalid", "Did you mean dropped?"],
    [["--only", "everything", header], "'everything' is invalid", "There are learned, moved"],
    [["--mac", "02:00:01", header], "'02:00:01' is invalid", "six octets with colons"],
    [["--network", "app", header], "no network can be chosen", "leave --network out"],
    [["--profile", "openvswitch", header], "'openvswitch' is invalid", "Open vSwitch is ovs"],
    [["--profile", "linx", header], "'linx' is invalid", "Did you mean linux?"],
    [["--profile", "catalyst", header], "'catalyst' is invalid", "There are linux, ovs"],
    [["--josn", header], "unknown option '--josn'", "Did you mean --json?"],
    [[], "missing required argument 'file'", "viplane trace --help"],
    [["nowhere.jsonl"], "cannot read this file: no such file", "name an existing file"],
    [["/dev/zero"], "cannot read this file: it is a device", "name an existing file"],
  ])("%j is wrong usage", async (args, says, helps) => {
    const { status, out, err } = await viplane(["trace", ...args], { cwd: shop.path });
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(says);
    expect(err).toContain(helps);
    expect(err.match(/error:/g)).toHaveLength(1);
  });

  it.concurrent("has a help with examples", async () => {
    const { status, out } = await viplane(["trace", "--help"]);
    expect(status).toBe(0);
    expect(out).toMatch(/^Usage: viplane trace \[options\] <file>\n/);
    expect(out).toMatch(/\nExamples:\n {2}viplane trace --ports 4 frames\.jsonl/);
    expect(out).toMatch(/\nExit status:\n {2}0 /);
    expect(out.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  it.concurrent("loses nothing when its reader goes away early", async () => {
    const child = start(["trace", "--json", "-"]);
    child.stdin!.on("error", () => {});
    child.stdin!.end(recordingLines("mac-table-5000"));
    child.stdout!.once("data", () => child.stdout!.destroy());
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(status).toBe(0);
  });

  itNeeds("script", "has colours on a terminal, and the same words", async () => {
    const command = [process.execPath, builtMain(), "trace", "--ports", "3", frames]
      .map((word) => `'${word}'`)
      .join(" ");
    const child = spawn("script", ["-qec", command, "/dev/null"], { env: { ...plainEnvironment(), TERM: "xterm" } });
    child.stdin.end();
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => child.on("close", resolve));
    const coloured = Buffer.concat(chunks).toString();
    expect(coloured).toContain("\u001b[32mflooded to ports 1, 2");
    const plain = (await viplane(["trace", "--ports", "3", frames])).out;
    expect(stripVTControlCharacters(coloured).replaceAll("\r\n", "\n")).toBe(plain);
  });
});

describe("a recording of a Linux bridge", () => {
  const names = [
    "bridge-own-macs",
    "large-frames",
    "mac-table-5000",
    "random-ageing-01",
    "random-flags-01",
    "random-vlan-01",
  ];

  it.concurrent.each(names)("goes through as it is, and everybody gets what he got: %s", async (name) => {
    const { ports, deliveries } = JSON.parse(readFileSync(join(RECORDINGS, `${name}.json`), "utf8")) as {
      ports: number;
      deliveries: (number[] | string | null)[];
    };
    const { status, out, err } = await viplane(["trace", "--json", "-"], { input: recordingLines(name) });
    expect([status, err]).toEqual([0, ""]);
    const byStep: Record<string, unknown>[][] = deliveries.map(() => []);
    for (const object of objects(out)) byStep[object.step as number]!.push(object);
    deliveries.forEach((recorded, step) => {
      const seen = byStep[step]!;
      if (recorded === null) expect(seen).toHaveLength(1);
      else if (typeof recorded !== "string") expect(seen.map((one) => one.out)).toEqual([recorded]);
      else if (recorded !== "allOthers")
        expect(seen.map((one) => (one.out as number[]).join()).join(";")).toBe(recorded);
      else for (const one of seen) expect(one.out).toEqual([...Array(ports).keys()].filter((port) => port !== one.in));
    });
  });
});

describe("the README", () => {
  it("shows what the command prints", async () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const [, name, excerpt] = /linux-bridge\/(\S+)\.json \| npx viplane trace -\n([\s\S]*?)```/.exec(readme)!;
    const { out } = await viplane(["trace", "-"], { input: recordingLines(name!) });
    const lines = excerpt!.split("\n").filter((line) => !/^\s*…?$/.test(line));
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(out.split("\n")).toContain(line);
  });
});
