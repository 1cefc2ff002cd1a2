/** Findings for tests of how findings are shown. */
import type { LintFinding } from "../../src/lint/rule.ts";

export const FINDING: LintFinding = {
  file: "a.conf",
  line: 2,
  column: 12,
  rule: "equal-priorities",
  severity: "warning",
  message: "a and b have priority 100",
  why: "the higher address wins",
  fix: "priority 90 on one of them",
  related: [{ file: "b.conf", line: 1, column: 10, message: "the other one" }],
};
/** Of a file as a whole, with nothing but its message. */
export const WITHOUT_PLACE: LintFinding = {
  ...FINDING,
  line: 0,
  column: 0,
  severity: "error",
  why: "",
  fix: "",
  related: [],
};
