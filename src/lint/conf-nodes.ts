/**
 * Configurations of which only the files are known, as nodes of one cluster on one network. A node that runs one VRID of a family twice,
 * on two interfaces say, shows that there are several networks: its instances, and those of the others, are then told apart by the virtual
 * addresses that they share, and where they share none by the name of the interface.
 */
import type { VrrpInstance } from "../guest/keepalived/conf/model.ts";
import { formatIp } from "../wire/address.ts";
import type { ClusterNode } from "./cluster.ts";

/** Of the network that all are on unless something speaks against it. */
const ONE_SEGMENT = "the network";

/** A configuration and, where it is this very machine's, what stands on its disk. */
export interface ConfFile extends Pick<ClusterNode, "conf" | "scriptState"> {
  /** The file, and on which host it is read where that makes a difference. */
  readonly name: string;
}

/** In the order given. */
export function confNodes(confs: readonly ConfFile[]): ClusterNode[] {
  const segments = toldApart(confs.map(({ conf }) => conf.instances));
  return confs.map((known) => ({
    ...known,
    host: null,
    segmentOf: (instance) => segments.get(instance) ?? ONE_SEGMENT,
  }));
}

/** One of the networks on which a VRID is in use, while instances are put on it. */
interface Segment {
  readonly name: string;
  readonly interfaces: Set<string | null>;
  readonly addresses: Set<string>;
}

/** The segments of those instances whose VRID is in use on several. */
function toldApart(nodes: readonly (readonly VrrpInstance[])[]): ReadonlyMap<VrrpInstance, string> {
  const found = new Map<VrrpInstance, string>();
  const keys = new Set(nodes.flat().map(routerOf));
  for (const key of keys) {
    const perNode = nodes.map((instances) => instances.filter((instance) => routerOf(instance) === key));
    if (perNode.every(({ length }) => length < 2)) continue;
    const segments: Segment[] = [];
    // Who has most of them knows best how many there are.
    for (const instances of perNode.toSorted((a, b) => b.length - a.length))
      for (const [instance, segment] of paired(instances, segments)) {
        segment.interfaces.add(instance.interface);
        for (const address of addressesOf(instance)) segment.addresses.add(address);
        found.set(instance, segment.name);
      }
  }
  return found;
}

/** A segment for each instance of one node, no segment twice; what fits none gets one of its own, which is added. */
function paired(instances: readonly VrrpInstance[], segments: Segment[]): Map<VrrpInstance, Segment> {
  const pairs = new Map<VrrpInstance, Segment>();
  const taken = new Set<Segment>();
  const pairBy = (fits: (instance: VrrpInstance, segment: Segment) => boolean) => {
    for (const instance of instances) {
      if (pairs.has(instance)) continue;
      const segment = segments.find((one) => !taken.has(one) && fits(instance, one));
      if (segment === undefined) continue;
      pairs.set(instance, segment);
      taken.add(segment);
    }
  };
  pairBy((instance, { addresses }) => addressesOf(instance).some((address) => addresses.has(address)));
  pairBy((instance, { interfaces }) => interfaces.has(instance.interface));
  for (const instance of instances) {
    if (pairs.has(instance)) continue;
    const segment = {
      name: freeName(instance, segments),
      interfaces: new Set<string | null>(),
      addresses: new Set<string>(),
    };
    segments.push(segment);
    pairs.set(instance, segment);
  }
  return pairs;
}

function freeName({ interface: networkInterface }: VrrpInstance, segments: readonly Segment[]): string {
  const base = `the network at ${networkInterface ?? "no interface"}`;
  const isFree = (name: string) => segments.every((segment) => segment.name !== name);
  if (isFree(base)) return base;
  let number = 2;
  while (!isFree(`${base} (${number})`)) number++;
  return `${base} (${number})`;
}

function routerOf({ family, vrid }: VrrpInstance): string {
  return `${family} ${vrid}`;
}

function addressesOf({ addresses, excludedAddresses }: VrrpInstance): string[] {
  return [...addresses, ...excludedAddresses].map(({ address }) => formatIp(address));
}
