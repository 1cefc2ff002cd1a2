/**
 * What is linted: configurations that belong together, each as one node, and in them the virtual routers that they are meant to form. Which instances
 * belong to one virtual router is decided as on the wire, by segment, family and VRID; whether they then understand each other is for the rules to say.
 */
import type { ConfHost } from "../guest/keepalived/conf/host.ts";
import type { KeepalivedConf, VrrpInstance } from "../guest/keepalived/conf/model.ts";

/** One host's configuration. */
export interface ClusterNode {
  /** As people call it: the host's name in a scenario, otherwise the file. */
  readonly name: string;
  readonly conf: KeepalivedConf;
  /** Its interfaces and addresses; null where only the file is known. */
  readonly host: ConfHost | null;
  /** The broadcast domain of an instance's interface; where only files are known, all that are linted together share one. */
  segmentOf(instance: VrrpInstance): string;
  /** What stands at an absolute path on the host, for scripts. Absent where its file system is not known. */
  readonly scriptState?: (path: string) => ScriptState;
}

export type ScriptState = "executable" | "not-executable" | "missing";

/** An instance and the node that it runs on. */
export interface Member {
  readonly node: ClusterNode;
  readonly instance: VrrpInstance;
}

/** All instances that hear each other's adverts as those of one virtual router. */
export interface VirtualRouterGroup {
  readonly segment: string;
  readonly family: 4 | 6;
  readonly vrid: number;
  /** In the order of the nodes. A node may be here twice, which is a mistake of its own. */
  readonly members: readonly Member[];
}

export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  readonly groups: readonly VirtualRouterGroup[];
}

export function clusterOf(nodes: readonly ClusterNode[]): Cluster {
  const groups = new Map<string, { segment: string; family: 4 | 6; vrid: number; members: Member[] }>();
  for (const node of nodes)
    for (const instance of node.conf.instances) {
      const { family, vrid } = instance;
      const segment = node.segmentOf(instance);
      const key = `${family} ${vrid} ${segment}`;
      const group = groups.get(key) ?? { segment, family, vrid, members: [] };
      groups.set(key, group);
      group.members.push({ node, instance });
    }
  return { nodes, groups: [...groups.values()] };
}
