/** `viplane trace`: frames through one switch, and each decision with its reason. */
import { type Command, InvalidArgumentError } from "commander";
import { AGEING_MS_MAX } from "../switch/fdb.ts";
import type { SwitchProfile } from "../switch/profile.ts";
import { PROFILE_NAMES, PROFILES, profileByName } from "../switch/profiles.ts";
import { parseDuration } from "../text/duration.ts";
import { nearest } from "../text/nearest.ts";
import { profileAlias } from "../text/profile-alias.ts";
import { wrapped } from "../text/table.ts";
import { macWords } from "../trace/fields.ts";
import { DecisionFilter, type FilterOptions, SHOWN_KINDS, type ShownKind } from "../trace/filter.ts";
import { formatDecisionJson } from "../trace/json-report.ts";
import { PORTS_MAX } from "../trace/read-header.ts";
import { readTrace } from "../trace/read-trace.ts";
import { TextReport } from "../trace/text-report.ts";
import { Tracer } from "../trace/tracer.ts";
import { formatMac, parseMac } from "../wire/address.ts";
import { readCaptureFile } from "./capture-file.ts";
import { EXIT_OK, exitStatuses, print, printError, printFindings, styleFor } from "./console.ts";
import { Progress } from "./progress.ts";

interface Flags {
  readonly ports?: number;
  readonly json?: true;
  readonly dryRun?: true;
  readonly ageing?: number;
  readonly profile?: SwitchProfile;
  readonly network?: string;
  readonly only?: ReadonlySet<ShownKind>;
  readonly mac?: NonNullable<FilterOptions["mac"]>;
}

const HELP_COLUMNS = 111;

const EXAMPLES = `
The input is JSON lines, perhaps with a header first, or a pcapng capture in which each interface is a port:
  {"ports": 3, "ageingSeconds": 300, "options": {"portFlags": {"2": {"learning": false}}}}
  {"at": 0.1, "port": 0, "frame": "ffffffffffff020000000001080600010800060400010200…"}
  {"at": 0.2, "portDown": 0}
  {"at": 0.3, "snapshot": "after"}
Steps are frame, portDown, portUp, portRemove, portAdd, portFlags, fdbAdd, fdbDel, flush, ageing, snapshot, batch.

Profiles:
${PROFILES.map(({ name, summary }) => paragraph(`  ${name.padEnd(9)} `, summary)).join("\n")}

Examples:
  viplane trace --ports 4 frames.jsonl                                        where did each frame go, and why?
  viplane trace --only moved,dropped lab.pcapng                               the few decisions that matter
  viplane trace --mac 00:00:5e:00:01:33 lab.pcapng                            what became of one address
  viplane trace --ports 4 --json frames.jsonl | jq -r 'select(.drop) | .why'  for programs
  viplane trace --dry-run table.jsonl                                         ask, without teaching the switch anything
  viplane trace --profile vde lab.pcapng                                      what would another switch have done?
  viplane run lab.yaml --pcap - | viplane trace --network app -               every decision of a simulated network
  jq -c 'del(.steps), .steps[]' vector.json | viplane trace -                 a recording of a bridge

${exitStatuses({ ok: "every step was decided", usage: "wrong usage or invalid input; nothing was decided", unable: "what is printed cannot be written to its end" })}`;

/** Written in pieces of this many characters. */
const PIECE = 65_536;

export function addTraceCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("trace")
    .summary("put frames through one switch and explain each decision")
    .description("Put given frames through one switch and print each decision: who got the frame, and why.")
    .argument("<file>", "frames as JSON lines or pcapng; - is stdin")
    .option("--ports <n>", "ports of the switch, where the input does not say", parsePorts)
    .option("--json", "print one JSON object for each step")
    .option("--dry-run", "frames change nothing; what is done by hand does, and time passes")
    .option("--ageing <seconds>", "ageing time, instead of the input's or the profile's: 15, 1.5s, 5m", parseAgeing)
    .option("--network <name>", "of a capture of several networks: the subnet, or the switch, to be traced")
    .option("--only <kinds>", `show only decisions of these kinds: ${SHOWN_KINDS.join(", ")}`, parseOnly)
    .option("--mac <address>", "show only frames from or to this address, and changes that concern it", parseMacFlag)
    .option("--profile <name>", `which switch to be: ${PROFILE_NAMES.join(", ")}`, parseProfile)
    .addHelpText("after", EXAMPLES)
    .action((file: string, flags: Flags) => exit(trace(file, flags)));
}

function trace(file: string, { ports, json, ageing, profile, network, only, mac, ...flags }: Flags): number {
  const dryRun = flags.dryRun === true;
  const source = readTrace(file, readCaptureFile(file), { ports: ports ?? null, network: network ?? null });
  printFindings(source.warnings);
  const filter = new DecisionFilter({ only: only ?? null, mac: mac ?? null });
  const { portNames } = source;
  const tracer = new Tracer(source.setup, {
    dryRun,
    portNames,
    ...(ageing !== undefined && { ageingMs: ageing }),
    ...(profile !== undefined && { profile }),
  });
  const text = json === true ? null : new TextReport(styleFor(process.stdout), source, { dryRun, filter });
  // The text begins with it; decisions for programs have no room for it.
  if (text === null && source.about !== null) printError(`${file}: note: ${source.about}\n`);
  const progress = new Progress(file, process.stdout.isTTY !== true);
  let piece = text?.head() ?? "";
  for (const step of source.steps()) {
    const decision = tracer.step(step);
    if (text !== null) piece += text.decision(decision);
    else {
      const shown = filter.shown(decision);
      if (shown !== null) piece += formatDecisionJson(shown, portNames, dryRun);
    }
    if (piece.length < PIECE) continue;
    print(piece);
    piece = "";
    progress.show(source.progress);
  }
  progress.end();
  print(piece + (text?.foot(tracer.table()) ?? ""));
  return EXIT_OK;
}

function parsePorts(text: string): number {
  const ports = /^\d+$/.test(text) ? Number(text) : 0;
  if (ports < 1 || ports > PORTS_MAX) throw new InvalidArgumentError(`A switch has 1 to ${PORTS_MAX} ports.`);
  return ports;
}

/** Milliseconds. */
function parseAgeing(text: string): number {
  const ns = parseDuration(/^[\d.]+$/.test(text) ? `${text}s` : text);
  const ms = ns === null ? Number.NaN : Math.round(ns / 1e6);
  if (!(ms <= AGEING_MS_MAX)) throw new InvalidArgumentError("An ageing time is 0 to 1000000 seconds: 300, 1.5s, 5m.");
  return ms;
}

function parseOnly(text: string): ReadonlySet<ShownKind> {
  const kinds = text.split(",").map((word) => {
    const kind = SHOWN_KINDS.find((one) => one === word.trim());
    if (kind !== undefined) return kind;
    const near = nearest(word.trim(), SHOWN_KINDS) ?? beginningWith(word.trim(), SHOWN_KINDS);
    throw new InvalidArgumentError(
      near === undefined ? `There are ${SHOWN_KINDS.join(", ")}.` : `Did you mean ${near}?`,
    );
  });
  return new Set(kinds);
}

/** `dropped` for `drop`. */
function beginningWith(word: string, known: readonly string[]): string | undefined {
  return word.length > 2 ? known.find((name) => name.startsWith(word)) : undefined;
}

function parseMacFlag(text: string): NonNullable<FilterOptions["mac"]> {
  const octets = parseMac(text);
  if (octets === null) throw new InvalidArgumentError("A MAC address is six octets with colons: 02:00:00:00:00:01.");
  return { words: macWords(octets), text: formatMac(octets, 0) };
}

function parseProfile(text: string): SwitchProfile {
  const profile = profileByName(text);
  if (profile !== undefined) return profile;
  const alias = profileAlias(text);
  const near = nearest(text, PROFILE_NAMES);
  throw new InvalidArgumentError(
    alias !== null
      ? `${alias}.`
      : near === undefined
        ? `There are ${PROFILE_NAMES.join(", ")}.`
        : `Did you mean ${near}?`,
  );
}

/** The text below its head, the second and later lines in as far as the first one's text. */
function paragraph(head: string, text: string): string {
  return head + wrapped(text, HELP_COLUMNS - head.length).join(`\n${" ".repeat(head.length)}`);
}
