/**
 * The MAC addresses of a scenario. Those that the file gives are noted first; a vNIC without one gets a locally
 * administered address derived from its names, so that the same file has the same addresses on every machine and adding a
 * host changes nobody else's.
 */
import { Prng } from "../base/prng.ts";
import { formatMac } from "../wire/address.ts";

export class MacBook {
  /** Address text to whose it is. */
  readonly #owners = new Map<string, string>();

  /** Notes a given address. Whose it is already, or null if it was free or the owner's own. */
  claim(mac: Uint8Array, owner: string): string | null {
    const text = formatMac(mac);
    const earlier = this.#owners.get(text);
    if (earlier !== undefined && earlier !== owner) return earlier;
    this.#owners.set(text, owner);
    return null;
  }

  /** 02 and five octets drawn from the names; the next draw if that one is taken. */
  derive(host: string, nic: string): Uint8Array {
    const draws = new Prng(0, `mac of ${host}.${nic}`);
    for (;;) {
      const high = draws.nextInt32();
      const mac = Uint8Array.of(0x02, high >>> 24, high >>> 16, high >>> 8, high, draws.nextInt32());
      if (this.claim(mac, `${host}.${nic}`) === null) return mac;
    }
  }
}
