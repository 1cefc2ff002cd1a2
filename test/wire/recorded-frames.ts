import { ARP_REPLY, ARP_REQUEST } from "../../src/wire/arp.ts";
import { ICMP_ECHO_REPLY, ICMP_ECHO_REQUEST, ICMP_OCTETS, writeIcmpEcho } from "../../src/wire/icmp.ts";
import { ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST, ICMPV6_OCTETS, writeIcmpv6Echo } from "../../src/wire/icmpv6.ts";
import { GROUP_CHANGE_TO_EXCLUDE, GROUP_CHANGE_TO_INCLUDE } from "../../src/wire/igmp.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_UDP, IPPROTO_VRRP, IPV4_DONT_FRAGMENT } from "../../src/wire/ipv4.ts";
import { ND_FLAG_OVERRIDE, ND_FLAG_SOLICITED } from "../../src/wire/nd.ts";
import { UDP_OCTETS, writeUdp } from "../../src/wire/udp.ts";
import { VRRP_AUTH_NONE, VRRP_AUTH_PASS, writeVrrpV2, writeVrrpV3 } from "../../src/wire/vrrp.ts";

import {
  advert4,
  advertisement,
  arp,
  ascii,
  type FrameWriter,
  igmp,
  ip,
  ipv6,
  mld,
  nodeMac,
  packet4,
  packet6,
  solicitation,
} from "./frame-writers.ts";

export interface RecordedFrame {
  readonly name: string;
  readonly hex: string;
  /** `describeFrame`'s line. */
  readonly text: string;
  /** The same frame from our writers; null if we have no writer for it. */
  readonly write: FrameWriter | null;
}

const BROADCAST = "ff:ff:ff:ff:ff:ff";

export const RECORDED_FRAMES: readonly RecordedFrame[] = [
  {
    name: "VRRPv2 advertisement",
    hex: "01005e000012020000000001080045c0002800010000ff70cf870a00010be00000122133640100016f980a0001320000000000000000",
    text: "10.0.1.11 > 224.0.0.18: VRRPv2 advert vrid 51 prio 100 int 1s auth none 10.0.1.50",
    write: advert4(1, null, 1, 20, (bytes, offset, ipOffset) =>
      writeVrrpV2(bytes, offset, ipOffset, 51, 100, VRRP_AUTH_NONE, 1, ip("10.0.1.50"), 1, null),
    ),
  },
  {
    name: "VRRPv2 advertisement of a node that leaves",
    hex: "01005e000012020000000001080045c0002800060000ff70cf820a00010be0000012213300010001d3980a0001320000000000000000",
    text: "10.0.1.11 > 224.0.0.18: VRRPv2 advert vrid 51 prio 0 (leaving) int 1s auth none 10.0.1.50",
    write: advert4(1, null, 6, 20, (bytes, offset, ipOffset) =>
      writeVrrpV2(bytes, offset, ipOffset, 51, 0, VRRP_AUTH_NONE, 1, ip("10.0.1.50"), 1, null),
    ),
  },
  {
    name: "VRRPv2 advertisement with a password, to one peer",
    hex: "020000000002020000000001080045c0002800010000ff70a48e0a00010b0a00010c2133640101010c360a0001323131313100000000",
    text: "10.0.1.11 > 10.0.1.12: VRRPv2 advert vrid 51 prio 100 int 1s auth pass 10.0.1.50",
    write: advert4(1, 2, 1, 20, (bytes, offset, ipOffset) =>
      writeVrrpV2(bytes, offset, ipOffset, 51, 100, VRRP_AUTH_PASS, 1, ip("10.0.1.50"), 1, ascii("1111\0\0\0\0")),
    ),
  },
  {
    name: "VRRPv3 advertisement every 100 ms",
    hex: "01005e000012020000000002080045c0002000010000ff70cf8e0a00010ce000001231335a01000a7df40a000132",
    text: "10.0.1.12 > 224.0.0.18: VRRPv3 advert vrid 51 prio 90 int 10cs 10.0.1.50",
    write: advert4(2, null, 1, 12, (bytes, offset, ipOffset) =>
      writeVrrpV3(bytes, offset, ipOffset, 51, 90, 10, ip("10.0.1.50"), 1),
    ),
  },
  {
    name: "VRRPv3 advertisement over IPv6",
    hex:
      "33330000001202000000000186dd6c08dece001870fffe80000000000000000000fffe000001ff0200000000000000000000000000" +
      "123133640100643f3e20010db8000100000000000000000050",
    text: "fe80::ff:fe00:1 > ff02::12: VRRPv3 advert vrid 51 prio 100 int 100cs 2001:db8:1::50",
    write: ipv6(
      {
        to: "33:33:00:00:00:12",
        from: "02:00:00:00:00:01",
        trafficClass: 0xc0,
        flowLabel: 0x8dece,
        nextHeader: IPPROTO_VRRP,
        hopLimit: 255,
        source: "fe80::ff:fe00:1",
        destination: "ff02::12",
        payloadOctets: 24,
      },
      (bytes, offset, ipOffset) => writeVrrpV3(bytes, offset, ipOffset, 51, 100, 100, ip("2001:db8:1::50"), 1),
    ),
  },
  {
    name: "gratuitous ARP of keepalived",
    hex: "ffffffffffff020000000001080600010800060400010200000000010a000132ffffffffffff0a000132",
    text: "ARP, Request who-has 10.0.1.50 tell 10.0.1.50 at 02:00:00:00:00:01 (gratuitous)",
    write: arp(BROADCAST, "02:00:00:00:00:01", ARP_REQUEST, "10.0.1.50", BROADCAST, "10.0.1.50"),
  },
  {
    name: "gratuitous ARP from a virtual MAC",
    hex: "ffffffffffff00005e0001330806000108000604000100005e0001330a000132ffffffffffff0a000132",
    text: "ARP, Request who-has 10.0.1.50 tell 10.0.1.50 at 00:00:5e:00:01:33 (gratuitous)",
    write: arp(BROADCAST, "00:00:5e:00:01:33", ARP_REQUEST, "10.0.1.50", BROADCAST, "10.0.1.50"),
  },
  {
    name: "ARP request",
    hex: "ffffffffffff020000000001080600010800060400010200000000010a00010b0000000000000a00010c",
    text: "ARP, Request who-has 10.0.1.12 tell 10.0.1.11",
    write: arp(BROADCAST, "02:00:00:00:00:01", ARP_REQUEST, "10.0.1.11", "00:00:00:00:00:00", "10.0.1.12"),
  },
  {
    name: "ARP reply",
    hex: "020000000001020000000002080600010800060400020200000000020a00010c0200000000010a00010b",
    text: "ARP, Reply 10.0.1.12 is-at 02:00:00:00:00:02",
    write: arp("02:00:00:00:00:01", "02:00:00:00:00:02", ARP_REPLY, "10.0.1.12", "02:00:00:00:00:01", "10.0.1.11"),
  },
  {
    name: "ARP reply to a probe",
    hex: "020000000077020000000100080600010800060400020200000001000a00016402000000007700000000",
    text: "ARP, Reply 10.0.1.100 is-at 02:00:00:00:01:00",
    write: arp("02:00:00:00:00:77", "02:00:00:00:01:00", ARP_REPLY, "10.0.1.100", "02:00:00:00:00:77", "0.0.0.0"),
  },
  {
    name: "IGMPv3 report, join",
    hex: "01005e000016020000000001080046c00028000040000102f8ee0a00010be0000016940400002200f9eb0000000104000000e0000012",
    text: "10.0.1.11 > 224.0.0.22: IGMPv3 report, join 224.0.0.18",
    write: igmp(1, GROUP_CHANGE_TO_EXCLUDE),
  },
  {
    name: "IGMPv3 report, leave",
    hex: "01005e000016020000000001080046c00028000040000102f8ee0a00010be0000016940400002200faeb0000000103000000e0000012",
    text: "10.0.1.11 > 224.0.0.22: IGMPv3 report, leave 224.0.0.18",
    write: igmp(1, GROUP_CHANGE_TO_INCLUDE),
  },
  {
    name: "MLDv2 report, join",
    hex:
      "33330000001602000000000186dd6000000000240001fe80000000000000000000fffe000001ff0200000000000000000000000000" +
      "163a000502000001008f0070f80000000104000000ff020000000000000000000000000012",
    text: "fe80::ff:fe00:1 > ff02::16: MLDv2 report, join ff02::12",
    write: mld(GROUP_CHANGE_TO_EXCLUDE),
  },
  {
    name: "MLDv2 report, leave",
    hex:
      "33330000001602000000000186dd6000000000240001fe80000000000000000000fffe000001ff0200000000000000000000000000" +
      "163a000502000001008f0071f80000000103000000ff020000000000000000000000000012",
    text: "fe80::ff:fe00:1 > ff02::16: MLDv2 report, leave ff02::12",
    write: mld(GROUP_CHANGE_TO_INCLUDE),
  },
  {
    name: "MLDv2 report of two groups at boot",
    hex:
      "33330000001602000000000186dd600000000038000100000000000000000000000000000000ff0200000000000000000000000000" +
      "163a000502000001008f006d5e0000000204000000ff0200000000000000000001ff00000104000000ff0200000000000000000001" +
      "ff000011",
    text: ":: > ff02::16: MLDv2 report, join ff02::1:ff00:1, join ff02::1:ff00:11",
    write: null,
  },
  {
    name: "unsolicited neighbour advertisement of keepalived",
    hex:
      "33330000000102000000000186dd6000000000203aff20010db8000100000000000000000050ff0200000000000000000000000000" +
      "018800f88a2000000020010db80001000000000000000000500201020000000001",
    text: "2001:db8:1::50 > ff02::1: ICMP6 neighbour advertisement, 2001:db8:1::50 is at 02:00:00:00:00:01 (unsolicited, override)",
    write: advertisement(
      "33:33:00:00:00:01",
      "02:00:00:00:00:01",
      "ff02::1",
      ND_FLAG_OVERRIDE,
      "2001:db8:1::50",
      nodeMac(1),
    ),
  },
  {
    name: "neighbour solicitation",
    hex:
      "3333ff00001202000000000186dd6000000000203aff20010db8000100000000000000000011ff0200000000000000000001ff0000" +
      "1287001bf50000000020010db80001000000000000000000120101020000000001",
    text: "2001:db8:1::11 > ff02::1:ff00:12: ICMP6 neighbour solicitation, who has 2001:db8:1::12, tell 02:00:00:00:00:01",
    write: solicitation(
      "33:33:ff:00:00:12",
      "02:00:00:00:00:01",
      "2001:db8:1::11",
      "ff02::1:ff00:12",
      "2001:db8:1::12",
      nodeMac(1),
    ),
  },
  {
    name: "neighbour solicitation for duplicate address detection, with a nonce (RFC 7527)",
    hex:
      "3333ff00005002000000010086dd6000000000203aff00000000000000000000000000000000ff0200000000000000000001ff0000" +
      "50870053c10000000020010db80001000000000000000000500e01ed9e325bca89",
    text: ":: > ff02::1:ff00:50: ICMP6 neighbour solicitation, who has 2001:db8:1::50",
    write: null,
  },
  {
    name: "solicited neighbour advertisement",
    hex:
      "02000000000102000000000286dd6000000000203aff20010db800010000000000000000001220010db80001000000000000000000" +
      "1188008a3e6000000020010db80001000000000000000000120201020000000002",
    text: "2001:db8:1::12 > 2001:db8:1::11: ICMP6 neighbour advertisement, 2001:db8:1::12 is at 02:00:00:00:00:02 (solicited, override)",
    write: advertisement(
      "02:00:00:00:00:01",
      "02:00:00:00:00:02",
      "2001:db8:1::11",
      ND_FLAG_SOLICITED | ND_FLAG_OVERRIDE,
      "2001:db8:1::12",
      nodeMac(2),
    ),
  },
  {
    name: "neighbour advertisement without a MAC, answering a unicast question",
    hex:
      "02000000007702000000010086dd6000000000183aff20010db800010000000000000000010020010db80001000000000000000000" +
      "778800ac074000000020010db8000100000000000000000100",
    text: "2001:db8:1::100 > 2001:db8:1::77: ICMP6 neighbour advertisement, 2001:db8:1::100 (solicited)",
    write: advertisement(
      "02:00:00:00:00:77",
      "02:00:00:00:01:00",
      "2001:db8:1::77",
      ND_FLAG_SOLICITED,
      "2001:db8:1::100",
      null,
    ),
  },
  {
    name: "ICMP echo request",
    hex: "020000000002020000000001080045000023e3e04000400140e30a00010b0a00010c08003880123400077669706c616e65",
    text: "10.0.1.11 > 10.0.1.12: ICMP echo request, id 4660, seq 7, length 15",
    write: packet4(2, 1, 0xe3e0, IPV4_DONT_FRAGMENT, IPPROTO_ICMP, 15, (bytes, offset) => {
      bytes.set(ascii("viplane"), offset + ICMP_OCTETS);
      writeIcmpEcho(bytes, offset, ICMP_ECHO_REQUEST, 4660, 7, 7);
    }),
  },
  {
    name: "ICMP echo reply",
    hex: "0200000000010200000000020800450000236a4600004001fa7d0a00010c0a00010b00004080123400077669706c616e65",
    text: "10.0.1.12 > 10.0.1.11: ICMP echo reply, id 4660, seq 7, length 15",
    write: packet4(1, 2, 0x6a46, 0, IPPROTO_ICMP, 15, (bytes, offset) => {
      bytes.set(ascii("viplane"), offset + ICMP_OCTETS);
      writeIcmpEcho(bytes, offset, ICMP_ECHO_REPLY, 4660, 7, 7);
    }),
  },
  {
    name: "ICMP port unreachable",
    hex:
      "020000000001020000000002080045c0003d6a4500004001f9a40a00010c0a00010b030313320000000045000021dc9940004011481c" +
      "0a00010b0a00010c9c400009000d09a268656c6c6f",
    text: "10.0.1.12 > 10.0.1.11: ICMP destination unreachable, code 3, length 41",
    write: null,
  },
  {
    name: "ICMPv6 echo request",
    hex:
      "02000000000202000000000186dd600ee02b000f3a4020010db800010000000000000000001120010db80001000000000000000000" +
      "128000649f123400077669706c616e65",
    text: "2001:db8:1::11 > 2001:db8:1::12: ICMP6 echo request, id 4660, seq 7, length 15",
    write: packet6(2, 1, 0xee02b, IPPROTO_ICMPV6, 15, (bytes, offset, ipOffset) => {
      bytes.set(ascii("viplane"), offset + ICMPV6_OCTETS);
      writeIcmpv6Echo(bytes, offset, ipOffset, ICMPV6_ECHO_REQUEST, 4660, 7, 7);
    }),
  },
  {
    name: "ICMPv6 echo reply",
    hex:
      "02000000000102000000000286dd600b2fe5000f3a4020010db800010000000000000000001220010db80001000000000000000000" +
      "118100639f123400077669706c616e65",
    text: "2001:db8:1::12 > 2001:db8:1::11: ICMP6 echo reply, id 4660, seq 7, length 15",
    write: packet6(1, 2, 0xb2fe5, IPPROTO_ICMPV6, 15, (bytes, offset, ipOffset) => {
      bytes.set(ascii("viplane"), offset + ICMPV6_OCTETS);
      writeIcmpv6Echo(bytes, offset, ipOffset, ICMPV6_ECHO_REPLY, 4660, 7, 7);
    }),
  },
  {
    name: "router solicitation",
    hex:
      "33330000000202000000000186dd6000000000103afffe80000000000000000000fffe000001ff0200000000000000000000000000" +
      "0285007b2c000000000101020000000001",
    text: "fe80::ff:fe00:1 > ff02::2: ICMP6 router solicitation, length 16",
    write: null,
  },
  {
    name: "UDP datagram",
    hex: "020000000002020000000001080045000021dc9940004011481c0a00010b0a00010c9c400009000d09a268656c6c6f",
    text: "10.0.1.11 > 10.0.1.12: UDP 40000 > 9, length 5",
    write: packet4(2, 1, 0xdc99, IPV4_DONT_FRAGMENT, IPPROTO_UDP, 13, (bytes, offset, ipOffset) => {
      bytes.set(ascii("hello"), offset + UDP_OCTETS);
      writeUdp(bytes, offset, ipOffset, 40000, 9, 5);
    }),
  },
  {
    name: "UDP datagram without a checksum",
    hex: "020000000002020000000001080045000023ad1b4000401177980a00010b0a00010c9c410009000f00006e6f636865636b",
    text: "10.0.1.11 > 10.0.1.12: UDP 40001 > 9, length 7",
    write: null,
  },
  {
    name: "UDP datagram over IPv6",
    hex:
      "02000000000202000000000186dd600fb6b8000d114020010db800010000000000000000001120010db80001000000000000000000" +
      "129c400009000dc42168656c6c6f",
    text: "2001:db8:1::11 > 2001:db8:1::12: UDP 40000 > 9, length 5",
    write: packet6(2, 1, 0xfb6b8, IPPROTO_UDP, 13, (bytes, offset, ipOffset) => {
      bytes.set(ascii("hello"), offset + UDP_OCTETS);
      writeUdp(bytes, offset, ipOffset, 40000, 9, 5);
    }),
  },
];
