/** What a probe's settings mean on the host that it asks from. */
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import type { ProbeOptions } from "../host/probe.ts";
import { prefixContains } from "../text/ip-text.ts";
import { addressOf, durationNs, type ProbeSettings, refusal } from "./options.ts";
import type { Subnet } from "./subnet.ts";

/** A ConfigError if that cannot be. `nowNs`: when it begins unless its settings say so. */
export function planProbe(
  name: string,
  options: ProbeSettings,
  host: Host,
  subnetOf: (nic: Nic) => Subnet,
  nowNs: number,
): ProbeOptions {
  const to = addressOf(options.to, `probe ${name}`);
  const nic = host.nics.find((candidate) => subnetOf(candidate).prefixes.some((prefix) => prefixContains(prefix, to)));
  if (nic === undefined)
    throw refusal(
      `probe ${name}: ${options.to} is in no subnet of ${options.from}`,
      "probe an address of the client's subnet",
    );
  const everyNs = durationNs(options.every, `interval of probe ${name}`);
  if (everyNs === 0) throw refusal(`probe ${name} has no pause between questions`, "write every: 10ms");
  return {
    name,
    nic,
    to,
    kind: options.kind ?? "icmp",
    everyNs,
    fromNs: durationNs(options.start ?? nowNs, `start of probe ${name}`),
    untilNs: options.end === undefined ? Number.POSITIVE_INFINITY : durationNs(options.end, `end of probe ${name}`),
  };
}
