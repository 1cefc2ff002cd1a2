/**
 * One configuration for several hosts: lines that begin with `@id` are only for the host of that id, those with `@^id` for all others. Where only the
 * file is known, so are the hosts: those that it names, and if it names only one, another one beside it.
 */
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import type { ConfFile } from "./conf-nodes.ts";

/** Who writes more into one file does not write for hosts. */
const HOSTS_MAX = 32;

/**
 * What a file means on each of its hosts, as `read` reads it on the one of an id, or on one that no line names; one node if it names none. Nodes are
 * called `file @id`, or only `@id` if the file is the only one (`isAlone`).
 */
export function perHost(
  file: string,
  isAlone: boolean,
  read: (configId: string | undefined) => KeepalivedConf,
): ConfFile[] {
  const elsewhere = read(undefined);
  const nameOf = (host: string): string => (isAlone ? host : `${file} ${host}`);
  // A line for one host may include a file that names more.
  const ids = new Set(elsewhere.configIds);
  const nodes: ConfFile[] = [];
  for (const id of ids) {
    if (nodes.length === HOSTS_MAX) break;
    const conf = read(id);
    for (const other of conf.configIds) ids.add(other);
    nodes.push({ name: nameOf(`@${id}`), conf });
  }
  if (nodes.length === 0) return [{ name: file, conf: elsewhere }];
  return nodes.length === 1 ? [...nodes, { name: nameOf(`@^${[...ids][0]}`), conf: elsewhere }] : nodes;
}
