/**
 * Which interfaces of a capture belong to one switch. A capture says so where its interfaces have a description (`if_description` of pcapng) as
 * `viplane run` writes it: `subnet app`, `subnet lan, switch rack-1`, `subnet lan, switch rack-1, link uplink-1`. Of any other capture nothing is
 * known, and all its interfaces count as ports of one switch.
 */

import { pcapngOptions } from "../capture/pcapng-options.ts";
import { isPcapng } from "../capture/pcapng-sections.ts";
import { readU32In } from "../capture/raw-packet.ts";

/** The ports of one switch. */
export interface CapturedNetwork {
  /** Of the switch, where its subnet has several; else of the subnet. */
  readonly name: string;
  /** Names of its interfaces. */
  readonly interfaces: ReadonlySet<string>;
  /** Its subnet has other switches, and the capture shows nothing of what comes from them. */
  readonly lacksLinks: boolean;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const BLOCK_OCTETS_MIN = 12;
const OPTIONS_OF_INTERFACE = 16;
const PLACE = /^subnet (.+?)(?:, switch (.+?))?(?:, link (.+))?$/;

/** The networks of a capture in the order of their first interfaces; none if not every interface says where it is. */
export function capturedNetworks(bytes: Uint8Array): readonly CapturedNetwork[] {
  const networks = new Map<string, { interfaces: Set<string>; isSwitch: boolean; hasLinks: boolean }>();
  for (const { name, description } of interfacesOf(bytes)) {
    const place = PLACE.exec(description);
    if (name === "" || place === null) return [];
    const [, subnet, at, link] = place;
    const network = networks.get(at ?? subnet!) ?? {
      interfaces: new Set(),
      isSwitch: at !== undefined,
      hasLinks: false,
    };
    networks.set(at ?? subnet!, network);
    network.interfaces.add(name);
    network.hasLinks ||= link !== undefined;
  }
  return [...networks].map(([name, { interfaces, isSwitch, hasLinks }]) => {
    return { name, interfaces, lacksLinks: isSwitch && !hasLinks };
  });
}

/** What is described, as far as the blocks are whole: whether they are is judged elsewhere. */
function interfacesOf(bytes: Uint8Array): { name: string; description: string }[] {
  const found: { name: string; description: string }[] = [];
  if (!isPcapng(bytes)) return found;
  let littleEndian = true;
  for (let at = 0; at + BLOCK_OCTETS_MIN <= bytes.length; ) {
    const isSection = readU32In(bytes, at, true) === SECTION_HEADER;
    if (isSection) littleEndian = readU32In(bytes, at + 8, true) === BYTE_ORDER_MAGIC;
    const octets = readU32In(bytes, at + 4, littleEndian);
    if (octets < BLOCK_OCTETS_MIN || at + octets > bytes.length) break;
    if (!isSection && readU32In(bytes, at, littleEndian) === INTERFACE_DESCRIPTION) {
      const { options } = pcapngOptions(bytes, at + OPTIONS_OF_INTERFACE, at + octets - 4, littleEndian);
      const text = (code: number): string => {
        const option = options.find((one) => one.code === code);
        if (option === undefined) return "";
        return new TextDecoder()
          .decode(bytes.subarray(option.offset, option.offset + option.octets))
          .replace(/\0+$/, "");
      };
      found.push({ name: text(IF_NAME), description: text(IF_DESCRIPTION) });
    }
    at += octets;
  }
  return found;
}
