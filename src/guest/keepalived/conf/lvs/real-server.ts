/** `real_server ADDRESS PORT`: one of those that a virtual server hands packets to, and what checks it. */
import type { Context } from "../context.ts";
import { type KeywordTable, keywordTable, newDraft, value } from "../keywords.ts";
import type { Word } from "../statement.ts";
import { CHECKERS } from "./checkers.ts";
import { readForwarding } from "./forwarding.ts";
import { command, count, named, timer, truthOf } from "./keywords.ts";
import { type RealServerDraft, readEndpoint, readPort, type VirtualServerDraft } from "./servers.ts";

/** IPVS_WEIGHT_MAX. */
export const WEIGHT_MAX = 0x7fff_ffff;

/** Null if keepalived skips the block, which is reported. */
export function newRealServer(
  virtual: VirtualServerDraft,
  ip: Word,
  port: Word | undefined,
  { findings }: Context,
): RealServerDraft | null {
  const endpoint = readEndpoint(ip, port);
  if (endpoint === null) {
    const isPort = port !== undefined && !/^0*$/.test(port.text) && readPort(port.text) === null;
    const message = `Invalid real server ip address/port ${ip.text}/${port?.text ?? "(null)"} - skipping`;
    const hint = isPort ? "a port from 1 to 65535" : "as 10.0.1.60 80";
    virtual.mistakes.set("real_server", findings.error("invalid-address", isPort ? port : ip, message, hint));
    return null;
  }
  return {
    ...newDraft("real_server"),
    position: ip,
    endpoint,
    virtual,
    forwarding: virtual.forwarding,
    weight: null,
    inhibit: null,
    notifies: new Set(),
    bfds: new Set(),
  };
}

export const REAL_SERVER_KEYWORDS: KeywordTable<RealServerDraft> = keywordTable<RealServerDraft>({
  weight: count(
    0,
    (text) => `Real server weight ${text} is outside range 0-${WEIGHT_MAX}`,
    (draft, weight) => {
      draft.weight = weight;
    },
    { max: WEIGHT_MAX },
  ),
  lvs_method: value((draft, words, context) => {
    draft.forwarding = readForwarding(words, "real", context) ?? draft.forwarding;
  }, 8),
  uthreshold: count(0, (text) => `Invalid real_server uthreshold '${text}' - ignoring`),
  lthreshold: count(0, (text) => `Invalid real_server lthreshold '${text}' - ignoring`),
  inhibit_on_failure: truthOf("inhibit_on_failure", (draft, on) => {
    draft.inhibit = on;
  }),
  notify_up: command("notify_up"),
  notify_down: command("notify_down"),
  alpha: truthOf("alpha"),
  retry: count(1, (text) => `retry value invalid - ${text}`, undefined, { strict: true }),
  delay_before_retry: timer(0, (text) => `real server delay_before_retry '${text}' invalid - ignoring`),
  warmup: timer(0, (text) => `real server warmup '${text}' invalid - ignoring`),
  connect_timeout: timer(1, (text) => `real server connect_timeout ${text} invalid - ignoring`, 0xffff_ffff),
  delay_loop: timer(1, (text) => `real server delay_loop '${text}' invalid - ignoring`),
  smtp_alert: truthOf("real_server smtp_alert"),
  virtualhost: named("real server virtualhost missing"),
  snmp_name: named("real server snmp_name missing or extra parameters"),
  ...CHECKERS,
});
