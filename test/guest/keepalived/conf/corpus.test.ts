import { describe, expect, it } from "vitest";
import { resolveAgainstHost } from "../../../../src/guest/keepalived/conf/host.ts";
import { verdict } from "../../../../src/guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { CORPUS } from "./corpus.ts";
import { HOST, inMemory } from "./samples.ts";

describe("keepalived.conf: small files and what keepalived 2.2.7 makes of them", () => {
  it.each(CORPUS)("$name: $verdict", ({ text, verdict: expected, says, code, warns, files }) => {
    const conf = parseKeepalivedConf("keepalived.conf", text, inMemory(files), { configId: "this-host" });
    const diagnostics = [...conf.diagnostics, ...resolveAgainstHost(conf, HOST)];
    const complaints = diagnostics.filter(({ severity }) => severity !== "warning");
    expect(verdict(diagnostics), JSON.stringify(diagnostics, null, 1)).toBe(expected);
    if (says !== undefined) expect(complaints.map(({ message }) => message)).toEqual([says]);
    else if (code !== undefined) expect(complaints.map((complaint) => complaint.code)).toEqual([code]);
    if (warns !== undefined)
      expect(diagnostics.filter((one) => one.severity === "warning").map((warning) => warning.code)).toEqual(warns);
    for (const { line, column, file } of diagnostics) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(["keepalived.conf", ...Object.keys(files ?? {})]).toContain(file);
    }
  });

  it("holds a good number of them", () => {
    expect(CORPUS.length).toBeGreaterThan(100);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  });
});
