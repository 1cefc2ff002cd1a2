/** `viplane run --html`: a page to look at. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CRASH, FAILING } from "./scenarios.ts";
import { topologyPath, viplane, workshop } from "./viplane.ts";

const shop = workshop({
  "crash.yaml": CRASH,
  "failing.yaml": FAILING,
  "other.yaml": CRASH.replace("crash", "other"),
});
const crash = shop.at("crash.yaml");

function page(name: string): string {
  return readFileSync(shop.at(name), "utf8");
}

describe("--html", () => {
  it.concurrent("writes a page, the same to a file and to stdout, and leaves the text as it is", async () => {
    const path = topologyPath("havip-failover");
    const [file, stdout, plain] = await Promise.all([
      viplane(["run", path, "--html", shop.at("page.html")]),
      viplane(["run", path, "--html", "-"]),
      viplane(["run", path]),
    ]);
    expect(file).toMatchObject({ status: 0, err: "", out: plain.out });
    expect(stdout).toMatchObject({ status: 0, err: "" });
    expect(stdout.out).toBe(page("page.html"));
    expect(stdout.out).toMatch(/^<!doctype html>\n<html lang="en"><head>[\s\S]+<\/body><\/html>\n$/);
    expect(stdout.out).toContain("<title>havip-failover – viplane</title>");
  });

  it.concurrent("changes nothing in what else is written", async () => {
    const [both, alone] = await Promise.all(
      [["--html", shop.at("besides.html")], []].map((more, i) =>
        viplane(["run", crash, "--json", shop.at(`${i}.json`), "--pcap", shop.at(`${i}.pcapng`), ...more]),
      ),
    );
    expect(both!.out).toBe(alone!.out);
    for (const kind of ["json", "pcapng"]) {
      expect(readFileSync(shop.at(`0.${kind}`)).equals(readFileSync(shop.at(`1.${kind}`)))).toBe(true);
    }
  });

  it.concurrent("is decided by the seed", async () => {
    const pages = await Promise.all(
      ["7", "7", "8"].map(async (seed) => (await viplane(["run", crash, "--seed", seed, "--html", "-"])).out),
    );
    expect(pages[1]).toBe(pages[0]);
    expect(pages[2]).not.toBe(pages[0]);
  });

  it.concurrent("of several scenarios is one page, a section each", async () => {
    const { status } = await viplane(["run", crash, shop.at("other.yaml"), "--html", shop.at("two.html")]);
    expect(status).toBe(0);
    expect(page("two.html").match(/<section class="run" id="[^"]+">/g)).toEqual([
      '<section class="run" id="run-1">',
      '<section class="run" id="run-2">',
    ]);
    expect(page("two.html")).toContain("<title>crash, other – viplane</title>");
  });

  it.concurrent("shows a failed expectation, which is told on stderr where - takes stdout", async () => {
    const { status, out, err } = await viplane(["run", shop.at("failing.yaml"), "--html", "-"]);
    expect(status).toBe(1);
    expect(err).toMatch(/\nFAIL {2}1 of 1 expectation does not hold {2}\(seed 1\)\n$/);
    expect(out).toContain("<td>web held by vm-A at 11.000 s</td><td>vm-B</td><td>line 39</td>");
  });

  it.concurrent("appears whole or not at all", async () => {
    const folder = shop.inner({ "broken.yaml": CRASH.replace("until: 12s", "until: 12"), old: "precious" });
    const { status } = await viplane(["run", folder.at("broken.yaml"), "--html", folder.at("old")]);
    expect(status).toBe(2);
    expect(readFileSync(folder.at("old"), "utf8")).toBe("precious");
    expect(folder.list()).toEqual(["broken.yaml", "old"]);
    const full = await viplane(["run", crash, "--html", "/dev/full"]);
    expect([full.status, full.err]).toEqual([3, "error: cannot write /dev/full: no space left on device\n"]);
  });

  it.concurrent.each([
    [["--html", "-", "--json", "-"], "--json - and --html - cannot share stdout"],
    [["--pcap", "-", "--html", "-"], "--html - and --pcap - cannot share stdout"],
    [["--events", "--html", "-"], "--events prints to stdout, where - puts data too"],
    [["--html", shop.at("one"), "--json", shop.at("one")], `--json and --html cannot share the file ${shop.at("one")}`],
    [["--html", crash], `cannot write ${crash}: it is part of the scenario that is to be run`],
  ])("shares no place with other data: %j", async (flags, message) => {
    const { status, out, err } = await viplane(["run", crash, ...flags]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(`error: ${message}`);
  });
});
