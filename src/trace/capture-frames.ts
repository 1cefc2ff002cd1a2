/**
 * A capture as the input of a trace: each interface is a port, in the order in which the file describes them, and each frame that came in there is a
 * step. Frames that left (`outbound`) are what a switch has done already, and are stepped over.
 *
 * Refused is what would be decided wrongly: the ports of several switches, unless one is chosen; frames that came in and frames that left in
 * one heap; one interface alone. That every source MAC be a port of its own would not do instead of the last: which port a MAC is behind is
 * what a switch finds out, and each would be found where it was put.
 */
import { CaptureReader } from "../capture/capture-reader.ts";
import { type CaptureInterface, LINKTYPE_ETHERNET } from "../capture/raw-packet.ts";
import { ConfigError, type Finding } from "../text/config-error.ts";
import { onOneLine } from "../text/table.ts";
import { type CapturedNetwork, capturedNetworks } from "./capture-places.ts";
import { CopyWatch } from "./copy-watch.ts";
import { suggestion } from "./fields.ts";
import { PORTS_MAX, plainSetup } from "./read-header.ts";
import type { TraceInput, TraceSetup, TraceSource, TraceStep } from "./steps.ts";
import { decimalsOf } from "./words.ts";

const ONE_INTERFACE = [
  "all frames are of one interface, and so nothing says which port each came in by",
  "a pcapng with an interface for each port is what trace needs; viplane replay FILE tells hosts apart by their MAC",
] as const;
/** More copies among a hundred frames than these are no accident. */
const COPIES_MAX_PERCENT = 5;
const INBOUND_ONLY =
  "capture each port with tcpdump -Q in -i PORT -w PORT.pcap and put them together with mergecap -I none -w all.pcapng *.pcap, or ask viplane replay FILE";
const ONE_SWITCH = "one switch, which keeps no memory of links, profiles or crashes that the capture does not show";

/** Judges a capture, all of it, and hands its frames out. More ports than interfaces are silent ones. */
export function readCaptureFrames(file: string, bytes: Uint8Array, input: TraceInput): TraceSource {
  return new CaptureFrames(file, bytes, input);
}

class CaptureFrames implements TraceSource {
  readonly setup: TraceSetup;
  readonly portNames: readonly string[];
  readonly about: string;
  readonly decimals: number;
  readonly warnings: readonly Finding[];
  readonly #file: string;
  readonly #bytes: Uint8Array;
  /** The chosen network; null: all interfaces. */
  readonly #network: CapturedNetwork | null;
  /** Port of an interface, by the reader's numbers; -1: it is none of the switch's. */
  readonly #portOf: readonly number[];
  #reader: CaptureReader | null = null;

  constructor(file: string, bytes: Uint8Array, { ports = null, network = null }: TraceInput) {
    this.#file = file;
    this.#bytes = bytes;
    const networks = capturedNetworks(bytes);
    this.#network = network === null ? null : this.#networkOf(network, networks);
    const survey = new CaptureReader(file, bytes);
    const copies = new CopyWatch();
    let backwards = 0;
    let outbound = 0;
    let latestNs = 0;
    let decimals = decimalsOf(0);
    while (survey.next()) {
      if (!this.#isChosen(survey.interfaces[survey.interfaceIndex]!)) continue;
      if (survey.direction === "outbound") {
        outbound++;
        continue;
      }
      if (survey.direction === null && survey.bytes === bytes)
        copies.see(bytes, survey.offset, survey.octets, survey.interfaceIndex, survey.atNs);
      if (survey.atNs < latestNs) backwards++;
      else {
        latestNs = survey.atNs;
        decimals = Math.max(decimals, decimalsOf(latestNs));
      }
    }
    this.decimals = decimals;
    const { described, interfaces } = survey;
    const cooked = interfaces.filter((one) => !described.includes(one));
    const all = [
      ...described.filter((one) => interfaces.includes(one) || one.linkType === LINKTYPE_ETHERNET),
      ...cooked,
    ];
    const known = all.filter((one) => this.#isChosen(one));
    this.#portOf = interfaces.map((one) => known.indexOf(one));
    this.#judgePorts(known.length, all.length, ports);
    if (network === null && networks.length > 1) throw this.#severalNetworks(networks);
    if (copies.copies * 100 > copies.frames * COPIES_MAX_PERCENT) {
      const message = `${copies.copies} of ${copies.frames} frames stand on several interfaces within a millisecond: the capture shows what left the switch, too, and does not say which frames those are`;
      throw this.#error(message, INBOUND_ONLY);
    }
    const count = ports ?? known.length;
    // A capture shows frames of any length, because network cards put them together.
    this.setup = { ...plainSetup(count), portMtu: null };
    this.portNames = Array.from({ length: count }, (_, port) => onOneLine(known[port]?.name ?? `interface ${port}`));
    this.about =
      this.#network === null
        ? `${known.length} interfaces, all taken as ports of ${ONE_SWITCH}`
        : `${onOneLine(this.#network.name)}: ${known.length} of ${all.length} interfaces, taken as ports of ${ONE_SWITCH}`;
    this.warnings = [...survey.warnings, ...this.#remarks(outbound, backwards, copies.copies)];
  }

  get progress(): number {
    return this.#reader?.progress ?? 0;
  }

  *steps(): Generator<TraceStep> {
    const reader = new CaptureReader(this.#file, this.#bytes);
    this.#reader = reader;
    let atNs = 0;
    for (let step = 0; reader.next(); ) {
      const port = this.#portOf[reader.interfaceIndex]!;
      if (reader.direction === "outbound" || port < 0) continue;
      atNs = Math.max(atNs, reader.atNs);
      const { bytes, offset, octets, number } = reader;
      yield { place: { step, atNs, number }, do: "frame", port, bytes, offset, octets };
      step++;
    }
  }

  #isChosen({ name }: CaptureInterface): boolean {
    return this.#network === null || (name !== null && this.#network.interfaces.has(name));
  }

  #networkOf(name: string, networks: readonly CapturedNetwork[]): CapturedNetwork {
    const found = networks.find((network) => network.name === name);
    if (found !== undefined) return found;
    if (networks.length > 0) {
      const names = networks.map((network) => network.name);
      throw this.#error(`there is no network '${name}' in this capture`, suggestion(name, names));
    }
    throw this.#error(
      "nothing in this capture says of which network an interface is",
      "leave --network out; captures of viplane run have networks",
    );
  }

  #severalNetworks(networks: readonly CapturedNetwork[]): ConfigError {
    const names = networks.map(({ name }) => name);
    return this.#error(
      `several networks in one capture: ${names.join(", ")}`,
      `one switch decides for one of them: choose it with --network ${names[0]}`,
    );
  }

  #judgePorts(known: number, all: number, ports: number | null): void {
    if (all < 2) throw this.#error(...ONE_INTERFACE);
    if (known > PORTS_MAX) throw this.#error(`${known} interfaces`, `a switch has ${PORTS_MAX} ports at most`);
    if (ports === null || ports >= known) return;
    throw this.#error(`${known} interfaces, and --ports says ${ports}`, "leave --ports out: each interface is a port");
  }

  #remarks(outbound: number, backwards: number, copies: number): Finding[] {
    const remarks: Finding[] = [];
    const add = (message: string, hint: string): void => {
      remarks.push({ file: this.#file, line: 0, column: 0, severity: "warning", message, hint });
    };
    if (this.#network?.lacksLinks === true)
      add(
        `what came to ${this.#network.name} from other switches is not in this capture`,
        "viplane run --pcap-egress writes it, too",
      );
    if (copies > 0)
      add(
        `frames that another interface showed within the millisecond before: ${copies}`,
        "if the capture shows what left the switch, too, these decisions are wrong: capture with tcpdump -Q in",
      );
    if (outbound > 0)
      add(`frames that left a port are left out: ${outbound}`, "they are what a switch did, not what it was asked");
    if (backwards > 0)
      add(
        `frames that are older than one before them count as of its time: ${backwards}`,
        "reordercap FILE out.pcapng puts them in order",
      );
    return remarks;
  }

  #error(message: string, hint: string): ConfigError {
    return new ConfigError([{ file: this.#file, line: 0, column: 0, severity: "error", message, hint }]);
  }
}
