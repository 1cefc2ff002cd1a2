/** What the options of a host say about its kernel: settings, the reachable time, loopback addresses. All of it is judged before it is built. */
import type { Host } from "../host/host.ts";
import { parseSysctl, sysctlKeys, sysctlRange } from "../host/sysctl.ts";
import { addressOf, durationNs, type HostOptions, integerOf, refusal } from "./options.ts";

/** A kernel that may be built as it is. */
export interface KernelPlan {
  applyTo(host: Host): void;
}

/** A ConfigError if something of it cannot be. `nics`: those that the host will have. */
export function kernelOf(name: string, options: HostOptions, nics: readonly { readonly name: string }[]): KernelPlan {
  const { sysctl = {}, reachableTime, loopback = [] } = options;
  const settings = new Map<string, number>(sysctl instanceof Map ? sysctl : Object.entries(sysctl));
  for (const [setting, value] of settings) demandSetting(name, setting, value, nics);
  const reachableNs = reachableTime === undefined ? null : durationNs(reachableTime, `reachable time of ${name}`);
  const addresses = (typeof loopback === "string" ? [loopback] : loopback).map((address) =>
    addressOf(address, `loopback of ${name}`),
  );
  return {
    applyTo: (host) => {
      host.configure(settings, addresses);
      if (reachableNs === null) return;
      for (const { neighbours4, neighbours6 } of host.nics) {
        neighbours4.reachableNs = reachableNs;
        neighbours6.reachableNs = reachableNs;
      }
    },
  };
}

function demandSetting(host: string, text: string, value: number, nics: readonly { readonly name: string }[]): void {
  const name = parseSysctl(text);
  const what = `sysctl of ${host}`;
  if (name === null) {
    const known = sysctlKeys({ family: "ipv4", group: "conf" }).join(", ");
    throw refusal(`${what}: ${text} is not known`, `net.ipv4.conf.eth0.KEY, for KEY one of ${known}; and more`);
  }
  const items = ["all", "default", ...nics.map((nic) => nic.name)];
  if (!items.includes(name.item)) throw refusal(`${what}: ${text} is of no interface`, `it has ${items.join(", ")}`);
  const { min, max } = sysctlRange(name);
  integerOf(value, min, max, `${what}: ${text}`);
}
