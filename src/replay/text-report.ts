/** A replay as a person reads it: who held what and who was master, then, in `trouble-text.ts`, what was wrong. */
import { NS_PER_S } from "../base/units.ts";
import type { Style } from "../text/style.ts";
import { type Column, onOneLine, shortened, table, WIDTH_MAX, wrapped } from "../text/table.ts";
import { causeText, endText, listed, plural, spanText, timesText, whyText } from "./phrases.ts";
import type {
  ReplayReport,
  ReportAddress,
  ReportContest,
  ReportReign,
  ReportVirtualMac,
  ReportVirtualRouter,
  ReportWhy,
} from "./report.ts";
import { CLOCK, FRAME, inVlan, SectionWriter, SPAN, secondsText } from "./section.ts";
import { remarks, trouble } from "./trouble-text.ts";

const NOTHING_THERE =
  "nobody announces an address and nobody advertises: no gratuitous ARP, no unsolicited neighbour advertisement, no VRRP";
/** Below the table of hosts, where two may be one. */
const MAY_BE_ONE = shortened([
  "(a router without a MAC of its own may be one of those without an IPv4 address: it advertises from a",
  " virtual MAC alone, and no frame shows both)",
]);
/** Addresses named in the summary, or in a title. */
const SUMMED_UP_MAX = 5;
/** Priorities of a reign that are named. */
const PRIORITIES_MAX = 3;

/** Plain text; `style` makes words stand out where there is a terminal. */
export function formatReplay(report: ReplayReport, style: Style): string {
  const writer = new SectionWriter(report.capture, style);
  const [moving, resting] = [true, false].map((wanted) => report.addresses.filter((it) => isMoving(it) === wanted));
  const lines = [
    ...head(report, style),
    ...writer.section("Hosts", hostRows(report)),
    ...moving!.flatMap((address) => held(address, writer)),
    ...writer.section("Announced by one host alone", restingRows(resting!, writer)),
    ...report.virtualMacs.flatMap((mac) => whereMacWas(mac, writer)),
    ...report.virtualRouters.flatMap((router) => mastersAndSenders(router, writer)),
    ...trouble(report, writer),
    ...remarks(report, writer),
  ];
  return `${lines.slice(0, -1).join("\n")}\n`;
}

function head(report: ReplayReport, style: Style): string[] {
  const { capture, hosts, by, addresses, contests, malformed, loops, virtualRouters } = report;
  const { begins, seconds, frames, file, firstSeconds, firstNanoseconds } = capture;
  const ownClock = `; the first one is at ${secondsText(firstSeconds + firstNanoseconds / NS_PER_S)} of the capture's own clock`;
  const date = begins === null ? "" : `, from ${begins.replace("T", " ").replace(/\d{6}Z$/, " UTC")}`;
  const who = `${plural(frames.all, "frame")} of ${plural(hosts.length, "host")}`;
  const told = by === "mac" ? "their source MAC" : "the interface that their frames came in by";
  const isSilent = addresses.length === 0 && virtualRouters.length === 0;
  const moved = addresses.filter(({ holds }) => holds.length > 1);
  const changes = moved.map(({ address, holds }) => `${address} changed hands ${timesText(holds.length - 1)}`);
  const broken = malformed.reduce((sum, { count }) => sum + count, 0);
  const nothing = isSilent ? NOTHING_THERE : "no address changed hands";
  const summary = [
    ...(changes.length === 0 ? [nothing] : changes.slice(0, SUMMED_UP_MAX)),
    ...(changes.length > SUMMED_UP_MAX ? [`so did ${changes.length - SUMMED_UP_MAX} more`] : []),
    ...atOnce(contests, "masters"),
    ...atOnce(contests, "announcers"),
    ...(loops.length > 0 ? ["the same frame again and again: a loop"] : []),
    ...(broken > 0 ? [plural(broken, "malformed frame")] : []),
  ];
  return [
    style.bold(onOneLine(`${file}: ${who} in ${spanText(seconds)}${date}`)),
    style.dim(`hosts are told apart by ${told}`),
    style.dim(`times are seconds since the first frame${begins === null ? ownClock : ""}`),
    ...wrapped(onOneLine(summary.join("; ")), WIDTH_MAX),
    "",
  ];
}

/** How long two were at it, all in all; nothing if they never were. */
function atOnce(contests: readonly ReportContest[], kind: ReportContest["kind"]): string[] {
  const those = contests.filter((contest) => contest.kind === kind);
  const seconds = those.reduce((sum, { from, until }) => sum + until - from, 0);
  return those.length === 0 ? [] : [`two ${kind} at once for ${spanText(seconds)}`];
}

function hostRows({ hosts }: ReplayReport): string[] {
  const columns: Column[] = [
    { title: "name" },
    { title: "MAC" },
    { title: "frames", right: true },
    { title: "address", wraps: true },
  ];
  const rows = table(
    columns,
    hosts.map(({ name, macs, addresses, frames }) => [name, macs.join(" "), String(frames), addresses.join(" ")]),
  );
  return mayBeOne(hosts) ? [...rows, ...MAY_BE_ONE] : rows;
}

/** A router that advertises from a virtual MAC alone, beside a MAC of which no frame tells the IPv4 address. */
function mayBeOne(hosts: ReplayReport["hosts"]): boolean {
  const hasIpv4 = (addresses: readonly string[]) => addresses.some((address) => address.includes("."));
  const told = hosts.filter(({ interface: port }) => port === null);
  return (
    told.some(({ macs, addresses }) => macs.length === 0 && addresses.length > 0) &&
    told.some(({ macs, addresses }) => macs.length > 0 && !hasIpv4(addresses))
  );
}

/** Most hosts announce their own address when they start: that is no virtual one. */
function isMoving({ holds, vrids }: ReportAddress): boolean {
  return holds.length > 1 || vrids.length > 0;
}

function held({ address, vlan, vrids, holds, silences }: ReportAddress, writer: SectionWriter): string[] {
  const routers = vrids.length === 0 ? "" : ` (VRID ${listed(vrids.map(String))})`;
  const rows = table(
    [
      ...SPAN,
      { title: "holder" },
      { title: "MAC" },
      FRAME,
      { title: "dark", right: true },
      { title: "how", wraps: true },
    ],
    holds.map(({ from, until, holder, mac, frame, cause, why }) => [
      ...writer.span(from, until),
      holder,
      mac ?? "",
      String(frame),
      darkText(why),
      `${causeText(cause)}; ${whyText(why)}`,
    ]),
  );
  return writer.section(`Who held ${writer.style.accent(address)}${inVlan(vlan)}${routers}`, [
    ...rows,
    ...silenceLines(silences, holds),
  ]);
}

/** How long it was from the last sign of who had it to the first of who has it. */
function darkText({ kind, seconds }: ReportWhy): string {
  return seconds !== null && (kind === "farewell" || kind === "silence") ? spanText(seconds) : "";
}

/** Silences that no takeover ended: that one's row tells how long it was dark. */
function silenceLines(silences: ReportAddress["silences"], holds: ReportAddress["holds"]): string[] {
  const taken = new Set(holds.map(({ why }) => why.frame));
  const told = silences.filter(({ frame, until }) => until === null || !taken.has(frame));
  return shortened(
    told.map(({ from, until, frame }) => {
      const end = until === null ? "the end" : `${secondsText(until)} (${spanText(until - from)})`;
      return `nobody advertised from ${secondsText(from)} (after frame ${frame}) to ${end}`;
    }),
  );
}

function restingRows(addresses: readonly ReportAddress[], writer: SectionWriter): string[] {
  const rows = addresses.flatMap(({ address, vlan, announcements, holds }) =>
    holds.map(({ from, frame, holder }) => [
      secondsText(from),
      writer.clock(from),
      String(frame),
      `${address}${inVlan(vlan)}`,
      holder,
      timesText(announcements),
    ]),
  );
  const columns = [{ title: "from", right: true } as const, CLOCK, FRAME];
  return table([...columns, { title: "address" }, { title: "holder" }, { title: "announced" }], rows);
}

function whereMacWas({ mac, vlan, holds, doubtful }: ReportVirtualMac, writer: SectionWriter): string[] {
  const rows = table(
    [...SPAN, FRAME, { title: "host" }],
    holds.map(({ from, until, frame, holder }) => [...writer.span(from, until), String(frame), holder]),
  );
  const doubt =
    doubtful === 0
      ? []
      : [`  (${plural(doubtful, "frame")} from it came while two routers advertised, and may be the other's)`];
  return writer.section(`Where ${writer.style.accent(mac)}${inVlan(vlan)} was`, [...rows, ...doubt]);
}

function mastersAndSenders(router: ReportVirtualRouter, writer: SectionWriter): string[] {
  const { vrid, vlan, family, versions, addresses, masters, senders } = router;
  const which = `VRID ${vrid}, IPv${family}${inVlan(vlan)}`;
  const what = `version ${listed(versions.map(String))}, ${shortList(addresses) || "no addresses"}`;
  const masterRows = table(
    [
      ...SPAN,
      { title: "master" },
      { title: "priority", right: true },
      FRAME,
      { title: "end" },
      { title: "why", wraps: true },
    ],
    masters.map((reign) => [
      ...writer.span(reign.from, reign.end === "capture-end" ? null : reign.until),
      reign.host,
      priorityText(reign),
      String(reign.frame),
      endText(reign),
      whyText(reign.why),
    ]),
  );
  const senderRows = table(
    [
      { title: "sender" },
      { title: "address" },
      { title: "adverts", right: true },
      { title: "priority", right: true },
      { title: "states", right: true },
      { title: "seen (least, mean, most)", right: true },
      { title: "missed as master", right: true },
      { title: "farewells", right: true },
    ],
    senders.map(({ host, address, adverts, priorities, interval, seen, missed, farewells }) => [
      host,
      address,
      String(adverts),
      priorities.filter((priority) => priority > 0).join(" "),
      interval === null ? "" : spanText(interval),
      seen === null ? "" : [seen.min, seen.mean, seen.max].map(spanText).join(", "),
      String(missed),
      String(farewells),
    ]),
  );
  return [
    ...writer.section(`Who was master of ${writer.style.accent(which)}`, masterRows),
    ...writer.section(`Adverts of ${which} (${onOneLine(what)})`, senderRows),
    ...writer.section(writer.style.bad(`The routers of ${which} disagree`), disagreementRows(router)),
  ];
}

/** The priorities of a reign, in the order of time. */
function priorityText({ priority, priorityChanges }: ReportReign): string {
  const all = [...priorityChanges.map(({ from }) => from), priority].map(String);
  return all.length <= PRIORITIES_MAX ? all.join(", ") : `${all[0]}, …, ${all.at(-1)}`;
}

function disagreementRows({ disagreements }: ReportVirtualRouter): string[] {
  const rows = disagreements.map(({ about, values }) => [
    about,
    values.map(({ host, value }) => `${host}: ${value}`).join("; "),
  ]);
  return table([{ title: "on" }, { title: "by their last adverts", wraps: true }], rows);
}

function shortList(words: readonly string[]): string {
  const rest = words.length - SUMMED_UP_MAX;
  return rest <= 0 ? words.join(" ") : `${words.slice(0, SUMMED_UP_MAX).join(" ")} and ${rest} more`;
}
