import { describe, expect, it } from "vitest";
import type { FrameRef } from "../../src/base/ids.ts";
import { announcementSlab } from "../../src/bench/announcements.ts";
import { isGratuitousArp } from "../../src/wire/arp.ts";
import { ETHERNET_OCTETS, ETHERTYPE_ARP, etherType } from "../../src/wire/ethernet.ts";
import { checkIpv4, IPV4_OCTETS, ipv4PayloadOctets } from "../../src/wire/ipv4.ts";
import { PARSE_OK } from "../../src/wire/parse-code.ts";
import { checkVrrpV3, vrrpAddressCount } from "../../src/wire/vrrp.ts";

describe("the frames that announce", () => {
  const frameCount = 2_000;
  const slab = announcementSlab(frameCount);
  const frames = Array.from({ length: frameCount }, (_, k) => ({
    start: slab.start(k as FrameRef),
    octets: slab.octets[k]!,
  }));
  const isArp = ({ start }: { start: number }) => etherType(slab.bytes, start) === ETHERTYPE_ARP;

  it("are half ARP and half VRRP, in no order", () => {
    const kinds = frames.map(isArp);
    expect(kinds.filter((arp) => arp).length / frameCount).toBeCloseTo(0.5, 1);
    expect(kinds.filter((arp, k) => k > 0 && arp !== kinds[k - 1]).length / frameCount).toBeCloseTo(0.5, 1);
  });

  it("are correct", () => {
    for (const { start, octets } of frames) {
      const payload = start + ETHERNET_OCTETS;
      if (isArp({ start })) {
        expect(isGratuitousArp(slab.bytes, payload)).toBe(true);
        continue;
      }
      expect(checkIpv4(slab.bytes, payload, octets - ETHERNET_OCTETS)).toBe(PARSE_OK);
      const message = ipv4PayloadOctets(slab.bytes, payload);
      expect(checkVrrpV3(slab.bytes, payload + IPV4_OCTETS, message, payload)).toBe(PARSE_OK);
    }
  });

  it("list one to three addresses", () => {
    const adverts = frames.filter((frame) => !isArp(frame));
    const counts = adverts.map(({ start }) => vrrpAddressCount(slab.bytes, start + ETHERNET_OCTETS + IPV4_OCTETS));
    expect(new Set(counts)).toEqual(new Set([1, 2, 3]));
  });
});
