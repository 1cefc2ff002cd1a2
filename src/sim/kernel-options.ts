/** What the options of a host say about its system: which it is, settings, how long neighbours are believed, loopback addresses. All of it is judged before it is built. */
import type { Host } from "../host/host.ts";
import { parseSysctl, sysctlKeys, sysctlRange } from "../host/sysctl.ts";
import type { HostSystem } from "../host/system.ts";
import { LINUX, SYSTEM_NAMES, systemByName } from "../host/systems.ts";
import { addressOf, durationNs, type HostOptions, integerOf, refusal } from "./options.ts";

/** A kernel that may be built as it is. */
export interface KernelPlan {
  readonly system: HostSystem;
  applyTo(host: Host): void;
}

/** A ConfigError if something of it cannot be. `nics`: those that the host will have. */
export function kernelOf(name: string, options: HostOptions, nics: readonly { readonly name: string }[]): KernelPlan {
  const { sysctl = {}, reachableTime, arpTimeout, loopback = [] } = options;
  const system = systemOf(name, options);
  const settings = new Map<string, number>(sysctl instanceof Map ? sysctl : Object.entries(sysctl));
  for (const [setting, value] of settings) demandSetting(name, system, setting, value, nics);
  const reachableNs = reachableTime === undefined ? null : durationNs(reachableTime, `reachable time of ${name}`);
  const arpTimeoutNs = arpTimeout === undefined ? null : durationNs(arpTimeout, `ARP timeout of ${name}`);
  const addresses = (typeof loopback === "string" ? [loopback] : loopback).map((address) =>
    addressOf(address, `loopback of ${name}`),
  );
  return {
    system,
    applyTo: (host) => {
      host.configure(settings, addresses);
      for (const { neighbours4, neighbours6 } of host.nics) {
        if (reachableNs !== null) neighbours4.reachableNs = neighbours6.reachableNs = reachableNs;
        if (arpTimeoutNs !== null) neighbours4.reachableNs = arpTimeoutNs;
      }
    },
  };
}

/** The system, with which the other options agree. */
function systemOf(host: string, { system: name, reachableTime, arpTimeout, keepalived }: HostOptions): HostSystem {
  const system = name === undefined ? LINUX : systemByName(name);
  if (system === undefined) throw refusal(`system of ${host}: there is no ${name}`, SYSTEM_NAMES.join(", "));
  const ages = system.rules4.ageingNs !== null;
  if (ages && reachableTime !== undefined)
    throw refusal(`reachable time of ${host}: the ARP table of a ${system.name} only ages`, "arpTimeout");
  if (!ages && arpTimeout !== undefined)
    throw refusal(
      `ARP timeout of ${host}: ${system.name} asks its neighbours again`,
      "reachableTime, or system router",
    );
  if (!system.isLinux && keepalived !== undefined)
    throw refusal(`keepalived of ${host}: it runs on Linux, not on ${system.name}`, "system linux or linux-4.11");
  return system;
}

function demandSetting(
  host: string,
  system: HostSystem,
  text: string,
  value: number,
  nics: readonly { readonly name: string }[],
): void {
  const name = parseSysctl(text);
  const what = `sysctl of ${host}`;
  if (!system.isLinux) throw refusal(`${what}: ${system.name} has no such settings`, "system linux or linux-4.11");
  if (name === null) {
    const known = sysctlKeys({ family: "ipv4", group: "conf" }).join(", ");
    throw refusal(`${what}: ${text} is not known`, `net.ipv4.conf.eth0.KEY, for KEY one of ${known}; and more`);
  }
  if (system.missingSettings.includes(name.key))
    throw refusal(`${what}: ${text} is not there in ${system.title}`, "leave it out, or system linux");
  const items = ["all", "default", ...nics.map((nic) => nic.name)];
  if (!items.includes(name.item)) throw refusal(`${what}: ${text} is of no interface`, `it has ${items.join(", ")}`);
  const { min, max } = sysctlRange(name);
  integerOf(value, min, max, `${what}: ${text}`);
}
