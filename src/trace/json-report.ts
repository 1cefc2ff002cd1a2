/** Decisions for programs: one JSON object on each line, with the keys that stay stable. */
import { secondsFromNs } from "../base/units.ts";
import { formatMac } from "../wire/address.ts";
import { ETHERNET_DESTINATION, ETHERNET_OCTETS, ETHERNET_SOURCE } from "../wire/ethernet.ts";
import type { Decision, FrameDecision, KnownDestination, SourceVerdict, TableRow } from "./decision.ts";
import type { StepPlace } from "./steps.ts";
import { decisionWords, learningWords, type PortNames } from "./words.ts";

/** One line, with its end. `portNames` as the source has them. */
export function formatDecisionJson(decision: Decision, portNames: PortNames, dryRun: boolean): string {
  return `${JSON.stringify(toJson(decision, portNames, dryRun))}\n`;
}

function toJson(decision: Decision, portNames: PortNames, dryRun: boolean): object {
  switch (decision.do) {
    case "frame":
      return frameJson(decision, portNames, dryRun);
    case "change":
      return { ...placeJson(decision.place), did: decision.did, ...(decision.refused && { refused: true }) };
    case "snapshot":
      return { ...placeJson(decision.place), snapshot: decision.name, forwarding: decision.rows.map(rowJson) };
  }
}

/** Keys are set one by one, not spread: this runs for every frame of an input. */
function frameJson(decision: FrameDecision, portNames: PortNames, dryRun: boolean): object {
  const { step, source, destination, withheld, altered } = decision;
  const json = placeJson(step.place);
  json.in = step.port;
  if (portNames !== null) json.interface = portNames[step.port];
  json.out = decision.out;
  json.action = decision.action;
  json.learned = source?.is === "new";
  json.moved = source?.is === "moved" ? movedJson(source) : null;
  json.drop = decision.cause;
  json.why = decisionWords(decision, portNames);
  if (source !== null) json.source = learningWords(source, step.port, dryRun, portNames);
  const { bytes, offset, octets } = step;
  if (octets >= ETHERNET_OCTETS) {
    json.sourceMac = formatMac(bytes, offset + ETHERNET_SOURCE);
    json.destinationMac = formatMac(bytes, offset + ETHERNET_DESTINATION);
  }
  if (decision.vlan !== null) json.vlan = decision.vlan;
  if (destination !== null && destination.origin !== null) json.provenance = provenanceJson(destination);
  if (withheld.length > 0) json.withheld = Object.fromEntries(withheld.map(({ port, cause }) => [port, cause]));
  if (altered.size > 0) json.frames = Object.fromEntries([...altered].map(([port, bytes]) => [port, hex(bytes)]));
  return json;
}

function movedJson({ from, heard }: Extract<SourceVerdict, { is: "moved" }>): object {
  return { from, heard: heard === null ? null : placeJson(heard) };
}

function provenanceJson({ port, origin }: KnownDestination): object {
  const { placed, by, heard } = origin!;
  const json = placeJson(placed);
  json.port = port;
  json.by = by;
  json.heard = heard === null ? null : placeJson(heard);
  return json;
}

function rowJson({ mac, port, kind, vlan }: TableRow): object {
  return { mac, port, kind, ...(vlan !== null && { vlan }) };
}

function placeJson({ step, atNs, frame, number }: StepPlace): Record<string, unknown> {
  const json: Record<string, unknown> = { step };
  if (frame !== undefined) json.frame = frame;
  if (number !== undefined) json.number = number;
  json.at = secondsFromNs(atNs);
  return json;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
