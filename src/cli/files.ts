/** Text files as the command line reads them: whole, and no capture for a text. `-` is stdin. */
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { globSync } from "tinyglobby";
import { isClassicPcap } from "../capture/classic-pcap.ts";
import { isPcapng } from "../capture/pcapng-sections.ts";
import type { ScenarioFiles } from "../scenario/language/load.ts";
import { ConfigError } from "../text/config-error.ts";
import { systemReason } from "./console.ts";

/** Larger files are no scenarios and no configurations. */
const TEXT_OCTETS_MAX = 8 << 20;

/** Every file that was read, by identity: none of them may be written over. */
export const FILES_READ = new Set<string>();

/** The text of a file that the user named, `-` for stdin; a ConfigError says why there is none. */
export function readText(path: string): string {
  try {
    return path === "-" ? readUpToLimit(0) : readFile(path);
  } catch (error) {
    if (error instanceof CaptureGiven) {
      const hint = `viplane replay ${path} tells what happened in it`;
      throw new ConfigError([
        { file: path, line: 0, column: 0, severity: "error", message: "this is a capture of frames, no text", hint },
      ]);
    }
    const message = `cannot read this file: ${systemReason(error)}`;
    throw new ConfigError([
      { file: path, line: 0, column: 0, severity: "error", message, hint: "name an existing file, or - for stdin" },
    ]);
  }
}

/** A file that should be text begins as pcap and pcapng do. */
class CaptureGiven extends Error {
  override name = "CaptureGiven";
}

/** How scenarios and configurations reach the files that they name. */
export const DISK: ScenarioFiles = {
  read(path) {
    try {
      // What another file names is a file on the disk: a pipe would be waited for, a device has no end.
      return statSync(path).isFile() ? readFile(path) : null;
    } catch {
      return null;
    }
  },
  resolve(fromFile, relative) {
    return isAbsolute(relative) ? relative : join(directoryOf(fromFile), relative);
  },
  glob(pattern, relativeTo) {
    const base = directoryOf(relativeTo);
    // glob(7) has no `**` and no `+(…)`; braces have been expanded.
    const dialect = { globstar: false, extglob: false, braceExpansion: false, expandDirectories: false, dot: false };
    const found = globSync(pattern, { ...dialect, cwd: resolve(base), absolute: isAbsolute(pattern), onlyFiles: true });
    return found.map((path) => (isAbsolute(path) ? path : join(base, path))).sort();
  },
};

/** The same text for every path to the same file, whether it exists or not: links are followed. */
export function fileIdentity(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** A file, or a pipe that somebody writes to; devices have no end and are refused. */
function readFile(path: string): string {
  const stats = statSync(path);
  if (stats.isDirectory()) throw new Error("it is a directory");
  if (stats.isCharacterDevice() || stats.isBlockDevice()) throw new Error("it is a device");
  const fd = openSync(path, "r");
  try {
    const text = readUpToLimit(fd);
    FILES_READ.add(fileIdentity(path));
    return text;
  } finally {
    closeSync(fd);
  }
}

/** The text of an open file, to its end; an Error if it is longer than any scenario. */
function readUpToLimit(fd: number): string {
  const chunks: Buffer[] = [];
  let octets = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const count = readSync(fd, chunk, 0, chunk.length, null);
    if (count === 0) return Buffer.concat(chunks).toString("utf8");
    const read = chunk.subarray(0, count);
    if (octets === 0 && (isPcapng(read) || isClassicPcap(read))) throw new CaptureGiven();
    chunks.push(read);
    octets += count;
    if (octets > TEXT_OCTETS_MAX) throw new Error(`it has more than ${TEXT_OCTETS_MAX} octets`);
  }
}

function directoryOf(path: string): string {
  return path === "-" ? "." : dirname(path);
}
