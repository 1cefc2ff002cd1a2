import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeIcmpv6Checksum } from "../../src/wire/icmpv6.ts";
import { IPPROTO_ICMPV6 } from "../../src/wire/ipv4.ts";
import { IPV6_OCTETS } from "../../src/wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  checkNeighbourSolicitation,
  ND_FLAG_OVERRIDE,
  ND_FLAG_ROUTER,
  ND_FLAG_SOLICITED,
  ND_OCTETS,
  ND_OPTION_SOURCE_MAC,
  ND_OPTION_TARGET_MAC,
  ND_OPTIONS,
  ND_TARGET,
  ND_WITH_MAC_OCTETS,
  ndFlags,
  ndLinkLayerOption,
  writeNeighbourAdvertisement,
  writeNeighbourSolicitation,
} from "../../src/wire/nd.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_BAD_TTL,
  PARSE_BAD_TYPE,
  PARSE_BAD_VALUE,
  PARSE_OK,
  PARSE_TRUNCATED,
  type ParseCode,
} from "../../src/wire/parse-code.ts";
import { ip } from "./frame-writers.ts";
import { bytesOf, guarded, written } from "./octets.ts";
import { ipHeader, joined } from "./packets.ts";

const AT = IPV6_OCTETS;
const TARGET = ip("2001:db8:1::50");

interface Packet {
  readonly hopLimit?: number;
  readonly source?: string;
  readonly destination?: string;
  readonly options?: Uint8Array;
  /** Octets of the message to change, by index, before its checksum is written. */
  readonly change?: Readonly<Record<number, number>>;
}

/** A solicitation (135) or advertisement (136) that is right but for what `packet` says; its checksum is right. */
function packet(type: number, packet: Packet): Uint8Array {
  const options = packet.options ?? new Uint8Array(0);
  const octets = ND_OCTETS + options.length;
  const source = packet.source ?? "2001:db8:1::11";
  const destination = packet.destination ?? "2001:db8:1::12";
  const bytes = joined(
    ipHeader(IPPROTO_ICMPV6, octets, packet.hopLimit ?? 255, source, destination),
    new Uint8Array(octets),
  );
  bytes[AT] = type;
  bytes.set(TARGET, AT + ND_TARGET);
  bytes.set(options, AT + ND_OPTIONS);
  for (const [index, value] of Object.entries(packet.change ?? {})) bytes[AT + Number(index)] = value;
  writeIcmpv6Checksum(bytes, AT, octets, 0);
  return bytes;
}

const checkNs = (of: Packet): ParseCode => {
  const bytes = packet(135, of);
  return checkNeighbourSolicitation(bytes, AT, bytes.length - AT, 0);
};
const checkNa = (of: Packet): ParseCode => {
  const bytes = packet(136, of);
  return checkNeighbourAdvertisement(bytes, AT, bytes.length - AT, 0);
};

const SOURCE_OPTION = bytesOf("0101 020000000001");
const TARGET_OPTION = bytesOf("0201 020000000001");
const NONCE_OPTION = bytesOf("0e01 ed9e325bca89");

describe("solicitation and advertisement", () => {
  const target = fc.uint8Array({ minLength: 19, maxLength: 19 });
  const address = fc.option(fc.uint8Array({ minLength: 6, maxLength: 6 }));

  it("a solicitation comes back as written", () => {
    fc.assert(
      fc.property(target, fc.nat(3), address, (octets, targetAt, sourceMac) => {
        octets[targetAt] = 0x20;
        const length = sourceMac === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
        const header = ipHeader(IPPROTO_ICMPV6, length, 255, "2001:db8:1::11", "ff02::1:ff00:50");
        const message = written(
          length,
          (to, offset) => {
            expect(writeNeighbourSolicitation(to, offset, offset - AT, octets, targetAt, sourceMac)).toBe(length);
          },
          header,
        );
        const bytes = joined(header, message);
        expect(checkNeighbourSolicitation(bytes, AT, length, 0)).toBe(PARSE_OK);
        expect(message.slice(ND_TARGET, ND_OPTIONS)).toEqual(octets.slice(targetAt, targetAt + 16));
        const option = ndLinkLayerOption(bytes, AT, length, ND_OPTION_SOURCE_MAC);
        expect(option < 0 ? null : bytes.slice(option, option + 6)).toEqual(sourceMac);
        expect(ndLinkLayerOption(bytes, AT, length, ND_OPTION_TARGET_MAC)).toBe(-1);
      }),
    );
  });

  it("an advertisement comes back as written", () => {
    const flags = fc
      .subarray([ND_FLAG_ROUTER, ND_FLAG_SOLICITED, ND_FLAG_OVERRIDE])
      .map((all) => all.reduce((a, b) => a | b, 0));
    fc.assert(
      fc.property(target, fc.nat(3), address, flags, (octets, targetAt, targetMac, flagBits) => {
        octets[targetAt] = 0xfe;
        const length = targetMac === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
        const header = ipHeader(IPPROTO_ICMPV6, length, 255, "2001:db8:1::50", "2001:db8:1::11");
        const message = written(
          length,
          (to, offset) => {
            expect(writeNeighbourAdvertisement(to, offset, offset - AT, flagBits, octets, targetAt, targetMac)).toBe(
              length,
            );
          },
          header,
        );
        const bytes = joined(header, message);
        expect(checkNeighbourAdvertisement(bytes, AT, length, 0)).toBe(PARSE_OK);
        expect(ndFlags(bytes, AT)).toBe(flagBits);
        expect(message.slice(ND_TARGET, ND_OPTIONS)).toEqual(octets.slice(targetAt, targetAt + 16));
        const option = ndLinkLayerOption(bytes, AT, length, ND_OPTION_TARGET_MAC);
        expect(option < 0 ? null : bytes.slice(option, option + 6)).toEqual(targetMac);
      }),
    );
  });
});

describe.each([
  ["solicitation", checkNs],
  ["advertisement", checkNa],
])("a neighbour %s", (_name, check) => {
  it.each<[string, Packet, ParseCode]>([
    ["nothing unusual", {}, PARSE_OK],
    ["a MAC", { options: SOURCE_OPTION }, PARSE_OK],
    ["an option it does not know", { options: NONCE_OPTION }, PARSE_OK],
    ["an unknown option of 24 octets", { options: joined(bytesOf("2603"), new Uint8Array(22)) }, PARSE_OK],
    ["hop limit 254", { hopLimit: 254 }, PARSE_BAD_TTL],
    ["code 1", { change: { 1: 1 } }, PARSE_BAD_VALUE],
    ["a group as target", { change: { [ND_TARGET]: 0xff } }, PARSE_BAD_VALUE],
    ["an option of length 0", { options: bytesOf("0e00 000000000000") }, PARSE_BAD_LENGTH],
    ["an option that is cut", { options: bytesOf("0e02 000000000000") }, PARSE_TRUNCATED],
    ["half an option's head", { options: bytesOf("0e") }, PARSE_TRUNCATED],
    ["a MAC of 14 octets", { options: joined(bytesOf("0102"), new Uint8Array(14)) }, PARSE_BAD_LENGTH],
    ["another type", { change: { 0: 133 } }, PARSE_BAD_TYPE],
  ])("with %s is judged", (_case, of, code) => {
    expect(check(of)).toBe(code);
  });
});

it("neither is read beyond octets that are not all there", () => {
  for (let octets = 0; octets < ND_OCTETS; octets++) {
    const solicitation = guarded(packet(135, {}), 0, AT + octets);
    const advertisement = guarded(packet(136, {}), 0, AT + octets);
    expect(checkNeighbourSolicitation(solicitation, AT, octets, 0)).toBe(PARSE_TRUNCATED);
    expect(checkNeighbourAdvertisement(advertisement, AT, octets, 0)).toBe(PARSE_TRUNCATED);
  }
});

describe("the rules for one of them", () => {
  it("a solicitation from :: goes to a solicited-node group and names no MAC (section 7.1.1)", () => {
    const source = "::";
    const destination = "ff02::1:ff00:50";
    expect(checkNs({ source, destination })).toBe(PARSE_OK);
    expect(checkNs({ source, destination, options: NONCE_OPTION })).toBe(PARSE_OK);
    expect(checkNs({ source, destination, options: SOURCE_OPTION })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination, options: joined(NONCE_OPTION, SOURCE_OPTION) })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination: "ff02::1" })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination: "ff05::1:ff00:50" })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination: "ff02::1:fe00:50" })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination: "ff02::2:ff00:50" })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination: "ff02::100:0:1:ff00:50" })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ source, destination: "2001:db8:1::50" })).toBe(PARSE_BAD_VALUE);
    expect(checkNs({ destination: "2001:db8:1::50", options: SOURCE_OPTION })).toBe(PARSE_OK);
  });

  it("an advertisement to a group answers nobody (section 7.1.2)", () => {
    const solicited = { 4: ND_FLAG_SOLICITED };
    expect(checkNa({ destination: "ff02::1", options: TARGET_OPTION })).toBe(PARSE_OK);
    expect(checkNa({ destination: "ff02::1", change: { 4: ND_FLAG_OVERRIDE } })).toBe(PARSE_OK);
    expect(checkNa({ destination: "ff02::1", change: solicited })).toBe(PARSE_BAD_VALUE);
    expect(checkNa({ change: solicited })).toBe(PARSE_OK);
  });

  it("a wrong checksum is refused before options are read", () => {
    const bytes = packet(136, { options: bytesOf("0e00 000000000000") });
    bytes[AT + ND_TARGET + 15]! ^= 1;
    expect(checkNeighbourAdvertisement(bytes, AT, bytes.length - AT, 0)).toBe(PARSE_BAD_CHECKSUM);
  });

  it("reserved bits are no flags", () => {
    expect(ndFlags(packet(136, { change: { 4: 0x1f } }), AT)).toBe(0);
  });
});

describe("ndLinkLayerOption", () => {
  it("finds the option behind others, and the first of two", () => {
    const two = joined(joined(NONCE_OPTION, TARGET_OPTION), bytesOf("0201 020000000002"));
    const bytes = packet(136, { options: two });
    expect(ndLinkLayerOption(bytes, AT, bytes.length - AT, ND_OPTION_TARGET_MAC)).toBe(AT + ND_OPTIONS + 8 + 2);
  });

  it("ends on octets that nobody has checked", () => {
    const lengthZero = packet(136, { options: bytesOf("0e00 000000000000 0201 020000000001") });
    expect(ndLinkLayerOption(lengthZero, AT, lengthZero.length - AT, ND_OPTION_TARGET_MAC)).toBe(-1);
    const cut = packet(136, { options: bytesOf("0201 0200000000") });
    expect(ndLinkLayerOption(cut, AT, cut.length - AT, ND_OPTION_TARGET_MAC)).toBe(-1);
  });
});
