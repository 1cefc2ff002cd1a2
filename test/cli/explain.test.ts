/** `viplane explain`: what it prints, and how it refuses. */
import { describe, expect, it } from "vitest";
import { CRASH } from "./scenarios.ts";
import { topologyPath, viplane, workshop } from "./viplane.ts";

const shop = workshop({ "crash.yaml": CRASH });
const failover = topologyPath("havip-failover");

describe("viplane explain", () => {
  it("says of each change why it came, with the lines of the configuration", async () => {
    const { status, out, err } = await viplane(["explain", failover]);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^ +13\.\d{3} s {2}vm-B {2}VI_1 BACKUP → MASTER, priority 90$/m);
    expect(out).toMatch(
      /^ +why +no advert for 3\.648 s = 3 × 1\.00 s \+ skew 0\.648 s; the last one came at 9\.\d+ s/m,
    );
    expect(out).toMatch(/^ +before +vm-A CRASHES: the machine vanishes without a word at 10\.000 s$/m);
    expect(out).toMatch(/vm-b\.conf:6 {2}priority 90$/m);
    expect(out.split("\n").some((line) => line.endsWith(" "))).toBe(false);
  });

  it("of one host leaves the others out", async () => {
    const { out } = await viplane(["explain", failover, "--host", "vm-B"]);
    expect(out).not.toMatch(/ s {2}vm-A /);
    expect(out.match(/ s {2}vm-B /g)).toHaveLength(3);
  });

  it("takes a scenario from stdin, and another seed", async () => {
    const one = await viplane(["explain", shop.at("crash.yaml"), "--seed", "7"]);
    expect(one.status).toBe(0);
    const other = await viplane(["explain", "-", "--seed", "8"], { input: CRASH });
    expect(other.status).toBe(0);
    expect(other.out).not.toBe(one.out);
  });

  it.each([
    [["explain", failover, "--host", "vm-C"], "no host vm-C runs keepalived in this scenario: vm-A, vm-B"],
    [["explain", failover, "--seed", "x"], "A seed is a whole number"],
    [["explain"], "missing required argument 'file'"],
    [["explain", "/no/such/file.yaml"], "/no/such/file.yaml"],
  ])("%j is refused", async (args, says) => {
    const { status, out, err } = await viplane(args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain(says);
  });

  it("has examples and the exit statuses in its help", async () => {
    const { out } = await viplane(["explain", "--help"]);
    expect(out).toMatch(/\nExamples:\n {2}viplane explain/);
    expect(out).toMatch(/\nExit status:\n {2}0 /);
    expect(out.split("\n").every((line) => line.length <= 120)).toBe(true);
  });
});
