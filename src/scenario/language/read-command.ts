/** `command:`: what a person would type on a host, as far as it matters on layer 2. Everything else is refused with what is understood. */
import type { HostCommand } from "../../host/command.ts";
import { isOfTable } from "../../host/sysctl.ts";
import { LINUX } from "../../host/systems.ts";
import type { CommandAction } from "../model.ts";
import type { CommandPlace } from "./command-place.ts";
import type { Path } from "./positions.ts";
import { arping } from "./read-arping.ts";
import { ON_LINUX, rangeFault, readSysctlName } from "./read-host-settings.ts";
import type { Network } from "./read-hosts.ts";
import { ipCommand } from "./read-ip-command.ts";
import type { Draft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

const UNDERSTOOD = "understood: ip addr, ip link set, ip neigh, ip route, sysctl -w, arping";
const SYSCTL = "understood: sysctl -w net.ipv4.conf.eth0.arp_ignore=1";

/** Null and findings if it is broken. */
export function readCommand(
  { judge, machines }: Network,
  path: Path,
  { host, run }: Draft<{ host: string; run: string }>,
): CommandAction | null {
  const machine = host === undefined ? null : machines.find(judge, [...path, "host"], host);
  if (run === undefined) return null;
  const at = [...path, "run"];
  const place: CommandPlace = {
    machine,
    fault: (message, hint) => judge.error(at, message, hint),
    suggestion: (word, known) => judge.suggestion(word, known),
  };
  if (machine !== null && !machine.system.isLinux)
    return place.fault(`${quoted(run)} is typed on Linux, and '${machine.name}' runs ${machine.system.name}`, ON_LINUX);
  const command = read(run.trim(), place, (text) =>
    readSysctlName(text, machine?.nics.map(({ name }) => name) ?? [], machine?.system ?? LINUX, place.fault, judge),
  );
  return command === null || machine === null
    ? null
    : { verb: "command", host: machine.name, run: run.trim(), command };
}

function read(
  run: string,
  place: CommandPlace,
  nameOf: (text: string) => ReturnType<typeof readSysctlName>,
): HostCommand | null {
  const [program, ...words] = run.split(/\s+/);
  if (program === "ip") return ipCommand(run, words, place);
  if (program === "arping") return arping(run, words, place);
  if (program !== "sysctl") return place.fault(`${quoted(run)} is not understood here`, UNDERSTOOD);
  const [setting = "", ...more] = words.filter((word) => word !== "-w");
  const match = /^([^=]+)=([0-9]+)$/.exec(setting);
  if (match === null || more.length > 0) return place.fault(`${quoted(run)} is not understood here`, SYSCTL);
  if (place.machine === null) return null;
  const name = nameOf(match[1]!);
  if (name === null) return null;
  const value = Number(match[2]);
  const fault = rangeFault(name, value);
  if (fault !== null) return place.fault(...fault);
  if (name.item === "default" && !isOfTable(name.key))
    return place.fault(
      `${quoted(match[1]!)} is for interfaces that are made later, and none is`,
      "name the interface, or write it under the host's 'sysctl', which holds from its boot",
    );
  return { what: "sysctl", name, value };
}
