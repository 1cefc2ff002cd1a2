/** Who sends what a step describes: a vNIC, the addresses that it has, and the neighbours that the file tells of. */
import { type IpAddress, sameIp } from "../../text/ip-text.ts";
import { BROADCAST_MAC, linkLocalOfMac, parseMac, writeMulticastMac4, writeMulticastMac6 } from "../../wire/address.ts";
import type { NicSpec } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Machine, Network } from "./read-hosts.ts";

export interface Sender {
  readonly machine: Machine;
  readonly nic: NicSpec;
}

/** The vNIC that is meant, the host's only one if none is named; null and a finding if there is no such. */
export function readSender(
  { judge, machines }: Network,
  path: Path,
  host: string | undefined,
  nic: string | undefined,
): Sender | null {
  const machine = host === undefined ? null : machines.find(judge, [...path, "host"], host);
  if (machine === null) return null;
  const known = machine.nics.map(({ name }) => name);
  if (nic === undefined) {
    if (judge.isWritten([...path, "nic"])) return null;
    if (machine.nics.length === 1) return { machine, nic: machine.nics[0]! };
    return judge.errorAtKey(path, `which vNIC of '${machine.name}' is meant?`, `nic: ${known.join(", or ")}`);
  }
  return namedNic(judge, path, machine, nic);
}

/** The one that `nic` names; null and a finding if there is none. */
export function namedNic(judge: Judge, path: Path, machine: Machine, nic: string): Sender | null {
  const named = machine.nics.find(({ name }) => name === nic);
  if (named !== undefined) return { machine, nic: named };
  const known = machine.nics.map(({ name }) => name);
  return judge.error([...path, "nic"], `'${machine.name}' has no vNIC '${nic}'`, judge.suggestion(nic, known));
}

/** The first address of the family that the vNIC boots with, for IPv6 its link-local one if it has no other; null: it has none. */
export function ownAddress({ mac, addresses }: NicSpec, octets: 4 | 16): IpAddress | null {
  const own = addresses.find(({ address }) => address.length === octets)?.address;
  return own ?? (octets === 16 ? linkLocalOfMac(mac) : null);
}

/** The MAC that frames for the address go to: a group's, everybody's, or that of the vNIC in the sender's subnet that boots with it; null: nobody does. */
export function macFor({ machines }: Network, { subnet }: NicSpec, ip: IpAddress): Uint8Array | null {
  const mac = new Uint8Array(6);
  if (ip.length === 16 && ip[0] === 0xff) {
    writeMulticastMac6(mac, 0, ip, 0);
    return mac;
  }
  if (ip.length === 4 && ip.every((octet) => octet === 255)) return BROADCAST_MAC;
  if (ip.length === 4 && ip[0]! >>> 4 === 14) {
    writeMulticastMac4(mac, 0, ip, 0);
    return mac;
  }
  const nics = machines.values.flatMap((machine) => machine.nics).filter((nic) => nic.subnet === subnet);
  const owner = nics.find(
    (nic) => sameIp(linkLocalOfMac(nic.mac), ip) || nic.addresses.some(({ address }) => sameIp(address, ip)),
  );
  return owner?.mac ?? null;
}

/** What is written, or what is usual. */
export function macOr(text: string | undefined, usual: Uint8Array): Uint8Array {
  return (text === undefined ? null : parseMac(text)) ?? usual;
}
