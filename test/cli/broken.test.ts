/** What is broken is refused before anything happens: one message with its place and what would be right, and no file. */
import { describe, expect, it } from "vitest";
import { GOOD, VM_A, VM_B } from "../scenario/language/files.ts";
import { BROKEN_INPUTS, CONFS } from "./broken-inputs.ts";
import { viplane, workshop } from "./viplane.ts";

const shop = workshop();

describe("a broken input", () => {
  it.concurrent.each(BROKEN_INPUTS)("$title", async ({ change: [right, wrong], place, says, helps }) => {
    expect(GOOD).toContain(right);
    const folder = shop.inner({ "vm-a.conf": VM_A, "vm-b.conf": VM_B, ...CONFS });
    const path = folder.write(
      "x.yaml",
      GOOD.replace(right, () => wrong),
    );
    const before = folder.list();
    const [run, check] = await Promise.all([
      viplane(["run", path, "--json", folder.at("r.json"), "--pcap", folder.at("r.pcapng")]),
      viplane(["check", path]),
    ]);
    expect(run.err).toBe(check.err);
    expect([run.status, check.status]).toEqual([2, 2]);
    expect([run.out, check.out]).toEqual(["", ""]);
    expect(folder.list()).toEqual(before);

    const [message, ...hint] = run.err.split("\n").slice(0, -1);
    expect(message).toContain(`${folder.at(place)}: error: `);
    expect(message).toContain(says);
    expect(hint.every((line) => line.startsWith("    "))).toBe(true);
    expect(run.err).toContain(helps);
    expect(run.err.match(/: (error|warning): /g)).toHaveLength(1);
  });

  it.concurrent("is not among those that are right", async () => {
    const folder = shop.inner({ "vm-a.conf": VM_A, "vm-b.conf": VM_B });
    expect(await viplane(["check", folder.write("x.yaml", GOOD)])).toMatchObject({ status: 0, err: "" });
  });
});
