/** `subnets:` to broadcast domains with their prefixes, and the switches and links that they are made of. */

import { NS_PER_US } from "../../base/units.ts";
import type { Finding } from "../../text/config-error.ts";
import { parseDuration } from "../../text/duration.ts";
import { type IpPrefix, parsePrefix, sameIp } from "../../text/ip-text.ts";
import type { LinkSpec, SubnetSpec, SwitchSpec } from "../model.ts";
import { Declared, type Judge } from "./judge.ts";
import type { NameBook } from "./name-book.ts";
import type { Path } from "./positions.ts";
import { firstAddress, formatPrefix, overlap } from "./prefixes.ts";
import { MAX_LATENCY_NS, SwitchReader } from "./read-switches.ts";
import type { ScenarioDraft } from "./structure.ts";

const DEFAULT_LATENCY_NS = 50 * NS_PER_US;

type SubnetDraft = NonNullable<NonNullable<ScenarioDraft["subnets"]>[string]>;

export interface Subnets {
  readonly subnets: Declared<SubnetSpec>;
  /** By subnet; a subnet that is broken has none here. */
  readonly switches: ReadonlyMap<string, Declared<SwitchSpec>>;
  /** Of all subnets. */
  readonly links: Declared<LinkSpec>;
  readonly warnings: readonly Finding[];
}

export function readSubnets(judge: Judge, draft: ScenarioDraft, names: NameBook): Subnets {
  const subnets = new Declared<SubnetSpec>("subnet", draft.subnets !== undefined);
  const switches = new Map<string, Declared<SwitchSpec>>();
  const warnings: Finding[] = [];
  const isWhole = subnets.isComplete && Object.values(draft.subnets ?? {}).every((subnet) => subnet !== undefined);
  const links = new Declared<LinkSpec>("link", isWhole);
  const reader = new SwitchReader(judge, names, links);
  const taken: { prefix: IpPrefix; name: string }[] = [];
  for (const [name, subnet] of Object.entries(draft.subnets ?? {})) {
    const path: Path = ["subnets", name];
    const spec = subnet === undefined ? null : readSubnet(judge, name, subnet, taken);
    const table = subnet === undefined ? null : reader.table(path, subnet);
    const wiring = subnet === undefined ? null : reader.wiring(path, subnet);
    const isFit = spec?.network !== "vpc" || reader.isCloud(path);
    if (wiring !== null) switches.set(name, wiring.switches);
    if (spec === null || table === null || wiring === null || !isFit) {
      subnets.add(name, null);
      continue;
    }
    const { mayStorm } = wiring;
    subnets.add(name, { ...spec, ...table, switches: wiring.switches.values, links: wiring.links, mayStorm });
    warnings.push(...wiring.warnings);
  }
  return { subnets, switches, links, warnings };
}

type BareSubnet = Omit<SubnetSpec, "profile" | "ageingMs" | "switches" | "links" | "mayStorm">;

/** Null: broken. */
function readSubnet(
  judge: Judge,
  name: string,
  subnet: SubnetDraft,
  taken: { prefix: IpPrefix; name: string }[],
): BareSubnet | null {
  const path: Path = ["subnets", name];
  const prefixes = readPrefixes(judge, [...path, "cidr"], name, subnet.cidr, taken);
  const latencyNs = subnet.latency === undefined ? DEFAULT_LATENCY_NS : parseDuration(subnet.latency);
  if (latencyNs === null || prefixes === null) return null;
  if (latencyNs > MAX_LATENCY_NS)
    return judge.error([...path, "latency"], `${subnet.latency} is longer than 10s`, "default: 50us");
  return {
    name,
    position: judge.keyPosition(path),
    prefixes,
    network: subnet.network ?? "lan",
    multicast: subnet.multicast ?? true,
    latencyNs,
  };
}

/** Null if one of them is wrong. */
function readPrefixes(
  judge: Judge,
  path: Path,
  name: string,
  cidr: SubnetDraft["cidr"],
  taken: { prefix: IpPrefix; name: string }[],
): readonly IpPrefix[] | null {
  if (cidr === undefined) return null;
  const texts = typeof cidr === "string" ? [cidr] : cidr;
  const prefixes = texts.map((text, index) => {
    const prefix = text === undefined ? null : parsePrefix(text);
    if (prefix === null) return null;
    const at = typeof cidr === "string" ? path : [...path, index];
    if (!isUnicast(prefix))
      return judge.error(at, `no host can have an address in ${text}`, "10.0.1.0/24 or 2001:db8:1::/64");
    const network: IpPrefix = { address: firstAddress(prefix), length: prefix.length };
    if (!sameIp(network.address, prefix.address))
      return judge.error(
        at,
        `${text} is an address in a subnet, not a subnet`,
        `the subnet is ${formatPrefix(network)}`,
      );
    const other = taken.find((candidate) => overlap(candidate.prefix, network));
    taken.push({ prefix: network, name });
    if (other === undefined) return network;
    return judge.error(
      at,
      `${text} overlaps ${formatPrefix(other.prefix)} of subnet '${other.name}'`,
      "every subnet has addresses of its own",
    );
  });
  return prefixes.every((prefix) => prefix !== null) ? prefixes : null;
}

/** Neither reserved, loopback, multicast nor link-local (every IPv6 vNIC has such an address anyway), nor everything. */
function isUnicast({ address, length }: IpPrefix): boolean {
  const first = address[0]!;
  if (length === 0 || first === 0) return false;
  if (address.length === 4) return first !== 127 && first < 224;
  return first !== 0xff && !(first === 0xfe && (address[1]! & 0xc0) === 0x80);
}
