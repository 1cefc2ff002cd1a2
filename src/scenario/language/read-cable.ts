/** Cables as steps name them: `vm-A.eth0`, all of `vm-A`, or a link between switches. Names of hosts and links have no dot. */
import type { CarrierRef } from "../model.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import { quoted } from "./yaml-errors.ts";

/** Null: broken. */
export function readCable(network: Network, path: Path, text: string): CarrierRef | null {
  const { judge, machines, servers, links } = network;
  const link = links.get(text);
  if (link !== undefined) return link && { link: text };
  const dot = text.indexOf(".");
  const name = dot < 0 ? text : text.slice(0, dot);
  if (servers.get(name) !== undefined)
    return judge.error(
      path,
      `${quoted(name)} is a server, and cables end at hosts`,
      "a host, a vNIC (host.nic) or a link",
    );
  if (machines.get(name) === undefined && dot < 0 && links.names.length > 0 && machines.isComplete)
    return judge.error(
      path,
      `there is no host or link ${quoted(name)}`,
      judge.suggestion(name, [...machines.names, ...links.names]),
    );
  const machine = links.isComplete || machines.get(name) ? machines.find(judge, path, name) : null;
  if (machine === null) return null;
  const nics = machine.nics.filter((nic) => dot < 0 || nic.name === text.slice(dot + 1));
  if (nics.length > 0) return { nics: nics.map((nic) => ({ host: machine.name, nic: nic.name })) };
  const known = machine.nics.map((nic) => `${machine.name}.${nic.name}`);
  return judge.error(path, `there is no vNIC ${quoted(text)}`, judge.suggestion(text, known));
}
