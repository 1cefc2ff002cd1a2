/** `servers:` to physical machines, each with the hosts that stand on it. */
import type { ServerSpec } from "../model.ts";
import { Declared } from "./judge.ts";
import type { NameBook } from "./name-book.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import { isKnown } from "./read-window.ts";
import type { ScenarioDraft } from "./structure.ts";

type ServerDraft = NonNullable<NonNullable<ScenarioDraft["servers"]>[string]>;

export function readServers(
  network: Omit<Network, "servers">,
  draft: ScenarioDraft,
  names: NameBook,
): Declared<ServerSpec> {
  const { judge } = network;
  const servers = new Declared<ServerSpec>("server", isKnown(judge, draft, "servers"));
  const placed = new Map<string, string>();
  for (const [name, server] of Object.entries(draft.servers ?? {})) {
    const path: Path = ["servers", name];
    const isFree = names.claim(path, "a server");
    const hosts = server === undefined ? null : readGuests(network, path, server, placed);
    if (isFree) servers.add(name, hosts && { name, position: judge.keyPosition(path), hosts });
  }
  return servers;
}

/** Null: broken. `placed`: where hosts stand already. */
function readGuests(
  { judge, machines }: Omit<Network, "servers">,
  path: Path,
  { hosts }: ServerDraft,
  placed: Map<string, string>,
): readonly string[] | null {
  const server = String(path.at(-1));
  const names = (hosts ?? []).map((name, index) => {
    if (name === undefined) return null;
    const at = [...path, "hosts", index];
    const machine = machines.find(judge, at, name);
    const other = placed.get(name);
    placed.set(name, other ?? server);
    if (other === server) return judge.error(at, `'${name}' stands here twice`, "once is enough");
    if (other !== undefined)
      return judge.error(at, `'${name}' stands on server '${other}' already`, "a host is on one server");
    return machine && name;
  });
  return hosts !== undefined && names.every((name) => name !== null) ? names : null;
}
