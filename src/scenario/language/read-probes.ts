/** `probes:` to client traffic: from a vNIC of a host to an address that it reaches without a router. */
import { NS_PER_S } from "../../base/units.ts";
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

type ProbeDraft = NonNullable<NonNullable<ScenarioDraft["probes"]>[string]>;

export function readProbes(network: Network, draft: ScenarioDraft, havips: Declared<HavipSpec>): Declared<ProbeSpec> {
  const probes = new Declared<ProbeSpec>("probe", isKnown(network.judge, draft, "probes"));
  for (const [name, probe] of Object.entries(draft.probes ?? {}))
    probes.add(name, probe === undefined ? null : readProbe(network, name, probe, havips));
  return probes;
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
  if (from === null || to === null || route === null || window === null || everyNs === null) return null;
  const kind = draft.kind ?? "icmp";
  return { name, position: judge.keyPosition(path), from: from.name, nic: route.name, to, kind, everyNs, ...window };
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
