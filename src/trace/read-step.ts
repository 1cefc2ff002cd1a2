/** One step of the input: what happens, and when. A step says one thing, by the key that names it. */
import { NS_MAX, NS_PER_S } from "../base/units.ts";
import { VID_MAX } from "../switch/vlans.ts";
import { nearest } from "../text/nearest.ts";
import { Fields, type JsonObject, type LineJudge, shown, suggestion } from "./fields.ts";
import { readAgeingMs, readFlags } from "./read-header.ts";
import type { EntryName, HandMadeKind, StepPlace, TraceStep } from "./steps.ts";

/** Longer frames are no frames: what tcpdump and Wireshark take at most. */
export const FRAME_OCTETS_READ_MAX = 262_144;
const AT_SECONDS_MAX = Math.floor(NS_MAX / NS_PER_S);
const KINDS: readonly HandMadeKind[] = ["dynamic", "static", "sticky"];
const MAC_DIGITS = 12;
/** What a frame of a batch has behind its addresses: an EtherType for experiments, two octets to be known by, and its number. */
const BATCH_MARK = "88b54b56";

type Reader = (fields: Fields, ports: number, place: StepPlace) => readonly TraceStep[] | null;

/** By the key that names the step. */
const READERS: Readonly<Record<string, Reader>> = {
  frame: readFrame,
  portDown: (fields, ports, place) => readCarrier(fields, "portDown", ports, place, false),
  portUp: (fields, ports, place) => readCarrier(fields, "portUp", ports, place, true),
  portRemove: (fields, ports, place) => readMember(fields, "portRemove", ports, place, false),
  portAdd: (fields, ports, place) => readMember(fields, "portAdd", ports, place, true),
  portFlags: readPortFlags,
  fdbAdd: readAdd,
  fdbDel: readDelete,
  flush: (fields, _ports, place) => (isTrue(fields, "flush") ? [{ place, do: "flush" }] : null),
  ageing: readAgeing,
  snapshot: readSnapshot,
  batch: readBatch,
};
const STEP_NAMES = Object.keys(READERS);

/**
 * What an object of the input says: one step, or the frames of a batch; none if something is wrong with it, which the judge has
 * heard. `afterNs` is when the step before it happened.
 */
export function readStep(
  judge: LineJudge,
  value: JsonObject,
  step: number,
  ports: number,
  afterNs: number,
): readonly TraceStep[] {
  const names = STEP_NAMES.filter((name) => Object.hasOwn(value, name));
  const name = names[0];
  if (name === undefined) {
    reportUnknown(judge, value);
    return [];
  }
  if (names.length > 1) {
    const message = `a step says one thing, and this one says ${names.join(" and ")}`;
    judge.error([names[1]!], "key", message, "make a line of each");
    return [];
  }
  const fields = new Fields(judge, value, [], `the step '${name}'`);
  fields.ignore("tookMs");
  const atNs = readAt(fields, afterNs);
  const steps = READERS[name]!(fields, ports, { step, atNs: atNs ?? afterNs });
  fields.finish();
  return atNs === null || !judge.isGood || steps === null ? [] : steps;
}

function reportUnknown(judge: LineJudge, value: JsonObject): void {
  const keys = Object.keys(value).filter((key) => key !== "at" && key !== "port");
  if (Object.hasOwn(value, "ports")) {
    judge.error(["ports"], "key", "a header stands on the first line only", "take this line away, or put it first");
  } else if (keys.length === 0) {
    judge.error([], "value", "this step says nothing", `it needs one of ${STEP_NAMES.join(", ")}`);
  } else {
    const key = keys.find((candidate) => nearest(candidate, STEP_NAMES) !== undefined) ?? keys[0]!;
    judge.error([key], "key", `there is no step '${key}'`, suggestion(key, STEP_NAMES));
  }
}

function readAt(fields: Fields, afterNs: number): number | null {
  const at = fields.number("at", `a time from 0 to ${AT_SECONDS_MAX} seconds`, 0, AT_SECONDS_MAX, "any");
  if (at === null) return null;
  const atNs = Math.round(at * NS_PER_S);
  if (atNs >= afterNs) return atNs;
  const message = `time goes back: ${at} s stands behind ${afterNs / NS_PER_S} s`;
  fields.judge.error(["at"], "value", message, "steps stand in the order in which they happen");
  return null;
}

function readFrame(fields: Fields, ports: number, place: StepPlace): readonly TraceStep[] | null {
  const port = fields.port("port", ports);
  const hex = fields.text("frame");
  const bytes = hex === null ? null : readHex(fields, ["frame"], hex);
  return port === null || bytes === null
    ? null
    : [{ place, do: "frame", port, bytes, offset: 0, octets: bytes.length }];
}

/** The octets of hexadecimal text; null, and said so, if it is none. */
function readHex(fields: Fields, path: readonly string[], hex: string): Uint8Array | null {
  const wrong = (message: string, hint: string): null => {
    fields.judge.error(path, "value", message, hint);
    return null;
  };
  const strange = /[^0-9a-fA-F]/.exec(hex);
  if (strange !== null) {
    const found = String.fromCodePoint(hex.codePointAt(strange.index)!);
    return wrong(
      `a frame is hexadecimal, and its character ${strange.index + 1} is '${found}'`,
      "two digits for each octet, nothing between: ffffffffffff0200000000010806…",
    );
  }
  if (hex.length % 2 === 1)
    return wrong(`${hex.length} hexadecimal digits are no whole number of octets`, "two digits for each octet");
  if (hex.length / 2 > FRAME_OCTETS_READ_MAX)
    return wrong(`a frame of ${hex.length / 2} octets`, `frames have ${FRAME_OCTETS_READ_MAX} octets at most`);
  return octetsOf(hex);
}

function octetsOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = digit(hex, 2 * i) * 16 + digit(hex, 2 * i + 1);
  return bytes;
}

/** 0-9, A-F and a-f: a letter has 0x40 set, and 1 to 6 in its lower half. */
function digit(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
  return (code & 0xf) + (code >>> 6) * 9;
}

function readCarrier(fields: Fields, key: string, ports: number, place: StepPlace, up: boolean): TraceStep[] | null {
  const port = fields.port(key, ports);
  const by = fields.has("by") ? fields.choice("by", ["hostEnd"]) : "port";
  return port === null || by === null ? null : [{ place, do: "carrier", port, up, by }];
}

function readMember(fields: Fields, key: string, ports: number, place: StepPlace, joins: boolean): TraceStep[] | null {
  const port = fields.port(key, ports);
  return port === null ? null : [{ place, do: "member", port, joins }];
}

function readPortFlags(fields: Fields, ports: number, place: StepPlace): TraceStep[] | null {
  const of = fields.object("portFlags");
  if (of === null) return null;
  const port = of.port("port", ports);
  const flags = readFlags(of);
  of.finish();
  return port === null ? null : [{ place, do: "flags", port, flags }];
}

function readAdd(fields: Fields, ports: number, place: StepPlace): TraceStep[] | null {
  const of = fields.object("fdbAdd");
  if (of === null) return null;
  const kind = of.choice("kind", KINDS);
  const entry = readEntry(of, ports);
  return kind === null || entry === null ? null : [{ place, do: "add", kind, ...entry }];
}

function readDelete(fields: Fields, ports: number, place: StepPlace): TraceStep[] | null {
  const of = fields.object("fdbDel");
  const entry = of === null ? null : readEntry(of, ports);
  return entry === null ? null : [{ place, do: "delete", ...entry }];
}

function readEntry(of: Fields, ports: number): EntryName | null {
  const mac = of.mac("mac");
  const port = of.port("port", ports);
  const vlan = of.has("vlan") ? of.number("vlan", `a VID from 1 to ${VID_MAX}`, 0, VID_MAX + 1, "whole") : null;
  of.finish();
  return mac === null || port === null ? null : { mac, port, vlan };
}

function isTrue(fields: Fields, key: string): boolean {
  const value = fields.need(key, `"${key}": true`);
  if (value === true) return true;
  fields.judge.error([key], "value", `expected true, got ${shown(value)}`, `as in "${key}": true`);
  return false;
}

function readAgeing(fields: Fields, _ports: number, place: StepPlace): TraceStep[] | null {
  const ageingMs = readAgeingMs(fields, "ageing");
  return ageingMs === null ? null : [{ place, do: "ageing", ageingMs }];
}

function readSnapshot(fields: Fields, _ports: number, place: StepPlace): TraceStep[] | null {
  const name = fields.text("snapshot");
  return name === null ? null : [{ place, do: "snapshot", name }];
}

/** Frame k of a batch comes in at port `ports[k]`, a hexadecimal digit, from the k-th source to the k-th destination, or to the only one. */
function readBatch(fields: Fields, ports: number, place: StepPlace): TraceStep[] | null {
  const of = fields.object("batch");
  if (of === null) return null;
  const sources = of.text("sources");
  const destinations = of.text("destinations");
  const at = of.text("ports");
  of.finish();
  if (sources === null || destinations === null || at === null) return null;
  const wrong = (key: string, message: string, hint: string): null => {
    fields.judge.error(["batch", key], "value", message, hint);
    return null;
  };
  for (const [key, text] of Object.entries({ sources, destinations, ports: at })) {
    const strange = /[^0-9a-fA-F]/.exec(text);
    if (strange !== null) return wrong(key, `character ${strange.index + 1} is no hexadecimal digit`, "0 to 9, a to f");
  }
  const beyond = [...at].findIndex((port) => Number.parseInt(port, 16) >= ports);
  if (beyond >= 0)
    return wrong("ports", `frame ${beyond} comes in at port ${at[beyond]}`, `there are ports 0 to ${ports - 1}`);
  if (sources.length !== at.length * MAC_DIGITS)
    return wrong("sources", `${at.length} frames, and ${sources.length} digits`, `${MAC_DIGITS} digits for each frame`);
  if (destinations.length !== MAC_DIGITS && destinations.length !== sources.length) {
    const hint = `${MAC_DIGITS} digits for each frame, or ${MAC_DIGITS} for all of them`;
    return wrong("destinations", `${at.length} frames, and ${destinations.length} digits`, hint);
  }
  return Array.from(at, (port, frame) => {
    const source = sources.slice(MAC_DIGITS * frame, MAC_DIGITS * (frame + 1));
    const to = destinations.length === MAC_DIGITS ? 0 : MAC_DIGITS * frame;
    const destination = destinations.slice(to, to + MAC_DIGITS);
    const bytes = octetsOf(destination + source + BATCH_MARK + frame.toString(16).padStart(8, "0"));
    return {
      place: { ...place, frame },
      do: "frame",
      port: Number.parseInt(port, 16),
      bytes,
      offset: 0,
      octets: bytes.length,
    };
  });
}
