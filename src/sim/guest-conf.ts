/** A `keepalived.conf` given to the library as text: read, and judged on the host that will run it, as a scenario's are. */
import type { ConfFiles } from "../guest/keepalived/conf/files.ts";
import { resolveAgainstHost } from "../guest/keepalived/conf/host.ts";
import type { ConfDiagnostic, KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../guest/keepalived/conf/parse.ts";
import { toFinding } from "../guest/keepalived/conf/to-finding.ts";
import type { Host } from "../host/host.ts";
import { ConfigError, type Finding } from "../text/config-error.ts";

/** What the text means on this host, and what keepalived would complain about. A ConfigError if it would not run. */
export function readGuestConf(
  host: Host,
  text: string,
  files: ConfFiles,
): { readonly conf: KeepalivedConf; readonly warnings: readonly Finding[] } {
  const conf = parseKeepalivedConf(`keepalived.conf of ${host.name}`, text, files, { configId: host.name });
  refuseFatal(conf.diagnostics);
  const onHost = resolveAgainstHost(conf, {
    interfaces: host.nics.map(({ name }) => name),
    addresses: (name) => host.configuredAddresses(name),
  });
  refuseFatal(onHost);
  return { conf, warnings: [...conf.diagnostics, ...onHost].map(toFinding) };
}

function refuseFatal(diagnostics: readonly ConfDiagnostic[]): void {
  const fatal = diagnostics.filter(({ severity }) => severity === "fatal");
  if (fatal.length > 0) throw new ConfigError(fatal.map(toFinding));
}
