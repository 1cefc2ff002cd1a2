/** `probes:` to client traffic: from a vNIC of a host to an address that it reaches without a router. */
import { NS_PER_S } from "../../base/units.ts";
import type { TcpProbeOptions } from "../../host/probe.ts";
import { ATTEMPT_TIMEOUT_MAX_NS, ATTEMPTS_WAITING_MAX } from "../../host/probe-attempts.ts";
import { parseDuration } from "../../text/duration.ts";
import { type IpAddress, prefixContains, sameIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { HavipSpec, NicSpec, ProbeSpec } from "../model.ts";
import { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import { hostPrefix } from "./prefixes.ts";
import type { Machine, Network } from "./read-hosts.ts";
import { readTarget } from "./read-target.ts";
import { isKnown, readWindow } from "./read-window.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

/** Requests of one probe: more would fill the memory before they show anything. */
const MAX_REQUESTS = 10_000_000;
/** Packets of all probes together, answers included: some twenty seconds' work. What TCP sends again is not foreseen. */
const MAX_PACKETS = 20_000_000;

type ProbeDraft = NonNullable<NonNullable<ScenarioDraft["probes"]>[string]>;

export function readProbes(network: Network, draft: ScenarioDraft, havips: Declared<HavipSpec>): Declared<ProbeSpec> {
  const probes = new Declared<ProbeSpec>("probe", isKnown(network.judge, draft, "probes"));
  for (const [name, probe] of Object.entries(draft.probes ?? {}))
    probes.add(name, probe === undefined ? null : readProbe(network, name, probe, havips));
  judgeSum(network, probes.values);
  return probes;
}

/** A finding at the probe that sends most, if all of them together send too much. */
function judgeSum({ judge }: Network, probes: readonly ProbeSpec[]): void {
  const total = probes.reduce((sum, probe) => sum + packetsOf(probe), 0);
  if (total <= MAX_PACKETS) return;
  const most = probes.reduce((a, b) => (packetsOf(b) > packetsOf(a) ? b : a));
  judge.error(
    ["probes", most.name, "every"],
    `all probes together would send ${total} packets with their answers, ${packetsOf(most)} of them this one; at most ${MAX_PACKETS}`,
    "ask less often, or only in the time that matters (at, until)",
  );
}

/** Questions and answers: of a connection attempt four segments, of a request on a kept one up to three. */
function packetsOf({ tcp, everyNs, fromNs, untilNs }: ProbeSpec): number {
  const packets = tcp === null ? 2 : tcp.connection === "new" ? 4 : 3;
  return Math.ceil((untilNs - fromNs) / everyNs) * packets;
}

function readProbe(network: Network, name: string, draft: ProbeDraft, havips: Declared<HavipSpec>): ProbeSpec | null {
  const { judge, machines, untilNs } = network;
  const path: Path = ["probes", name];
  const from = draft.from === undefined ? null : machines.find(judge, [...path, "from"], draft.from);
  const to = draft.to === undefined ? null : readTarget(network, [...path, "to"], draft.to, havips, from);
  const route = from === null || to === null ? null : readRoute(network, path, draft, from, to);
  const window = readWindow(
    judge,
    { path: [...path, "at"], text: draft.at },
    { path: [...path, "until"], text: draft.until },
    untilNs,
  );
  const everyNs = readEvery(network, path, draft.every, window === null ? 0 : window.untilNs - window.fromNs);
  const tcp = readTcp(network, path, draft, everyNs);
  if (from === null || to === null || route === null || window === null || everyNs === null || tcp === undefined)
    return null;
  const kind = draft.kind ?? "icmp";
  const position = judge.keyPosition(path);
  return { name, position, from: from.name, nic: route.name, to, kind, tcp, everyNs, ...window };
}

/** Null: it is of another kind. Undefined and findings: broken. */
function readTcp(
  { judge }: Network,
  path: Path,
  { kind = "icmp", port = 80, connection = "new", timeout }: ProbeDraft,
  everyNs: number | null,
): TcpProbeOptions | null | undefined {
  if (judge.isRefused([...path, "kind"], kind)) return undefined;
  const foreign = (key: string, what: string) => {
    judge.errorAtKey([...path, key], what, "leave it out, or kind: tcp, connection: new");
    return undefined;
  };
  if (kind !== "tcp") {
    const key = ["port", "connection", "timeout"].find((name) => judge.isWritten([...path, name]));
    return key === undefined ? null : foreign(key, `a probe of kind ${kind} has no ${key}`);
  }
  if (connection === "kept" && judge.isWritten([...path, "timeout"]))
    return foreign("timeout", "a connection that is kept has no timeout: TCP tries for some 925 s");
  const timeoutNs = parseDuration(timeout ?? "1s");
  if (timeoutNs === null) return undefined;
  const at = [...path, "timeout"];
  if (timeoutNs === 0 || timeoutNs > ATTEMPT_TIMEOUT_MAX_NS)
    return (
      judge.error(
        at,
        timeoutNs === 0 ? "no attempt succeeds in no time" : `${timeout}: Linux gives up after 131 s by itself`,
        "timeout: 1s, and up to 131s",
      ) ?? undefined
    );
  if (connection === "new" && everyNs !== null && timeoutNs / everyNs > ATTEMPTS_WAITING_MAX)
    return (
      judge.error(
        timeout === undefined ? [...path, "every"] : at,
        `${Math.ceil(timeoutNs / everyNs)} attempts would wait at once in an outage; at most ${ATTEMPTS_WAITING_MAX}`,
        "a shorter timeout, or a longer every",
      ) ?? undefined
    );
  return { port, connection, timeoutNs };
}

function readEvery({ judge }: Network, path: Path, text: string | undefined, windowNs: number): number | null {
  const everyNs = text === undefined ? null : parseDuration(text);
  if (everyNs === null) return null;
  const at = [...path, "every"];
  if (everyNs === 0) return judge.error(at, `${text} would send without end at one moment`, "every: 10ms");
  if (windowNs / everyNs <= MAX_REQUESTS) return everyNs;
  return judge.error(
    at,
    `${text} would send ${Math.floor(windowNs / everyNs)} requests in ${windowNs / NS_PER_S}s; at most ${MAX_REQUESTS}`,
    "every: 10ms finds an outage to the hundredth of a second",
  );
}

/** The vNIC by which `from` reaches the target directly; null and a finding if there is none. */
function readRoute(
  { judge, subnets }: Network,
  path: Path,
  draft: ProbeDraft,
  from: Machine,
  to: IpAddress,
): NicSpec | null {
  if (judge.isRefused([...path, "nic"], draft.nic)) return null;
  const names = from.nics.map(({ name }) => name);
  const candidates = from.nics.filter(({ name }) => draft.nic === undefined || name === draft.nic);
  if (candidates.length === 0)
    return judge.error(
      [...path, "nic"],
      `${from.name} has no vNIC ${quoted(draft.nic!)}`,
      judge.suggestion(draft.nic!, names),
    );
  const own = from.nics.find(({ addresses }) => addresses.some(({ address }) => sameIp(address, to)));
  const at = [...path, "to"];
  if (own !== undefined)
    return judge.error(at, `${formatIp(to)} is ${from.name}'s own address`, "a probe crosses the network");
  const nic = candidates.find(({ addresses }) =>
    addresses.some(({ address, prefixLength: length }) => prefixContains({ address, length }, to)),
  );
  if (nic === undefined) {
    const addresses = candidates.flatMap((candidate) =>
      candidate.addresses.map(
        ({ address, prefixLength }) => `${formatIp(address)}/${prefixLength} on ${candidate.name}`,
      ),
    );
    return judge.error(
      at,
      `${formatIp(to)} is in no subnet of ${from.name}`,
      `${from.name} has ${addresses.join(", ") || "no address"}; there is no router, a probe stays in one subnet`,
    );
  }
  const subnet = subnets.get(nic.subnet);
  return subnet && hostPrefix(judge, at, to, subnet) !== null ? nic : null;
}
