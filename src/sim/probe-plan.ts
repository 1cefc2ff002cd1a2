/** What a probe's settings mean on the host that it asks from. */
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import type { ProbeOptions, TcpProbeOptions } from "../host/probe.ts";
import { ATTEMPT_TIMEOUT_MAX_NS, ATTEMPTS_WAITING_MAX } from "../host/probe-attempts.ts";
import { prefixContains } from "../text/ip-text.ts";
import { addressOf, durationNs, integerOf, type ProbeSettings, refusal } from "./options.ts";
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
  const kind = options.kind ?? "icmp";
  return {
    name,
    nic,
    to,
    kind,
    ...(kind === "tcp" ? { tcp: planTcp(name, options, everyNs) } : {}),
    everyNs,
    fromNs: durationNs(options.start ?? nowNs, `start of probe ${name}`),
    untilNs: options.end === undefined ? Number.POSITIVE_INFINITY : durationNs(options.end, `end of probe ${name}`),
  };
}

function planTcp(name: string, options: ProbeSettings, everyNs: number): TcpProbeOptions {
  const { port = 80, connection = "new", timeout = "1s" } = options;
  integerOf(port, 1, 65_535, `port of probe ${name}`);
  const what = `timeout of probe ${name}`;
  const timeoutNs = durationNs(timeout, what);
  if (timeoutNs === 0 || timeoutNs > ATTEMPT_TIMEOUT_MAX_NS)
    throw refusal(`${what}: ${timeout} is out of range`, "more than 0, at most 127s: then Linux gives up by itself");
  if (connection === "new" && timeoutNs / everyNs > ATTEMPTS_WAITING_MAX)
    throw refusal(
      `${what}: more than ${ATTEMPTS_WAITING_MAX} attempts would wait at once`,
      "a shorter timeout, or a longer every",
    );
  return { port, connection, timeoutNs };
}
