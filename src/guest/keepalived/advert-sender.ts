/**
 * Adverts on the wire: one to the group, or one to each unicast peer in the order of the list, through the host's IP stack, so that
 * the first one to a peer waits for ARP as a real one does.
 *
 * Octets as keepalived 2.2.7 sends them: TOS 0xc0 (CS6), TTL 255, no flags, an identification of its own that counts adverts
 * from 1 (`vrrp_build_ip4`).
 */
import { copyBytes, equalBytes } from "../../base/bytes.ts";
import { NO_FRAME } from "../../base/ids.ts";
import { NS_PER_CS, NS_PER_S } from "../../base/units.ts";
import { sendIp } from "../../host/ip-output.ts";
import type { Nic } from "../../host/nic.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import { AH_OCTETS, writeAh } from "../../wire/ah.ts";
import { ETHERNET_OCTETS } from "../../wire/ethernet.ts";
import { IPPROTO_AH, IPPROTO_VRRP, IPV4_DESTINATION, IPV4_OCTETS, writeIpv4 } from "../../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, writeIpv6 } from "../../wire/ipv6.ts";
import { vrrpExpectedOctets, writeVrrpV2, writeVrrpV3 } from "../../wire/vrrp.ts";
import type { AhCounter } from "./ah-counter.ts";
import type { VrrpInstance } from "./conf/model.ts";
import { authTypeOf } from "./packet-check.ts";
import { sourceAddress } from "./source-address.ts";
import type { KeepalivedVersion } from "./version.ts";

/** CS6, network control: both the TOS of IPv4 and the traffic class of IPv6. */
const CLASS_NETWORK_CONTROL = 0xc0;

export class AdvertSender {
  readonly #conf: VrrpInstance;
  readonly #base: Nic;
  readonly #nic: Nic;
  readonly #version: KeepalivedVersion;
  readonly #ahCounter: AhCounter;
  /** The virtual addresses one behind the other, as they stand in the advert. */
  readonly #addresses: Uint8Array;
  readonly #destinations: readonly IpAddress[];
  #identification = 0;
  /** What adverts come from, as far as the daemon knows; null: there is none, and nothing is sent. */
  source: IpAddress | null = null;

  /** Adverts leave by `nic`, and have their source from `base`. */
  constructor(conf: VrrpInstance, base: Nic, nic: Nic, version: KeepalivedVersion, ahCounter: AhCounter) {
    this.#conf = conf;
    this.#ahCounter = ahCounter;
    this.#base = base;
    this.#nic = nic;
    this.#version = version;
    const octets = conf.family === 4 ? 4 : 16;
    this.#addresses = new Uint8Array(conf.addresses.length * octets);
    conf.addresses.forEach(({ address }, i) => {
      copyBytes(address, 0, this.#addresses, i * octets, octets);
    });
    this.#destinations =
      conf.unicastPeers.length > 0 ? conf.unicastPeers.map(({ address }) => address) : [conf.mcastDestination];
  }

  /** The addresses of the host may have changed. False: there is no source any more; a farewell still comes from the last one. */
  findSource(): boolean {
    const found = sourceAddress(this.#conf, this.#base, this.#version);
    if (found !== null) this.source = found;
    return found !== null;
  }

  /** Sends one advert with this priority; 0 says farewell. */
  send(priority: number): void {
    const { source } = this;
    if (source === null) return;
    const sequence = this.#conf.ahKey === null ? 0 : this.#ahCounter.next();
    this.#identification = (this.#identification + 1) & 0xffff;
    for (const destination of this.#destinations) this.#sendTo(destination, priority, source, sequence);
  }

  /** Whether the packet with its IP header at `ip` has the destination that adverts for this router have. */
  expects(bytes: Uint8Array, ip: number): boolean {
    const { unicastPeers, mcastDestination, family } = this.#conf;
    const wanted = unicastPeers.length === 0 ? mcastDestination : this.source;
    const destination = ip + (family === 4 ? IPV4_DESTINATION : IPV6_DESTINATION);
    return wanted !== null && equalBytes(bytes, destination, wanted, 0, wanted.length);
  }

  #sendTo(destination: IpAddress, priority: number, source: IpAddress, sequence: number): void {
    const conf = this.#conf;
    const { host } = this.#nic;
    const frame = host.acquire();
    if (frame === NO_FRAME) return;
    const { slab } = host.platform;
    const { bytes } = slab;
    const ip = slab.start(frame) + ETHERNET_OCTETS;
    const count = conf.addresses.length;
    const ahOctets = conf.ahKey === null ? 0 : AH_OCTETS;
    const octets = vrrpExpectedOctets(conf.version, count, source.length);
    if (conf.family === 4) {
      const total = IPV4_OCTETS + ahOctets + octets;
      writeIpv4(
        bytes,
        ip,
        CLASS_NETWORK_CONTROL,
        total,
        this.#identification,
        0,
        conf.unicastTtl,
        conf.ahKey === null ? IPPROTO_VRRP : IPPROTO_AH,
        source,
        0,
        destination,
        0,
      );
    } else {
      writeIpv6(bytes, ip, CLASS_NETWORK_CONTROL, 0, octets, IPPROTO_VRRP, conf.unicastTtl, source, 0, destination, 0);
    }
    const at = ip + (conf.family === 4 ? IPV4_OCTETS : IPV6_OCTETS) + ahOctets;
    if (conf.version === 2) {
      const authType = authTypeOf(conf);
      const intervalS = conf.advertIntervalNs / NS_PER_S;
      writeVrrpV2(bytes, at, ip, conf.vrid, priority, authType, intervalS, this.#addresses, count, conf.authPass);
    } else {
      const intervalCs = conf.advertIntervalNs / NS_PER_CS;
      writeVrrpV3(bytes, at, ip, conf.vrid, priority, intervalCs, this.#addresses, count, !conf.v3ChecksumAsV2);
    }
    if (conf.ahKey !== null) writeAh(bytes, ip, sequence, conf.ahKey, conf.unicastPeers.length > 0);
    // A TTL of 0 never leaves the machine: that is what `unicast_ttl` without peers makes of multicast adverts.
    if (conf.unicastTtl === 0) slab.release(frame);
    else sendIp(host, frame, this.#nic);
  }
}
