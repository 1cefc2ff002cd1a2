/** One mistake, one finding: at the right place, in words that teach. */
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/text/config-error.ts";
import { findingsOf, GOOD } from "./files.ts";
import { MISTAKES } from "./mistakes-table.ts";

for (const [group, mistakes] of Object.entries(MISTAKES))
  describe(group, () => {
    it.each(mistakes.map((mistake) => [mistake[2], mistake] as const))(
      "%s",
      (_, [[wrong, right], place, message, hint]) => {
        expect(GOOD).toContain(wrong);
        const findings = findingsOf(GOOD.replace(wrong, () => right));
        expect(findings.map(({ line, column, message }) => `${line}:${column} ${message}`)).toHaveLength(1);
        const [finding] = findings as [Finding];
        expect(`${finding.line}:${finding.column}`).toBe(place);
        expect(finding.message).toContain(message);
        expect(finding.hint ?? "").toContain(hint);
        expect(finding.file).toBe("dir/x.yaml");
        expect(finding.severity).toBe("error");
      },
    );
  });

describe("several mistakes", () => {
  it("are reported together, in the order of the file", () => {
    const text = GOOD.replace("until: 30s", "until: 30")
      .replace("adress", "address")
      .replace("mac: 02:00:00:00:00:01", "mac: x")
      .replace("from: client,", "from: cliet,")
      .replace("crash: vm-A", "crash: vm-C")
      .replace("atMost: 3.7s, ", "");
    expect(findingsOf(text).map(({ line, column }) => `${line}:${column}`)).toEqual([
      "4:8",
      "15:10",
      "28:26",
      "31:23",
      "43:7",
    ]);
  });

  it("go on inside what is misspelled", () => {
    const text = GOOD.replace("hosts:\n", "host:\n").replace("10.0.1.11\n", "10.0.9.11\n");
    expect(findingsOf(text).map(({ line }) => line)).toEqual([12, 16]);
  });
});
