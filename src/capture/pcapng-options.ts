/** The options of a pcapng block: code, length, value, padding to four octets (section 3.5 of the draft). */
import { readU16In } from "./raw-packet.ts";

export interface PcapngOption {
  readonly code: number;
  /** Of its value in the file. */
  readonly offset: number;
  readonly octets: number;
}

const OPT_END = 0;

/** What stands from `offset` to `end`, or to `opt_endofopt`. `brokenAt` is where an option leaves that room; -1 if none does. */
export function pcapngOptions(
  bytes: Uint8Array,
  offset: number,
  end: number,
  littleEndian: boolean,
): { readonly options: readonly PcapngOption[]; readonly brokenAt: number } {
  const options: PcapngOption[] = [];
  let at = offset;
  while (at + 4 <= end) {
    const code = readU16In(bytes, at, littleEndian);
    const octets = readU16In(bytes, at + 2, littleEndian);
    if (code === OPT_END) break;
    if (at + 4 + octets > end) return { options, brokenAt: at };
    options.push({ code, offset: at + 4, octets });
    at += 4 + Math.ceil(octets / 4) * 4;
  }
  return { options, brokenAt: -1 };
}
