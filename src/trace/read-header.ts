/** The header of the input: how many ports there are, and how the switch is set up. */
import { AGEING_MS_MAX } from "../switch/fdb.ts";
import { PORT_FLAGS_DEFAULT, type PortFlags } from "../switch/port-state.ts";
import { VID_MAX } from "../switch/vlans.ts";
import { Fields, isObject, type JsonObject, type LineJudge, shown } from "./fields.ts";
import type { MacWords, PortVlan, TraceSetup } from "./steps.ts";

/** As many as a Linux bridge has at most. */
export const PORTS_MAX = 1024;
/** MTU of a port unless the header says otherwise. */
const MTU_DEFAULT = 1500;
/** What Linux lets an Ethernet device have. */
const MTU_MIN = 68;
const MTU_MAX = 65_535;
const MTU_WORDS = `an MTU from ${MTU_MIN} to ${MTU_MAX}`;
/** What a recording of a bridge has beside its header, so that a recording's own fields can be fed in. */
const OF_RECORDINGS = ["name", "why", "kernel", "kernelNote", "notes", "seed", "deliveries", "snapshots", "altered"];
const HEADER_KEYS = ["ageingSeconds", "options", "bridgeMac", "portMacs", "steps"];
export const FLAG_NAMES = Object.keys(PORT_FLAGS_DEFAULT) as (keyof PortFlags)[];
/** 01:80:c2:00:00:00 to :02 are never forwarded: Linux refuses a mask with one of these bits as a whole. */
const MASK_BITS_REFUSED = 0b111;

/** Whether the first line is a header: it is not, if it happens at a time. */
export function isHeader(value: JsonObject): boolean {
  return !Object.hasOwn(value, "at");
}

/** A switch about which nothing is said but its number of ports. */
export function plainSetup(ports: number): TraceSetup {
  return {
    ports,
    ageingMs: null,
    portFlags: new Map(),
    groupForwardMask: 0,
    portMtu: MTU_DEFAULT,
    hostMtu: null,
    vlans: null,
    bridgeMac: null,
    portMacs: [],
  };
}

/** The switch that a header describes; `ports` as the command line says it, or null. Null if it is not even known how many ports there are. */
export function readHeader(judge: LineJudge, value: JsonObject, ports: number | null): TraceSetup | null {
  const header = new Fields(judge, value, [], "the header");
  header.ignore(...OF_RECORDINGS);
  const count = readPorts(header, ports);
  if (count === null) {
    header.ignore(...HEADER_KEYS);
    header.finish();
    return null;
  }
  const ageingMs = header.has("ageingSeconds") ? readAgeingMs(header, "ageingSeconds") : null;
  const options = header.has("options") ? header.object("options") : null;
  const bridgeMac = header.has("bridgeMac") ? header.mac("bridgeMac") : null;
  const portMacs = header.has("portMacs") ? readPortMacs(header, count) : [];
  if (header.has("steps")) {
    const hint = "jq -c 'del(.steps), .steps[]' FILE makes them of a recording";
    judge.error(["steps"], "key", "steps stand on lines of their own, behind the header", hint);
  }
  header.finish();
  const setup = { ...plainSetup(count), ageingMs, bridgeMac, portMacs };
  return options === null ? setup : { ...setup, ...readOptions(options, count) };
}

export function readAgeingMs(fields: Fields, key: string): number | null {
  const seconds = fields.number(
    key,
    `an ageing time from 0 to ${AGEING_MS_MAX / 1000} seconds`,
    0,
    AGEING_MS_MAX / 1000,
    "any",
  );
  return seconds === null ? null : Math.round(seconds * 1000);
}

/** The flags of a port that are said; `fields` may have known keys beside. */
export function readFlags(fields: Fields): Partial<PortFlags> {
  const flags: { -readonly [Name in keyof PortFlags]?: boolean } = {};
  for (const name of FLAG_NAMES) {
    if (!fields.has(name)) continue;
    const on = fields.boolean(name);
    if (on !== null) flags[name] = on;
  }
  return flags;
}

function readPorts(header: Fields, ports: number | null): number | null {
  if (!header.has("ports") && ports !== null) return ports;
  const count = header.number("ports", `a number of ports from 1 to ${PORTS_MAX}`, 1, PORTS_MAX, "whole");
  if (count === null || ports === null || count === ports) return count;
  const hint = "leave --ports out, or write the same number";
  header.judge.error(["ports"], "value", `the header says ${count} ports, and --ports says ${ports}`, hint);
  return null;
}

function readPortMacs(header: Fields, ports: number): MacWords[] {
  const list = header.list("portMacs", "MAC addresses");
  if (list === null) return [];
  if (list.length > ports) {
    const hint = "one for each port, port 0 first";
    header.judge.error(["portMacs"], "value", `${list.length} MAC addresses, and ${ports} ports`, hint);
  }
  return list.flatMap((value, port) => header.macOf(["portMacs", port], value) ?? []);
}

function readOptions(options: Fields, ports: number): Partial<TraceSetup> {
  const read = {
    portFlags: options.has("portFlags") ? readPortFlags(options, ports) : new Map(),
    groupForwardMask: options.has("groupFwdMask") ? readMask(options) : 0,
    portMtu: options.has("portMtu") ? options.number("portMtu", MTU_WORDS, MTU_MIN, MTU_MAX, "whole") : MTU_DEFAULT,
    hostMtu: options.has("hostMtu") ? options.number("hostMtu", MTU_WORDS, MTU_MIN, MTU_MAX, "whole") : null,
    vlans: readVlans(options, ports),
  };
  options.finish();
  return read;
}

function readPortFlags(options: Fields, ports: number): Map<number, Partial<PortFlags>> {
  const read = new Map<number, Partial<PortFlags>>();
  const byPort = options.object("portFlags");
  for (const key of byPort?.keys() ?? []) {
    if (!/^(0|[1-9]\d*)$/.test(key) || Number(key) >= ports) {
      const hint = FLAG_NAMES.includes(key as keyof PortFlags)
        ? `flags stand below a port: {"0": {"${key}": …}}`
        : 'as in {"0": {"learning": false}}';
      options.judge.error(byPort!.pathOf(key), "key", `expected a port from 0 to ${ports - 1}, got '${key}'`, hint);
      continue;
    }
    const flags = byPort!.object(key);
    if (flags === null) continue;
    read.set(Number(key), readFlags(flags));
    flags.finish();
  }
  return read;
}

function readMask(options: Fields): number {
  const mask = options.number("groupFwdMask", "a mask from 0 to 65535", 0, 0xffff, "whole") ?? 0;
  if ((mask & MASK_BITS_REFUSED) === 0) return mask;
  options.judge.warning(
    options.pathOf("groupFwdMask"),
    `a mask with one of its bits 0 to 2 is refused by Linux, and so nothing of ${mask} is in force`,
    "01:80:c2:00:00:00 to :02 stay with each bridge; 65528 is the largest mask",
  );
  return 0;
}

/** Null unless the switch looks at tags. */
function readVlans(options: Fields, ports: number): PortVlan[] | null {
  const aware = options.has("vlanFiltering") && options.boolean("vlanFiltering") === true;
  const list = options.has("vlans") ? (options.list("vlans", "VLANs of ports") ?? []) : [];
  const vlans = list.flatMap((value, index) => readVlan(options, value, index, ports) ?? []);
  if (!aware && options.has("vlans")) {
    const hint = 'say "vlanFiltering": true beside them';
    options.judge.warning(
      options.pathOf("vlans"),
      "the VLANs change nothing, because the switch looks at no tags",
      hint,
    );
  }
  return aware ? vlans : null;
}

function readVlan(options: Fields, value: unknown, index: number, ports: number): PortVlan | null {
  const { judge } = options;
  const path = options.pathOf("vlans", index);
  if (!isObject(value)) {
    const example = '{"port": 0, "vid": 10, "pvid": true, "untagged": true}';
    judge.error(path, "value", `expected a VLAN of a port, got ${shown(value)}`, `as in ${example}`);
    return null;
  }
  const fields = new Fields(judge, value, path, "an entry of 'vlans'");
  const port = fields.port("port", ports);
  const vid = fields.number("vid", `a VID from 1 to ${VID_MAX}`, 0, VID_MAX + 1, "whole");
  const read = { pvid: fields.mark("pvid"), untagged: fields.mark("untagged") };
  fields.finish();
  if (port === null || vid === null) return null;
  if (vid !== 0 && vid <= VID_MAX) return { port, vid, ...read };
  judge.warning(
    [...path, "vid"],
    `VID ${vid} is refused by Linux, and so port ${port} is in no such VLAN`,
    `VIDs are 1 to ${VID_MAX}`,
  );
  return null;
}
