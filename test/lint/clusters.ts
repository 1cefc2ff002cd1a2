/** Clusters for tests, of configurations in memory. */
import { NO_FILES } from "../../src/guest/keepalived/conf/files.ts";
import { parseKeepalivedConf } from "../../src/guest/keepalived/conf/parse.ts";
import { type Cluster, clusterOf } from "../../src/lint/cluster.ts";
import { type ConfFile, confNodes } from "../../src/lint/conf-nodes.ts";

/** By file name. */
export function confFiles(texts: Readonly<Record<string, string>>): ConfFile[] {
  return Object.entries(texts).map(([file, text]) => ({ name: file, conf: parseKeepalivedConf(file, text, NO_FILES) }));
}

/** Of files alone, by their names. */
export function confCluster(texts: Readonly<Record<string, string>>): Cluster {
  return clusterOf(confNodes(confFiles(texts)));
}

export interface InstanceText {
  readonly name?: string;
  readonly interface?: string;
  readonly vrid?: number;
  readonly priority?: number;
  readonly vip?: string;
  readonly lines?: readonly string[];
}

/** A `vrrp_instance` that is in order. */
export function instanceText(given: InstanceText = {}): string {
  const { name = "VI_1", vrid = 51, priority = 100, vip = "10.0.1.50", lines = [] } = given;
  return [
    `vrrp_instance ${name} {`,
    `  interface ${given.interface ?? "eth0"}`,
    `  virtual_router_id ${vrid}`,
    `  priority ${priority}`,
    ...lines.map((line) => `  ${line}`),
    "  virtual_ipaddress {",
    `    ${vip}`,
    "  }",
    "}",
    "",
  ].join("\n");
}
