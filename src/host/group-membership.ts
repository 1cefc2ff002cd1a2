/**
 * Telling switches and routers which groups a host listens to: IGMPv3 (RFC 3376) and MLDv2 (RFC 3810) reports of one record each.
 * Joining and leaving are reported once, and once more within a second, at a random moment (both RFCs: robustness 2, unsolicited report interval
 * 1 s). Linux waits two jiffies longer each time, so that the first report, too, comes 8 to 12 ms after keepalived has joined 224.0.0.18 (observed).
 */
import { NO_FRAME, type TimerId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import {
  GROUP_CHANGE_TO_EXCLUDE,
  GROUP_CHANGE_TO_INCLUDE,
  IGMP_V3_REPORT_OCTETS,
  writeIgmpV3Report,
} from "../wire/igmp.ts";
import {
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPV4_DONT_FRAGMENT,
  IPV4_ROUTER_ALERT_OCTETS,
  writeIpv4RouterAlert,
} from "../wire/ipv4.ts";
import {
  HOP_BY_HOP_ROUTER_ALERT_OCTETS,
  IPPROTO_HOP_BY_HOP,
  IPV6_OCTETS,
  writeHopByHopRouterAlert,
  writeIpv6,
} from "../wire/ipv6.ts";
import { MLDV2_REPORT_OCTETS, writeMldV2Report } from "../wire/mld.ts";
import { sendIp } from "./ip-output.ts";
import { JIFFY_NS } from "./kernel-timers.ts";
import type { Nic } from "./nic.ts";

/** RFC 3376 section 4.2.14: all IGMPv3 routers. */
const ALL_IGMPV3_ROUTERS: IpAddress = Uint8Array.of(224, 0, 0, 22);
/** RFC 3810 section 5.2.14: all MLDv2 routers. */
const ALL_MLDV2_ROUTERS: IpAddress = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x16);
const REPORTS = 2;
const REPEAT_WITHIN_NS = 1 * NS_PER_S;
/** Linux: before each report. */
const DELAY_NS = 2 * JIFFY_NS;
const UNSPECIFIED_4: IpAddress = new Uint8Array(4);
/** Reports are link-local control traffic: CS6. */
const TOS_NETWORK_CONTROL = 0xc0;

/** The membership of one NIC in one group, from `join` to `leave`. */
export class GroupMembership implements TimerOwner {
  readonly #nic: Nic;
  readonly #group: IpAddress;
  readonly #timer: TimerId;
  readonly #chance: Prng;
  #joined = false;
  /** Reports still to be sent. */
  #left = 0;

  constructor(nic: Nic, group: IpAddress, purpose: string) {
    this.#nic = nic;
    this.#group = group;
    this.#timer = nic.host.platform.timers.create(this, 0);
    this.#chance = new Prng(nic.host.platform.seed, `group report of ${nic.label} for ${purpose}`);
  }

  join(): void {
    this.#joined = true;
    this.#nic.addGroup(this.#group);
    this.#reportTwice();
  }

  /** The socket that had joined was closed and another one has joined at once: the kernel tells only of that. */
  renew(): void {
    this.#reportTwice();
  }

  leave(): void {
    if (!this.#joined) return;
    this.#joined = false;
    this.#nic.removeGroup(this.#group);
    this.#reportTwice();
  }

  /** The host is gone: nothing more is reported. */
  vanish(): void {
    this.#joined = false;
    this.#nic.host.platform.timers.cancel(this.#timer);
  }

  onTimer(): void {
    this.#report();
    if (--this.#left > 0) this.#reportAfter(this.#chance.uniformNs(0, REPEAT_WITHIN_NS));
  }

  #reportTwice(): void {
    this.#left = REPORTS;
    this.#reportAfter(0);
  }

  #reportAfter(delayNs: number): void {
    this.#nic.host.kernel.armAfter(this.#timer, delayNs + DELAY_NS);
  }

  #report(): void {
    const { host } = this.#nic;
    const frame = host.acquire();
    if (frame === NO_FRAME) return;
    const { slab } = host.platform;
    const ip = slab.start(frame) + ETHERNET_OCTETS;
    const record = this.#joined ? GROUP_CHANGE_TO_EXCLUDE : GROUP_CHANGE_TO_INCLUDE;
    if (this.#group.length === 4) {
      const source = this.#nic.firstAddress(4) ?? UNSPECIFIED_4;
      const octets = IPV4_ROUTER_ALERT_OCTETS + IGMP_V3_REPORT_OCTETS;
      writeIpv4RouterAlert(
        slab.bytes,
        ip,
        TOS_NETWORK_CONTROL,
        octets,
        0,
        IPV4_DONT_FRAGMENT,
        1,
        IPPROTO_IGMP,
        source,
        0,
        ALL_IGMPV3_ROUTERS,
        0,
      );
      writeIgmpV3Report(slab.bytes, ip + IPV4_ROUTER_ALERT_OCTETS, record, this.#group, 0);
    } else {
      const hopByHop = ip + IPV6_OCTETS;
      const report = hopByHop + HOP_BY_HOP_ROUTER_ALERT_OCTETS;
      const octets = HOP_BY_HOP_ROUTER_ALERT_OCTETS + MLDV2_REPORT_OCTETS;
      writeIpv6(slab.bytes, ip, 0, 0, octets, IPPROTO_HOP_BY_HOP, 1, this.#nic.linkLocal.ip, 0, ALL_MLDV2_ROUTERS, 0);
      writeHopByHopRouterAlert(slab.bytes, hopByHop, IPPROTO_ICMPV6);
      writeMldV2Report(slab.bytes, report, ip, record, this.#group, 0);
    }
    // A macvlan's reports leave by its lower NIC: keepalived 2.2.7 moves them there, so that switches learn no virtual MAC from a backup.
    sendIp(host, frame, this.#nic.lower ?? this.#nic);
  }
}
