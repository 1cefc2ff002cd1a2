import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkIcmp,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_OCTETS,
  icmpCode,
  icmpIdentifier,
  icmpSequence,
  icmpType,
  writeIcmpEcho,
} from "../../src/wire/icmp.ts";
import {
  checkIcmpv6,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_OCTETS,
  icmpv6Code,
  icmpv6Identifier,
  icmpv6Sequence,
  icmpv6Type,
  writeIcmpv6Echo,
} from "../../src/wire/icmpv6.ts";
import { IPPROTO_ICMPV6 } from "../../src/wire/ipv4.ts";
import { IPV6_OCTETS } from "../../src/wire/ipv6.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import { written } from "./octets.ts";
import { ipHeader, joined } from "./packets.ts";

const echoData = fc.uint8Array({ maxLength: 100 });

describe("ICMP echo", () => {
  it("comes back as written, around data that stood there before", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(ICMP_ECHO_REQUEST, ICMP_ECHO_REPLY),
        fc.nat(0xffff),
        fc.nat(0xffff),
        echoData,
        (type, identifier, sequence, data) => {
          const bytes = written(
            ICMP_OCTETS + data.length,
            (to, offset) => writeIcmpEcho(to, offset, type, identifier, sequence, data.length),
            new Uint8Array(0),
            { at: ICMP_OCTETS, data },
          );
          expect(checkIcmp(bytes, 0, bytes.length)).toBe(PARSE_OK);
          expect(icmpType(bytes, 0)).toBe(type);
          expect(icmpCode(bytes, 0)).toBe(0);
          expect(icmpIdentifier(bytes, 0)).toBe(identifier);
          expect(icmpSequence(bytes, 0)).toBe(sequence);
          expect(bytes.slice(ICMP_OCTETS)).toEqual(data);
        },
      ),
    );
  });

  it("is refused when it is cut or a bit of it is wrong", () => {
    const bytes = written(ICMP_OCTETS, (to, offset) => writeIcmpEcho(to, offset, ICMP_ECHO_REQUEST, 1, 2, 0));
    for (let octets = 0; octets < ICMP_OCTETS; octets++) expect(checkIcmp(bytes, 0, octets)).toBe(PARSE_TRUNCATED);
    bytes[5]! ^= 4;
    expect(checkIcmp(bytes, 0, bytes.length)).toBe(PARSE_BAD_CHECKSUM);
  });
});

describe("ICMPv6 echo", () => {
  const header = (octets: number) => ipHeader(IPPROTO_ICMPV6, octets, 64, "2001:db8::1", "2001:db8::2");

  it("comes back as written, around data that stood there before", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(ICMPV6_ECHO_REQUEST, ICMPV6_ECHO_REPLY),
        fc.nat(0xffff),
        fc.nat(0xffff),
        echoData,
        (type, identifier, sequence, data) => {
          const octets = ICMPV6_OCTETS + data.length;
          const message = written(
            octets,
            (to, offset) => writeIcmpv6Echo(to, offset, offset - IPV6_OCTETS, type, identifier, sequence, data.length),
            header(octets),
            { at: ICMPV6_OCTETS, data },
          );
          const bytes = joined(header(octets), message);
          expect(checkIcmpv6(bytes, IPV6_OCTETS, octets, 0)).toBe(PARSE_OK);
          expect(icmpv6Type(bytes, IPV6_OCTETS)).toBe(type);
          expect(icmpv6Code(bytes, IPV6_OCTETS)).toBe(0);
          expect(icmpv6Identifier(bytes, IPV6_OCTETS)).toBe(identifier);
          expect(icmpv6Sequence(bytes, IPV6_OCTETS)).toBe(sequence);
          expect(message.slice(ICMPV6_OCTETS)).toEqual(data);
        },
      ),
    );
  });

  it("is refused when it is cut, or when the packet went to another address", () => {
    const message = written(
      ICMPV6_OCTETS,
      (to, offset) => writeIcmpv6Echo(to, offset, offset - IPV6_OCTETS, ICMPV6_ECHO_REQUEST, 1, 2, 0),
      header(ICMPV6_OCTETS),
    );
    const bytes = joined(header(ICMPV6_OCTETS), message);
    for (let octets = 0; octets < ICMPV6_OCTETS; octets++) {
      expect(checkIcmpv6(bytes, IPV6_OCTETS, octets, 0)).toBe(PARSE_TRUNCATED);
    }
    const elsewhere = joined(ipHeader(IPPROTO_ICMPV6, 8, 64, "2001:db8::1", "2001:db8::3"), message);
    expect(checkIcmpv6(elsewhere, IPV6_OCTETS, ICMPV6_OCTETS, 0)).toBe(PARSE_BAD_CHECKSUM);
  });
});
