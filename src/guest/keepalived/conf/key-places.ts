/**
 * Where values were written: for an instance the line whose value holds, which is its own, or that of its `garp_group`, or the one in `global_defs`.
 * A key that stands nowhere has no place; keepalived's default holds then.
 */

import type { Position } from "../../../text/config-error.ts";
import type { Draft } from "./keywords.ts";
import type { KeyPlaces } from "./model.ts";
import { positionOf } from "./statement.ts";

/** What an instance takes over from `global_defs`, by its own name for it; `family` decides which multicast group that is. */
const FROM_GLOBALS: readonly (readonly [key: string, global: string, family?: 4 | 6])[] = [
  ...[
    "version",
    "down_timer_adverts",
    "garp_master_delay",
    "garp_master_repeat",
    "garp_master_refresh",
    "garp_master_refresh_repeat",
    "garp_lower_prio_delay",
    "garp_lower_prio_repeat",
    "min_garp",
    "garp_interval",
    "gna_interval",
    "garp_extra_if",
    "lower_prio_no_advert",
    "higher_prio_send_advert",
    "skip_check_adv_addr",
    "owner_ignore_adverts",
  ].map((key) => [key, `vrrp_${key}`] as const),
  ["v3_checksum_as_v2", "v3_checksum_as_v2"],
  ["check_unicast_src", "vrrp_check_unicast_src"],
  ["strict_mode", "vrrp_strict"],
  ["mcast_dst_ip", "vrrp_mcast_group4", 4],
  ["mcast_dst_ip", "vrrp_mcast_group6", 6],
];

const FROM_GARP_GROUP: readonly string[] = ["garp_interval", "gna_interval"];

/** The places of a block alone: where the values of its keys stand, or the keys that have none. */
export function placesOf({ keys }: Pick<Draft, "keys">): KeyPlaces {
  return new Map([...keys].map(([key, at]) => [key, positionOf(at)]));
}

/** Those of an instance, with what it takes over. A `garp_group` hides both intervals of `global_defs`, even one that it does not set. */
export function instancePlaces(
  draft: Pick<Draft, "keys">,
  garpGroup: Pick<Draft, "keys"> | undefined,
  globals: KeyPlaces,
  family: 4 | 6,
): KeyPlaces {
  const places = new Map<string, Position>();
  for (const [key, global, only = family] of FROM_GLOBALS) {
    const at = globals.get(global);
    if (at !== undefined && only === family) places.set(key, at);
  }
  if (garpGroup !== undefined)
    for (const key of FROM_GARP_GROUP) {
      const at = garpGroup.keys.get(key);
      if (at === undefined) places.delete(key);
      else places.set(key, positionOf(at));
    }
  for (const [key, at] of draft.keys) places.set(key, positionOf(at));
  return places;
}

/** The place of the first of `keys` that is written; where none is, that of the block's name. */
export function keyPlace(
  { keys, position }: { readonly keys: KeyPlaces; readonly position: Position },
  ...names: readonly string[]
): Position {
  for (const name of names) {
    const at = keys.get(name);
    if (at !== undefined) return at;
  }
  return position;
}
