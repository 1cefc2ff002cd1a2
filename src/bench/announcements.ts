/**
 * The frames that the reader of announcements is measured with: VRRP version 3 advertisements and gratuitous ARPs, half and half, in
 * random order, all of them correct.
 */
import { writeU16 } from "../base/bytes.ts";
import { FrameSlab } from "../frame/slab.ts";
import { writeMulticastMac4 } from "../wire/address.ts";
import { ETHERNET_OCTETS, ETHERTYPE_IPV4, writeEthernet } from "../wire/ethernet.ts";
import { IPPROTO_VRRP, IPV4_OCTETS, writeIpv4 } from "../wire/ipv4.ts";
import { vrrpExpectedOctets, writeVrrpV3 } from "../wire/vrrp.ts";
import { Mulberry32 } from "./mulberry32.ts";
import { writeArpFrame } from "./trace.ts";

const SLOT_OCTETS = 96;
/** The shortest that Ethernet carries, without check sequence. */
const FRAME_OCTETS_MIN = 60;
/** DSCP CS6, network control. */
const TOS = 0xc0;
const TTL = 255;
const INTERVAL_CS = 100;
const VRRP_GROUP = Uint8Array.of(224, 0, 0, 18);

/** `frameCount` announcements, one in each slot of a slab. */
export function announcementSlab(frameCount: number): FrameSlab {
  const random = new Mulberry32(99);
  const slab = new FrameSlab(frameCount, SLOT_OCTETS);
  for (let k = 0; k < frameCount; k++) {
    const frame = slab.acquire();
    const start = slab.start(frame);
    const vrid = 1 + random.below(255);
    const mac = Uint8Array.of(0, 0, 0x5e, 0, 1, vrid);
    slab.octets[frame] = FRAME_OCTETS_MIN;
    if ((random.next() & 1) === 1) {
      const ip = addressIn(random, 0);
      writeArpFrame(slab.bytes, start, mac, 1 + (random.next() & 1), ip, ip);
    } else {
      slab.octets[frame] = Math.max(FRAME_OCTETS_MIN, writeAdvert(random, slab.bytes, start, mac, vrid, k));
    }
  }
  return slab;
}

/** Returns the octets written. */
function writeAdvert(
  random: Mulberry32,
  bytes: Uint8Array,
  start: number,
  mac: Uint8Array,
  vrid: number,
  identification: number,
): number {
  const count = 1 + random.below(3);
  const source = addressIn(random, 0);
  const priority = 1 + random.below(254);
  const addresses = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) addresses.set(addressIn(random, 99), i * 4);

  const group = new Uint8Array(6);
  writeMulticastMac4(group, 0, VRRP_GROUP, 0);
  writeEthernet(bytes, start, group, mac, ETHERTYPE_IPV4);
  const ip = start + ETHERNET_OCTETS;
  const octets = IPV4_OCTETS + vrrpExpectedOctets(3, count, 4);
  writeIpv4(bytes, ip, TOS, octets, identification & 0xffff, 0, TTL, IPPROTO_VRRP, source, 0, VRRP_GROUP, 0);
  writeVrrpV3(bytes, ip + IPV4_OCTETS, ip, vrid, priority, INTERVAL_CS, addresses, count);
  return ETHERNET_OCTETS + octets;
}

/** 10.`second`.x.y, at random. */
function addressIn(random: Mulberry32, second: number): Uint8Array {
  const ip = Uint8Array.of(10, second, 0, 0);
  writeU16(ip, 2, random.next());
  return ip;
}
