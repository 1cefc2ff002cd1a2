/** `viplane replay`: a capture from somewhere else goes through the switch, and the story is told. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { makeReport } from "../replay/make-report.ts";
import { Replay, type ReplayOptions, type ToldApartBy } from "../replay/replay.ts";
import { formatReplayReport } from "../replay/report.ts";
import { formatReplay } from "../replay/text-report.ts";
import { parseIp } from "../text/ip-text.ts";
import { formatIp, formatMac, parseMac } from "../wire/address.ts";
import { readCaptureFile } from "./capture-file.ts";
import { EXIT_OK, exitStatuses, print, printFindings, styleFor, UsageError } from "./console.ts";
import { FILES_READ, fileIdentity } from "./files.ts";
import { writingFiles } from "./output-files.ts";
import { Progress } from "./progress.ts";

interface Flags {
  readonly json?: string;
  readonly by?: ToldApartBy;
  readonly name?: ReadonlyMap<string, string>;
}

const EXAMPLES = `
Hosts are told apart by the interface that their frames came in by, where most interfaces let one MAC in, as in the
captures of viplane run; else by their source MAC. An interface with several MACs behind it is a trunk, and no host.
A frame that shows several times, at the ports of a bridge or in captures merged from several hosts, counts once.
A file that is not in the order of time is sorted first.

Examples:
  viplane replay failover.pcap                                                      tell who held what, and why it moved
  viplane replay failover.pcap --name 10.0.1.11=vm-A --name 02:00:00:00:00:02=vm-B  call hosts by name
  viplane replay failover.pcapng --json - | jq .addresses                           for programs
  ssh router tcpdump -i eth0 -w - -c 500 arp or vrrp | viplane replay -             what passes right now
  viplane run lab.yaml --pcap - | viplane replay -                                  a simulated network

${exitStatuses({ ok: "the capture was read and told", usage: "wrong usage, or no capture that can be read", unable: "a file, or what is printed, cannot be written to its end" })}`;

export function addReplayCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("replay")
    .summary("tell what happened in a capture")
    .description(
      "Put a capture (pcap or pcapng) through the switch and tell what happened: who held which address, every takeover and why, adverts missed, two masters at once, malformed frames.",
    )
    .argument("<file>", "capture file; - is stdin")
    .option("--json <file>", "write the report as JSON; - is stdout, and the text is left out")
    .addOption(
      new Option("--by <what>", "tell hosts apart by source MAC or by interface").choices(["mac", "interface"]),
    )
    .option("--name <address=name>", "what to call the host with this MAC or IP address; may be repeated", addName)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: Flags) => exit(await replay(file, flags)));
}

async function replay(file: string, flags: Flags): Promise<number> {
  const octets = readCaptureFile(file);
  if (flags.json !== undefined && flags.json !== "-" && FILES_READ.has(fileIdentity(flags.json)))
    throw new UsageError(`cannot write ${flags.json}: it is the capture that is to be read`);
  const { by, name: names = new Map<string, string>() } = flags;
  const options: ReplayOptions = by === undefined ? { names } : { by, names };
  return await writingFiles(async (open) => {
    const told = new Replay(file, octets, options);
    const json = open(flags.json);
    await toTheEnd(told, file);
    printFindings(told.warnings);
    const report = makeReport(file, told);
    if (flags.json !== "-") print(formatReplay(report, styleFor(process.stdout)));
    json?.write(formatReplayReport(report));
    return EXIT_OK;
  });
}

/** Stops now and then, to hear of signals and to say how far it is. */
async function toTheEnd(told: Replay, file: string): Promise<void> {
  const progress = new Progress(file);
  while (told.advance()) {
    await new Promise((resolve) => setImmediate(resolve));
    progress.show(told.progress);
  }
  progress.end();
}

function addName(text: string, names: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, address = "", name = ""] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const mac = parseMac(address);
  const ip = parseIp(address);
  if ((mac === null && ip === null) || name.trim() === "")
    throw new InvalidArgumentError("Write a MAC or IP address, = and a name: 10.0.1.11=vm-A, 02:00:00:00:00:01=vm-A.");
  return new Map(names).set(mac === null ? formatIp(ip!) : formatMac(mac), name.trim());
}
