/**
 * The hosts of a scenario as nodes of a cluster: their interfaces and addresses are known, and subnets tell who hears whom. A scenario says
 * itself what is wrong with it; of that, what its configurations have said is left to the linter, which says more.
 */
import { confHostOf, resolveAgainstHost } from "../guest/keepalived/conf/host.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import { toFinding } from "../guest/keepalived/conf/to-finding.ts";
import type { Finding } from "../text/config-error.ts";
import { type EnclosedText, placeOutside } from "../text/enclosed-text.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { ClusterNode } from "./cluster.ts";
import { relocated } from "./relocate.ts";

/** What is needed of a scenario, which is another's to define. */
export interface LintedScenario {
  /** As the user named it. */
  readonly file: string;
  readonly hosts: readonly LintedHost[];
  /** Those about its configurations among them. */
  readonly warnings: readonly Finding[];
}

interface LintedHost {
  readonly name: string;
  readonly nics: readonly {
    readonly name: string;
    readonly mac: Uint8Array;
    /** The broadcast domain. */
    readonly subnet: string;
    readonly addresses: readonly { readonly address: IpAddress }[];
  }[];
  /** Null: it runs none. */
  readonly keepalived: LintedConf | null;
}

interface LintedConf extends EnclosedText {
  readonly text: string;
  readonly conf: KeepalivedConf;
}

export interface ScenarioNodes {
  readonly nodes: readonly ClusterNode[];
  /** The warnings of the scenario that are not about its configurations. */
  readonly warnings: readonly Finding[];
}

export function scenarioNodes({ hosts, warnings }: LintedScenario): ScenarioNodes {
  const nodes = hosts.flatMap((host) => (host.keepalived === null ? [] : [nodeOf(host, host.keepalived)]));
  const said = new Set(nodes.flatMap(({ conf }) => conf.diagnostics.map((one) => identity(toFinding(one)))));
  return { nodes, warnings: warnings.filter((warning) => !said.has(identity(warning))) };
}

function nodeOf({ name, nics }: LintedHost, spec: LintedConf): ClusterNode {
  const host = confHostOf(nics.map((nic) => ({ ...nic, addresses: nic.addresses.map(({ address }) => address) })));
  const diagnostics = [...spec.conf.diagnostics, ...resolveAgainstHost(spec.conf, host)];
  return {
    name,
    conf: relocated({ ...spec.conf, diagnostics }, (at) => placeOutside(spec, at)),
    host,
    segmentOf: ({ interface: networkInterface }) =>
      nics.find((nic) => nic.name === networkInterface)?.subnet ?? `${networkInterface} of ${name}`,
  };
}

function identity({ file, line, column, message }: Finding): string {
  return `${file}:${line}:${column}:${message}`;
}
