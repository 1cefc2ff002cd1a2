/** A configuration read and judged as keepalived would on the host that runs it. */
import type { KeepalivedVersion } from "../version.ts";
import type { ConfFiles } from "./files.ts";
import { type ConfHost, resolveAgainstHost } from "./host.ts";
import type { ConfDiagnostic, KeepalivedConf } from "./model.ts";
import { parseKeepalivedConf } from "./parse.ts";

export interface ConfOnHost {
  readonly conf: KeepalivedConf;
  /** Those of the text, then those of the text on this host, unless keepalived would have ended before. */
  readonly diagnostics: readonly ConfDiagnostic[];
}

/**
 * `path` names the text in messages, `hostName` is what `@id` lines are meant for. `host` null: what depends on its interfaces
 * is not judged. `version`: who reads it, by default 2.2.7.
 */
export function readConfOnHost(
  path: string,
  text: string,
  files: ConfFiles,
  hostName: string,
  host: ConfHost | null,
  version?: KeepalivedVersion,
): ConfOnHost {
  const conf = parseKeepalivedConf(path, text, files, { configId: hostName, ...(version && { version }) });
  const isFatal = conf.diagnostics.some(({ severity }) => severity === "fatal");
  if (isFatal || host === null) return { conf, diagnostics: conf.diagnostics };
  return { conf, diagnostics: [...conf.diagnostics, ...resolveAgainstHost(conf, host)] };
}
