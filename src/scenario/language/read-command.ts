/** `command:`: what a person would type on a host, as far as it is understood. */
import { parsePrefix } from "../../text/ip-text.ts";
import type { CommandAction } from "../model.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import type { Draft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

const UNDERSTOOD = "understood: ip addr add ADDRESS/LENGTH dev NIC, ip addr del ADDRESS/LENGTH dev NIC";
const OBJECTS: readonly string[] = ["address", "addr", "a"];
const CHANGES: ReadonlyMap<string, CommandAction["change"]> = new Map([
  ["add", "add"],
  ["del", "del"],
  ["delete", "del"],
]);

/** Null and findings if it is broken. */
export function readCommand(
  { judge, machines }: Network,
  path: Path,
  { host, run }: Draft<{ host: string; run: string }>,
): CommandAction | null {
  const machine = host === undefined ? null : machines.find(judge, [...path, "host"], host);
  if (run === undefined) return null;
  const at = [...path, "run"];
  const [program, object = "", verb = "", address = "", dev, nic, ...more] = run.trim().split(/\s+/);
  const change = CHANGES.get(verb);
  const fits = program === "ip" && OBJECTS.includes(object) && dev === "dev" && nic !== undefined && more.length === 0;
  if (!fits || change === undefined) return judge.error(at, `${quoted(run)} is not understood here`, UNDERSTOOD);
  const prefix = parsePrefix(address);
  if (prefix === null || !address.includes("/"))
    return judge.error(
      at,
      prefix === null ? `${quoted(address)} is no address` : `${address} has no prefix length`,
      prefix === null ? UNDERSTOOD : `${address}/${prefix.address.length * 8} is the address alone`,
    );
  if (machine === null) return null;
  const known = machine.nics.map(({ name }) => name);
  if (!known.includes(nic))
    return judge.error(at, `'${machine.name}' has no vNIC ${quoted(nic)}`, judge.suggestion(nic, known));
  return {
    verb: "command",
    host: machine.name,
    run: run.trim(),
    change,
    nic,
    address: prefix.address,
    prefixLength: prefix.length,
  };
}
