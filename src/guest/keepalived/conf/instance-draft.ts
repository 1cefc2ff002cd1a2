/** A `vrrp_instance` while it is read: what its lines say, null where they say nothing. */

import type { Position } from "../../../text/config-error.ts";
import type { IpAddress } from "../../../text/ip-text.ts";
import type { Findings } from "./findings.ts";
import { type GarpSettings, NO_GARP_SETTINGS } from "./garp-settings.ts";
import type { Draft } from "./keywords.ts";
import type { ConfDiagnostic, Tracker, UnicastPeer, VirtualAddress } from "./model.ts";
import { type NotifyDraft, newNotifyDraft } from "./notify.ts";

export interface InstanceDraft extends Draft, GarpSettings {
  readonly position: Position;
  state: "MASTER" | "BACKUP" | null;
  interface: string | null;
  vrid: number | null;
  priority: number | null;
  /** Decided by the first address that is read; 0 before. */
  family: 0 | 4 | 6;
  version: 2 | 3 | null;
  advertIntervalUs: number | null;
  nopreempt: boolean;
  preemptDelayUs: number;
  lowerPrioNoAdvert: boolean | null;
  higherPrioSendAdvert: boolean | null;
  authType: "PASS" | "AH" | null;
  authPass: Uint8Array | null;
  readonly addresses: VirtualAddress[];
  readonly excludedAddresses: VirtualAddress[];
  /** Some keyword about unicast is there. */
  unicastConfigured: boolean;
  readonly unicastPeers: UnicastPeer[];
  unicastSourceIp: IpAddress | null;
  mcastSourceIp: IpAddress | null;
  /** Whichever of the two came last. */
  sourceIp: IpAddress | null;
  unicastTtl: number | null;
  checkUnicastSource: boolean;
  unicastFaultNoPeer: boolean;
  trackSourceIp: boolean;
  mcastDestination: IpAddress | null;
  skipCheckAdvAddr: boolean;
  v3ChecksumAsV2: boolean | null;
  ownerIgnoreAdverts: boolean | null;
  /** `no_virtual_ipaddress`: it is meant to have none. */
  noVirtualIpaddress: boolean;
  strict: boolean | null;
  useVmac: boolean;
  useIpvlan: boolean;
  /** `use_ipvlan` names an address. */
  ipvlanAddress: boolean;
  vmacName: string | null;
  vmacAddress: Uint8Array | null;
  vmacXmitBase: boolean;
  dontTrackPrimary: boolean;
  readonly trackInterfaces: Map<string, Tracker>;
  readonly trackScripts: Map<string, Tracker>;
  readonly trackFiles: Map<string, Tracker>;
  readonly trackProcesses: Map<string, Tracker>;
  readonly trackBfds: Map<string, Tracker>;
  /** `garp_extra_if`, seconds; null: not written. */
  garpExtraS: number | null;
  garpExtraAll: boolean;
  accept: boolean | null;
  promoteSecondaries: boolean;
  readonly notify: NotifyDraft;
}

export function newInstanceDraft(name: string, position: Position): InstanceDraft {
  const draft: InstanceDraft = {
    ...NO_GARP_SETTINGS,
    name,
    position,
    keys: new Map(),
    mistakes: new Map(),
    cutShort: (mistake) => {
      if (draft.vrid === null || draft.interface === null) mistake.severity = "fatal";
    },
    state: null,
    interface: null,
    vrid: null,
    priority: null,
    family: 0,
    version: null,
    advertIntervalUs: null,
    nopreempt: false,
    preemptDelayUs: 0,
    lowerPrioNoAdvert: null,
    higherPrioSendAdvert: null,
    authType: null,
    authPass: null,
    addresses: [],
    excludedAddresses: [],
    unicastConfigured: false,
    unicastPeers: [],
    unicastSourceIp: null,
    mcastSourceIp: null,
    sourceIp: null,
    unicastTtl: null,
    checkUnicastSource: false,
    unicastFaultNoPeer: false,
    trackSourceIp: false,
    mcastDestination: null,
    skipCheckAdvAddr: false,
    v3ChecksumAsV2: null,
    ownerIgnoreAdverts: null,
    noVirtualIpaddress: false,
    strict: null,
    useVmac: false,
    useIpvlan: false,
    ipvlanAddress: false,
    vmacName: null,
    vmacAddress: null,
    vmacXmitBase: false,
    dontTrackPrimary: false,
    trackInterfaces: new Map(),
    trackScripts: new Map(),
    trackFiles: new Map(),
    trackProcesses: new Map(),
    trackBfds: new Map(),
    garpExtraS: null,
    garpExtraAll: false,
    accept: null,
    promoteSecondaries: false,
    notify: newNotifyDraft(),
  };
  return draft;
}

/** Where a key's value stands, or the instance's name if the key does not. */
export function placeOf({ keys, position }: InstanceDraft, key: string): Position {
  const { file, line, column } = keys.get(key) ?? position;
  return { file, line, column };
}

/**
 * Reports what is missing at the end of an instance: by raising the mistake that was reported for `key` already, or in
 * keepalived's words where none was, or none but a warning.
 */
export function reportMissing(
  draft: InstanceDraft,
  key: string,
  missing: Pick<ConfDiagnostic, "severity" | "code" | "message"> & { readonly hint: string },
  findings: Findings,
): void {
  const { severity, code, message, hint } = missing;
  const mistake = draft.mistakes.get(key);
  if (mistake !== undefined && mistake.severity !== "warning") {
    if (severity === "fatal") mistake.severity = severity;
    return;
  }
  if (mistake !== undefined) findings.withdraw(mistake);
  const at = mistake ?? placeOf(draft, key);
  if (severity === "fatal") findings.fatal(code, at, message, mistake?.hint ?? hint);
  else findings.error(code, at, message, mistake?.hint ?? hint);
}
