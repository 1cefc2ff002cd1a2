/** The verbs by which hosts send: `send`, `answer`, `ping` and `udp`. */
import type { ScriptedHolder } from "../../host/scripted-answers.ts";
import { parseDuration } from "../../text/duration.ts";
import { type IpAddress, parseIp } from "../../text/ip-text.ts";
import { parseMac } from "../../wire/address.ts";
import type { Action, HavipSpec, TrafficAction } from "../model.ts";
import type { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import { readFrame } from "./read-frame.ts";
import type { Network } from "./read-hosts.ts";
import type { Described } from "./read-ip-frame.ts";
import { readPace } from "./read-pace.ts";
import { readTarget } from "./read-target.ts";
import { readSender } from "./sender.ts";
import type { Draft, ScenarioDraft } from "./structure.ts";

type StepDraft = NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>;
type SendDraft = Draft<NonNullable<StepDraft["send"]>>;
type AnswerDraft = Draft<NonNullable<StepDraft["answer"]>>;
type TrafficDraft = Draft<NonNullable<StepDraft["udp"]>>;

const DISCARD_PORT = 9;

/** Null and findings if it is broken. */
export function readSend(network: Network, path: Path, draft: SendDraft): Action | null {
  const from = readSender(network, path, draft.host, draft.nic);
  const pace = readPace(network, path, draft);
  if (from === null || draft.frame === undefined || pace === null) return null;
  const frame = readFrame(network, [...path, "frame"], draft.frame as string | Described, from);
  return frame && { verb: "send", host: from.machine.name, nic: from.nic.name, frame, pace };
}

export function readAnswer(network: Network, path: Path, draft: AnswerDraft): Action | null {
  const from = readSender(network, path, draft.host, draft.nic);
  const address = draft.for === undefined ? null : parseIp(draft.for);
  const holders = readHolders(draft.by);
  if (from === null || address === null || holders === null) return null;
  return { verb: "answer", host: from.machine.name, nic: from.nic.name, address, holders };
}

/** Null: broken. */
function readHolders(by: AnswerDraft["by"]): readonly ScriptedHolder[] | null {
  if (by === undefined) return null;
  const list = by === null ? [] : typeof by === "string" ? [{ mac: by }] : by;
  const holders = list.map((item): ScriptedHolder | null => {
    if (item === undefined) return null;
    const { mac, after, S = 1, O = 1 } = item as { mac?: string; after?: string; S?: 0 | 1; O?: 0 | 1 };
    const octets = mac === undefined ? null : parseMac(mac);
    const afterNs = after === undefined ? 0 : parseDuration(after);
    return octets === null || afterNs === null ? null : { mac: octets, afterNs, solicited: S === 1, override: O === 1 };
  });
  return holders.every((holder) => holder !== null) ? holders : null;
}

export function readTrafficStep(
  network: Network,
  path: Path,
  verb: "ping" | "udp",
  draft: TrafficDraft,
  havips: Declared<HavipSpec>,
): TrafficAction | null {
  const { judge, machines } = network;
  const machine = draft.from === undefined ? null : machines.find(judge, [...path, "from"], draft.from);
  const to = draft.to === undefined ? null : readTarget(network, [...path, "to"], draft.to, havips, machine);
  const source = readSource(draft.source);
  const pace = readPace(network, path, draft);
  if (machine === null || to === null || source === undefined || pace === null) return null;
  if (source !== null && source.length !== to.length)
    return judge.error(
      [...path, "source"],
      "source and target are of different families",
      "two IPv4 or two IPv6 addresses",
    );
  const kind = verb === "ping" ? "icmp" : "udp";
  const { port = DISCARD_PORT, confirm = false } = draft;
  return { verb, from: machine.name, traffic: { kind, to, source, port, confirm, ...pace } };
}

/** Undefined: broken. */
function readSource(text: string | undefined): IpAddress | null | undefined {
  return text === undefined ? null : (parseIp(text) ?? undefined);
}
