/** Builds capture files octet by octet, good and bad ones, in either byte order. It shares nothing with the reader or the product's writer. */

export interface ClassicOptions {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
  readonly major?: number;
}

export interface ClassicPacket {
  readonly seconds: number;
  /** Micro- or nanoseconds. */
  readonly fraction: number;
  readonly bytes: Uint8Array;
  readonly originalOctets?: number;
}

/** A classic pcap. */
export function classicPcap(packets: readonly ClassicPacket[], options: ClassicOptions = {}): Uint8Array {
  const { littleEndian = true, nanoseconds = false, linkType = 1, major = 2 } = options;
  const out = new Octets(littleEndian);
  out
    .u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
    .u16(major)
    .u16(4)
    .u32(0)
    .u32(0)
    .u32(262_144)
    .u32(linkType);
  for (const { seconds, fraction, bytes, originalOctets = bytes.length } of packets)
    out.u32(seconds).u32(fraction).u32(bytes.length).u32(originalOctets).raw(bytes);
  return out.done();
}

export interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** A block of pcapng: type, length, body padded to four octets, length. */
export function block(littleEndian: boolean, type: number, body: Uint8Array): Uint8Array {
  const octets = 12 + padded(body.length);
  return new Octets(littleEndian).u32(type).u32(octets).padded(body).u32(octets).done();
}

export function sectionHeader(littleEndian: boolean, major = 1): Uint8Array {
  const body = new Octets(littleEndian).u32(0x1a2b3c4d).u16(major).u16(0).u32(0xffffffff).u32(0xffffffff);
  return block(littleEndian, 0x0a0d0d0a, body.done());
}

export function interfaceDescription(
  littleEndian: boolean,
  options: readonly Option[] = [],
  linkType = 1,
  snapOctets = 0,
): Uint8Array {
  const body = new Octets(littleEndian).u16(linkType).u16(0).u32(snapOctets).options(options);
  return block(littleEndian, 1, body.done());
}

export interface EnhancedPacket {
  readonly interfaceIndex?: number;
  /** In the interface's unit. */
  readonly ticks: bigint;
  readonly bytes: Uint8Array;
  readonly originalOctets?: number;
  readonly options?: readonly Option[];
}

export function enhancedPacket(littleEndian: boolean, packet: EnhancedPacket): Uint8Array {
  return block(littleEndian, 6, packetBody(littleEndian, packet, false));
}

/** The Packet Block of old: 16 bits of interface, 16 of drops. */
export function obsoletePacket(littleEndian: boolean, packet: EnhancedPacket): Uint8Array {
  return block(littleEndian, 2, packetBody(littleEndian, packet, true));
}

export function simplePacket(littleEndian: boolean, bytes: Uint8Array, originalOctets = bytes.length): Uint8Array {
  return block(littleEndian, 3, new Octets(littleEndian).u32(originalOctets).raw(bytes).done());
}

export function flags(littleEndian: boolean, direction: "inbound" | "outbound"): Option {
  return { code: 2, value: new Octets(littleEndian).u32(direction === "inbound" ? 1 : 2).done() };
}

export function text(code: number, value: string): Option {
  return { code, value: new TextEncoder().encode(value) };
}

export function octet(code: number, value: number): Option {
  return { code, value: Uint8Array.of(value) };
}

/** A 64-bit number. */
export function long(littleEndian: boolean, code: number, value: bigint): Option {
  return { code, value: new Octets(littleEndian).u64(value).done() };
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function packetBody(littleEndian: boolean, packet: EnhancedPacket, isObsolete: boolean): Uint8Array {
  const { interfaceIndex = 0, ticks, bytes, originalOctets = bytes.length, options = [] } = packet;
  const body = new Octets(littleEndian);
  if (isObsolete) body.u16(interfaceIndex).u16(0xffff);
  else body.u32(interfaceIndex);
  body.u32(Number(ticks >> 32n)).u32(Number(ticks & 0xffffffffn));
  return body.u32(bytes.length).u32(originalOctets).padded(bytes).options(options).done();
}

function padded(octets: number): number {
  return Math.ceil(octets / 4) * 4;
}

class Octets {
  readonly #octets: number[] = [];
  readonly #littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  u16(value: number): this {
    return this.#number(BigInt(value), 2);
  }

  u32(value: number): this {
    return this.#number(BigInt(value), 4);
  }

  u64(value: bigint): this {
    return this.#number(BigInt.asUintN(64, value), 8);
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#octets.push(byte);
    return this;
  }

  padded(bytes: Uint8Array): this {
    return this.raw(bytes).raw(new Uint8Array(padded(bytes.length) - bytes.length));
  }

  options(options: readonly Option[]): this {
    if (options.length === 0) return this;
    for (const { code, value } of options) this.u16(code).u16(value.length).padded(value);
    return this.u16(0).u16(0);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#octets);
  }

  #number(value: bigint, octets: number): this {
    const bytes = Array.from({ length: octets }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
    this.#octets.push(...(this.#littleEndian ? bytes : bytes.reverse()));
    return this;
  }
}
