/** What is wrong with a capture file, where, and what would be right. */
import { ConfigError, type Finding } from "../text/config-error.ts";

/** A finding at an octet of a file: it has no lines. */
export function captureFinding(
  severity: Finding["severity"],
  file: string,
  octet: number,
  message: string,
  hint: string,
): Finding {
  return { file, line: 0, column: 0, severity, message: `at octet ${octet}: ${message}`, hint };
}

export function captureError(file: string, octet: number, message: string, hint: string): ConfigError {
  return new ConfigError([captureFinding("error", file, octet, message, hint)]);
}

/** What a file that begins unlike any capture is instead, as far as its first octets tell. */
export function notACapture(file: string, bytes: Uint8Array): ConfigError {
  const message =
    bytes.length === 0
      ? "the file is empty"
      : `this is no capture: it begins with ${hex(bytes, Math.min(4, bytes.length))}, which is neither pcap nor pcapng`;
  return captureError(file, 0, message, guess(bytes));
}

const STARTS: readonly { readonly octets: readonly number[]; readonly hint: string }[] = [
  { octets: [0x1f, 0x8b], hint: "it is compressed with gzip: gunzip it first, or gunzip -c FILE | viplane … -" },
  { octets: [0x28, 0xb5, 0x2f, 0xfd], hint: "it is compressed with zstd: zstd -d it first" },
  { octets: [0xfd, 0x37, 0x7a, 0x58], hint: "it is compressed with xz: xz -d it first" },
  { octets: [0x50, 0x4b, 0x03, 0x04], hint: "it is a ZIP archive: unpack it first" },
  { octets: [0x73, 0x6e, 0x6f, 0x6f], hint: "it is a snoop capture: editcap FILE out.pcapng makes a pcapng of it" },
  { octets: [0x34, 0xcd, 0xb2, 0xa1], hint: "it is a modified pcap: editcap FILE out.pcapng makes a pcapng of it" },
  { octets: [0xa1, 0xb2, 0xcd, 0x34], hint: "it is a modified pcap: editcap FILE out.pcapng makes a pcapng of it" },
];

function guess(bytes: Uint8Array): string {
  const start = STARTS.find(({ octets }) => octets.every((octet, i) => bytes[i] === octet));
  return start?.hint ?? "name a file that tcpdump -w, dumpcap, Wireshark or viplane run --pcap has written";
}

function hex(bytes: Uint8Array, octets: number): string {
  return Array.from(bytes.subarray(0, octets), (octet) => octet.toString(16).padStart(2, "0")).join(" ");
}
