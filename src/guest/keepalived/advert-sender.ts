/**
 * Adverts on the wire: one to the group, or one to each unicast peer in the order of the list, through the host's IP stack, so that
 * the first one to a peer waits for ARP as a real one does.
 *
 * Octets as keepalived 2.2.7 sends them: TOS 0xc0 (CS6), TTL 255, no flags, an identification of its own that counts adverts
 * from 1 (`vrrp_build_ip4`).
 */
import { copyBytes } from "../../base/bytes.ts";
import { NO_FRAME } from "../../base/ids.ts";
import { NS_PER_CS, NS_PER_S } from "../../base/units.ts";
import { sendIp } from "../../host/ip-output.ts";
import type { Nic } from "../../host/nic.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import { ETHERNET_OCTETS } from "../../wire/ethernet.ts";
import { IPPROTO_VRRP, IPV4_OCTETS, writeIpv4 } from "../../wire/ipv4.ts";
import { IPV6_OCTETS, writeIpv6 } from "../../wire/ipv6.ts";
import { VRRP_AUTH_NONE, VRRP_AUTH_PASS, vrrpExpectedOctets, writeVrrpV2, writeVrrpV3 } from "../../wire/vrrp.ts";
import type { VrrpInstance } from "./conf/model.ts";

/** CS6, network control: both the TOS of IPv4 and the traffic class of IPv6. */
const CLASS_NETWORK_CONTROL = 0xc0;

export class AdvertSender {
  readonly #conf: VrrpInstance;
  readonly #nic: Nic;
  /** The virtual addresses one behind the other, as they stand in the advert. */
  readonly #addresses: Uint8Array;
  readonly #destinations: readonly IpAddress[];
  #identification = 0;

  constructor(conf: VrrpInstance, nic: Nic) {
    this.#conf = conf;
    this.#nic = nic;
    const octets = conf.family === 4 ? 4 : 16;
    this.#addresses = new Uint8Array(conf.addresses.length * octets);
    conf.addresses.forEach(({ address }, i) => {
      copyBytes(address, 0, this.#addresses, i * octets, octets);
    });
    this.#destinations =
      conf.unicastPeers.length > 0 ? conf.unicastPeers.map(({ address }) => address) : [conf.mcastDestination];
  }

  /** Sends one advert with this priority from `source`; 0 says farewell. */
  send(priority: number, source: IpAddress): void {
    for (const destination of this.#destinations) this.#sendTo(destination, priority, source);
  }

  #sendTo(destination: IpAddress, priority: number, source: IpAddress): void {
    const conf = this.#conf;
    const { host } = this.#nic;
    const frame = host.acquire();
    if (frame === NO_FRAME) return;
    const { slab } = host.platform;
    const { bytes } = slab;
    const ip = slab.start(frame) + ETHERNET_OCTETS;
    const count = conf.addresses.length;
    const octets = vrrpExpectedOctets(conf.version, count, source.length);
    this.#identification = (this.#identification + 1) & 0xffff;
    if (conf.family === 4) {
      const total = IPV4_OCTETS + octets;
      writeIpv4(
        bytes,
        ip,
        CLASS_NETWORK_CONTROL,
        total,
        this.#identification,
        0,
        conf.unicastTtl,
        IPPROTO_VRRP,
        source,
        0,
        destination,
        0,
      );
    } else {
      writeIpv6(bytes, ip, CLASS_NETWORK_CONTROL, 0, octets, IPPROTO_VRRP, conf.unicastTtl, source, 0, destination, 0);
    }
    const at = ip + (conf.family === 4 ? IPV4_OCTETS : IPV6_OCTETS);
    if (conf.version === 2) {
      const authType = conf.authPass === null ? VRRP_AUTH_NONE : VRRP_AUTH_PASS;
      const intervalS = conf.advertIntervalNs / NS_PER_S;
      writeVrrpV2(bytes, at, ip, conf.vrid, priority, authType, intervalS, this.#addresses, count, conf.authPass);
    } else {
      writeVrrpV3(bytes, at, ip, conf.vrid, priority, conf.advertIntervalNs / NS_PER_CS, this.#addresses, count);
    }
    // A TTL of 0 never leaves the machine: that is what `unicast_ttl` without peers makes of multicast adverts.
    if (conf.unicastTtl === 0) slab.release(frame);
    else sendIp(host, frame, this.#nic);
  }
}
