/** What was wrong in a capture, as a person reads it. Nothing is said where nothing was. */

import { type Column, onOneLine, shortened, table, WIDTH_MAX } from "../text/table.ts";
import { listed, spanText, timesText } from "./phrases.ts";
import type { ReplayReport } from "./report.ts";
import { CLOCK, FRAME, inVlan, type SectionWriter, SPAN, secondsText } from "./section.ts";

const COUNT: Column = { title: "count", right: true };
const FIRST_FRAME: Column = { title: "first frame", right: true };

/** Hosts named in one line. */
const NAMED_MAX = 4;
const GOES_ON = "\n    ";
const UNHEARD =
  "each went on though the capture has the other's adverts: they did not get there (a cut, a filter) or were refused";
const DISAGREE = "perhaps each refuses the other's adverts, for they disagree: see above";
const INTERFACE_UNKNOWN =
  "without their interface (Linux cooked capture, version 1): adverts and announcements count once, other frames perhaps several times; tcpdump -i any -y LINUX_SLL2 tells the interface";
const BACK_IN_TIME_SORTED = "older than a frame before them in the file: all were put into the order of time first";
const BACK_IN_TIME =
  "older than a frame before them, and taken to be as old as that: times, spans and takeovers are WRONG, for the file is too long to be sorted here; reordercap sorts it";

export function trouble(report: ReplayReport, writer: SectionWriter): string[] {
  return [
    ...writer.section(writer.style.bad("The same frame again and again: a loop"), loopRows(report, writer)),
    ...writer.section(writer.style.bad("Two at once"), contestRows(report, writer)),
    ...writer.section("Adverts missed, and nobody took over", gapRows(report, writer)),
    ...writer.section("Answers with a MAC that is not the holder's", strangerRows(report, "answer")),
    ...writer.section("Second users: ARP requests from an address of somebody else", strangerRows(report, "question")),
    ...writer.section("MAC addresses that moved", moveRows(report, writer)),
    ...writer.section("Malformed frames", malformedRows(report)),
    ...writer.section("Frames that no switch passes on", refusedRows(report)),
  ];
}

/** What is to be known about the capture itself. */
export function remarks({ capture: { frames, sorted }, omitted }: ReplayReport, writer: SectionWriter): string[] {
  const notes: readonly (readonly [number, string])[] = [
    [frames.leftOut, "not Ethernet: left out"],
    [frames.leaving, "seen leaving a port: copies of frames that had come in"],
    [frames.copies, "seen before, at another interface or in a loop: not counted again"],
    [frames.interfaceUnknown, INTERFACE_UNKNOWN],
    [frames.truncated, "cut off by the capture (snap length)"],
    [frames.long, "longer than 1,518 octets: jumbo frames, or segments for the sender's network card to cut up"],
    [frames.backInTime, sorted ? BACK_IN_TIME_SORTED : BACK_IN_TIME],
    [frames.withoutPseudoHeader, "VRRPv3 with a checksum without pseudo-header, which keepalived refuses by default"],
    [omitted, "events that are too many to be told"],
  ];
  const rows = notes.filter(([count]) => count > 0).map(([count, text]) => [String(count), text]);
  return writer.section("Remarks", table([COUNT, { title: "what", wraps: true }], rows));
}

function contestRows({ contests, virtualRouters }: ReplayReport, writer: SectionWriter): string[] {
  const lines = contests.map(({ kind, vrid, address, from, until, frame, untilFrame, hosts, vlan, changes }) => {
    const isOfMasters = kind === "masters";
    const what = isOfMasters
      ? `were master of VRID ${vrid}${inVlan(vlan)} at the same time`
      : `announced ${address}${inVlan(vlan)} in turn, it changed hands ${timesText(changes!)}`;
    const span = `from ${secondsText(from)} to ${secondsText(until)} (${spanText(until - from)}, frames ${frame} to ${untilFrame})`;
    const who = onOneLine(listed(fewOf(hosts)));
    const joint = who.length + what.length + span.length + 4 <= WIDTH_MAX ? " " : GOES_ON;
    const disagree = virtualRouters.some((it) => it.vrid === vrid && it.vlan === vlan && it.disagreements.length > 0);
    const hint = isOfMasters ? GOES_ON + (disagree ? DISAGREE : UNHEARD) : "";
    return `${writer.style.bad(who)} ${what}${joint}${span}${hint}`;
  });
  return shortened(lines);
}

function fewOf(hosts: readonly string[]): readonly string[] {
  const rest = hosts.length - NAMED_MAX;
  return rest <= 0 ? hosts : [...hosts.slice(0, NAMED_MAX), `${rest} more`];
}

function loopRows({ loops }: ReplayReport, writer: SectionWriter): string[] {
  const rows = loops.map(({ from, until, frame, untilFrame, host, what, vlan, sightings }) => [
    ...writer.span(from, until),
    host,
    `${what}${inVlan(vlan)}`,
    timesText(sightings),
    `${frame} to ${untilFrame}`,
  ]);
  return table([...SPAN, { title: "host" }, { title: "frame" }, { title: "how often" }, { title: "frames" }], rows);
}

function gapRows({ virtualRouters }: ReplayReport, writer: SectionWriter): string[] {
  const rows = virtualRouters.flatMap(({ vrid, vlan, gaps }) =>
    gaps.map(({ from, until, host, missed, frame, untilFrame }) => [
      ...writer.span(from, until),
      `${vrid}${inVlan(vlan)}`,
      host,
      String(missed),
      `frames ${frame} and ${untilFrame}`,
    ]),
  );
  const columns: readonly Column[] = [
    { title: "VRID", right: true },
    { title: "host" },
    { title: "missed", right: true },
    { title: "between" },
  ];
  return table([...SPAN, ...columns], rows);
}

function strangerRows({ strangeAnswers }: ReplayReport, wanted: string): string[] {
  const those = strangeAnswers.filter(({ how }) => how === wanted);
  const rows = those.map(({ address, vlan, host, mac, holder, holderMac, count, first, last, firstFrame }) => [
    secondsText(first),
    secondsText(last),
    String(firstFrame),
    `${address}${inVlan(vlan)}`,
    withMac(host, mac),
    timesText(count),
    withMac(holder, holderMac),
  ]);
  const columns: readonly Column[] = [
    { title: "first", right: true },
    { title: "last", right: true },
    FRAME,
    { title: "address" },
    { title: wanted === "answer" ? "answered by" : "used by" },
    { title: "how often" },
    { title: "holder", wraps: true },
  ];
  return table(columns, rows);
}

/** A host that is called by its MAC needs no other. */
function withMac(host: string, mac: string | null): string {
  return mac === null || host === mac ? host : `${host} with ${mac}`;
}

/** Where a virtual router's MAC was has a table of its own. */
function moveRows({ moves, virtualMacs }: ReplayReport, writer: SectionWriter): string[] {
  const virtual = new Set(virtualMacs.map(({ mac }) => mac));
  const rows = moves
    .filter(({ mac }) => !virtual.has(mac))
    .map(({ at, frame, mac, vlan, from, to }) => [
      secondsText(at),
      writer.clock(at),
      String(frame),
      `${mac}${inVlan(vlan)}`,
      from,
      to,
    ]);
  const columns = [{ title: "at", right: true } as const, CLOCK, FRAME];
  return table([...columns, { title: "MAC" }, { title: "from" }, { title: "to" }], rows);
}

function malformedRows({ malformed }: ReplayReport): string[] {
  const rows = malformed.map(({ count, protocol, reason, host, firstFrame }) => [
    String(count),
    protocol,
    reason,
    host,
    String(firstFrame),
  ]);
  return table([COUNT, { title: "header" }, { title: "reason" }, { title: "host" }, FIRST_FRAME], rows);
}

function refusedRows({ refused }: ReplayReport): string[] {
  const rows = refused.map(({ count, cause, firstFrame }) => [String(count), cause, String(firstFrame)]);
  return table([COUNT, { title: "cause" }, FIRST_FRAME], rows);
}
