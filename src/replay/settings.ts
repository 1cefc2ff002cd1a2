/** What the routers of one virtual router must agree on, and where they do not: each then drops what the other advertises, or waits wrongly. */
import { formatSpan } from "../base/units.ts";
import { formatIp } from "../wire/address.ts";
import { VRRP_AUTH_AH, VRRP_AUTH_NONE, VRRP_AUTH_PASS } from "../wire/vrrp.ts";
import type { Sender, VirtualRouterStory } from "./virtual-router-story.ts";

export type Setting = "interval" | "version" | "addresses" | "authentication";

export interface Disagreement {
  readonly about: Setting;
  /** What the last advert of each says. */
  readonly values: readonly { readonly sender: Sender; readonly value: string }[];
}

const AUTH_NAMES: ReadonlyMap<number, string> = new Map([
  [VRRP_AUTH_NONE, "none"],
  [VRRP_AUTH_PASS, "password"],
  [VRRP_AUTH_AH, "AH"],
]);

export function disagreementsOf({ senders, family }: VirtualRouterStory): Disagreement[] {
  const speaking = [...senders.values()].filter(({ adverts, farewells }) => adverts > farewells);
  const told: readonly (readonly [Setting, (sender: Sender) => string | null])[] = [
    ["interval", ({ intervalNs }) => (intervalNs === 0 ? null : formatSpan(intervalNs))],
    ["version", ({ version }) => String(version)],
    ["addresses", (sender) => addressesOf(sender, family)],
    ["authentication", authenticationOf],
  ];
  return told.flatMap(([about, tellOf]) => {
    const values = speaking.flatMap((sender) => {
      const value = tellOf(sender);
      return value === null ? [] : [{ sender, value }];
    });
    return new Set(values.map(({ value }) => value)).size > 1 ? [{ about, values }] : [];
  });
}

/** In no order, for none is required. */
function addressesOf({ listed }: Sender, family: number): string {
  const octets = family === 4 ? 4 : 16;
  const count = Math.floor(listed.length / octets);
  const texts = Array.from({ length: count }, (_, i) => formatIp(listed, i * octets, octets));
  return texts.sort().join(" ") || "none";
}

/** Version 3 has no authentication to disagree on. */
function authenticationOf({ authType }: Sender): string | null {
  return authType < 0 ? null : (AUTH_NAMES.get(authType) ?? `type ${authType}`);
}
