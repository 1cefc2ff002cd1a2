/**
 * An instance once the whole file is read: defaults from `global_defs`, and the rules between its keys, in the order
 * in which keepalived applies them (`vrrp_complete_instance` of vrrp.c).
 */
import { VRRP_PRIORITY_OWNER } from "../../../wire/vrrp.ts";
import { completeAdvertInterval } from "./advert-interval.ts";
import type { Context } from "./context.ts";
import { type InstanceDraft, placeOf, reportMissing } from "./instance-draft.ts";
import { instancePlaces } from "./key-places.ts";
import type { GlobalDefs, SyncGroup, VrrpInstance } from "./model.ts";
import { keepTrackers } from "./tracker-rules.ts";
import { decideVmac } from "./vmac-rules.ts";

const PRIORITY_DEFAULT = 100;
const TTL_DEFAULT = 255;
/** Of what goes to IPv6 peers: keepalived 2.2.7 leaves it to the kernel. */
const UNICAST_HOP_LIMIT_DEFAULT = 64;
const DOWN_TIMER_ADVERTS = 3;

/** Addresses that an advert of an interface with an MTU of 1500 can carry; the count field holds 255. */
const ADDRESSES_MAX = { 4: 255, 6: 89 };

/** What `completeInstance` decides step by step; the rest stands in the draft. */
interface Decided {
  family: 4 | 6;
  version: 2 | 3;
  strict: boolean;
  state: "MASTER" | "BACKUP";
  priority: number;
}

/** Whether the instance has what keepalived insists on; without it nothing runs. */
export function hasEssentials(draft: InstanceDraft, { findings }: Context): boolean {
  const { name, vrid, interface: networkInterface } = draft;
  if (vrid === null) {
    const message = `(${name}) the virtual router id must be set`;
    const missing = { severity: "fatal", code: "missing-vrid", message, hint: "virtual_router_id 51" } as const;
    reportMissing(draft, "virtual_router_id", missing, findings);
  } else if (networkInterface === null) {
    const message = `(${name}) Unknown interface!`;
    const missing = { severity: "fatal", code: "missing-interface", message, hint: "interface eth0" } as const;
    reportMissing(draft, "interface", missing, findings);
  }
  return vrid !== null && networkInterface !== null;
}

/** Null if the instance cannot run, which is fatal. Call it only for one with its essentials. */
export function completeInstance(
  draft: InstanceDraft,
  globals: GlobalDefs,
  group: SyncGroup | undefined,
  trackStatic: readonly string[],
  context: Context,
): VrrpInstance | null {
  const decided = decideVersion(draft, globals, context);
  const runnable = checkAddresses(draft, decided, context);
  decideState(draft, decided, context);
  const authType = decideAuthentication(draft, decided, context);
  const unicast = decideCast(draft, decided, context);
  decidePreemption(draft, decided, context);
  if (!runnable || draft.vrid === null) return null;
  const { family, version, strict, state, priority } = decided;
  const garp = context.garpGroups.get(draft.interface ?? "");
  const carried = Math.min(draft.addresses.length, ADDRESSES_MAX[family]);
  return {
    name: draft.name,
    position: placeOf(draft, ""),
    keys: instancePlaces(draft, garp, globals.keys, family),
    initialState: state,
    interface: draft.interface,
    vrid: draft.vrid,
    basePriority: priority,
    family,
    version,
    advertIntervalNs: completeAdvertInterval(draft, version, context) * 1e3,
    nopreempt: draft.nopreempt,
    preemptDelayNs: draft.preemptDelayUs * 1e3,
    downTimerAdverts: decideDownTimer(draft, strict, globals, context),
    ...decideGarp(draft, strict, globals, context),
    garpIntervalNs: garp === undefined ? globals.garpIntervalNs : (garp.garpIntervalUs ?? 0) * 1e3,
    gnaIntervalNs: garp === undefined ? globals.gnaIntervalNs : (garp.gnaIntervalUs ?? 0) * 1e3,
    authPass: authType === "PASS" ? draft.authPass : null,
    authAh: authType === "AH",
    ahKey: authType === "AH" ? draft.authPass : null,
    addresses: draft.addresses.slice(0, carried),
    excludedAddresses: [...draft.excludedAddresses, ...draft.addresses.slice(carried)],
    unicastPeers: draft.unicastPeers,
    sourceIp: draft.sourceIp,
    unicastSourceIp: draft.unicastSourceIp,
    unicastTtl: decideTtl(draft.unicastTtl, unicast, family),
    checkUnicastSource: draft.checkUnicastSource || globals.checkUnicastSource,
    unicastFaultNoPeer: draft.unicastFaultNoPeer,
    trackSourceIp: draft.trackSourceIp && draft.sourceIp !== null,
    mcastSourceIp: draft.mcastSourceIp,
    mcastDestination:
      (unicast ? null : draft.mcastDestination) ?? (family === 4 ? globals.mcastGroup4 : globals.mcastGroup6),
    skipCheckAdvAddr: draft.skipCheckAdvAddr || globals.skipCheckAdvAddr,
    v3ChecksumAsV2: draft.v3ChecksumAsV2 ?? globals.v3ChecksumAsV2,
    ownerIgnoreAdverts: draft.ownerIgnoreAdverts ?? globals.ownerIgnoreAdverts,
    strict,
    ...decideVmac(draft, strict, context),
    dontTrackPrimary: draft.dontTrackPrimary,
    ...keepTrackers(draft, priority === VRRP_PRIORITY_OWNER, group, context),
    trackStatic,
    garpExtraNs: (draft.garpExtraS ?? globals.garpExtraS) * 1e9,
    garpExtraAll: draft.garpExtraAll || (draft.garpExtraS === null && globals.garpExtraAll),
    accept: decideAccept(draft, decided, context),
    notify: draft.notify,
  };
}

function decideTtl(unicastTtl: number | null, unicast: boolean, family: 4 | 6): number {
  if (unicastTtl !== null) return unicast ? unicastTtl : 0;
  return unicast && family === 6 ? UNICAST_HOP_LIMIT_DEFAULT : TTL_DEFAULT;
}

function decideVersion(draft: InstanceDraft, globals: GlobalDefs, { findings }: Context): Decided {
  const strict = draft.strict ?? globals.strict;
  const family = draft.family === 0 ? 4 : draft.family;
  let version = draft.version ?? (family === 6 ? 3 : globals.version);
  if (family === 6 && version === 2 && strict) {
    const message = `(${draft.name}) cannot use IPv6 with VRRP version 2; setting version 3`;
    findings.error("version-conflict", placeOf(draft, "version"), message, "version 3");
    version = 3;
  }
  return { family, version, strict, state: "BACKUP", priority: PRIORITY_DEFAULT };
}

/** False if the instance needs a virtual address and has none. */
function checkAddresses(draft: InstanceDraft, { family, version, strict }: Decided, { findings }: Context): boolean {
  const { name, addresses } = draft;
  const max = ADDRESSES_MAX[family];
  if (addresses.length > max) {
    const message = `(${name}) Number of VIPs (${addresses.length}) exceeds maximum/space available in packet (max ${max} addresses) - excess moved to eVIPs`;
    findings.error("too-many-addresses", addresses[max]!.position, message, "virtual_ipaddress_excluded");
  }
  if (strict && family === 6 && draft.unicastPeers.length === 0 && addresses.length > 0) {
    const first = addresses[0]!;
    if (first.address[0] !== 0xfe || (first.address[1]! & 0xc0) !== 0x80) {
      const message = `(${name}) the first IPv6 VIP address must be link local`;
      findings.error("first-not-link-local", first.position, message, "as fe80::50, before the others");
    }
  }
  if (addresses.length > 0 || draft.noVirtualIpaddress) return true;
  const fatal = version === 3 || strict;
  const message = `(${name}) No VIP specified; at least one is ${fatal ? "required" : "sensible"}`;
  const severity = fatal ? "fatal" : "error";
  const hint = "virtual_ipaddress { … }";
  reportMissing(draft, "virtual_ipaddress", { severity, code: "no-addresses", message, hint }, findings);
  return !fatal;
}

/** The state follows from the priority and the priority from the state, whichever is written. */
function decideState(draft: InstanceDraft, decided: Decided, { findings }: Context): void {
  const priority = draft.priority ?? (draft.state === "MASTER" ? VRRP_PRIORITY_OWNER : PRIORITY_DEFAULT);
  const natural = priority === VRRP_PRIORITY_OWNER ? "MASTER" : "BACKUP";
  decided.priority = priority;
  decided.state = draft.state ?? natural;
  if (!decided.strict || decided.state === natural) return;
  const message = `(${draft.name}) State MASTER must match being address owner`;
  const hint = "state MASTER with priority 255, or state BACKUP";
  findings.error("strict-conflict", placeOf(draft, "state"), message, hint);
  decided.state = natural;
}

function decideAuthentication(draft: InstanceDraft, decided: Decided, { findings }: Context): "PASS" | "AH" | null {
  const { name, authType, authPass } = draft;
  if (authType === null) return null;
  const refuse = (reason: string, hint: string) => {
    findings.error("authentication-ignored", placeOf(draft, "authentication"), `(${name}) ${reason}`, hint);
    return null;
  };
  if (decided.strict)
    return refuse("Strict mode does not support authentication. Ignoring.", "leave authentication or strict out");
  if (decided.version === 3)
    return refuse("VRRP version 3 does not support authentication. Ignoring.", "leave it out, or version 2");
  if (authPass === null || authPass[0] === 0) {
    const message = `(${name}) Authentication specified but no password given. Ignoring`;
    const hint = "auth_pass on a line of its own";
    const missing = { severity: "error", code: "authentication-ignored", message, hint } as const;
    reportMissing(draft, "auth_pass", missing, findings);
    return null;
  }
  if (authType === "PASS") return authType;
  if (decided.family === 6) return refuse("Cannot use AH authentication with IPv6. ignoring", "auth_type PASS");
  if (decided.state === "MASTER" && decided.priority !== VRRP_PRIORITY_OWNER) {
    const message = `(${name}) Initial state master is incompatible with AH authentication - clearing`;
    findings.error("state-conflict", placeOf(draft, "state"), message, "state BACKUP");
    decided.state = "BACKUP";
  }
  return authType;
}

/** Whether the adverts go to peers instead of the group. */
function decideCast(draft: InstanceDraft, { strict }: Decided, { findings }: Context): boolean {
  const { name, unicastPeers, unicastConfigured, unicastTtl, mistakes } = draft;
  const unicast = unicastPeers.length > 0;
  if (!unicast && unicastTtl !== null) {
    const message = `(${name}): Cannot use unicast_ttl without unicast peers - resetting`;
    const hint = "to 0: no advert leaves the host";
    findings.error("unicast-ttl-without-peers", placeOf(draft, "unicast_ttl"), message, hint);
  } else if (!unicast && unicastConfigured && !draft.unicastFaultNoPeer && !mistakes.has("unicast_peer")) {
    const key = ["unicast_peer", "unicast_src_ip", "check_unicast_src", "old_unicast_checksum"].find((candidate) =>
      draft.keys.has(candidate),
    );
    const message = `(${name}) A unicast keyword has been specified without any unicast peers. Defaulting to multicast. This usage is deprecated - please update your configuration.`;
    findings.error("unicast-without-peers", placeOf(draft, key ?? ""), message, "unicast_peer { … }");
  }
  if (unicast && draft.mcastDestination !== null) {
    const message = `(${name}) multicast destination specified with unicast - ignoring`;
    findings.error("unicast-conflict", placeOf(draft, "mcast_dst_ip"), message);
  }
  if (strict && draft.vmacAddress !== null) {
    const message = `(${name}): cannot specify MAC address with strict mode - clearing`;
    findings.error("strict-conflict", placeOf(draft, "use_vmac"), message);
    draft.vmacAddress = null;
  }
  return unicast;
}

function decidePreemption(draft: InstanceDraft, { state, priority, strict }: Decided, { findings }: Context): void {
  const { name } = draft;
  const nopreempt = (message: string) => {
    findings.error(
      "nopreempt-ignored",
      placeOf(draft, "nopreempt"),
      `(${name}) ${message}`,
      "state BACKUP on every node",
    );
    draft.nopreempt = false;
  };
  const delay = (message: string) => {
    findings.error("preempt-delay-ignored", placeOf(draft, "preempt_delay"), `(${name}) ${message}`);
    draft.preemptDelayUs = 0;
  };
  if (draft.nopreempt && priority === VRRP_PRIORITY_OWNER)
    nopreempt(`nopreempt is incompatible with priority ${VRRP_PRIORITY_OWNER}. resetting nopreempt`);
  if (state === "MASTER") {
    if (draft.nopreempt) nopreempt("Warning - nopreempt will not work with initial state MASTER - clearing");
    if (draft.preemptDelayUs > 0) delay("Warning - preempt delay will not work with initial state MASTER - clearing");
  }
  if (draft.preemptDelayUs > 0 && strict) delay("preempt_delay is incompatible with strict mode - resetting");
  if (draft.preemptDelayUs > 0 && draft.nopreempt)
    delay("preempt_delay is incompatible with nopreempt mode - resetting");
}

function decideDownTimer(draft: InstanceDraft, strict: boolean, globals: GlobalDefs, { findings }: Context): number {
  const adverts = draft.downTimerAdverts ?? globals.downTimerAdverts;
  if (!strict || adverts === DOWN_TIMER_ADVERTS) return adverts;
  const message = `(${draft.name}) down_timer_adverts is incompatible with strict mode - resetting`;
  findings.error("strict-conflict", placeOf(draft, "down_timer_adverts"), message, `${DOWN_TIMER_ADVERTS}`);
  return DOWN_TIMER_ADVERTS;
}

type GarpDecision = Pick<
  VrrpInstance,
  | "garpMasterDelayNs"
  | "garpMasterRepeat"
  | "garpMasterRefreshNs"
  | "garpMasterRefreshRepeat"
  | "garpLowerPrioDelayNs"
  | "garpLowerPrioRepeat"
  | "lowerPrioNoAdvert"
  | "higherPrioSendAdvert"
>;

/** Strict mode says nothing in answer to a lower advert, and nothing before it steps down. */
function decideGarp(draft: InstanceDraft, strict: boolean, globals: GlobalDefs, { findings }: Context): GarpDecision {
  const refuse = (key: string, message: string) => {
    findings.error("strict-conflict", placeOf(draft, key), `(${draft.name}) ${message}`);
  };
  if (strict) {
    if (draft.garpLowerPrioRepeat) refuse("garp_lower_prio_repeat", "Strict mode requires no repeat garps. resetting");
    if (draft.garpLowerPrioDelayS)
      refuse("garp_lower_prio_delay", "Strict mode requires no repeat garp delay. resetting");
    if (draft.lowerPrioNoAdvert === false)
      refuse("lower_prio_no_advert", "Strict mode requires no lower priority advert. resetting");
    if (draft.higherPrioSendAdvert)
      refuse("higher_prio_send_advert", "strict mode requires higher_prio_send_advert to be clear. resetting");
  }
  const ns = (seconds: number | null, otherwise: number) => (seconds === null ? otherwise : seconds * 1e9);
  return {
    garpMasterDelayNs: ns(draft.garpMasterDelayS, globals.garpMasterDelayNs),
    garpMasterRepeat: draft.garpMasterRepeat ?? globals.garpMasterRepeat,
    garpMasterRefreshNs: ns(draft.garpMasterRefreshS, globals.garpMasterRefreshNs),
    garpMasterRefreshRepeat: draft.garpMasterRefreshRepeat ?? globals.garpMasterRefreshRepeat,
    garpLowerPrioDelayNs: strict ? 0 : ns(draft.garpLowerPrioDelayS, globals.garpLowerPrioDelayNs),
    garpLowerPrioRepeat: strict ? 0 : (draft.garpLowerPrioRepeat ?? globals.garpLowerPrioRepeat),
    lowerPrioNoAdvert: strict || (draft.lowerPrioNoAdvert ?? globals.lowerPrioNoAdvert),
    higherPrioSendAdvert: !strict && (draft.higherPrioSendAdvert ?? globals.higherPrioSendAdvert),
  };
}

function decideAccept(draft: InstanceDraft, { priority, strict, version }: Decided, { findings }: Context): boolean {
  // An owner's addresses are never blocked, whatever is written.
  if (priority === VRRP_PRIORITY_OWNER) return true;
  const accept = draft.accept ?? !strict;
  if (!accept || !strict || version !== 2) return accept;
  const message = `(${draft.name}) warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting`;
  findings.error("strict-conflict", placeOf(draft, "accept"), message, "version 3, or not strict");
  return false;
}
