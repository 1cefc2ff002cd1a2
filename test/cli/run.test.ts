/** `viplane run`: what it prints, what its options do, and how it ends. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPcap } from "../support/read-pcap.ts";
import { CRASH, FAILING } from "./scenarios.ts";
import { TOPOLOGIES, topologyPath, viplane, workshop } from "./viplane.ts";

const shop = workshop({
  "crash.yaml": CRASH,
  "failing.yaml": FAILING,
  "other.yaml": CRASH.replace("crash", "other"),
});
const crash = shop.at("crash.yaml");
const failing = shop.at("failing.yaml");

function json(name: string) {
  return JSON.parse(readFileSync(shop.at(name), "utf8"));
}

describe("the shipped topologies", () => {
  it.concurrent.each(TOPOLOGIES)(
    "%s passes, and its data is the same to a file and to stdout, and twice",
    async (path) => {
      const name = path.replace(/.*\/|\.yaml$/g, "");
      const files = ["--json", shop.at(`${name}.json`), "--pcap", shop.at(`${name}.pcapng`)];
      const text = await viplane(["run", path, ...files]);
      expect(text.status).toBe(0);
      expect(text.out).toMatch(new RegExp(`^${name}: .*\\nseed 1, \\d+\\.000 s of virtual time\\n\\nWhat happened\\n`));
      expect(text.out).toMatch(/\n\nPASS {2}all \d+ expectations hold\n$/);
      expect(text.out).not.toContain("✗");
      // keepalived itself complains about the guides' configuration; nothing else does.
      expect(text.err.replaceAll(/^.*\.conf:\d+:\d+: warning: .*\n( {4}.*\n)?/gm, "")).toBe("");

      const report = await viplane(["run", path, "--json", "-"]);
      expect(report.status).toBe(0);
      expect(report.err).toBe(text.err);
      expect(report.out).toBe(readFileSync(shop.at(`${name}.json`), "utf8"));
      expect(JSON.parse(report.out)).toMatchObject({ schemaVersion: 1, scenario: name, outcome: "pass" });

      const capture = await viplane(["run", path, "--pcap", "-"]);
      expect(capture.status).toBe(0);
      expect(capture.stdout.equals(readFileSync(shop.at(`${name}.pcapng`)))).toBe(true);
      expect(readPcap(capture.stdout).length).toBeGreaterThan(1000);
    },
  );
});

describe("options", () => {
  it.concurrent("--seed decides all chance", async () => {
    const reports = await Promise.all(
      ["7", "7", "8"].map(async (seed) => (await viplane(["run", crash, "--seed", seed, "--json", "-"])).out),
    );
    expect(reports[1]).toBe(reports[0]);
    const [seven, , eight] = reports.map((text) => JSON.parse(text));
    expect([seven.seed, eight.seed]).toEqual([7, 8]);
    expect(eight.vrrp).not.toEqual(seven.vrrp);
  });

  it.concurrent("--pcap-egress records frames once more where they leave", async () => {
    const [plain, both] = await Promise.all([
      viplane(["run", crash, "--pcap", "-"]),
      viplane(["run", crash, "--pcap-egress", "--pcap", "-"]),
    ]);
    const ways = (stdout: Buffer) => new Set(readPcap(stdout).map(({ direction }) => direction));
    expect(ways(plain.stdout)).toEqual(new Set(["inbound"]));
    expect(ways(both.stdout)).toEqual(new Set(["inbound", "outbound"]));
    expect(readPcap(both.stdout).filter(({ direction }) => direction === "inbound")).toHaveLength(
      readPcap(plain.stdout).length,
    );
  });

  it.concurrent("--events prints every event once, with what the text leaves out, and then the rest of the text", async () => {
    const [events, text] = await Promise.all([viplane(["run", crash, "--events"]), viplane(["run", crash])]);
    expect(events.status).toBe(0);
    const [lines, rest] = events.out.split("\ncrash: vm-A crashes\n");
    expect(lines!.split("\n").every((line) => /^ +\d+\.\d{3} s {2}\S+ +\S/.test(line))).toBe(true);
    expect(lines).toContain("neighbour 10.0.1.50 INCOMPLETE");
    expect(rest).not.toContain("What happened");
    const story = text.out.slice(text.out.indexOf("What happened\n") + 14, text.out.indexOf("\n\nWho held"));
    const squeeze = (line: string) => line.replaceAll(/ +/g, " ");
    const printed = new Set(lines!.split("\n").map(squeeze));
    for (const line of story.split("\n").map(squeeze)) expect(printed).toContain(line);
    expect(text.out.endsWith(rest!.slice(rest!.indexOf("Who held")))).toBe(true);
  });

  it.concurrent("several files run one after the other, and make one list", async () => {
    const other = shop.at("other.yaml");
    const { status, out } = await viplane(["run", crash, other, "--json", shop.at("list.json")]);
    expect(status).toBe(0);
    expect(out.match(/^(crash|other): /gm)).toEqual(["crash: ", "other: "]);
    expect(json("list.json").map(({ scenario }: { scenario: string }) => scenario)).toEqual(["crash", "other"]);
  });

  it.concurrent("- is stdin, whose files are looked for in the working directory", async () => {
    const path = topologyPath("havip-failover");
    const cwd = path.replace(/[^/]*$/, "");
    const [piped, named] = await Promise.all([
      viplane(["run", "-"], { input: readFileSync(path, "utf8"), cwd }),
      viplane(["run", path]),
    ]);
    expect(piped).toMatchObject({ status: 0, err: "" });
    expect(piped.out).toBe(named.out);
  });
});

describe("several broken files", () => {
  it.concurrent("are all told of, and none is run", async () => {
    const broken = shop.write("broken.yaml", CRASH.replace("until: 12s", "until: 12"));
    const { status, out, err } = await viplane(["run", broken, crash, shop.at("nowhere.yaml")]);
    expect([status, out]).toEqual([2, ""]);
    expect(err.match(/^\S+: error: \w+/gm)).toEqual([
      `${broken}:3:8: error: until`,
      `${shop.at("nowhere.yaml")}: error: cannot`,
    ]);
  });
});

describe("a failed expectation", () => {
  it.concurrent("gives status 1, its place and the reports all the same", async () => {
    const args = ["run", failing, "--json", shop.at("failed.json"), "--pcap", shop.at("failed.pcapng")];
    const { status, out, err } = await viplane(args);
    expect(status).toBe(1);
    expect(err).toBe("");
    expect(out).toContain(
      `  ✗ ${failing}:39:5\n      wanted  web held by vm-A at 11.000 s\n      seen    vm-B\n      around that time:\n`,
    );
    expect(out).toMatch(/\nFAIL {2}1 of 1 expectation does not hold {2}\(seed 1\)\n$/);
    expect(json("failed.json")).toMatchObject({
      outcome: "fail",
      expectations: [{ line: 39, ok: false, seen: "vm-B" }],
    });
    expect(readPcap(readFileSync(shop.at("failed.pcapng"))).length).toBeGreaterThan(100);
  });

  it.concurrent.each(["--json", "--pcap"])("is told on stderr where %s - takes stdout", async (option) => {
    const { status, stdout, err } = await viplane(["run", failing, option, "-"]);
    expect(status).toBe(1);
    expect(err).toMatch(/^crash\n {2}✗ .*failing\.yaml:39:5\n {6}wanted {2}web held by vm-A at 11\.000 s\n/);
    expect(err).toMatch(/\nFAIL {2}1 of 1 expectation does not hold {2}\(seed 1\)\n$/);
    if (option === "--json") expect(JSON.parse(stdout.toString()).outcome).toBe("fail");
    else expect(readPcap(stdout).length).toBeGreaterThan(100);
  });

  it.concurrent("of one file fails them all, and the others run", async () => {
    const { status, out } = await viplane(["run", failing, crash]);
    expect(status).toBe(1);
    expect(out.match(/^(PASS|FAIL)/gm)).toEqual(["FAIL", "PASS"]);
  });
});
