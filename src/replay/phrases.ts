/** The words of a replay: why, how long, how many. */
import { formatSpan, NS_PER_S } from "../base/units.ts";
import type { ReportReign, ReportWhy } from "./report.ts";

const CAUSES: Readonly<Record<string, string>> = {
  "garp-request": "gratuitous ARP request",
  "garp-reply": "gratuitous ARP reply",
  na: "unsolicited NA",
  advert: "advert",
};

/** What made the network deliver an address to its new holder. */
export function causeText(cause: string): string {
  return CAUSES[cause]!;
}

/** Why somebody became master or took an address, after its cause. */
export function whyText({ kind, before, frame, seconds, missed, vrid, fall }: ReportWhy): string {
  const last = `frame ${frame}, ${seconds === null ? "" : spanText(seconds)} before`;
  switch (kind) {
    case "farewell":
      return `${before} had said farewell (priority 0, ${last})`;
    case "silence":
      return `${before} had been silent for ${spanText(seconds!)}, ${plural(missed, "advert")} missed (its last: frame ${frame})`;
    case "preemption":
      return `preempts ${before}, the lesser one (last advert: ${last})${fallText(fall)}`;
    case "contest":
      return `although ${before} was still master, and is the better one (last advert: ${last})`;
    case "return":
      return `master all along, takes back what ${before} had taken (${last})`;
    case "other-mac":
      return "the same host, with another MAC";
    case "not-master":
      return `although it is not master of VRID ${vrid}`;
    case "announcement":
      return "no advert lists the address";
    default:
      return "no master was heard before";
  }
}

function fallText(fall: ReportWhy["fall"]): string {
  return fall === null ? "" : `; its priority had fallen from ${fall.from} to ${fall.to} at frame ${fall.frame}`;
}

const ENDS: Readonly<Record<string, string>> = {
  farewell: "said farewell",
  superseded: "gave way to a better one",
  silence: "fell silent",
  "capture-end": "",
};

/** How a reign ended; empty if it lasted to the end of the capture. */
export function endText({ end, untilFrame }: ReportReign): string {
  return end === "capture-end" ? "" : `${ENDS[end]!} (frame ${untilFrame})`;
}

export function spanText(seconds: number): string {
  return formatSpan(Math.round(seconds * NS_PER_S));
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

export function timesText(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
