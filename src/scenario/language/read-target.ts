/** Where traffic goes: probes, `ping` and `udp` name it alike. */
import { type IpAddress, parseIp } from "../../text/ip-text.ts";
import type { HavipSpec } from "../model.ts";
import type { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Machine, Network } from "./read-hosts.ts";
import { quoted } from "./yaml-errors.ts";

/** An address, a HAVIP's, or that of a host in a subnet that it shares with the sender. */
export function readTarget(
  { judge, machines }: Network,
  path: Path,
  text: string,
  havips: Declared<HavipSpec>,
  from: Machine | null,
): IpAddress | null {
  const havip = havips.get(text);
  if (havip !== undefined) return havip === null ? null : havip.address;
  const written = parseIp(text);
  if (written !== null) return written;
  const host = machines.get(text);
  if (host === undefined) {
    if (!havips.isComplete || !machines.isComplete) return null;
    const known = [...havips.names, ...machines.names];
    return judge.error(path, `${quoted(text)} is no IP address, HAVIP or host`, judge.suggestion(text, known));
  }
  if (host === null || from === null) return null;
  const shared = host.nics
    .filter(({ subnet }) => from.nics.some((nic) => nic.subnet === subnet))
    .flatMap(({ addresses }) => addresses);
  if (shared[0] !== undefined) return shared[0].address;
  return judge.error(
    path,
    `${text} has no address in a subnet of ${from.name}`,
    "there is no router: a probe stays in one subnet",
  );
}
