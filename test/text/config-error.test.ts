import { describe, expect, it } from "vitest";
import { ConfigError, type Finding, formatFinding } from "../../src/text/config-error.ts";

const finding: Finding = {
  file: "lab.yaml",
  line: 12,
  column: 3,
  severity: "error",
  message: "unknown word prioirty",
};

describe("a finding", () => {
  it("is printed so that editors and CI find the place", () => {
    expect(formatFinding(finding)).toBe("lab.yaml:12:3: error: unknown word prioirty");
    expect(formatFinding({ ...finding, severity: "warning" })).toBe("lab.yaml:12:3: warning: unknown word prioirty");
  });

  it("has its hint on a line below", () => {
    const text = formatFinding({ ...finding, hint: "did you mean priority?" });
    expect(text).toBe("lab.yaml:12:3: error: unknown word prioirty\n    did you mean priority?");
  });

  it("without a place names the file alone", () => {
    const missing = { ...finding, line: 0, column: 0, message: "no such file" };
    expect(formatFinding(missing)).toBe("lab.yaml: error: no such file");
  });
});

describe("ConfigError", () => {
  it("holds all findings, and its message shows them in order", () => {
    const second = { ...finding, line: 20, message: "no subnet web" };
    const error = new ConfigError([finding, second]);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("ConfigError");
    expect(error.findings).toEqual([finding, second]);
    expect(error.message).toBe("lab.yaml:12:3: error: unknown word prioirty\nlab.yaml:20:3: error: no subnet web");
  });
});
