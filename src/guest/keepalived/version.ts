/**
 * Which keepalived it is. What a simulation shows differs between releases in a few places; each is a capability with a name here, and
 * nothing else compares version numbers. 2.2.7 was observed running; what later releases do otherwise was read in their sources, and has
 * not been observed.
 */

export interface KeepalivedVersion {
  /** As `keepalived -v` has it: `2.2.7`. */
  readonly name: string;
  /**
   * True: until `vrrp_startup_delay` is over adverts are not heeded. False: they are, and each that is discarded for its low priority puts
   * the takeover off by what is left of the delay.
   */
  readonly startupDelayIgnoresAdverts: boolean;
  /** With `garp_interval` every round is sent, one address after the other. Otherwise an address that waits waits once. */
  readonly pacesEveryRound: boolean;
  /** `garp_master_refresh` has a timer of its own. Otherwise the advert ticks look whether one is due. */
  readonly refreshesByTimer: boolean;
  /** An advert that lists other virtual addresses is logged and counts. Otherwise it is refused. */
  readonly acceptsOtherAddressLists: boolean;
  /** Of two owners (priority 255) the one with the lower address yields until the other is silent. Otherwise who hears another one yields for good. */
  readonly ownersCompareAddresses: boolean;
  /** Adverts may come from a `unicast_src_ip` that the host does not have. Otherwise that is a FAULT. */
  readonly sendsFromForeignAddress: boolean;
  /** A script that still runs when it is due again is left alone until the next time. Otherwise another run of it begins beside. */
  readonly skipsRunningScripts: boolean;
  /** `interval` and `timeout` of scripts may be fractions of seconds. */
  readonly hasFractionalScriptTimes: boolean;
}

/** The reference: everything that is not said otherwise was observed with this one. */
const V2_2_7: KeepalivedVersion = {
  name: "2.2.7",
  startupDelayIgnoresAdverts: false,
  pacesEveryRound: false,
  refreshesByTimer: false,
  acceptsOtherAddressLists: false,
  ownersCompareAddresses: false,
  sendsFromForeignAddress: false,
  skipsRunningScripts: false,
  hasFractionalScriptTimes: false,
};
const V2_2_8: KeepalivedVersion = { ...V2_2_7, name: "2.2.8", startupDelayIgnoresAdverts: true };
const V2_3_2: KeepalivedVersion = {
  ...V2_2_8,
  name: "2.3.2",
  pacesEveryRound: true,
  refreshesByTimer: true,
  hasFractionalScriptTimes: true,
};
const V2_3_3: KeepalivedVersion = {
  ...V2_3_2,
  name: "2.3.3",
  acceptsOtherAddressLists: true,
  ownersCompareAddresses: true,
  sendsFromForeignAddress: true,
  skipsRunningScripts: true,
};

/** Oldest first. */
const KEEPALIVED_VERSIONS: readonly KeepalivedVersion[] = [
  V2_2_7,
  V2_2_8,
  { ...V2_2_8, name: "2.3.0" },
  { ...V2_2_8, name: "2.3.1" },
  V2_3_2,
  V2_3_3,
  { ...V2_3_3, name: "2.3.4" },
];

export const KEEPALIVED_VERSION_NAMES: readonly string[] = KEEPALIVED_VERSIONS.map(({ name }) => name);

export const KEEPALIVED_DEFAULT: KeepalivedVersion = V2_2_7;

/** The version of that name; undefined if it is none that is known here. */
export function keepalivedVersion(name: string): KeepalivedVersion | undefined {
  return KEEPALIVED_VERSIONS.find((version) => version.name === name);
}

/** Whether `version` is the release `since` or a later one; `since` may be a release that is not known here, which then is a later one. */
export function isSince(version: KeepalivedVersion, since: string): boolean {
  const first = KEEPALIVED_VERSION_NAMES.indexOf(since);
  return first >= 0 && KEEPALIVED_VERSION_NAMES.indexOf(version.name) >= first;
}
