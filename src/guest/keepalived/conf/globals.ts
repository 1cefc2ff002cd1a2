/**
 * `global_defs`. keepalived's parent reads it before anything else, wherever it stands: instances see all of it.
 */

import type { IpAddress } from "../../../text/ip-text.ts";
import { parseIp } from "../../../text/ip-text.ts";
import { ACCEPTED_GLOBALS } from "./accepted-globals.ts";
import { type GarpSettings, garpKeywords, NO_GARP_SETTINGS } from "./garp-settings.ts";
import { MUST_ALL, MUST_MATCH, MUST_MATCH_BRACES, MUST_MATCH_WILDCARD, MUST_READ } from "./includes.ts";
import { placesOf } from "./key-places.ts";
import {
  type Draft,
  flag,
  items,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  newDraft,
  number,
  optional,
  readNumber,
  truth,
  value,
} from "./keywords.ts";
import type { GlobalDefs } from "./model.ts";
import { readInteger, readMicroseconds, readUnsigned, UINT_MAX } from "./values.ts";

export interface GlobalDraft extends Draft, GarpSettings {
  routerId: string | null;
  version: 2 | 3;
  garpIntervalUs: number;
  gnaIntervalUs: number;
  lowerPrioNoAdvert: boolean;
  higherPrioSendAdvert: boolean;
  mcastGroup4: IpAddress;
  mcastGroup6: IpAddress;
  skipCheckAdvAddr: boolean;
  checkUnicastSource: boolean;
  v3ChecksumAsV2: boolean;
  ownerIgnoreAdverts: boolean;
  strict: boolean;
  garpExtraS: number;
  garpExtraAll: boolean;
  startupDelayUs: number | null;
  dynamicInterfaces: boolean;
  defaultInterface: string;
  enableScriptSecurity: boolean;
  scriptUser: string | null;
  notifyFifo: string | null;
  vrrpNotifyFifo: string | null;
  vmacPrefix: string;
}

/** RFC 5798 section 5.1.1.2 and 5.1.2.2. */
const VRRP_GROUP4 = Uint8Array.of(224, 0, 0, 18);
const VRRP_GROUP6 = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12);

/** keepalived's own defaults. */
const GARP_MASTER_DELAY_S = 5;
const GARP_MASTER_REPEAT = 5;
const GARP_MASTER_REFRESH_S = 0;
const GARP_MASTER_REFRESH_REPEAT = 1;
const DOWN_TIMER_ADVERTS = 3;

export function newGlobalDraft(): GlobalDraft {
  return {
    ...NO_GARP_SETTINGS,
    ...newDraft("global_defs"),
    routerId: null,
    version: 2,
    garpIntervalUs: 0,
    gnaIntervalUs: 0,
    lowerPrioNoAdvert: false,
    higherPrioSendAdvert: false,
    mcastGroup4: VRRP_GROUP4,
    mcastGroup6: VRRP_GROUP6,
    skipCheckAdvAddr: false,
    checkUnicastSource: false,
    v3ChecksumAsV2: false,
    ownerIgnoreAdverts: false,
    strict: false,
    garpExtraS: 0,
    garpExtraAll: false,
    startupDelayUs: null,
    dynamicInterfaces: false,
    defaultInterface: "eth0",
    enableScriptSecurity: false,
    scriptUser: null,
    notifyFifo: null,
    vrrpNotifyFifo: null,
    vmacPrefix: "vrrp",
  };
}

/** All that `global_defs` says, with keepalived's defaults. */
export function completeGlobals(draft: GlobalDraft): GlobalDefs {
  const delayS = draft.garpMasterDelayS ?? GARP_MASTER_DELAY_S;
  const repeat = draft.garpMasterRepeat ?? GARP_MASTER_REPEAT;
  return {
    routerId: draft.routerId,
    version: draft.version,
    downTimerAdverts: draft.downTimerAdverts ?? DOWN_TIMER_ADVERTS,
    garpMasterDelayNs: delayS * 1e9,
    garpMasterRepeat: repeat,
    garpMasterRefreshNs: (draft.garpMasterRefreshS ?? GARP_MASTER_REFRESH_S) * 1e9,
    garpMasterRefreshRepeat: draft.garpMasterRefreshRepeat ?? GARP_MASTER_REFRESH_REPEAT,
    garpLowerPrioDelayNs: (draft.garpLowerPrioDelayS ?? delayS) * 1e9,
    garpLowerPrioRepeat: draft.garpLowerPrioRepeat ?? repeat,
    garpIntervalNs: draft.garpIntervalUs * 1e3,
    gnaIntervalNs: draft.gnaIntervalUs * 1e3,
    lowerPrioNoAdvert: draft.lowerPrioNoAdvert,
    higherPrioSendAdvert: draft.higherPrioSendAdvert,
    mcastGroup4: draft.mcastGroup4,
    mcastGroup6: draft.mcastGroup6,
    skipCheckAdvAddr: draft.skipCheckAdvAddr,
    checkUnicastSource: draft.checkUnicastSource,
    v3ChecksumAsV2: draft.v3ChecksumAsV2,
    ownerIgnoreAdverts: draft.ownerIgnoreAdverts,
    strict: draft.strict,
    garpExtraS: draft.garpExtraS,
    garpExtraAll: draft.garpExtraAll,
    startupDelayNs: draft.startupDelayUs === null ? null : draft.startupDelayUs * 1e3,
    dynamicInterfaces: draft.dynamicInterfaces,
    defaultInterface: draft.defaultInterface,
    enableScriptSecurity: draft.enableScriptSecurity,
    scriptUser: draft.scriptUser,
    notifyFifo: draft.notifyFifo,
    vrrpNotifyFifo: draft.vrrpNotifyFifo,
    keys: placesOf(draft),
  };
}

/** One gratuitous ARP and no repetition, for what still has keepalived's default, whether written or not. */
function setMinimalGarp(draft: GlobalDraft, on: boolean): void {
  if (!on) return;
  if ((draft.garpMasterRepeat ?? GARP_MASTER_REPEAT) === GARP_MASTER_REPEAT) draft.garpMasterRepeat = 1;
  if ((draft.garpMasterRefreshRepeat ?? GARP_MASTER_REFRESH_REPEAT) === GARP_MASTER_REFRESH_REPEAT)
    draft.garpMasterRefreshRepeat = 0;
  if ((draft.garpMasterDelayS ?? GARP_MASTER_DELAY_S) === GARP_MASTER_DELAY_S) draft.garpMasterDelayS = 0;
}

function text(set: (draft: GlobalDraft, text: string) => void, missing: string, words = 1): LineKeyword<GlobalDraft> {
  return optional((draft, given, { findings }) => {
    const word = given[1];
    if (word === undefined) findings.error("missing-parameter", given[0]!, missing, `${given[0]!.text} needs a value`);
    else set(draft, word.text);
  }, words);
}

/** 0 is what holds without it, and is refused all the same: many a configuration that ships with a distribution has it. */
function interval(key: string, field: "garpIntervalUs" | "gnaIntervalUs"): LineKeyword<GlobalDraft> {
  return value((draft, words, context) => {
    const word = words[1]!;
    const invalid = `${key} '${word.text}' is invalid`;
    const zero = readMicroseconds(word.text, 0, 0);
    if (zero.usable && zero.problem === null) {
      context.findings.error("zero-interval", word, invalid);
      return;
    }
    const read = readNumber(
      word,
      readMicroseconds(word.text, 1, UINT_MAX),
      context,
      invalid,
      "seconds, from 0.000001 on",
    );
    if (read.usable) draft[field] = read.value;
  });
}

function group(key: string, family: 4 | 6): LineKeyword<GlobalDraft> {
  return value((draft, words, { findings }) => {
    const word = words[1]!;
    const address = parseIp(word.text);
    const octets = family === 4 ? 4 : 16;
    const multicast = address !== null && (family === 4 ? address[0]! >> 4 === 14 : address[0] === 0xff);
    const problem =
      address === null
        ? `Can't parse ${key} [${word.text}]. Skipping`
        : address.length !== octets
          ? `${key} [${word.text}] is not IPv${family}. Skipping`
          : multicast
            ? null
            : `${key} [${word.text}] is not multicast. Skipping`;
    if (problem !== null || address === null)
      findings.error("invalid-address", word, problem ?? "", family === 4 ? "as 224.0.0.18" : "as ff02::12");
    else if (family === 4) draft.mcastGroup4 = address;
    else {
      if ((address[1]! & 0x0f) !== 2)
        findings.error("invalid-address", word, `${key} [${word.text}] should be link-local multicast.`, "as ff02::12");
      draft.mcastGroup6 = address;
    }
  });
}

/** A day. */
const GARP_EXTRA_MAX_S = 86_400;

const garpExtraIf: LineKeyword<GlobalDraft> = optional((draft, words, context) => {
  const key = words[0]!.text;
  const { findings } = context;
  if (key === "vrrp_vmac_garp_intvl")
    findings.error(
      "deprecated",
      words[0]!,
      'Keyword "vrrp_vmac_garp_intvl" is deprecated - please use "vrrp_garp_extra_if"',
    );
  let seconds = 0;
  for (const word of words.slice(1)) {
    if (word.text === "all") {
      draft.garpExtraAll = true;
      continue;
    }
    const read = readUnsigned(word.text, 1, GARP_EXTRA_MAX_S, true);
    readNumber(
      word,
      read,
      context,
      `${key} '${word.text}' invalid - ignoring`,
      `whole seconds, 1 to ${GARP_EXTRA_MAX_S}`,
    );
    if (!read.usable) return;
    seconds = read.value;
  }
  if (seconds === 0) findings.error("missing-parameter", words[0]!, `${key} specified without time - ignoring`);
  else draft.garpExtraS = seconds;
}, 2);

const INCLUDE_DUTIES: Readonly<Record<string, number>> = {
  read: MUST_READ,
  match: MUST_MATCH,
  wildcard_match: MUST_MATCH_WILDCARD,
  brace_match: MUST_MATCH_BRACES,
};

/** `include_check [read | match | wildcard_match | brace_match] [+… | -…]`: what includes must find from here on. */
const includeCheck: LineKeyword<GlobalDraft> = {
  ...optional<GlobalDraft>((_, words, { reader, findings }) => {
    if (words.length === 1) reader.includeCheck = MUST_ALL;
    for (const [index, word] of words.slice(1).entries()) {
      const sign = /^[+-]/.exec(word.text)?.[0] ?? "";
      const duty = INCLUDE_DUTIES[word.text.slice(sign.length)];
      if (sign === "" && index > 0)
        findings.error("invalid-value", word, `Duplicate include_check '${word.text}' specified - ignoring`);
      else if (duty === undefined)
        findings.error(
          "invalid-value",
          word,
          `Unknown include_check type '${word.text.slice(sign.length)}' - ignoring`,
          Object.keys(INCLUDE_DUTIES).join(", "),
        );
      else if (sign === "") reader.includeCheck = MUST_READ | duty;
      else if (sign === "+") reader.includeCheck |= duty;
      else reader.includeCheck &= ~duty;
    }
  }, 8),
  repeats: true,
};

export const GLOBAL_KEYWORDS: KeywordTable<GlobalDraft> = keywordTable<GlobalDraft>({
  ...ACCEPTED_GLOBALS,
  ...garpKeywords<GlobalDraft>("vrrp_", () => ""),
  router_id: text((draft, id) => {
    draft.routerId = id;
  }, "routerid name missing - ignoring"),
  vrrp_version: number({
    read: (word) => readInteger(word, 2, 3),
    set: (draft, version) => {
      draft.version = version === 3 ? 3 : 2;
    },
    invalid: () => "VRRP Error: Version must be either 2 or 3",
    hint: "2 or 3",
  }),
  vrrp_garp_interval: interval("vrrp_garp_interval", "garpIntervalUs"),
  vrrp_gna_interval: interval("vrrp_gna_interval", "gnaIntervalUs"),
  vrrp_min_garp: truth(setMinimalGarp, () => "Invalid value for vrrp_min_garp specified"),
  vrrp_lower_prio_no_advert: truth(
    (draft, on) => {
      draft.lowerPrioNoAdvert = on;
    },
    () => "Invalid value for vrrp_lower_prio_no_advert specified",
  ),
  vrrp_higher_prio_send_advert: truth(
    (draft, on) => {
      draft.higherPrioSendAdvert = on;
    },
    () => "Invalid value for vrrp_higher_prio_send_advert specified",
  ),
  vrrp_mcast_group4: group("vrrp_mcast_group4", 4),
  vrrp_mcast_group6: group("vrrp_mcast_group6", 6),
  vrrp_skip_check_adv_addr: flag((draft) => {
    draft.skipCheckAdvAddr = true;
  }),
  vrrp_check_unicast_src: flag((draft) => {
    draft.checkUnicastSource = true;
  }),
  v3_checksum_as_v2: truth(
    (draft, on) => {
      draft.v3ChecksumAsV2 = on;
    },
    (_, text) => `Invalid value '${text}' for global v3_checksum_as_v2 specified`,
  ),
  vrrp_owner_ignore_adverts: truth(
    (draft, on) => {
      draft.ownerIgnoreAdverts = on;
    },
    (_, text) => `Invalid value '${text}' for global vrrp_owner_ignore_adverts specified`,
  ),
  vrrp_strict: flag((draft) => {
    draft.strict = true;
  }),
  vrrp_startup_delay: number({
    read: (word) => readMicroseconds(word, 1_000, UINT_MAX),
    set: (draft, us) => {
      draft.startupDelayUs = us;
    },
    invalid: (_, word) => `vrrp_startup_delay '${word}' is invalid`,
    hint: "seconds, from 0.001 on",
  }),
  dynamic_interfaces: optional((draft, words, { findings }) => {
    draft.dynamicInterfaces = true;
    const option = words[1];
    if (option !== undefined && option.text !== "allow_if_changes")
      findings.error("invalid-value", option, `Unknown dynamic_interfaces option '${option.text}'`, "allow_if_changes");
  }),
  default_interface: text((draft, name) => {
    draft.defaultInterface = name;
  }, "default_interface requires interface name"),
  enable_script_security: flag((draft) => {
    draft.enableScriptSecurity = true;
  }),
  script_user: text(
    (draft, user) => {
      draft.scriptUser = user;
    },
    "No script username specified",
    2,
  ),
  notify_fifo: text(
    (draft, path) => {
      draft.notifyFifo = path;
    },
    "No notify_fifo name specified",
    3,
  ),
  vrrp_notify_fifo: text(
    (draft, path) => {
      draft.vrrpNotifyFifo = path;
    },
    "No vrrp_notify_fifo name specified",
    3,
  ),
  vmac_prefix: value((draft, words) => {
    draft.vmacPrefix = words[1]!.text;
  }),
  vrrp_garp_extra_if: garpExtraIf,
  vrrp_vmac_garp_intvl: garpExtraIf,
  notification_email: items(() => {}),
  include_check: includeCheck,
});
