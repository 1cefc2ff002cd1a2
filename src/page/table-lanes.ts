/** Lanes of what tables held: where each host believed a virtual address to be, and where each switch believed its holder to be. */
import { formatSeconds } from "../base/units.ts";
import type { RunResult } from "../scenario/run.ts";
import type { Cast } from "./cast.ts";
import { type Change, coarsened, type Lane, type Span, spansOf, spanWords } from "./lane.ts";
import type { HostRecord, PlaceRecord, Recording } from "./recording.ts";

/** States in which an entry is believed without a doubt (RFC 4861 section 7.3.2, and Linux's two that last). */
const CERTAIN = new Set(["REACHABLE", "PERMANENT", "NOARP"]);

interface Neighbour {
  readonly mac: string | null;
  readonly state: string;
}

/** One lane for each vNIC and address; those of probes first, because they are who an outage hurts. */
export function neighbourLanes({ scenario, endNs }: RunResult, recording: Recording, cast: Cast): Lane[] {
  const entries = new Map<
    string,
    { host: string; nic: string; address: string; changes: Change<Neighbour | null>[] }
  >();
  for (const { host, nic, address, atNs, mac, state } of recording.neighbours) {
    const key = `${host}.${nic} ${address}`;
    const entry = entries.get(key) ?? { host, nic, address, changes: [] };
    entries.set(key, entry);
    entry.changes.push({ atNs, value: { mac, state } });
  }
  const asking = new Set(scenario.probes.map(({ from }) => from));
  const lanes = [...entries.values()].map(({ host, nic, address, changes }) => {
    const record = recording.hosts.find(({ name }) => name === host)!;
    const spans = spansOf(withoutDead(changes, record), endNs, (value, fromNs, untilNs) =>
      value === null ? null : neighbourSpan(`${host}.${nic}`, address, value, fromNs, untilNs, cast),
    );
    const lane: Lane = {
      name: `${host}.${nic}`,
      note: address,
      spans: coarsened(spans, endNs),
      marks: [],
      curves: [],
      summary: `${host}.${nic} believed ${address} at ${spans.map(({ label, fromNs }) => `${label} from ${formatSeconds(fromNs)}`).join(", ")}`,
    };
    return { lane, isAsking: asking.has(host) };
  });
  return [...lanes.filter(({ isAsking }) => isAsking), ...lanes.filter(({ isAsking }) => !isAsking)].map(
    ({ lane }) => lane,
  );
}

/** A machine that vanishes forgets its neighbours without a word. */
function withoutDead(changes: readonly Change<Neighbour | null>[], { lives }: HostRecord): Change<Neighbour | null>[] {
  const ends = lives.filter(({ value }) => value.machine === "down").map(({ atNs }) => ({ atNs, value: null }));
  return [...changes, ...ends].sort((a, b) => a.atNs - b.atNs);
}

function neighbourSpan(
  nic: string,
  address: string,
  { mac, state }: Neighbour,
  fromNs: number,
  untilNs: number,
  cast: Cast,
): Span {
  const title = `${nic} believes ${address} at ${mac === null ? "nobody" : cast.macWords(mac)}`;
  const entry = `neighbour ${address}${mac === null ? "" : ` lladdr ${mac}`} ${state}`;
  const tells = `${title}\n${spanWords(fromNs, untilNs)}\n${entry}`;
  if (mac === null) return { fromNs, untilNs, look: "unknown", label: state, tells };
  const owner = cast.owner(mac);
  const look = owner === null ? "host h0" : cast.look(owner);
  const label = `${cast.macWords(mac)} ${state}`;
  return { fromNs, untilNs, look: CERTAIN.has(state) ? look : `${look} doubted`, label, tells };
}

/** One lane for each switch and address, or several addresses whose holders have one MAC. */
export function placeLanes({ holders, endNs }: RunResult, recording: Recording, cast: Cast): Lane[] {
  const lanes = new Map<string, { at: string; vips: string[]; spans: Span[] }>();
  for (const vip of new Set(holders.map((event) => event.vip))) {
    const own = holders.filter((event) => event.vip === vip);
    const macs = new Set(own.flatMap(({ to }) => to?.mac ?? []));
    const switches = new Map<string, PlaceRecord[]>();
    for (const record of recording.places) {
      if (!macs.has(record.mac)) continue;
      const key = record.subnet === record.switch ? record.switch : `${record.subnet} ${record.switch}`;
      switches.set(key, [...(switches.get(key) ?? []), record]);
    }
    for (const [key, records] of switches) {
      const spans = own.flatMap(({ atNs, to }, i) => {
        const record = records.find(({ mac }) => mac === to?.mac);
        if (to === null || record === undefined) return [];
        return placeSpans(record, to.host, atNs, own[i + 1]?.atNs ?? endNs, recording.behind, cast);
      });
      const same = JSON.stringify([
        key,
        spans.map(({ fromNs, look, label }) => [Math.round(fromNs / 1e6), look, label]),
      ]);
      const lane = lanes.get(same) ?? { at: records[0]!.switch, vips: [], spans };
      lanes.set(same, lane);
      lane.vips.push(vip);
    }
  }
  return [...lanes.values()].map(({ at, vips, spans }) => ({
    name: at,
    note: `→ ${vips.join(", ")}`,
    spans: coarsened(spans, endNs),
    marks: [],
    curves: [],
    summary: `${at} had the holder of ${vips.join(", ")} at ${spans.map(({ label, fromNs }) => `${label} from ${formatSeconds(fromNs)}`).join(", ")}`,
  }));
}

/** Where a switch had a MAC while `holder` held the address with it. */
function placeSpans(
  { switch: at, mac, ports }: PlaceRecord,
  holder: string,
  fromNs: number,
  untilNs: number,
  behind: Recording["behind"],
  cast: Cast,
): Span[] {
  const before = ports.findLast(({ atNs }) => atNs <= fromNs);
  const within = ports.filter(({ atNs }) => atNs > fromNs && atNs < untilNs);
  const changes = [{ atNs: fromNs, value: before?.value ?? null }, ...within];
  return spansOf(changes, untilNs, (port, from, until) => {
    const words = spanWords(from, until);
    const who = `${mac} of ${holder}`;
    if (port === null) {
      const tells = `${at} does not know ${who}\n${words}\nframes for it go to every port`;
      return { fromNs: from, untilNs: until, look: "unknown", label: "flooded", tells };
    }
    const leads = behind.get(port)?.has(holder) ?? port.startsWith(`${holder}.`);
    const tells = `${at} has ${who} behind ${port}\n${words}\n${leads ? "that leads there" : `that does not lead to ${holder}, which holds the address`}`;
    return { fromNs: from, untilNs: until, look: leads ? cast.look(holder) : "astray", label: port, tells };
  });
}
