/**
 * Plans vNICs before any is built: MAC addresses, IP addresses and prefixes, and that nobody else has them. So what is refused leaves
 * nothing behind.
 */
import type { LocalAddress } from "../host/nic.ts";
import { formatIp, isLinkLocal6 } from "../wire/address.ts";
import { MacBook } from "./mac-book.ts";
import { type HostOptions, macOf, type NicOptions, prefixesOf, refusal } from "./options.ts";
import { prefixAround, type Subnet } from "./subnet.ts";

/** A NIC that may be built as it is. */
export interface NicPlan {
  readonly name: string;
  readonly subnet: Subnet;
  /** Undefined: the subnet's only one. */
  readonly switch: string | undefined;
  readonly mac: Uint8Array;
  readonly addresses: readonly LocalAddress[];
}

export class NicPlanner {
  readonly #macs = new MacBook();
  /** `host.nic` of every address in use, by subnet and address. */
  readonly #owners = new Map<string, string>();

  /** A ConfigError if something of it cannot be, or is another's. */
  plan(host: string, name: string, subnet: Subnet, options: NicOptions): NicPlan {
    const { mac: macText, address = [] } = options;
    const label = `${host}.${name}`;
    const mac = macText === undefined ? this.#macs.derive(host, name) : macOf(macText, `MAC of ${label}`);
    if (macText !== undefined && this.#macs.claim(mac, label) !== null) {
      throw refusal(`the MAC of ${label} is another NIC's`, "MAC addresses are unique");
    }
    const addresses = prefixesOf(address, `address of ${label}`).map(({ address: ip, length }) => {
      if (isLinkLocal6(ip)) return { ip, prefixLength: length < 128 ? length : 64 };
      const prefix = prefixAround(subnet, ip, label);
      const owner = this.#owners.get(`${subnet.name} ${formatIp(ip)}`);
      if (owner !== undefined)
        throw refusal(`${formatIp(ip)} of ${label} is ${owner}'s already`, "addresses are unique");
      return { ip, prefixLength: length < ip.length * 8 ? length : prefix.length };
    });
    return { name, subnet, switch: options.switch, mac, addresses };
  }

  /** The plan has been carried out: its addresses are taken. */
  built(host: string, { name, subnet, addresses }: NicPlan): void {
    for (const { ip } of addresses) this.#owners.set(`${subnet.name} ${formatIp(ip)}`, `${host}.${name}`);
  }
}

/** The one NIC that a host without `nics` has. */
export function onlyNic(name: string, options: HostOptions): NicOptions {
  const { subnet, switch: at, mac, address } = options;
  if (subnet === undefined)
    throw refusal(`host ${name} is in no subnet`, 'give it one: { subnet: "app", address: "10.0.1.11" }');
  return {
    subnet,
    ...(at === undefined ? {} : { switch: at }),
    ...(mac === undefined ? {} : { mac }),
    ...(address === undefined ? {} : { address }),
  };
}
