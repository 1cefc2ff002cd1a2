/** Files that a command writes: each stands there whole when the command is done, or not at all. `-` is stdout. */
import { closeSync, constants, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { OutputError, print, systemReason, UsageError } from "./console.ts";
import { fileIdentity } from "./files.ts";

/** What ends a command before its end, and the exit status of it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** A file being written: nothing stands at its path until the command is done, unless the path is a device or a pipe. */
export interface OutputFile {
  write(chunk: string | Uint8Array): void;
}

interface OpenFile extends OutputFile {
  /** The file is whole; where it cannot be put at its path an OutputError, and no trace is left of it. */
  commit(): void;
  /** Leaves no trace. */
  discard(): void;
}

/** Opens a path for writing, `-` for stdout; null without a path. A UsageError, before anything has happened, if that cannot be. */
export type Open = (path: string | undefined) => OutputFile | null;

/**
 * Does the work of a command that writes files. They appear when it is done; if it fails, or the process is told to end before that, they
 * leave no trace.
 */
export async function writingFiles<T>(work: (open: Open) => T | Promise<T>): Promise<T> {
  const outputs: OpenFile[] = [];
  const discardAll = (): void => {
    for (const output of outputs) output.discard();
  };
  const interrupted = (signal: keyof typeof SIGNALS): void => {
    discardAll();
    process.exit(SIGNALS[signal]);
  };
  for (const signal of Object.keys(SIGNALS)) process.once(signal, interrupted);
  try {
    const result = await work((path) => {
      if (path === undefined) return null;
      const output = openOutput(path);
      outputs.push(output);
      return output;
    });
    // Who has been told to end meanwhile ends here.
    await new Promise((resolve) => setImmediate(resolve));
    for (let output = outputs.shift(); output !== undefined; output = outputs.shift()) output.commit();
    return result;
  } finally {
    discardAll();
    for (const signal of Object.keys(SIGNALS)) process.off(signal, interrupted);
  }
}

function openOutput(path: string): OpenFile {
  if (path === "-") return { write: print, commit() {}, discard() {} };
  if (path === "") throw new UsageError("cannot write a file without a name: name one, or - for stdout");
  const final = fileIdentity(path);
  let direct: boolean;
  let target: string;
  let fd: number;
  try {
    const present = statSync(path, { throwIfNoEntry: false });
    if (present?.isDirectory() || path.endsWith("/")) throw new Error("it is a directory");
    direct = present !== undefined && !present.isFile();
    if (present?.isFIFO()) demandReader(path);
    target = direct ? path : `${final}.${process.pid}.part`;
    fd = openSync(target, "w");
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${systemReason(error)}`);
  }
  const discard = (): void => {
    closeSync(fd);
    if (!direct) rmSync(target, { force: true });
  };
  return {
    write(chunk) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
      } catch (error) {
        // As with stdout: whoever read this pipe has seen enough.
        if ((error as NodeJS.ErrnoException).code !== "EPIPE")
          throw new OutputError(`cannot write ${path}: ${systemReason(error)}`);
      }
    },
    commit() {
      try {
        if (!direct) renameSync(target, final);
      } catch (error) {
        discard();
        throw new OutputError(`cannot write ${path}: ${systemReason(error)}`);
      }
      closeSync(fd);
    },
    discard,
  };
}

/** Opening a pipe waits for its reader, deaf to signals: without one it is refused. */
function demandReader(pipe: string): void {
  closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
}
