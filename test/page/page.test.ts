/** Pages as text: what is in them, what is never in them, and that making them changes nothing. */
import { describe, expect, it } from "vitest";
import { formatPage } from "../../src/page/page.ts";
import { formatReport } from "../../src/scenario/report.ts";
import { runScenario } from "../../src/scenario/run.ts";
import { topology } from "../scenario/run/stage.ts";
import { loaded, PARTITION, pageOf, recorded, THREE_NODES } from "./scenarios.ts";

describe("a page", () => {
  it("is the same for the same scenario and seed, and another for another seed", () => {
    const scenario = loaded(PARTITION);
    const page = formatPage([recorded(scenario, 1)]);
    expect(formatPage([recorded(scenario, 1)])).toBe(page);
    expect(formatPage([recorded(scenario, 2)])).not.toBe(page);
  });

  it.each(["havip-failover", "three-switches", "lan-preemption"])("changes nothing in a run: %s", (name) => {
    const scenario = topology(name);
    const { result } = recorded(scenario);
    expect(formatReport(result.report)).toBe(formatReport(runScenario(scenario).report));
  });

  it("says what the report says", () => {
    const page = pageOf(THREE_NODES);
    const { report } = recorded(loaded(THREE_NODES)).result;
    expect(page).toContain(`<span class="outcome fail">FAIL</span>`);
    expect(page).toContain("1 of 2 expectations hold");
    for (const { wanted, seen } of report.expectations) {
      expect(page).toContain(`<td>${wanted}</td><td>${seen}</td>`);
    }
    for (const { reason } of report.vrrp) expect(page).toContain(reason);
    expect(page).toContain("<summary>Snapshot last, 26.000 s</summary>");
    expect(page).toContain("<td>unheard: the machine was gone</td>");
  });

  it("names hosts that run something else than Linux, and what nobody has confirmed of that", () => {
    const page = pageOf(PARTITION.replace("client: { subnet", "client: { system: windows, subnet"));
    expect(page).toMatch(/<h3>Hosts that run something else<\/h3>.*<td>client<\/td><td>windows<\/td><td>\w/);
    expect(pageOf(PARTITION)).not.toContain("run something else");
  });

  it("counts what cables did to frames", () => {
    const { report } = recorded(topology("three-switches")).result;
    const page = formatPage([recorded(topology("three-switches"))]);
    const way = report.counters.links!.find(({ lost }) => lost > 0)!;
    expect(page).toContain(`>${way.lost}</td><td>${way.link} from ${way.from} to ${way.to}: lost</td>`);
  });

  it("has a section for each of several runs, and ids that are unique", () => {
    const page = formatPage([recorded(loaded(PARTITION)), recorded(loaded(THREE_NODES))]);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain("chart-2");
    expect(page.match(/<section /g)).toHaveLength(2);
    expect(page).toContain("<h1>2 scenarios</h1>");
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  it("is no larger than what happened, however many questions were asked", () => {
    const busy = recorded(loaded(PARTITION.replace("every: 10ms", "every: 250us")));
    expect(busy.result.report.probes[0]!.sent).toBeGreaterThan(115_000);
    expect(formatPage([busy]).length).toBeLessThan(1.2 * pageOf(PARTITION).length);
  });

  it("of a probe that loses at random shows shares, not each of them", () => {
    const lossy = PARTITION.replace(
      /timeline:[\s\S]*expect:/,
      `timeline:\n  - { at: 5s, impair: { on: client, loss: 30% } }\nexpect:`,
    );
    const page = pageOf(lossy);
    expect(page).toMatch(/<path class="lost" d="M\d+ 100V/);
    expect(page).toContain("more, all shorter");
    expect(page).toContain("LOSES 30 % OF ITS FRAMES");
    expect(page.length).toBeLessThan(400_000);
  });
});

describe("others' text in a page", () => {
  const EVIL = `</script><script>alert(1)</script><img src=x onerror=alert(2)> " ' & \\u0007 \\u202e --> ]]>`;
  const evil = PARTITION.replace(/^name: .*$/m, `name: evil`)
    .replace(
      /^description: .*$/m,
      () => `description: ${JSON.stringify(EVIL).replace("\\\\u0007", "\\u0007").replace("\\\\u202e", "\\u202e")}`,
    )
    .replaceAll("VI_1", "</title></style><svg/onload=alert(3)>");

  it("never becomes markup", () => {
    const page = formatPage([recorded(loaded(evil, "</td><script src=//evil.example/x.js>"))]);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\/script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|<svg.onload|<script src|\u202e|(?!\n)\p{Cc}/u);
    expect(page).toContain("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;");
    expect(page).toContain("\\u0007 \\u202e");
  });

  it("cannot make a page load anything: nothing names another place, and a policy forbids it", () => {
    const page = pageOf(PARTITION);
    expect(page).toContain(`content="default-src &#39;none&#39;; `);
    expect(page).not.toMatch(/(src|href|action)="(?!#)|@import|url\((?!#)/);
  });
});
