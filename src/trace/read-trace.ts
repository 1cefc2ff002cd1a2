/** Any input of a trace: JSON lines, or a capture. Which of them it is shows in its first octets. */
import { notACapture } from "../capture/capture-error.ts";
import { isClassicPcap } from "../capture/classic-pcap.ts";
import { isPcapng } from "../capture/pcapng-sections.ts";
import { readCaptureFrames } from "./capture-frames.ts";
import { readJsonLines } from "./json-lines.ts";
import type { TraceInput, TraceSource } from "./steps.ts";

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Octets that are looked at. */
const START_OCTETS = 4;

/**
 * Judges an input, all of it; a ConfigError says what is wrong with it. `file` is its name, for messages; `bytes` must not change.
 */
export function readTrace(file: string, bytes: Uint8Array, input: TraceInput = {}): TraceSource {
  if (isPcapng(bytes) || isClassicPcap(bytes)) return readCaptureFrames(file, bytes, input);
  if (!beginsAsText(bytes)) throw notACapture(file, bytes);
  return readJsonLines(file, bytes, input);
}

/** Whether there is nothing but ASCII and white space in the first octets, behind a byte order mark if there is one. */
function beginsAsText(bytes: Uint8Array): boolean {
  const start = BYTE_ORDER_MARK.every((octet, i) => bytes[i] === octet) ? BYTE_ORDER_MARK.length : 0;
  const isText = (octet: number): boolean => (octet >= 0x20 && octet < 0x7f) || (octet >= 0x09 && octet <= 0x0d);
  return bytes.subarray(start, start + START_OCTETS).every(isText);
}
