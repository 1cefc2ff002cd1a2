/** The keywords of `vrrp_instance`. Each does at once what it can; what needs the whole file waits for `complete.ts`. */
import type { Position } from "../../../text/config-error.ts";
import { INTERFACE_NAME_MAX, readVirtualAddress } from "./addresses.ts";
import { AUTHENTICATION_KEYWORDS } from "./authentication.ts";
import { readBlock } from "./blocks.ts";
import type { Context } from "./context.ts";
import { garpKeywords } from "./garp-settings.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import {
  block,
  flag,
  items,
  type Keyword,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  number,
  optional,
  readNumber,
  truth,
  uncheckedItems,
  value,
} from "./keywords.ts";
import { notify, notifyKeywords } from "./notify.ts";
import { mcastDestination, plainAddress, sourceAddress } from "./source-address.ts";
import type { Word } from "./statement.ts";
import { trackingKeywords } from "./trackers.ts";
import { readUnicastPeer } from "./unicast-peer.ts";
import { readInteger, readMicroseconds, readUnsigned, UINT_MAX } from "./values.ts";
import { readVmac } from "./vmac.ts";

/** TIMER_MAX_SEC of keepalived: the longest `preempt_delay`. */
const PREEMPT_DELAY_MAX_S = 1000;

/** A day. */
const GARP_EXTRA_MAX_S = 86_400;

const state: LineKeyword<InstanceDraft> = value((draft, words, { findings }) => {
  const word = words[1]!;
  if (word.text === "MASTER") draft.state = "MASTER";
  else if (word.text === "BACKUP") {
    if (draft.state === "MASTER") {
      const message = `(${draft.name}) state previously set as MASTER - ignoring BACKUP`;
      findings.error("duplicate-key", word, message, "one state line is enough");
    } else draft.state = "BACKUP";
  } else {
    draft.state = "BACKUP";
    const message = `(${draft.name}) unknown state '${word.text}', defaulting to BACKUP`;
    findings.error("invalid-value", word, message, "MASTER or BACKUP, in capitals, nothing behind it");
  }
});

const networkInterface: LineKeyword<InstanceDraft> = value((draft, words, { findings }) => {
  const word = words[1]!;
  if (word.text.length > INTERFACE_NAME_MAX) {
    const message = `Interface name '${word.text}' too long - ignoring`;
    const hint = `at most ${INTERFACE_NAME_MAX} characters`;
    draft.mistakes.set("interface", findings.error("invalid-value", word, message, hint));
  } else if (word.text === "lo") {
    draft.interface = null;
    const message = `(${draft.name}) cannot use a loopback interface (lo) for vrrp - ignoring`;
    draft.mistakes.set("interface", findings.error("invalid-value", word, message, "as eth0"));
  } else draft.interface = word.text;
});

const virtualRouterId: LineKeyword<InstanceDraft> = value((draft, words, { findings }) => {
  const word = words[1]!;
  const { value: vrid, problem } = readUnsigned(word.text, 1, 255, false);
  if (problem === null) draft.vrid = vrid;
  else {
    const message = `(${draft.name}): VRID '${word.text}' not valid - must be between 1 & 255`;
    draft.mistakes.set("virtual_router_id", findings.error("invalid-number", word, message, problem));
  }
});

const version: LineKeyword<InstanceDraft> = value((draft, words, context) => {
  const word = words[1]!;
  const { value: wanted, problem } = readInteger(word.text, 2, 3);
  const { findings } = context;
  if (problem !== null)
    findings.error("invalid-number", word, `(${draft.name}): Version must be either 2 or 3`, problem);
  else if ((draft.version !== null && draft.version !== wanted) || (wanted === 2 && draft.family === 6)) {
    const message = `(${draft.name}) vrrp_version ${wanted} conflicts with configured or deduced version ${draft.version ?? 0}; ignoring.`;
    findings.error("version-conflict", word, message, draft.family === 6 ? "IPv6 needs version 3" : "one version line");
  } else draft.version = wanted === 3 ? 3 : 2;
});

/** Anything but a number of the range is an error and leaves 0 or what was there. */
const preemptDelay: LineKeyword<InstanceDraft> = number<InstanceDraft>({
  read: (text) => readMicroseconds(text, 0, PREEMPT_DELAY_MAX_S * 1e6),
  set: (draft, us) => {
    draft.preemptDelayUs = us;
  },
  reset: (draft) => {
    draft.preemptDelayUs = 0;
  },
  invalid: ({ name }) => `(${name}) Preempt_delay not valid! must be between 0-${PREEMPT_DELAY_MAX_S}`,
  hint: `seconds, 0 to ${PREEMPT_DELAY_MAX_S}`,
});

const virtualAddresses = (excluded: boolean): Keyword<InstanceDraft> =>
  items(
    (draft, words, context) => {
      const read = readVirtualAddress(words, context);
      if ("mistake" in read) {
        draft.mistakes.set(excluded ? "virtual_ipaddress_excluded" : "virtual_ipaddress", read.mistake);
        return;
      }
      if (excluded) {
        draft.excludedAddresses.push(read.address);
        return;
      }
      const family = read.address.address.length === 4 ? 4 : 6;
      draft.family ||= family;
      if (draft.family === family) draft.addresses.push(read.address);
      else {
        const message = `(${draft.name}): address family must match VRRP instance [${words[0]!.text}] - ignoring`;
        const hint = "virtual_ipaddress_excluded takes addresses of the other family";
        draft.mistakes.set("virtual_ipaddress", context.findings.error("wrong-family", words[0]!, message, hint));
      }
    },
    { neverKeywords: true },
  );

/** A route is followed by its interface: without `dev` it cannot be, and is left out of the instance's state. */
function readRoute(_: InstanceDraft, words: readonly Word[], { findings }: Context): void {
  if (words.some(({ text }) => text === "dev" || text === "oif" || text === "no_track" || text === "nexthop")) return;
  const destination = words.find(({ text }) => /^(?:default|any|all)$|^[\da-fA-F.:]+(?:\/\d+)?$/.test(text));
  if (destination === undefined) return;
  const message = `Warning - cannot track route ${destination.text} with no interface specified, not tracking`;
  findings.error("route-not-tracked", destination, message, "dev eth0 behind it, or no_track");
}

const garpExtraIf: LineKeyword<InstanceDraft> = optional((draft, words, context) => {
  const key = words[0]!.text;
  const { findings } = context;
  if (key === "vmac_garp_intvl")
    findings.error("deprecated", words[0]!, `Keyword "${key}" is deprecated - please use "garp_extra_if"`);
  let seconds: number | null = null;
  for (const word of words.slice(1)) {
    if (word.text === "all") {
      draft.garpExtraAll = true;
      continue;
    }
    const read = readUnsigned(word.text, 0, GARP_EXTRA_MAX_S, true);
    const message = `(${draft.name}): ${key} '${word.text}' invalid - ignoring`;
    readNumber(word, read, context, message, `whole seconds, 0 to ${GARP_EXTRA_MAX_S}`);
    if (!read.usable) return;
    seconds = read.value;
  }
  if (seconds === null)
    findings.error("missing-parameter", words[0]!, `(${draft.name}): ${key} specified without time - ignoring`);
  else draft.garpExtraS = seconds;
}, 2);

export const INSTANCE_KEYWORDS: KeywordTable<InstanceDraft> = keywordTable<InstanceDraft>({
  ...garpKeywords<InstanceDraft>("", ({ name }) => `(${name}): `),
  ...trackingKeywords<InstanceDraft>(),
  ...notifyKeywords<InstanceDraft>(({ name }) => `(${name})`),
  notify_deleted: notify("notify_deleted", "deleted", ({ name }) => `(${name})`),
  notify_master_rx_lower_pri: notify("notify_master_rx_lower_pri", "masterRxLowerPriority", ({ name }) => `(${name})`),
  state,
  interface: networkInterface,
  virtual_router_id: virtualRouterId,
  priority: number({
    read: (text) => readUnsigned(text, 1, 255, false),
    set: (draft, priority) => {
      draft.priority = priority;
    },
    reset: (draft) => {
      draft.priority = 100;
    },
    invalid: ({ name }) => `(${name}) Priority not valid! must be between 1 & 255. Using default 100`,
    hint: "a whole number from 1 to 255",
  }),
  version,
  advert_int: number({
    read: (text) => readMicroseconds(text, 10_000, 255_000_000),
    set: (draft, us) => {
      draft.advertIntervalUs = us;
    },
    invalid: ({ name }, text) => `(${name}) Advert interval (${text}) not valid! Must be > 0 - ignoring`,
    hint: "seconds, 0.01 to 255",
  }),
  nopreempt: flag((draft) => {
    draft.nopreempt = true;
  }),
  preempt: flag((draft) => {
    draft.nopreempt = false;
  }),
  preempt_delay: preemptDelay,
  lower_prio_no_advert: truth(
    (draft, on) => {
      draft.lowerPrioNoAdvert = on;
    },
    ({ name }, text) => `(${name}) invalid lower_prio_no_advert ${text} specified`,
  ),
  higher_prio_send_advert: truth(
    (draft, on) => {
      draft.higherPrioSendAdvert = on;
    },
    ({ name }, text) => `(${name}) invalid higher_prio_send_advert ${text} specified`,
  ),
  authentication: block((draft, _, context) => {
    const keys = new Map<string, Position>();
    const { mistakes, cutShort } = draft;
    readBlock(AUTHENTICATION_KEYWORDS, { name: "authentication", keys, mistakes, cutShort, instance: draft }, context);
    for (const [key, at] of keys) draft.keys.set(key, at);
    return true;
  }),
  virtual_ipaddress: virtualAddresses(false),
  virtual_ipaddress_excluded: virtualAddresses(true),
  virtual_routes: uncheckedItems(readRoute),
  virtual_rules: uncheckedItems(),
  unicast_peer: items(readUnicastPeer, {
    neverKeywords: true,
    begin: (draft) => {
      draft.unicastConfigured = true;
    },
  }),
  unicast_src_ip: sourceAddress("unicastSourceIp"),
  mcast_src_ip: sourceAddress("mcastSourceIp"),
  mcast_dst_ip: mcastDestination,
  unicast_ttl: number({
    read: (text) => readUnsigned(text, 0, 255, false),
    set: (draft, ttl) => {
      draft.unicastTtl = ttl;
    },
    invalid: ({ name }, text) => `(${name}): TTL '${text}' not valid - must be between 0 & 255`,
    hint: "a whole number from 0 to 255",
  }),
  unicast_fault_no_peer: flag((draft) => {
    draft.unicastConfigured = true;
    draft.unicastFaultNoPeer = true;
  }),
  check_unicast_src: flag((draft) => {
    draft.unicastConfigured = true;
    draft.checkUnicastSource = true;
  }),
  old_unicast_checksum: optional((draft, words, { findings }) => {
    draft.unicastConfigured = true;
    const mode = words[1];
    if (mode === undefined) findings.notSimulated(words[0]!, "old_unicast_checksum");
    else if (mode.text !== "never") {
      const message = `(${draft.name}) Unknown old_unicast_chksum mode ${mode.text} - ignoring`;
      findings.error("invalid-value", mode, message, "never");
    }
  }),
  native_ipv6: flag((draft, keyword, { findings }) => {
    if (draft.family === 4) {
      const message = `(${draft.name}) Cannot specify native_ipv6 with IPv4 addresses`;
      findings.error("wrong-family", keyword, message);
      return;
    }
    draft.family = 6;
    draft.version = 3;
  }),
  track_src_ip: flag((draft) => {
    draft.trackSourceIp = true;
  }),
  use_vmac: { ...optional(readVmac, 2), repeats: true },
  use_vmac_addr: flag((_, keyword, { findings }) => {
    findings.notSimulated(keyword, "use_vmac_addr");
  }),
  vmac_xmit_base: flag((draft) => {
    draft.vmacXmitBase = true;
  }),
  use_ipvlan: optional((draft, words, { findings }) => {
    draft.useIpvlan = true;
    draft.ipvlanAddress = words.slice(1).some(({ text }) => plainAddress(text) !== null);
    findings.notSimulated(words[0]!, "use_ipvlan", "adverts and VIPs stay on the interface itself here");
  }, 4),
  vrf: value((_, words, { findings }) => {
    findings.notSimulated(words[0]!, "vrf");
  }),
  dont_track_primary: flag((draft) => {
    draft.dontTrackPrimary = true;
  }),
  promote_secondaries: flag((draft) => {
    draft.promoteSecondaries = true;
  }),
  accept: flag((draft) => {
    draft.accept = true;
  }),
  no_accept: flag((draft) => {
    draft.accept = false;
  }),
  // Version 2.2.7 sets the flag for `false` too (vrrp_parser.c).
  skip_check_adv_addr: truth(
    (draft) => {
      draft.skipCheckAdvAddr = true;
    },
    ({ name }, text) => `(${name}) invalid skip_check_adv_addr ${text} specified`,
  ),
  v3_checksum_as_v2: truth(
    (draft, on) => {
      draft.v3ChecksumAsV2 = on;
    },
    ({ name }, text) => `(${name}) invalid v3_checksum_as_v2 ${text} specified`,
  ),
  owner_ignore_adverts: truth(
    (draft, on) => {
      draft.ownerIgnoreAdverts = on;
    },
    ({ name }, text) => `(${name}) invalid owner_ignore_adverts ${text} specified`,
  ),
  no_virtual_ipaddress: flag((draft) => {
    draft.noVirtualIpaddress = true;
  }),
  timer_expired_backup: flag((_, keyword, { findings }) => {
    findings.notSimulated(keyword, "timer_expired_backup", "timers are never late here");
  }),
  strict_mode: truth(
    (draft, on) => {
      draft.strict = on;
    },
    ({ name }, text) => `(${name}) invalid strict_mode ${text} specified`,
  ),
  smtp_alert: truth(
    () => {},
    (_, text) => `Invalid vrrp_instance smtp_alert parameter ${text}`,
  ),
  notify_priority_changes: truth(
    () => {},
    ({ name }, text) => `(${name}) Invalid value '${text}' for notify_priority_changes specified`,
  ),
  debug: number({
    read: (text) => readUnsigned(text, 0, 4, true),
    set: () => {},
    invalid: ({ name }, text) => `(${name}) Debug value '${text}' not valid; must be between 0-4`,
    hint: "a whole number from 0 to 4",
  }),
  kernel_rx_buf_size: optional((draft, words, { findings }) => {
    if (words.length !== 2 || readUnsigned(words[1]!.text, 0, UINT_MAX, false).problem !== null)
      findings.error("invalid-number", words[1] ?? words[0]!, `(${draft.name}) invalid kernel_rx_buf_size specified`);
  }),
  linkbeat_use_polling: flag((draft, keyword, { findings }) => {
    const message = `(${draft.name}) 'linkbeat_use_polling' in vrrp instance deprecated - use linkbeat_interfaces block`;
    findings.error("deprecated", keyword, message, "linkbeat_interfaces { … }");
  }),
  lvs_sync_daemon_interface: value((draft, words, { findings }) => {
    const message = `(${draft.name}) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.`;
    findings.error("deprecated", words[0]!, message, "lvs_sync_daemon in global_defs");
  }),
  garp_extra_if: garpExtraIf,
  vmac_garp_intvl: garpExtraIf,
});
