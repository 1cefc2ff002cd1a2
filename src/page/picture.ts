/** The picture of a run: legend, buttons, and groups of lanes on one axis of time. */
import { formatSeconds } from "../base/units.ts";
import type { Story } from "../scenario/story.ts";
import { Cast } from "./cast.ts";
import { type Axis, drawAxis, drawGroup, drawLane, LETTER_WIDTH } from "./draw.ts";
import { hostLanes } from "./host-lanes.ts";
import type { LaneGroup } from "./lane.ts";
import { legend } from "./legend.ts";
import { element, type Markup, together } from "./markup.ts";
import { addressLanes, troubleLanes } from "./network-lanes.ts";
import { probeLanes } from "./probe-lanes.ts";
import type { RecordedRun } from "./recording.ts";
import { TICK_STEPS } from "./scale.ts";
import { type NumberedStep, stepLane } from "./step-lane.ts";
import { neighbourLanes, placeLanes } from "./table-lanes.ts";

/** `number` is the run's on its page. */
export function picture(
  { result, recording }: RecordedRun,
  { shown }: Story,
  steps: readonly NumberedStep[],
  number: number,
): Markup {
  const { scenario, endNs } = result;
  const cast = new Cast(result, recording);
  const axis: Axis = { run: number, endNs, stepsNs: steps.map(({ atNs }) => atNs) };
  const groups: LaneGroup[] = [
    {
      title: "Hosts",
      about: "the machine, and the state of each virtual router",
      lanes: hostLanes(result, recording, cast, shown),
    },
    {
      title: "Network",
      about: "who held each address, and who announced it",
      lanes: [...addressLanes(result, recording, cast), ...troubleLanes(result, recording, shown)],
    },
    { title: "Caches", about: "where hosts believed an address to be", lanes: neighbourLanes(result, recording, cast) },
    {
      title: "Switches",
      about: "the port behind which a switch had the holder's MAC",
      lanes: placeLanes(result, recording, cast),
    },
    {
      title: "Probes",
      about: "what was answered, how late, and where the time of an outage went",
      lanes: probeLanes(result, recording),
    },
  ];
  return together(
    legend(
      cast,
      groups.flatMap(({ lanes }) => lanes),
    ),
    tools(number),
    element(
      "div",
      {
        class: "chart",
        id: `chart-${number}`,
        role: "region",
        "aria-label": `${scenario.name}: lanes on an axis of time from 0 s to ${formatSeconds(endNs)}. All of it stands in the tables below.`,
        "data-end": endNs,
        "data-letter": LETTER_WIDTH,
        "data-steps": JSON.stringify(TICK_STEPS.map(({ ns, decimals }) => [ns, decimals])),
        "data-tools": `tools-${number}`,
      },
      drawAxis(axis),
      drawLane(stepLane(steps, endNs), axis),
      ...groups.map((group) => drawGroup(group, axis)),
    ),
  );
}

/** Shown by the script, which makes them do something. */
function tools(number: number): Markup {
  const button = (value: string, label: string, name: string): Markup =>
    element("button", { type: "button", value, "aria-label": name, title: name }, label);
  const key = (name: string): Markup => element("kbd", {}, name);
  return element(
    "div",
    { class: "tools", id: `tools-${number}`, role: "toolbar", "aria-label": "zoom", hidden: true },
    button("in", "+", "zoom in"),
    button("out", "−", "zoom out"),
    button("left", "←", "earlier"),
    button("right", "→", "later"),
    button("all", "all", "the whole run"),
    button("previous", "previous", "what happened before"),
    button("next", "next", "what happened next"),
    element(
      "span",
      {},
      ...[
        "drag, wheel (over the axis, with Ctrl, or after a click), ",
        key("+"),
        " ",
        key("−"),
        " ",
        key("←"),
        " ",
        key("→"),
        " ",
        key("0"),
        ", ",
      ],
      ...[key("n"), " and ", key("p"), " walk through what happened; a click on an outage zooms to it"],
    ),
  );
}
