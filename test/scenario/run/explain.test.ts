/** Why routers changed their state: every change is explained, and the lines that decided are the ones that are written. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Explanation, explain, formatExplanations } from "../../../src/scenario/explain.ts";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { memoryFiles } from "../language/files.ts";
import { play, TOPOLOGIES, text, topology } from "./stage.ts";

const HERE = new URL("../../../", import.meta.url).pathname;

/** The line that is meant, of a file on the disk. */
function lineOnDisk({ file, line }: { readonly file: string; readonly line: number }): string | null {
  return readFileSync(file, "utf8").split("\n")[line - 1] ?? null;
}

/** As `vm-B BACKUP → MASTER`. */
function of(explanations: readonly Explanation[], change: string): Explanation {
  const found = explanations.filter(({ event: { host, from, to } }) => `${host} ${from} → ${to}` === change);
  expect(found.length, change).toBeGreaterThan(0);
  return found.at(-1)!;
}

function keysOf({ lines }: Explanation): string[] {
  return lines.map(({ key, value }) => `${key} ${value}`);
}

describe("an explanation", () => {
  it("has the figures, what came before, the rule, its source and the lines", async () => {
    const shown = formatExplanations(explain(runScenario(topology("havip-failover"))), lineOnDisk, PLAIN);
    await expect(shown.replaceAll(HERE, "")).toMatchFileSnapshot("explain.txt");
  });

  it.each(TOPOLOGIES)(
    "stands for every change of state in %s, with lines that hold what they are said to hold",
    (name) => {
      const result = runScenario(topology(name));
      const explanations = explain(result);
      expect(explanations.map(({ event }) => event)).toEqual(result.transitions);
      for (const { lines, event } of explanations)
        for (const { key, at } of lines) {
          if (at === null) continue;
          const line = lineOnDisk(at);
          const said = key === "track" ? event.reason.split(" ").find((word) => line?.includes(word)) : key;
          expect(line).toContain(said);
        }
    },
  );

  it("names a value that is not written as keepalived's own", () => {
    const explanations = explain(play({ timeline: ["at: 6s, stop: vm-A"] }));
    const farewell = of(explanations, "vm-A MASTER → STOPPED");
    expect(farewell).toMatchObject({ before: "vm-A keepalived is stopped in good order at 6.000 s", lines: [] });
    expect(keysOf(of(explanations, "vm-B BACKUP → MASTER"))).toEqual(["priority 90", "advert_int 1"]);
  });

  describe("of a configuration inside the scenario", () => {
    const inside =
      'keepalived: "vrrp_instance VI_1 {\\n interface eth0\\n virtual_router_id 51\\n priority 100\\n down_timer_adverts 4\\n virtual_ipaddress {\\n 10.0.1.50\\n }\\n}\\n"';
    const takeover = (yaml: string) => {
      const scenario = loadScenario("two.yaml", yaml, memoryFiles({ "b.conf": "" }));
      return of(explain(runScenario(scenario)), "vm-A BACKUP → MASTER");
    };
    const lineIn = (yaml: string) => (at: { readonly line: number }) => yaml.split("\n")[at.line - 1] ?? null;

    it("has the lines there, with what is written of the multiplier", () => {
      const block = JSON.parse(inside.slice(inside.indexOf('"'))) as string;
      const yaml = text({ a: "KEEPALIVED" })
        .replace(
          /^ {2}vm-A: .*$/m,
          `  vm-A:\n    subnet: app\n    address: 10.0.1.11\n    keepalived: |\n${block.replace(/^(?=.)/gm, "      ")}`,
        )
        .replace(", keepalived: b.conf", "");
      const { lines } = takeover(yaml);
      expect(lines.map(({ at }) => at && lineIn(yaml)(at)?.trim())).toEqual([
        "priority 100",
        null,
        "down_timer_adverts 4",
      ]);
    });

    it("that is one string has one place, and its values are told", () => {
      const yaml = text({ a: inside }).replace(", keepalived: b.conf", "");
      const explanation = takeover(yaml);
      const shown = formatExplanations([explanation], lineIn(yaml), PLAIN);
      const line = yaml.split("\n").findIndex((one) => one.includes("vm-A:")) + 1;
      expect(shown).toContain(`two.yaml:${line}   priority 100\n`);
      expect(shown).toContain(`two.yaml:${line}   down_timer_adverts 4\n`);
      expect(shown).toContain("advert_int 1, keepalived's own");
    });
  });

  it("of a fault points at what is tracked, and at the script", () => {
    const explanations = explain(
      play({ a: "keepalived: checked.conf", timeline: ["at: 6s, script: { host: vm-A, name: chk, exit: 1 }"] }),
    );
    const fault = of(explanations, "vm-A MASTER → FAULT");
    expect(fault.before).toContain("script chk exits with 1 from now on at 6.000 s");
    expect(keysOf(fault)).toEqual(["track chk", "vrrp_script chk"]);
  });

  it("of a lost link says which step took it", () => {
    const explanations = explain(play({ timeline: ["at: 6s, link-down: vm-A", "at: 8s, link-up: vm-A"] }));
    expect(of(explanations, "vm-A MASTER → FAULT")).toMatchObject({ before: "vm-A eth0 LOSES CARRIER at 6.000 s" });
    expect(keysOf(of(explanations, "vm-A MASTER → FAULT"))).toEqual(["interface eth0"]);
    expect(of(explanations, "vm-A FAULT → BACKUP").before).toContain("has carrier again at 8.000 s");
  });

  it("of a takeover names what silenced the master, not what was done after it", () => {
    const timeline = [
      "at: 5s, script: { host: vm-A, name: chk, exit: 0 }",
      "at: 6s, crash: vm-A",
      "at: 8s, link-down: client",
    ];
    const explanations = explain(play({ a: "keepalived: checked.conf", timeline }));
    expect(of(explanations, "vm-B BACKUP → MASTER").before).toBe(
      "vm-A CRASHES: the machine vanishes without a word at 6.000 s",
    );
  });

  it("of a master that gives way to one that was master before names what let it be heard again", () => {
    const explanations = explain(play({ until: "20s", timeline: ["at: 6s, pause: vm-A", "at: 12s, resume: vm-A"] }));
    expect(of(explanations, "vm-B MASTER → BACKUP").before).toMatch(/^vm-A .* at 12\.000 s$/);
  });

  it("of a master that gives way to a forged advert names who sent it, and no forged announcement", () => {
    const forged = "host: client, frame: { vrrp: { vrid: 51, priority: 255, addresses: [10.0.1.50] } }";
    const timeline = [`at: 6s, send: { ${forged} }`, "at: 6s, announce: { host: client, vip: 10.0.1.50 }"];
    const explanations = explain(play({ timeline }));
    expect(of(explanations, "vm-A MASTER → BACKUP").before).toMatch(
      /^client eth0 sends .* VRRPv2 advert vrid 51 prio 255 .* at 6\.000 s$/,
    );
  });

  it("after a reload has the lines of the new configuration", () => {
    const timeline = ["at: 6s, reload: { host: vm-A, keepalived: checked.conf }", "at: 8s, link-down: vm-A"];
    const [line] = of(explain(play({ timeline })), "vm-A MASTER → FAULT").lines;
    expect(line).toMatchObject({ key: "interface", value: "eth0" });
    expect(line!.at!.file).toMatch(/checked\.conf$/);
  });
});
