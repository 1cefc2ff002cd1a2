/** A capture as the command line gets it: a file or stdin, whole, as octets. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ConfigError } from "../text/config-error.ts";
import { systemReason } from "./console.ts";
import { FILES_READ, fileIdentity } from "./files.ts";

/** Larger captures are to be cut first. */
const OCTETS_MAX = 2 ** 30;
const CHUNK_OCTETS = 1 << 20;

/** The octets of a file that the user named, `-` for stdin; a ConfigError says why there are none. */
export function readCaptureFile(path: string): Uint8Array {
  try {
    if (path === "-") return readToEnd(0, CHUNK_OCTETS);
    const fd = openSync(path, "r");
    try {
      const stats = fstatSync(fd);
      if (stats.isDirectory()) throw new Error("it is a directory");
      if (stats.isCharacterDevice() || stats.isBlockDevice()) throw new Error("it is a device");
      if (stats.size > OCTETS_MAX) throw new Error(TOO_LONG);
      const octets = readToEnd(fd, Math.max(stats.size + 1, CHUNK_OCTETS));
      FILES_READ.add(fileIdentity(path));
      return octets;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const message = `cannot read this file: ${systemReason(error)}`;
    const hint = message.endsWith(TOO_LONG) ? CUT_IT : "name an existing file, or - for stdin";
    throw new ConfigError([{ file: path, line: 0, column: 0, severity: "error", message, hint }]);
  }
}

const TOO_LONG = `it has more than ${OCTETS_MAX} octets`;
const CUT_IT = "cut it: tcpdump -r FILE -w less.pcap 'arp or icmp6 or ip proto 112'";

/** What is left of an open file. `firstOctets` is how much is asked for at first: of a file, all of it and one more. */
function readToEnd(fd: number, firstOctets: number): Uint8Array {
  let buffer = new Uint8Array(firstOctets);
  let octets = 0;
  for (;;) {
    if (octets === buffer.length) {
      const larger = new Uint8Array(2 * buffer.length);
      larger.set(buffer);
      buffer = larger;
    }
    const count = readSync(fd, buffer, octets, Math.min(buffer.length - octets, OCTETS_MAX), null);
    if (count === 0) return buffer.subarray(0, octets);
    octets += count;
    if (octets > OCTETS_MAX) throw new Error(TOO_LONG);
  }
}
