/**
 * A page to look at: runs, each as a picture on one axis of time and in tables, in one HTML file that asks nobody for anything. It opens
 * from a disk, is read on a screen, on a telephone and on paper, and zooms where its script may run.
 */

import { formatSeconds } from "../base/units.ts";
import { VERSION } from "../base/version.ts";
import type { RunResult } from "../scenario/run.ts";
import { storyOf } from "../scenario/story.ts";
import { hatchings } from "./legend.ts";
import { element, type Markup, trusted } from "./markup.ts";
import { picture } from "./picture.ts";
import { outageTable, probeTable } from "./probe-tables.ts";
import type { RecordedRun } from "./recording.ts";
import { numberedSteps } from "./step-lane.ts";
import { STYLE } from "./style.ts";
import { counterFold, expectationTable, snapshotFolds, storyTable, systemTable } from "./tables.ts";
import { VIEWER, VIEWER_SHA256 } from "./viewer.ts";

/** Nothing is loaded from anywhere, and no script runs but the page's own, whatever the words of a scenario hold. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${VIEWER_SHA256}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/**
 * The runs as one HTML document, one section each. The same version of viplane, scenario and seed give the same bytes. Names and words of
 * scenarios are escaped. Its size follows what happened, not how many questions the probes asked.
 */
export function formatPage(runs: readonly RecordedRun[]): string {
  const title = runs.map(({ result }) => result.scenario.name).join(", ");
  const html = element(
    "html",
    { lang: "en" },
    element(
      "head",
      {},
      element("meta", { charset: "utf-8" }),
      element("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
      element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      element("meta", { name: "generator", content: `viplane ${VERSION}` }),
      element("title", {}, `${title} – viplane`),
      element("style", {}, trusted(STYLE)),
    ),
    element(
      "body",
      {},
      hatchings(),
      runs.length > 1 ? contents(runs) : null,
      ...runs.map((run, i) => runSection(run, i + 1)),
      element("script", { type: "module" }, trusted(VIEWER)),
    ),
  );
  return `<!doctype html>\n${html.html}\n`;
}

function contents(runs: readonly RecordedRun[]): Markup {
  const items = runs.map(({ result }, i) =>
    element("li", {}, element("a", { href: `#run-${i + 1}` }, result.scenario.name), " ", verdictWord(result)),
  );
  return element("nav", {}, element("h1", {}, `${runs.length} scenarios`), element("ol", {}, ...items));
}

function runSection({ result, recording }: RecordedRun, number: number): Markup {
  const { happenings, storms, outages } = result;
  const chart = `chart-${number}`;
  const story = storyOf(happenings, storms, outages);
  const steps = numberedSteps(happenings);
  return element(
    "section",
    { class: "run", id: `run-${number}` },
    head(result),
    element("h3", {}, "Expectations"),
    expectationTable(result),
    element("h3", {}, "What happened, on one axis of time"),
    picture({ result, recording }, story, steps, number),
    element("h3", {}, "Outages"),
    outageTable(result, chart),
    element("h3", {}, "Probes"),
    probeTable(result),
    systemTable(result),
    element("h3", {}, "What happened, in words"),
    storyTable(result, story, steps, chart),
    element("h3", {}, "Tables and counters"),
    snapshotFolds(result),
    counterFold(result),
  );
}

/** Null: nothing was expected, so nothing passed. */
function verdictWord({ report, verdicts }: RunResult): Markup | null {
  if (verdicts.length === 0) return null;
  return element("span", { class: `outcome ${report.outcome}` }, report.outcome.toUpperCase());
}

function head(result: RunResult): Markup {
  const { scenario, report, verdicts, endNs } = result;
  const failed = verdicts.filter(({ ok }) => !ok).length;
  const verdict =
    verdicts.length === 0
      ? "nothing was expected"
      : `${verdicts.length - failed} of ${verdicts.length} expectations hold`;
  const early = endNs < scenario.untilNs ? ` of ${formatSeconds(scenario.untilNs)}: a storm ended the run` : "";
  const fact = (name: string, value: string): Markup => element("li", {}, `${name} `, element("b", {}, value));
  return element(
    "header",
    {},
    element("h2", {}, scenario.name, " ", verdictWord(result)),
    scenario.description === "" ? null : element("p", {}, scenario.description),
    element(
      "ul",
      { class: "facts" },
      fact("verdict", verdict),
      fact("virtual time", `${formatSeconds(endNs)}${early}`),
      fact("seed", String(report.seed)),
      fact("file", scenario.file),
      fact("made by", `viplane ${report.viplane}`),
    ),
  );
}
