/** `havips:` to virtual addresses, each in its subnet, with the hosts that may claim it. */
import { parseIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { HavipSpec, SubnetSpec } from "../model.ts";
import { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import { hostPrefix } from "./prefixes.ts";
import type { Network } from "./read-hosts.ts";
import { isKnown } from "./read-window.ts";
import type { ScenarioDraft } from "./structure.ts";

type HavipDraft = NonNullable<NonNullable<ScenarioDraft["havips"]>[string]>;

export function readHavips(network: Network, draft: ScenarioDraft): Declared<HavipSpec> {
  const havips = new Declared<HavipSpec>("HAVIP", isKnown(network.judge, draft, "havips"));
  for (const [name, havip] of Object.entries(draft.havips ?? {}))
    havips.add(name, havip === undefined ? null : readHavip(network, name, havip, havips.values));
  return havips;
}

function readHavip(network: Network, name: string, draft: HavipDraft, others: readonly HavipSpec[]): HavipSpec | null {
  const { judge, subnets, addresses } = network;
  const path: Path = ["havips", name];
  const subnet = draft.subnet === undefined ? null : subnets.find(judge, [...path, "subnet"], draft.subnet);
  const claimants = readClaimants(network, [...path, "claimants"], draft.claimants, subnet);
  const address = draft.address === undefined ? null : parseIp(draft.address);
  if (address === null) return null;
  const at = [...path, "address"];
  if (subnet !== null && hostPrefix(judge, at, address, subnet) === null) return null;
  const owner = addresses.get(formatIp(address));
  if (owner !== undefined)
    return judge.error(
      at,
      `${formatIp(address)} is the own address of ${owner.host} already (line ${owner.line})`,
      "a HAVIP is an address that hosts take and give up; none has it for its own",
    );
  const other = others.find((candidate) => formatIp(candidate.address) === formatIp(address));
  if (other !== undefined)
    return judge.error(
      at,
      `${formatIp(address)} is the address of HAVIP '${other.name}' already (line ${other.position.line})`,
      "every HAVIP has an address of its own",
    );
  if (subnet === null || claimants === undefined) return null;
  return { name, position: judge.keyPosition(path), subnet: subnet.name, address, claimants };
}

/** Null: not restricted. Undefined: broken. */
function readClaimants(
  { judge, machines }: Network,
  path: Path,
  claimants: HavipDraft["claimants"],
  subnet: SubnetSpec | null,
): readonly string[] | null | undefined {
  if (claimants === undefined) return !judge.isWritten(path) ? null : undefined;
  const names = claimants.map((name, index) => {
    const at = [...path, index];
    if (name === undefined) return null;
    const host = machines.find(judge, at, name);
    if (claimants.indexOf(name) < index) return judge.error(at, `'${name}' stands here twice`, "once is enough");
    if (host === null || subnet === null) return null;
    if (host.nics.some((nic) => nic.subnet === subnet.name)) return name;
    return judge.error(
      at,
      `'${name}' has no vNIC in subnet '${subnet.name}'`,
      "a HAVIP and all its claimants share one subnet",
    );
  });
  return names.every((name) => name !== null) ? names : undefined;
}
