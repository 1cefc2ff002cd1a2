/** A host's keepalived configuration, judged as keepalived would on that host. */
import type { ConfFiles } from "../../guest/keepalived/conf/files.ts";
import { resolveAgainstHost } from "../../guest/keepalived/conf/host.ts";
import type { ConfDiagnostic, KeepalivedConf } from "../../guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../../guest/keepalived/conf/parse.ts";
import { linkLocalOfMac } from "../../wire/address.ts";
import type { Machine } from "./read-hosts.ts";

export interface GuestConf {
  readonly conf: KeepalivedConf;
  /** Those of the text, then those of the text on this host, unless keepalived would have ended before. */
  readonly diagnostics: readonly ConfDiagnostic[];
}

/**
 * `path` names the text in messages. `machine` null: the host's own part of the scenario is broken, so what depends on
 * its vNICs is not judged.
 */
export function readGuestConf(
  path: string,
  text: string,
  hostName: string,
  machine: Machine | null,
  files: ConfFiles,
): GuestConf {
  const conf = parseKeepalivedConf(path, text, files, { configId: hostName });
  const isFatal = conf.diagnostics.some(({ severity }) => severity === "fatal");
  if (isFatal || machine === null) return { conf, diagnostics: conf.diagnostics };
  const onHost = resolveAgainstHost(conf, {
    interfaces: machine.nics.map(({ name }) => name),
    addresses: (name) =>
      machine.nics
        .filter((nic) => nic.name === name)
        .flatMap(({ addresses, mac }) => [...addresses.map(({ address }) => address), linkLocalOfMac(mac)]),
  });
  return { conf, diagnostics: [...conf.diagnostics, ...onHost] };
}
