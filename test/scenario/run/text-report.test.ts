/** The report for people: a small failover, octet for octet, and what a failure tells. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { formatFailures, formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN, printable, type Style } from "../../../src/text/style.ts";
import { memoryFiles } from "../language/files.ts";
import { type Cast, play } from "./stage.ts";

const CRASH: Cast = {
  timeline: ["at: 6s, crash: vm-A", "at: 7s, snapshot: lost"],
  expect: [
    "at: 5s, holder: { of: web, is: vm-A }",
    "outage: { of: client-to-web, atMost: 3.7s, atLeast: 2.6s }",
    "holder: { of: web, never: client }",
  ],
};

/** Marks what stands out, to see that it does. */
const MARKED: Style = {
  bold: (text) => `<b>${text}</b>`,
  dim: (text) => `<d>${text}</d>`,
  good: (text) => `<g>${text}</g>`,
  bad: (text) => `<r>${text}</r>`,
  accent: (text) => `<a>${text}</a>`,
};

describe("the text of a run", () => {
  it("tells the failover as a story", async () => {
    await expect(formatRun(play(CRASH), PLAIN)).toMatchFileSnapshot("crash.txt");
  });

  it("tells what failed: the place, what was wanted, what was seen, and what happened around", async () => {
    const failing: Cast = {
      ...CRASH,
      expect: [
        "at: 8s, holder: { of: web, is: vm-B }",
        "outage: { of: client-to-web, atMost: 3.279999s }",
        "at: 8s, holder: { of: web, is: vm-A }",
      ],
    };
    const text = formatRun(play(failing), PLAIN);
    await expect(text.slice(text.indexOf("What was expected"))).toMatchFileSnapshot("failures.txt");
  });

  it("without its time line is the same for the rest", () => {
    const result = play(CRASH);
    const whole = formatRun(result, PLAIN);
    const from = whole.indexOf("What happened");
    const to = whole.indexOf("Who held the address");
    expect(formatRun(result, PLAIN, false)).toBe(whole.slice(0, from) + whole.slice(to));
  });

  it("with colours is the same text", () => {
    const result = play(CRASH);
    expect(formatRun(result, MARKED).replaceAll(/<\/?[bdgra]>/g, "")).toBe(formatRun(result, PLAIN));
    expect(formatRun(result, MARKED)).toContain("<g>PASS  all 3 expectations hold</g>");
  });

  it("counts announcements that say nothing new", () => {
    const text = formatRun(play({ until: "60s", probe: ", until: 5s", a: "keepalived: refreshing.conf" }), PLAIN);
    expect(text.match(/vm-A +announces 10\.0\.1\.50/g)).toHaveLength(2);
    expect(text).toMatch(/\(\d+ more announcements by the same holders\)/);
  });

  it.each([
    [["at: 5s, holder: { of: web, is: vm-A }"], "PASS  the expectation holds\n"],
    [["at: 5s, holder: { of: web, is: vm-B }"], "FAIL  1 of 1 expectation does not hold  (seed 1)\n"],
    [
      ["at: 5s, holder: { of: web, is: vm-B }", "at: 5s, holder: { of: web, is: vm-A }"],
      "FAIL  1 of 2 expectations does not hold  (seed 1)\n",
    ],
    [
      ["at: 5s, holder: { of: web, is: vm-B }", "at: 5s, holder: { of: web, is: null }"],
      "FAIL  2 of 2 expectations do not hold  (seed 1)\n",
    ],
    [[], "nothing was expected, so nothing failed\n"],
  ])("ends in the verdict: %j", (wishes, end) => {
    const text = formatRun(play({ expect: wishes }), PLAIN);
    expect(text.slice(text.lastIndexOf("\n", text.length - 2) + 1)).toBe(end);
  });

  it("says when a probe never got an answer, and when there was no outage", () => {
    const steady = formatRun(play({ until: "6s" }), PLAIN);
    expect(steady).toMatch(
      /600 sent, (\d+) answered, \d+ lost, the first answer at 3\.628 s\n {4}answered by vm-A \(\1\); round trip 200 us, .*\n {4}no outage\n/,
    );
    const dead = formatRun(play({ until: "3s" }), PLAIN);
    expect(dead).toMatch(
      /300 sent, 0 answered, 300 lost, never an answer\n {4}outage from 0\.000 s to the end at 3\.000 s: 3\.000 s, 300 lost/,
    );
  });

  it("leaves out what a scenario does not have", () => {
    const text = "name: bare\nuntil: 1s\nsubnets: { app: { cidr: 10.0.1.0/24 } }\nhosts: { client: { subnet: app } }\n";
    expect(formatRun(runScenario(loadScenario("bare.yaml", text, memoryFiles({}))), PLAIN)).toBe(
      "bare\nseed 1, 1.000 s of virtual time\n\nWhat happened\n  nothing\n\nnothing was expected, so nothing failed\n",
    );
  });
});

describe("failures alone", () => {
  it("are nothing where all holds", () => {
    expect(formatFailures(play(CRASH), PLAIN)).toBe("");
  });

  it("are the failed ones and the verdict", () => {
    const result = play({
      ...CRASH,
      expect: ["at: 5s, holder: { of: web, is: vm-A }", "at: 8s, holder: { of: web, is: vm-B }"],
    });
    const text = formatFailures(result, PLAIN);
    expect(text).toMatch(
      /^two-nodes\n {2}✗ two\.yaml:20:5\n {6}wanted {2}web held by vm-B at 8\.000 s\n {6}seen {4}vm-A\n/,
    );
    expect(text.endsWith("\nFAIL  1 of 2 expectations does not hold  (seed 1)\n")).toBe(true);
  });
});

describe("text that people wrote", () => {
  it("cannot act on a terminal", () => {
    expect(printable("a\u001b[31mred\u0007\u009b0m\r\tb\nc")).toBe("a\\u001b[31mred\\u0007\\u009b0m\\u000d\\u0009b\nc");
    expect(printable("BACKUP → MASTER: 3 × 1.00 s")).toBe("BACKUP → MASTER: 3 × 1.00 s");
  });

  it("is made harmless in the title and in what happened", () => {
    const text = `
name: hostile
description: "red \\e[31m text\\n"
until: 5s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  a: { subnet: app, address: 10.0.1.1, keepalived: a.conf }
`;
    const conf =
      "vrrp_instance V\u001b[1m {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress {\n 10.0.1.9\n }\n}\n";
    const result = runScenario(loadScenario("h.yaml", text, memoryFiles({ "a.conf": conf })));
    const report = formatRun(result, PLAIN);
    expect(report).toContain("hostile: red \\u001b[31m text\nseed 1");
    expect(report).toContain("V\\u001b[1m INIT → BACKUP");
    expect(report).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
