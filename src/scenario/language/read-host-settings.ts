/** `system:`, `sysctl:`, `reachable-time:` and `arp-timeout:` of hosts. */
import { parseSysctl, type SysctlName, splitSysctl, sysctlKeys, sysctlRange } from "../../host/sysctl.ts";
import type { HostSystem } from "../../host/system.ts";
import { LINUX, systemByName } from "../../host/systems.ts";
import { parseDuration } from "../../text/duration.ts";
import type { HostSpec } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type HostDraft = NonNullable<NonNullable<ScenarioDraft["hosts"]>[string]>;
/** Where that is. */
export const ON_LINUX = "on a host with system: linux or linux-4.11";

export type HostSettings = Pick<HostSpec, "sysctls" | "system" | "reachableTimeNs" | "arpTimeoutNs">;

/** `nics`: the names of the host's. */
export function readHostSettings(judge: Judge, host: Path, draft: HostDraft, nics: readonly string[]): HostSettings {
  const system = readSystem(judge, host, draft);
  const sysctls = new Map<string, number>();
  for (const [text, value] of Object.entries(draft.sysctl ?? {})) {
    const path = [...host, "sysctl", text];
    const name = readSysctlName(text, nics, system, (message, hint) => judge.errorAtKey(path, message, hint), judge);
    if (name === null || value === undefined) continue;
    const fault = rangeFault(name, value);
    if (fault === null) sysctls.set(text, value);
    else judge.error(path, ...fault);
  }
  const durationAt = (key: "reachable-time" | "arp-timeout") => {
    const text = draft[key];
    return text === undefined ? null : parseDuration(text);
  };
  return { sysctls, system, reachableTimeNs: durationAt("reachable-time"), arpTimeoutNs: durationAt("arp-timeout") };
}

/** The system; what else is written for the host must fit it. */
function readSystem(judge: Judge, host: Path, draft: HostDraft): HostSystem {
  const system = draft.system === undefined ? LINUX : systemByName(draft.system)!;
  if (judge.isRefused([...host, "system"], draft.system)) return system;
  const { name } = system;
  const isWritten = (key: string) => judge.isWritten([...host, key]);
  const ages = system.rules4.ageingNs !== null;
  if (ages && isWritten("reachable-time"))
    judge.errorAtKey([...host, "reachable-time"], `the ARP table of a ${name} only ages`, "arp-timeout: 4h");
  if (!ages && isWritten("arp-timeout"))
    judge.errorAtKey(
      [...host, "arp-timeout"],
      `${name} asks its neighbours again`,
      "reachable-time: 30s; or system: router",
    );
  if (!system.isLinux && isWritten("keepalived"))
    judge.errorAtKey([...host, "keepalived"], `keepalived runs on Linux, not on ${name}`, ON_LINUX);
  return system;
}

/** The setting that is meant; null once `fault` has said why there is none. */
export function readSysctlName(
  text: string,
  nics: readonly string[],
  system: HostSystem,
  fault: (message: string, hint: string) => null,
  judge: Judge,
): SysctlName | null {
  if (!system.isLinux) return fault(`${system.name} has no settings of Linux`, ON_LINUX);
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
  if (system.missingSettings.includes(name.key))
    return fault(`${quoted(text)} is not there in ${system.title}`, "leave it out, or system: linux");
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
