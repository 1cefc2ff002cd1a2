/** Lanes of hosts: whether the machine lives, and what state each of its virtual routers is in. */
import { formatSeconds } from "../base/units.ts";
import type { VrrpEvent } from "../observe/events.ts";
import type { Happening } from "../scenario/happenings.ts";
import type { HostSpec } from "../scenario/model.ts";
import type { RunResult } from "../scenario/run.ts";
import { formatIp } from "../wire/address.ts";
import type { Cast } from "./cast.ts";
import { type Change, coarsened, type Lane, type Mark, type Span, spansOf, spanWords, thinned } from "./lane.ts";
import type { Life, Recording } from "./recording.ts";

export function hostLanes(result: RunResult, { hosts }: Recording, cast: Cast, shown: readonly Happening[]): Lane[] {
  return result.scenario.hosts.flatMap((spec) => {
    const { lives } = hosts.find(({ name }) => name === spec.name)!;
    const notes = shown.filter(({ kind, who }) => kind === "note" && who === spec.name);
    const transitions = result.transitions.filter(({ host }) => host === spec.name);
    const instances = [...new Set(transitions.map(({ instance }) => instance))];
    const life = lifeLane(spec, lives, notes, result.endNs);
    const isUneventful = instances.length === 0 && notes.length === 0 && lives.length === 1;
    return [
      isUneventful ? { ...life, isUneventful } : life,
      ...instances.map((instance) => {
        const own = transitions.filter((event) => event.instance === instance);
        return routerLane(spec, own, cast, result.endNs);
      }),
    ];
  });
}

function lifeLane(
  { name, nics }: HostSpec,
  lives: readonly Change<Life>[],
  notes: readonly Happening[],
  endNs: number,
): Lane {
  const spans = spansOf(lives, endNs, (life, fromNs, untilNs): Span => {
    const { look, words } = lifeWords(life);
    return { fromNs, untilNs, look, label: words, tells: `${name}: ${words}\n${spanWords(fromNs, untilNs)}` };
  });
  const marks = notes.map(
    ({ atNs, text }): Mark => ({ atNs, shape: "bar", look: "note", tells: `${formatSeconds(atNs)}  ${name}\n${text}` }),
  );
  const addresses = nics.flatMap((nic) => nic.addresses.map(({ address }) => formatIp(address)));
  return {
    name,
    note: addresses.length > 2 ? `${addresses.slice(0, 2).join(", ")}, …` : addresses.join(", "),
    spans: coarsened(spans, endNs),
    marks: thinned(marks, endNs),
    curves: [],
    summary: `${name}: ${spans.map(({ label, fromNs }) => `${label} from ${formatSeconds(fromNs)}`).join(", ")}`,
  };
}

function lifeWords({ machine, dark, software }: Life): { look: string; words: string } {
  if (machine === "down") return { look: "down", words: "down: crashed" };
  if (machine === "paused") return { look: "paused", words: "paused: stands still" };
  if (dark.length > 0) {
    const stopped = software ? "" : ", keepalived stopped";
    return { look: "dark", words: `no carrier: ${dark.join(", ")}${stopped}` };
  }
  return software ? { look: "running", words: "running" } : { look: "stopped", words: "keepalived stopped" };
}

function routerLane({ name, autostart }: HostSpec, events: readonly VrrpEvent[], cast: Cast, endNs: number): Lane {
  const { instance, vrid, subnet, vips } = events[0]!;
  const changes: Change<{ state: string; event: VrrpEvent | null }>[] = [
    { atNs: 0, value: { state: autostart ? "INIT" : "STOPPED", event: null } },
    ...events.map((event) => ({ atNs: event.atNs, value: { state: event.to, event } })),
  ];
  const spans = spansOf(changes, endNs, ({ state, event }, fromNs, untilNs): Span => {
    const next = events.find(({ atNs }) => atNs === untilNs);
    const why = event === null ? [] : [`${event.from} → ${event.to}: ${event.reason} (priority ${event.priority})`];
    const end = next === undefined ? [] : [`then ${next.from} → ${next.to}: ${next.reason}`];
    const look = state === "MASTER" ? cast.look(name) : state.toLowerCase();
    const title = `${name} ${instance}: ${state}`;
    const tells = [title, spanWords(fromNs, untilNs), ...why, ...end].join("\n");
    return { fromNs, untilNs, look: `state ${look}`, label: state, tells };
  });
  return {
    name: instance,
    note: `VRID ${vrid}${vips.length === 0 ? "" : `, ${vips.join(", ")}`}`,
    within: name,
    spans: coarsened(spans, endNs),
    marks: [],
    curves: [],
    summary: `${name} ${instance}, VRID ${vrid} in ${subnet}: ${spans.map(({ label, fromNs }) => `${label} from ${formatSeconds(fromNs)}`).join(", ")}`,
  };
}
