/** The verbs by which hosts send: `send`, `answer`, `ping` and `udp`. */
import type { ScriptedHolder } from "../../host/scripted-answers.ts";
import { parseDuration } from "../../text/duration.ts";
import { type IpAddress, parseIp } from "../../text/ip-text.ts";
import { parseMac } from "../../wire/address.ts";
import { ETHERNET_OCTETS } from "../../wire/ethernet.ts";
import type { Action, HavipSpec, NicRef, TrafficAction } from "../model.ts";
import type { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import { readTarget } from "./read-target.ts";
import { FRAME_OCTETS_MAX, PACKETS_MAX } from "./schema-verbs.ts";
import type { Draft, ScenarioDraft } from "./structure.ts";

type StepDraft = NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>;
type SendDraft = Draft<NonNullable<StepDraft["send"]>>;
type AnswerDraft = Draft<NonNullable<StepDraft["answer"]>>;
type TrafficDraft = Draft<NonNullable<StepDraft["udp"]>>;

const DISCARD_PORT = 9;

/** Null and findings if it is broken. */
export function readSend(network: Network, path: Path, { host, nic, frame }: SendDraft): Action | null {
  const from = readNic(network, path, host, nic);
  if (frame === undefined) return null;
  const digits = frame.replaceAll(/[\s:]/g, "");
  const isHex = /^[0-9a-fA-F]*$/.test(digits);
  const at = [...path, "frame"];
  if (!isHex || digits.length % 2 === 1)
    return network.judge.error(
      at,
      isHex ? "half an octet is left over" : "a frame is written in hexadecimal digits",
      "two digits for each octet, from the destination MAC on: ffffffffffff02…",
    );
  const octets = Uint8Array.from(digits.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
  if (octets.length < ETHERNET_OCTETS || octets.length > FRAME_OCTETS_MAX)
    return network.judge.error(
      at,
      `these are ${octets.length} octets`,
      `a frame has ${ETHERNET_OCTETS} to ${FRAME_OCTETS_MAX}, without FCS`,
    );
  return from && { verb: "send", ...from, frame: octets };
}

export function readAnswer(network: Network, path: Path, draft: AnswerDraft): Action | null {
  const from = readNic(network, path, draft.host, draft.nic);
  const address = draft.for === undefined ? null : parseIp(draft.for);
  const holders = readHolders(draft.by);
  return from === null || address === null || holders === null ? null : { verb: "answer", ...from, address, holders };
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
  const { judge, machines, untilNs: endNs } = network;
  const machine = draft.from === undefined ? null : machines.find(judge, [...path, "from"], draft.from);
  const to = draft.to === undefined ? null : readTarget(network, [...path, "to"], draft.to, havips, machine);
  const source = readSource(draft.source);
  const everyNs = draft.every === undefined ? 0 : parseDuration(draft.every);
  if (draft.every !== undefined && everyNs === 0)
    return judge.error([...path, "every"], `${draft.every} would send without end at one moment`, "every: 10ms");
  if (draft.until !== undefined && draft.every === undefined && !judge.isWritten([...path, "every"]))
    return judge.errorAtKey(
      [...path, "until"],
      "without 'every' all of them are sent at once",
      "every: 200ms, or leave it out",
    );
  const untilNs = draft.until === undefined ? Number.POSITIVE_INFINITY : parseDuration(draft.until);
  if (machine === null || to === null || source === undefined || everyNs === null || untilNs === null) return null;
  if (source !== null && source.length !== to.length)
    return judge.error(
      [...path, "source"],
      "source and target are of different families",
      "two IPv4 or two IPv6 addresses",
    );
  const lastNs = Math.min(untilNs, endNs ?? 0);
  const count = draft.count ?? (everyNs === 0 ? 1 : Number.POSITIVE_INFINITY);
  if (everyNs > 0 && Math.min(count, lastNs / everyNs) > PACKETS_MAX)
    return judge.error([...path, "every"], `${draft.every} would send more than ${PACKETS_MAX} packets`, "every: 10ms");
  const kind = verb === "ping" ? "icmp" : "udp";
  const { port = DISCARD_PORT, confirm = false } = draft;
  return { verb, from: machine.name, traffic: { kind, to, source, port, confirm, count, everyNs, untilNs } };
}

/** Undefined: broken. */
function readSource(text: string | undefined): IpAddress | null | undefined {
  return text === undefined ? null : (parseIp(text) ?? undefined);
}

/** The vNIC that is meant, the host's only one if none is named; null and a finding if there is no such. */
function readNic(
  { judge, machines }: Network,
  path: Path,
  host: string | undefined,
  nic: string | undefined,
): NicRef | null {
  const machine = host === undefined ? null : machines.find(judge, [...path, "host"], host);
  if (machine === null) return null;
  const known = machine.nics.map(({ name }) => name);
  if (nic === undefined) {
    if (judge.isWritten([...path, "nic"])) return null;
    if (known.length === 1) return { host: machine.name, nic: known[0]! };
    return judge.errorAtKey(path, `which vNIC of '${machine.name}' is meant?`, `nic: ${known.join(", or ")}`);
  }
  if (known.includes(nic)) return { host: machine.name, nic };
  return judge.error([...path, "nic"], `'${machine.name}' has no vNIC '${nic}'`, judge.suggestion(nic, known));
}
