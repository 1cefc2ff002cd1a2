/** What the command line writes and how: data to stdout, everything else to stderr, colours only on terminals. */
import { writeSync } from "node:fs";
import pc from "picocolors";
import { PLAIN, type Style } from "../scenario/text-report.ts";
import { type Finding, formatFinding } from "../text/config-error.ts";

/** Exit statuses; the README lists them. */
export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_DEFECT = 70;

/** A mistake in how the command was called: the message is shown, the status is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Colours if `stream` is a terminal and NO_COLOR is not set. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const wanted = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  if (!wanted) return PLAIN;
  const colours = pc.createColors(true);
  return { bold: colours.bold, dim: colours.dim, good: colours.green, bad: colours.red, accent: colours.cyan };
}

/** Writes all of it before it returns, so that a process that ends next loses nothing; a reader that has gone away is no error. */
export function print(text: string | Uint8Array): void {
  writeAll(1, text);
}

export function printError(text: string): void {
  writeAll(2, text);
}

/** Findings on stderr, errors in red. */
export function printFindings(findings: readonly Finding[]): void {
  const style = styleFor(process.stderr);
  for (const finding of findings) {
    const text = formatFinding(finding);
    printError(`${finding.severity === "error" ? text.replace(": error:", `: ${style.bad("error")}:`) : text}\n`);
  }
}

function writeAll(fd: 1 | 2, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") continue;
      if (code === "EPIPE") process.exit(EXIT_OK);
      throw error;
    }
  }
}
