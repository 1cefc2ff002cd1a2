import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { Wired } from "./wired.ts";

const text = readFileSync(new URL("linux-bridge.txt", import.meta.url), "utf8");
const colons = (mac: string) => mac.match(/../g)!.join(":");
const numbers = (list: string) => (list === "-" ? [] : list.split(",").map(Number));

/** Runs one case; returns what differed from the recording, line by line. */
function differences(ports: number, ageingSeconds: number, lines: readonly string[]): string[] {
  const net = new Wired(1);
  const portIds = net.addDomain(ports);
  net.switch.fdb.ageingMs = ageingSeconds * 1000;
  const found: string[] = [];
  for (const line of lines) {
    const [seconds, what, ...rest] = line.split(" ");
    net.clock.advanceTo(Math.round(Number(seconds) * NS_PER_S));
    if (what === "down" || what === "up") {
      net.switch.setLink(portIds[Number(rest[0])]!, what === "up");
    } else if (what === "table") {
      const rows = net.table().map((row) => row.split(" ").slice(1, 3).join("@").replaceAll(":", ""));
      if (rows.join(" ") !== rest.join(" ").replace(/^-$/, "")) found.push(`${line} | here: ${rows.join(" ")}`);
    } else {
      const [destination, source, octets, , out] = rest as [string, string, string, string, string];
      const sent = net.send(Number(what), colons(destination), colons(source), Number(octets));
      if (sent.out.join() !== numbers(out).join()) found.push(`${line} | here: ${sent.out} (${sent.cause})`);
    }
  }
  return found;
}

describe("as a Linux bridge", () => {
  const cases = text.split(/^case /m).slice(1);

  it("is compared on dozens of cases", () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  for (const recorded of cases) {
    const [head, ...rest] = recorded.trimEnd().split("\n");
    const [, name, ports, ageing, why] = /^(\S+) (\d+) ports, ageing (\d+) s: (.*)$/.exec(head!)!;
    it(`${name}: ${why}`, () => {
      const lines = rest.filter((line) => line !== "");
      expect(lines.length).toBeGreaterThan(0);
      expect(differences(Number(ports), Number(ageing), lines)).toEqual([]);
    });
  }
});
