/** What steps that send may send in all. */
import { describe, expect, it } from "vitest";
import { findingsOf, WIRED } from "./files.ts";

/** The wired scenario with these steps alone; the first of them is in line 28. */
const withSteps = (...steps: readonly string[]) =>
  findingsOf(
    `${WIRED.slice(0, WIRED.indexOf("timeline:"))}timeline:\n${steps.map((step) => `  - { at: ${step} }\n`).join("")}`,
  );
const flood = (count: number) =>
  `1s, send: { host: vm-A, frame: { arp: { to: 10.0.1.9 } }, count: ${count}, every: 1us }`;

describe("steps that send", () => {
  it("end after they begin", () => {
    for (const until of ["0s", "500ms", "1s"]) {
      const [finding, ...more] = withSteps(
        `1s, announce: { host: vm-A, vip: 10.0.1.50, every: 100ms, until: ${until} }`,
      );
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ line: 28, message: expect.stringContaining("ends before the step begins") });
    }
    expect(withSteps("1s, ping: { from: vm-A, to: vm-B, every: 100ms, until: 1.1s }")).toEqual([]);
  });

  it("do not send more than a run can bring to its end, all together", () => {
    expect(withSteps(flood(1_000_000))).toEqual([]);
    const [finding, ...more] = withSteps(...Array.from({ length: 60 }, (_, i) => flood(999_940 + i)));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ line: 87, message: expect.stringContaining("2999997 of them this one") });
    expect(finding!.message).toContain("at most 100000000");
  });
});
