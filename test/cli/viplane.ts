/** Runs the built command as people do: a process of its own. Whatever it is asked, it shows no stack trace and, off a terminal, no colour. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export const ROOT = new URL("../..", import.meta.url).pathname;
/** Those that run without a warning and in moments. */
export const TOPOLOGIES = [
  "havip-failover",
  "cloud-guide",
  "lan-preemption",
  "three-switches",
  "three-switches-repairs",
  "switch-profiles",
  "path-and-flow",
].map((name) => topologyPath(name));
const PCAPNG_MAGIC = Buffer.from("0a0d0d0a", "hex");
const MAIN = join(ROOT, "dist/cli/main.js");

export interface Settings {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  /** Null: a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  /** stdout and stderr as text. */
  readonly out: string;
  readonly err: string;
}

export function topologyPath(name: string): string {
  return join(ROOT, `topologies/${name}.yaml`);
}

/** `viplane ARGS`, to its end. */
export async function viplane(args: readonly string[], { input = "", ...settings }: Settings = {}): Promise<Outcome> {
  const child = start(args, settings);
  child.stdin!.on("error", () => {});
  child.stdin!.end(input);
  return await outcome(child);
}

/** Begins `viplane ARGS`; stdin, stdout and stderr are pipes. */
export function start(args: readonly string[], { cwd, env }: Omit<Settings, "input"> = {}): ChildProcess {
  return spawn(process.execPath, [builtMain(), ...args], { cwd, env: { ...plainEnvironment(), ...env } });
}

/** Waits for the end of what `start` began, and looks at what nobody should see. */
export async function outcome(child: ChildProcess): Promise<Outcome> {
  const result = await ending(child);
  const isCapture = result.stdout.subarray(0, 4).equals(PCAPNG_MAGIC);
  for (const text of isCapture ? [result.err] : [result.out, result.err]) {
    if (/^ +at .*:\d+:\d+\)?$/m.test(text)) throw new Error(`a stack trace:\n${text}`);
    if (text.includes("has a defect")) throw new Error(text);
    if (text.includes("\u001b")) throw new Error(`an escape code off a terminal: ${JSON.stringify(text)}`);
  }
  return result;
}

/** Waits for the end of what `start` began. */
export async function ending(child: ChildProcess): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout!.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr!.on("data", (chunk: Buffer) => stderr.push(chunk));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const all = Buffer.concat(stdout);
  return { status, stdout: all, out: all.toString(), err: Buffer.concat(stderr).toString() };
}

/** The command, for shells. */
export function builtMain(): string {
  if (!existsSync(MAIN)) throw new Error("there is no dist/cli/main.js: run npm run build first");
  return MAIN;
}

/** Of this process, without what would decide on colours. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _no, FORCE_COLOR: _force, VIPLANE_DEBUG: _debug, ...rest } = process.env;
  return rest;
}

/** A folder to work in. */
export class Folder {
  readonly path: string;

  constructor(path: string, files: Readonly<Record<string, string>>) {
    this.path = path;
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): string {
    writeFileSync(this.at(name), text);
    return this.at(name);
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** Names of everything in it, sorted. */
  list(): string[] {
    return readdirSync(this.path).sort();
  }

  /** A new folder inside, for one test alone. */
  inner(files: Readonly<Record<string, string>>): Folder {
    return new Folder(mkdtempSync(join(this.path, "inner-")), files);
  }
}

/** A folder for a test file, gone afterwards. */
export function workshop(files: Readonly<Record<string, string>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), "viplane-test-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return new Folder(path, files);
}
