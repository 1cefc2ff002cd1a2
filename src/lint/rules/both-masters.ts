/** What follows when two nodes do not heed each other's adverts, whatever the reason. */
import { formatSeconds } from "../../base/units.ts";
import { formatIp } from "../../wire/address.ts";
import { listedAddresses } from "./address-lists.ts";
import type { OddPair } from "./one-router.ts";
import { takeoverNs } from "./priorities.ts";

/** `3.609 s after its start vm-b is master beside vm-a, and both hold 10.0.1.50`. */
export function bothMasters({ odd, usual }: OddPair): string {
  const theirs = new Set(usual.instance.addresses.map(({ address }) => formatIp(address)));
  const shared = odd.instance.addresses.filter(({ address }) => theirs.has(formatIp(address)));
  const holding = shared.length === 0 ? "" : `, and both hold ${listedAddresses(shared)}`;
  return `${formatSeconds(takeoverNs(odd, odd))} after its start ${odd.node.name} is master beside ${usual.node.name}${holding}`;
}
