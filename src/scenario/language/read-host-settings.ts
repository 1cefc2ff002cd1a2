/** `sysctl:` and `reachable-time:` of hosts. */
import { parseSysctl, type SysctlName, splitSysctl, sysctlKeys, sysctlRange } from "../../host/sysctl.ts";
import { parseDuration } from "../../text/duration.ts";
import type { HostSpec } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type HostDraft = NonNullable<NonNullable<ScenarioDraft["hosts"]>[string]>;
export type HostSettings = Pick<HostSpec, "sysctls" | "reachableTimeNs">;

/** `nics`: the names of the host's. */
export function readHostSettings(judge: Judge, host: Path, draft: HostDraft, nics: readonly string[]): HostSettings {
  const sysctls = new Map<string, number>();
  for (const [text, value] of Object.entries(draft.sysctl ?? {})) {
    const path = [...host, "sysctl", text];
    const name = readSysctlName(text, nics, (message, hint) => judge.errorAtKey(path, message, hint), judge);
    if (name === null || value === undefined) continue;
    const fault = rangeFault(name, value);
    if (fault === null) sysctls.set(text, value);
    else judge.error(path, ...fault);
  }
  const time = draft["reachable-time"];
  return { sysctls, reachableTimeNs: time === undefined ? null : parseDuration(time) };
}

/** The setting that is meant; null once `fault` has said why there is none. */
export function readSysctlName(
  text: string,
  nics: readonly string[],
  fault: (message: string, hint: string) => null,
  judge: Judge,
): SysctlName | null {
  const name = parseSysctl(text);
  if (name === null) {
    const unknown = splitSysctl(text);
    if (unknown === null)
      return fault(
        `${quoted(text)} is no setting of an interface`,
        "net.ipv4.conf.eth0.arp_ignore, or ipv6, or neigh; what changes layer 2 is known",
      );
    const { group, item, key } = unknown;
    const keys = sysctlKeys(unknown);
    if (keys.includes(key))
      return fault(
        `there is no ${quoted(text)}`,
        group === "neigh" && item === "all" ? "neigh has no 'all'" : "the limits of a table are under 'default'",
      );
    return fault(`${quoted(text)}: ${quoted(key)} is not known`, judge.suggestion(key, keys));
  }
  const items = [...(name.group === "conf" ? ["all"] : []), "default", ...nics];
  if (items.includes(name.item)) return name;
  return fault(`${quoted(text)}: the host has no vNIC ${quoted(name.item)}`, judge.suggestion(name.item, items));
}

/** What is wrong with the value, and what would be right; null: nothing. */
export function rangeFault(name: SysctlName, value: number): [message: string, hint: string] | null {
  const { min, max } = sysctlRange(name);
  if (Number.isInteger(value) && value >= min && value <= max) return null;
  if (max === 0) return [`${value}: hosts here do not do that`, "0"];
  return [`${value} is out of range`, `a whole number from ${min} to ${max}`];
}
