/** `virtual_server ADDRESS PORT | fwmark N | group NAME`: a service of LVS. Its own lines; `virtual-server-rules.ts` has what follows from all. */
import { formatIp } from "../../../../wire/address.ts";
import { readBlock } from "../blocks.ts";
import type { Context } from "../context.ts";
import {
  ANY_WORDS,
  block,
  flag,
  type Keyword,
  type KeywordTable,
  keywordTable,
  missingParameter,
  newDraft,
  optional,
  value,
} from "../keywords.ts";
import type { Word } from "../statement.ts";
import { readUnsigned, UINT_MAX } from "../values.ts";
import { readForwarding } from "./forwarding.ts";
import { command, count, named, timer, truthOf } from "./keywords.ts";
import { newRealServer, REAL_SERVER_KEYWORDS, WEIGHT_MAX } from "./real-server.ts";
import { leadingAddress, readEndpoint, readPort, type VirtualServerDraft } from "./servers.ts";

const SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos"];
/** LVS_MAX_TIMEOUT: 31 days. */
const PERSISTENCE_MAX_S = 86_400 * 31;
/** IP_VS_PENAME_MAXLEN. */
const ENGINE_NAME_MAX = 16;

/** The server of the words behind `virtual_server`; null if keepalived skips the block, which is reported. */
export function newVirtualServer(words: readonly Word[], context: Context): VirtualServerDraft | null {
  const { findings } = context;
  const [keyword, first, second] = words;
  const draft = (
    identity: Pick<VirtualServerDraft, "endpoint" | "fwmark" | "group" | "family">,
  ): VirtualServerDraft => ({
    ...identity,
    ...newDraft("virtual_server"),
    position: first!,
    forwarding: null,
    scheduler: null,
    protocol: "none",
    isPersistent: false,
    onePacket: false,
    haSuspend: false,
    inhibit: false,
    weight: 1,
    quorum: 1,
    hysteresis: 0,
    sorry: null,
    notifies: new Set(),
    real: [],
  });
  if (first === undefined) {
    missingParameter(keyword!, "virtual_server 10.0.1.50 80 {", context);
    return null;
  }
  if (second === undefined && (first.text === "group" || first.text === "fwmark")) {
    const message = `virtual_server ${first.text} has no ${first.text === "group" ? "name" : "number"}`;
    findings.error("missing-parameter", first, message, "keepalived's checkers crash over this line, again and again");
    return null;
  }
  if (first.text === "group") return draft({ endpoint: null, fwmark: null, group: second!.text, family: 0 });
  if (first.text === "fwmark") {
    const { value: fwmark, problem } = readUnsigned(second!.text, 0, UINT_MAX, true);
    if (problem === null) return draft({ endpoint: null, fwmark, group: null, family: 0 });
    const message = `virtual server fwmark '${second!.text}' must be in [0, ${UINT_MAX}] - ignoring`;
    findings.error("invalid-number", second!, message, problem);
    return null;
  }
  const endpoint = readEndpoint(first, second);
  if (endpoint !== null)
    return draft({ endpoint, fwmark: null, group: null, family: endpoint.address.length === 4 ? 4 : 6 });
  const port = second === undefined || /^0*$/.test(second.text) ? undefined : second;
  const isPort = port !== undefined && readPort(port.text) === null;
  const what = port === undefined ? ` ${first.text}` : `/port ${first.text}/${port.text}`;
  const message = `Invalid virtual server IP address${what} - skipping`;
  findings.error(
    "invalid-address",
    isPort ? port : first,
    message,
    isPort ? "a port from 1 to 65535" : "as 10.0.1.50 80",
  );
  return null;
}

const schedulerFlag = (scheduler: string | null): Keyword<VirtualServerDraft> =>
  flag((draft, keyword, { findings }) => {
    if (keyword.text === "ops") draft.onePacket = true;
    else if (scheduler !== null && draft.scheduler !== "sh" && draft.scheduler !== "mh") {
      const message = `${keyword.text} only applies to sh scheduler - ignoring`;
      findings.error("invalid-value", keyword, message, `lb_algo ${scheduler} before it`);
    }
  });

const scheduler: Keyword<VirtualServerDraft> = value((draft, words, { findings }) => {
  const word = words[1]!;
  if (SCHEDULERS.includes(word.text)) draft.scheduler = word.text;
  else {
    const message = `Invalid lvs_scheduler '${word.text}' - ignoring`;
    draft.mistakes.set("scheduler", findings.error("invalid-value", word, message, SCHEDULERS.join(", ")));
  }
});

const method: Keyword<VirtualServerDraft> = value((draft, words, context) => {
  const forwarding = readForwarding(words, "virtual", context);
  if (forwarding !== null) draft.forwarding = forwarding;
  else draft.mistakes.set("forwarding", context.findings.list.at(-1)!);
}, ANY_WORDS);

export const VIRTUAL_SERVER_KEYWORDS: KeywordTable<VirtualServerDraft> = keywordTable<VirtualServerDraft>({
  ip_family: value((draft, words, { findings }) => {
    const word = words[1]!;
    const family = word.text === "inet" ? 4 : word.text === "inet6" ? 6 : 0;
    if (family === 0) findings.error("invalid-value", word, `unknown address family ${word.text}`, "inet or inet6");
    else if (draft.family !== 0 && draft.family !== family)
      findings.error(
        "wrong-family",
        word,
        `Virtual server specified family ${word.text} conflicts with server family`,
        draft.family === 4 ? "inet" : "inet6",
      );
    else draft.family = family;
  }),
  retry: count(1, (text) => `retry value invalid - ${text}`, undefined, { strict: true }),
  delay_before_retry: timer(0, (text) => `virtual server delay before retry '${text}' invalid - ignoring`),
  warmup: timer(0, (text) => `virtual server warmup '${text}' invalid - ignoring`),
  connect_timeout: timer(1, (text) => `virtual server connect_timeout ${text} invalid - ignoring`, UINT_MAX),
  delay_loop: timer(1, (text) => `virtual server delay loop '${text}' invalid - ignoring`),
  inhibit_on_failure: flag((draft) => {
    draft.inhibit = true;
  }),
  lb_algo: scheduler,
  lvs_sched: scheduler,
  hashed: schedulerFlag("sh"),
  ops: schedulerFlag(null),
  "flag-1": schedulerFlag(null),
  "flag-2": schedulerFlag(null),
  "flag-3": schedulerFlag(null),
  "sh-port": schedulerFlag("sh"),
  "sh-fallback": schedulerFlag("sh"),
  "mh-port": schedulerFlag("mh"),
  "mh-fallback": schedulerFlag("mh"),
  lb_kind: method,
  lvs_method: method,
  persistence_engine: value((_, words, { findings }) => {
    const word = words[1]!;
    if (word.text.length > ENGINE_NAME_MAX) {
      const message = `persistence_name too long, truncating - ${word.text}`;
      findings.error("invalid-value", word, message, `at most ${ENGINE_NAME_MAX} characters`);
    }
  }),
  persistence_timeout: optional((draft, words, { findings }) => {
    const word = words[1];
    const read = word === undefined ? null : readUnsigned(word.text, 1, PERSISTENCE_MAX_S, false);
    if (read === null || read.problem === null) draft.isPersistent = true;
    else {
      const mistake = findings.error("invalid-number", word!, "persistence_timeout invalid", read.problem);
      draft.mistakes.set("persistence", mistake);
    }
  }),
  persistence_granularity: value((draft, words, { findings }) => {
    const word = words[1]!;
    const isIpv6 = draft.family === 6 || (draft.family === 0 && !word.text.includes("."));
    const isRight = isIpv6
      ? readUnsigned(word.text, 1, 128, false).problem === null
      : leadingAddress(word.text)?.length === 4;
    if (!isRight) {
      const message = `Invalid IPv${isIpv6 ? 6 : 4} persistence_granularity specified - ${word.text}`;
      findings.error("invalid-value", word, message, isIpv6 ? "a prefix length" : "a netmask, as 255.255.255.0");
      return;
    }
    draft.family ||= isIpv6 ? 6 : 4;
    draft.isPersistent = true;
  }),
  protocol: value((draft, words, { findings }) => {
    const word = words[1]!;
    const protocol = (["tcp", "udp", "sctp"] as const).find((known) => known === word.text.toLowerCase());
    if (protocol !== undefined) draft.protocol = protocol;
    else {
      const message = `Unknown protocol ${word.text} - ignoring`;
      draft.mistakes.set("protocol", findings.error("invalid-value", word, message, "TCP, UDP or SCTP"));
    }
  }),
  ha_suspend: flag((draft) => {
    draft.haSuspend = true;
  }),
  smtp_alert: truthOf("virtual_server smtp_alert"),
  virtualhost: named("virtual server virtualhost missing"),
  snmp_name: named("virtual server snmp_name missing or extra parameters"),
  alpha: flag(() => {}),
  omega: flag(() => {}),
  quorum_up: command("quorum_up"),
  quorum_down: command("quorum_down"),
  quorum: count(
    1,
    (text) => `Quorum ${text} must be in [1, ${UINT_MAX}]. Setting to 1.`,
    (draft, quorum) => {
      draft.quorum = quorum;
    },
    {
      reset: (draft) => {
        draft.quorum = 1;
      },
    },
  ),
  hysteresis: count(
    0,
    (text) => `Hysteresis ${text} must be in [0, ${UINT_MAX}] - ignoring`,
    (draft, hysteresis) => {
      draft.hysteresis = hysteresis;
    },
  ),
  weight: count(
    1,
    (text) => `Virtual server weight ${text} is outside range 1-${WEIGHT_MAX}`,
    (draft, weight) => {
      draft.weight = weight;
    },
    { max: WEIGHT_MAX },
  ),
  sorry_server: value((draft, words, { findings }) => {
    const [, ip, port] = words;
    const endpoint = readEndpoint(ip!, port);
    if (endpoint !== null) draft.sorry = { endpoint, forwarding: draft.forwarding, inhibit: false };
    else {
      const message = `Invalid sorry server IP address ${ip!.text} - skipping`;
      draft.mistakes.set("sorry_server", findings.error("invalid-address", ip!, message, "as 10.0.1.70 80"));
    }
  }, 2),
  sorry_server_inhibit: flag((draft, keyword, { findings }) => {
    if (draft.sorry !== null) draft.sorry.inhibit = true;
    else if (!draft.mistakes.has("sorry_server"))
      findings.error(
        "sorry-server-missing",
        keyword,
        "Ignoring sorry_server inhibit used before or without sorry_server",
        "sorry_server before it",
      );
  }),
  sorry_server_lvs_method: value((draft, words, context) => {
    const { sorry, mistakes } = draft;
    if (sorry !== null) sorry.forwarding = readForwarding(words, "sorry", context) ?? sorry.forwarding;
    else if (!mistakes.has("sorry_server"))
      context.findings.error(
        "sorry-server-missing",
        words[0]!,
        "sorry_server forwarding used without sorry_server",
        "sorry_server before it",
      );
  }, ANY_WORDS),
  real_server: block((draft, words, context) => {
    const [keyword, ip, port] = words;
    if (ip === undefined) {
      missingParameter(keyword!, "real_server 10.0.1.60 80 {", context);
      return false;
    }
    const real = newRealServer(draft, ip, port, context);
    if (real === null) return false;
    readBlock(REAL_SERVER_KEYWORDS, real, context);
    const family = real.endpoint.address.length === 4 ? 4 : 6;
    if (real.forwarding === "TUN" || draft.family === 0 || draft.family === family) {
      if (real.forwarding !== "TUN") draft.family ||= family;
      draft.real.push(real);
    } else {
      const shown = formatIp(real.endpoint.address);
      const message = `Address family of virtual server and real server ${shown} don't match - skipping real server.`;
      draft.mistakes.set("real_server", context.findings.error("wrong-family", ip, message, "lvs_method TUN"));
    }
    return true;
  }),
});
