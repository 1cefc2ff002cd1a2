import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ARP_OCTETS,
  ARP_REPLY,
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
  arpOperation,
  checkArp,
  isArpProbe,
  isGratuitousArp,
  writeArp,
} from "../../src/wire/arp.ts";
import { PARSE_BAD_LENGTH, PARSE_BAD_TYPE, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import { ip, mac } from "./frame-writers.ts";
import { written } from "./octets.ts";

function message(operation: number, senderIp: string, targetIp: string): Uint8Array {
  const sender = mac("02:00:00:00:00:01");
  const target = mac("00:00:00:00:00:00");
  return written(ARP_OCTETS, (to, offset) =>
    writeArp(to, offset, operation, sender, ip(senderIp), target, ip(targetIp)),
  );
}

/** A right request with `value` at `index`. */
function requestWith(index: number, value: number): Uint8Array {
  const bytes = message(ARP_REQUEST, "10.0.1.11", "10.0.1.12");
  bytes[index] = value;
  return bytes;
}

describe("the ARP message", () => {
  it("comes back as written", () => {
    const address = fc.uint8Array({ minLength: 6, maxLength: 6 });
    const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(ARP_REQUEST, ARP_REPLY),
        address,
        ipv4,
        address,
        ipv4,
        (operation, senderMac, senderIp, targetMac, targetIp) => {
          const bytes = written(ARP_OCTETS, (to, offset) =>
            writeArp(to, offset, operation, senderMac, senderIp, targetMac, targetIp),
          );
          expect(checkArp(bytes, 0, bytes.length)).toBe(PARSE_OK);
          expect(arpOperation(bytes, 0)).toBe(operation);
          expect(bytes.slice(ARP_SENDER_MAC, ARP_SENDER_IP)).toEqual(senderMac);
          expect(bytes.slice(ARP_SENDER_IP, ARP_TARGET_MAC)).toEqual(senderIp);
          expect(bytes.slice(ARP_TARGET_MAC, ARP_TARGET_IP)).toEqual(targetMac);
          expect(bytes.slice(ARP_TARGET_IP, ARP_OCTETS)).toEqual(targetIp);
        },
      ),
    );
  });

  it("is refused when it is not all there", () => {
    const bytes = message(ARP_REQUEST, "10.0.1.11", "10.0.1.12");
    for (let octets = 0; octets < ARP_OCTETS; octets++) expect(checkArp(bytes, 0, octets)).toBe(PARSE_TRUNCATED);
  });

  it.each([
    ["hardware type 6", 1, 6, PARSE_BAD_TYPE],
    ["protocol type 0x86dd", 2, 0x86, PARSE_BAD_TYPE],
    ["MACs of 8 octets", 4, 8, PARSE_BAD_LENGTH],
    ["IPs of 16 octets", 5, 16, PARSE_BAD_LENGTH],
    ["operation 0", 7, 0, PARSE_BAD_TYPE],
    ["operation 3, RARP's request", 7, 3, PARSE_BAD_TYPE],
    ["operation 257", 6, 1, PARSE_BAD_TYPE],
  ])("is refused with %s", (_name, index, value, code) => {
    expect(checkArp(requestWith(index, value), 0, ARP_OCTETS)).toBe(code);
  });

  it("is gratuitous when it says both IPs alike, in either operation", () => {
    expect(isGratuitousArp(message(ARP_REQUEST, "10.0.1.50", "10.0.1.50"), 0)).toBe(true);
    expect(isGratuitousArp(message(ARP_REPLY, "200.0.1.50", "200.0.1.50"), 0)).toBe(true);
    expect(isGratuitousArp(message(ARP_REQUEST, "10.0.1.50", "10.0.1.51"), 0)).toBe(false);
    expect(isGratuitousArp(message(ARP_REQUEST, "0.0.0.0", "0.0.0.0"), 0)).toBe(false);
  });

  it("is a probe when it asks from 0.0.0.0", () => {
    expect(isArpProbe(message(ARP_REQUEST, "0.0.0.0", "10.0.1.50"), 0)).toBe(true);
    expect(isArpProbe(message(ARP_REPLY, "0.0.0.0", "10.0.1.50"), 0)).toBe(false);
    expect(isArpProbe(message(ARP_REQUEST, "10.0.1.50", "10.0.1.50"), 0)).toBe(false);
  });
});
