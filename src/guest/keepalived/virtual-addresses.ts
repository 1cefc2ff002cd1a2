/** The virtual addresses of one router, excluded ones last, with the NICs they live on: configured by a master, and taken off again. */
import type { Nic } from "../../host/nic.ts";
import { type IpAddress, sameIp } from "../../text/ip-text.ts";
import type { VrrpInstance } from "./conf/model.ts";

/** A virtual address and the NIC that carries it. */
export interface PlacedAddress {
  readonly ip: IpAddress;
  readonly prefixLength: number;
  readonly nic: Nic;
}

export class VirtualAddresses {
  readonly list: readonly PlacedAddress[];
  /** The NIC of those without a `dev` of their own. */
  readonly home: Nic;
  /** `no_accept`: what is addressed to them is dropped. */
  readonly #areBlocked: boolean;
  /** The router has configured them. */
  areUp = false;

  /** `virtualNic` is the macvlan of `use_vmac`, null without it. */
  constructor({ addresses, excludedAddresses, accept }: VrrpInstance, base: Nic, virtualNic: Nic | null) {
    this.#areBlocked = !accept;
    this.home = virtualNic ?? base;
    this.list = [...addresses, ...excludedAddresses].map(({ address, prefixLength, device }) => ({
      ip: address,
      prefixLength,
      nic: (device === null ? undefined : base.host.nic(device)) ?? this.home,
    }));
  }

  bringUp(): void {
    this.areUp = true;
    for (const { nic, ip, prefixLength } of this.list) {
      const { firewall } = nic.host;
      if (this.#areBlocked) firewall.block(ip);
      else firewall.unblock(ip);
      nic.addAddress(ip, prefixLength);
    }
  }

  /** Takes them off, whoever has configured them. */
  takeDown(): void {
    this.areUp = false;
    this.list.forEach(takeOff);
  }

  /** In place of those before a reload, which are up: what is in both stays. True if some have come. */
  replace(before: VirtualAddresses): boolean {
    for (const placed of before.list) if (!this.has(placed.nic, placed.ip)) takeOff(placed);
    this.bringUp();
    // Addresses that stay may be blocked now, or not any more.
    this.home.host.changed();
    return this.list.some(({ nic, ip }) => !before.has(nic, ip));
  }

  has(nic: Nic, ip: IpAddress): boolean {
    return this.list.some((placed) => placed.nic === nic && sameIp(placed.ip, ip));
  }
}

function takeOff({ nic, ip }: PlacedAddress): void {
  nic.removeAddress(ip);
  nic.host.firewall.unblock(ip);
}
