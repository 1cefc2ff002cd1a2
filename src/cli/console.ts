/** What the command line writes and how: data to stdout, everything else to stderr, colours only on terminals. */
import { writeSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import pc from "picocolors";
import { type Finding, formatFinding } from "../text/config-error.ts";
import { PLAIN, printable, type Style } from "../text/style.ts";

/** Of all commands together; the README says the same. */
export const EXIT_STATUSES = `Exit status:
  0    all is well: every expectation holds, check found no error
  1    an expectation failed, or check found an error in a keepalived.conf
  2    wrong usage or invalid input; nothing was run
  3    this machine cannot do it: a file cannot be written to its end
  70   a defect of viplane
  130  interrupted (143: asked to end)`;

/** Those of one command, for its help. */
export function exitStatuses(words: {
  readonly ok: string;
  /** Missing: the command judges nothing. */
  readonly failed?: string;
  readonly usage: string;
  readonly unable: string;
}): string {
  return [
    "Exit status:",
    `  0    ${words.ok}`,
    ...(words.failed === undefined ? [] : [`  1    ${words.failed}`]),
    `  2    ${words.usage}`,
    `  3    ${words.unable}`,
    "  70   a defect of viplane",
    "  130  interrupted (143: asked to end)",
  ].join("\n");
}

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_UNABLE = 3;
export const EXIT_DEFECT = 70;

/** A mistake in how the command was called: the message is shown, the status is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The machine could not take what a run had to write, a full disk say: the message is shown, the status is 3. */
export class OutputError extends Error {
  override name = "OutputError";
}

/** What the operating system said, in its own words. */
export function systemReason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
}

/** Colours if `stream` is a terminal and NO_COLOR is not set. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const wanted = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  if (!wanted) return PLAIN;
  const colours = pc.createColors(true);
  return { bold: colours.bold, dim: colours.dim, good: colours.green, bad: colours.red, accent: colours.cyan };
}

/**
 * Writes all of it before it returns, so that a process that ends next loses nothing. Once the reader has gone away (`| head`) it
 * writes nothing any more: the files of a run are still to be written, and its status is still true.
 */
export function print(text: string | Uint8Array): void {
  if (isStdoutGone) return;
  try {
    isStdoutGone = !writeAll(1, text);
  } catch (error) {
    throw new OutputError(`cannot write to stdout: ${systemReason(error)}`);
  }
}

/** Where stderr takes nothing, nobody can be told. */
export function printError(text: string): void {
  if (isStderrGone) return;
  try {
    isStderrGone = !writeAll(2, text);
  } catch {
    isStderrGone = true;
  }
}

/** Nobody reads more. */
const FINDINGS_MAX = 100;

/** Findings on stderr, errors in red. */
export function printFindings(findings: readonly Finding[]): void {
  const style = styleFor(process.stderr);
  for (const finding of findings.slice(0, FINDINGS_MAX)) {
    const text = printable(formatFinding(finding));
    printError(`${finding.severity === "error" ? text.replace(": error:", `: ${style.bad("error")}:`) : text}\n`);
  }
  const more = findings.length - FINDINGS_MAX;
  if (more > 0) printError(`and ${more} more findings\n`);
}

/** Pause before another try while a slow reader (`| less`) has its pipe full. */
const RETRY_MS = 5;
let isStdoutGone = false;
let isStderrGone = false;

/** False if the reader has gone away. */
function writeAll(fd: 1 | 2, text: string | Uint8Array): boolean {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return true;
}
