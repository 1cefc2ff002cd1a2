/** A `keepalived.conf` given to the library as text: read, and judged on the host that will run it, as a scenario's are. */
import type { ConfFiles } from "../guest/keepalived/conf/files.ts";
import { confHostOf } from "../guest/keepalived/conf/host.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import { readConfOnHost } from "../guest/keepalived/conf/read-on-host.ts";
import { toFinding } from "../guest/keepalived/conf/to-finding.ts";
import { ConfigError, type Finding } from "../text/config-error.ts";
import type { NicPlan } from "./nic-planner.ts";

/** What the text means on a host with these NICs, and what keepalived would complain about. A ConfigError if it would not run. */
export function judgedConf(
  host: string,
  text: string,
  files: ConfFiles,
  plans: readonly NicPlan[],
): { readonly conf: KeepalivedConf; readonly warnings: readonly Finding[] } {
  const nics = plans.map((plan) => ({ ...plan, addresses: plan.addresses.map(({ ip }) => ip) }));
  const { conf, diagnostics } = readConfOnHost(`keepalived.conf of ${host}`, text, files, host, confHostOf(nics));
  const fatal = diagnostics.filter(({ severity }) => severity === "fatal");
  if (fatal.length > 0) throw new ConfigError(fatal.map(toFinding));
  return { conf, warnings: diagnostics.map(toFinding) };
}
