/**
 * What both formats have in common: packets one after another, each told by numbers in one record that is filled anew. The octets stay
 * where they are in the file.
 */
import type { Finding } from "../text/config-error.ts";

/** As the capturing interface saw it: `inbound` came in there, `outbound` left. */
export type CaptureDirection = "inbound" | "outbound";

export interface CaptureInterface {
  /** Null if the file does not say: a classic pcap never does. */
  readonly name: string | null;
  /** LINKTYPE_…, as the tcpdump group numbers them. */
  readonly linkType: number;
}

export const LINKTYPE_ETHERNET = 1;

/** One packet as it stands in the file. */
export interface RawPacket {
  /** Into the file's list of interfaces. */
  interfaceIndex: number;
  /** Since the Unix epoch; a whole number, exact up to 2^53. */
  seconds: number;
  /** 0 to 999,999,999. */
  nanoseconds: number;
  direction: CaptureDirection | null;
  /** Of its first octet in the file. */
  offset: number;
  /** Octets that the file has of it. */
  octets: number;
  /** Octets that it had on the wire. */
  originalOctets: number;
}

/** The packets of one file, in file order. */
export interface PacketSource {
  /** May grow while packets are read; no entry changes. */
  readonly interfaces: readonly CaptureInterface[];
  /** Octets of the file that have been read. */
  readonly position: number;
  /** Why the packets end before the file's own end; null as long as they do not. */
  readonly cutOff: Finding | null;
  /** Fills `packet` with the next one; false at the end. Throws a ConfigError where the file is no capture any more. */
  next(packet: RawPacket): boolean;
}

/** Larger packets are no packets: what tcpdump and Wireshark take at most (MAXIMUM_SNAPLEN, 256 KiB). */
export const PACKET_OCTETS_MAX = 262_144;

/** 16 bits at `offset`, in the byte order of the machine that wrote the file. */
export function readU16In(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  return littleEndian ? bytes[offset]! | (bytes[offset + 1]! << 8) : (bytes[offset]! << 8) | bytes[offset + 1]!;
}

/** 32 bits at `offset`, 0 to 2^32 - 1, in the byte order of the machine that wrote the file. */
export function readU32In(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  const low = readU16In(bytes, littleEndian ? offset : offset + 2, littleEndian);
  return readU16In(bytes, littleEndian ? offset + 2 : offset, littleEndian) * 65_536 + low;
}
