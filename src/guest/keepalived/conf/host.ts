/** What can be judged only with the host at hand: its interfaces and their addresses. */

import type { Position } from "../../../text/config-error.ts";
import { type IpAddress, sameIp } from "../../../text/ip-text.ts";
import { nearest } from "../../../text/nearest.ts";
import { formatIp, linkLocalOfMac } from "../../../wire/address.ts";
import type { KeepalivedVersion } from "../version.ts";
import { reportDuplicateUnicastVrids, reportDuplicateVrids } from "./duplicate-vrid.ts";
import { Findings } from "./findings.ts";
import { keyPlace } from "./key-places.ts";
import type { ConfDiagnostic, KeepalivedConf, VirtualAddress, VrrpInstance } from "./model.ts";

/** A host as keepalived finds it at its start. */
export interface ConfHost {
  readonly interfaces: readonly string[];
  /** Addresses of an interface in the order in which they were configured; none if there is no such interface. */
  addresses(networkInterface: string): readonly IpAddress[];
}

/** A host as its vNICs make it: their addresses, and the link-local ones that follow from their MACs. */
export function confHostOf(
  nics: readonly { readonly name: string; readonly mac: Uint8Array; readonly addresses: readonly IpAddress[] }[],
): ConfHost {
  return {
    interfaces: nics.map(({ name }) => name),
    addresses: (name) =>
      nics.filter((nic) => nic.name === name).flatMap(({ addresses, mac }) => [...addresses, linkLocalOfMac(mac)]),
  };
}

/**
 * What keepalived finds out on this host. An interface that does not exist is fatal wherever it is named, unless
 * `dynamic_interfaces` allows it to come later; a source address that is not there is a FAULT at run time.
 */
export function resolveAgainstHost(conf: KeepalivedConf, host: ConfHost): ConfDiagnostic[] {
  const findings = new Findings();
  const existing = new Set(host.interfaces);
  const check = (name: string, at: Position, message: string) => {
    if (existing.has(name)) return;
    const near = nearest(name, host.interfaces);
    const hint =
      near === undefined ? `this host has ${host.interfaces.join(", ") || "none"}` : `did you mean '${near}'?`;
    if (!conf.globalDefs.dynamicInterfaces) findings.fatal("no-such-interface", at, message, hint);
    else {
      const later = `Configuration specifies interface ${name} which doesn't currently exist - will use if created`;
      findings.warning("no-such-interface", at, later, hint);
    }
  };
  const checkDevice = (address: VirtualAddress) => {
    if (address.device !== null && address.devicePosition !== null)
      check(address.device, address.devicePosition, noDevice(address, address.device));
  };
  conf.staticAddresses.forEach(checkDevice);
  for (const { interface: name, position } of conf.linkDelays) {
    if (existing.has(name) || conf.globalDefs.dynamicInterfaces) continue;
    const message = `unknown interface ${name} specified for up/down delay`;
    findings.error("no-such-interface", position, message, `this host has ${host.interfaces.join(", ") || "none"}`);
  }
  for (const instance of conf.instances) {
    const { name } = instance;
    if (instance.interface !== null) {
      const message = `WARNING - interface ${instance.interface} for vrrp_instance ${name} doesn't exist`;
      check(instance.interface, keyPlace(instance, "interface"), message);
    }
    for (const tracker of instance.trackInterfaces)
      check(tracker.name, tracker.position, `(${name}) tracked interface ${tracker.name} doesn't exist`);
    for (const address of [...instance.addresses, ...instance.excludedAddresses]) checkDevice(address);
    checkSource(instance, conf.version, host, existing, findings);
  }
  for (const { name, trackInterfaces } of conf.syncGroups)
    for (const tracker of trackInterfaces)
      check(tracker.name, tracker.position, `(${name}) tracked interface ${tracker.name} doesn't exist`);
  if (conf.globalDefs.dynamicInterfaces)
    reportDuplicateVrids(
      conf.instances.filter((instance) => existing.has(instance.interface ?? "")),
      findings,
    );
  reportDuplicateUnicastVrids(conf.instances, (instance) => localAddress(instance, host), findings);
  return [...findings.list];
}

function noDevice({ address, prefixLength }: VirtualAddress, device: string): string {
  const written = prefixLength === address.length * 8 ? formatIp(address) : `${formatIp(address)}/${prefixLength}`;
  return `WARNING - interface ${device} for ip address ${written} doesn't exist`;
}

/** A source address that the host does not have keeps the instance in FAULT; `-t` says nothing about it. */
function checkSource(
  instance: VrrpInstance,
  version: KeepalivedVersion,
  host: ConfHost,
  existing: ReadonlySet<string>,
  findings: Findings,
): void {
  const { name, sourceIp } = instance;
  const networkInterface = instance.interface;
  if (networkInterface === null || !existing.has(networkInterface)) return;
  if (sourceIp !== null) {
    if (version.sendsFromForeignAddress && !instance.trackSourceIp) return;
    const present = [...existing].some((other) => host.addresses(other).some((own) => sameIp(own, sourceIp)));
    if (present) return;
    const at = keyPlace(instance, "unicast_src_ip", "mcast_src_ip");
    const message = `(${name}) entering FAULT state (src address not configured)`;
    const hint = `${formatIp(sourceIp)} is not on this host; ${networkInterface} has ${listed(host.addresses(networkInterface))}`;
    findings.warning("source-address-missing", at, message, hint);
  } else if (localAddress(instance, host) === null && !(instance.useVmac && instance.family === 6)) {
    const message = `(${name}) entering FAULT state (no IPv${instance.family} address for interface)`;
    const hint = `${networkInterface} needs ${instance.family === 6 ? "a link-local" : "an IPv4"} address to send from`;
    findings.warning("source-address-missing", keyPlace(instance, "interface"), message, hint);
  }
}

/** The source of its adverts: what is written, or the interface's first address (link-local for IPv6). */
function localAddress(
  { sourceIp, interface: networkInterface, family }: VrrpInstance,
  host: ConfHost,
): IpAddress | null {
  if (sourceIp !== null) return sourceIp;
  const own = networkInterface === null ? [] : host.addresses(networkInterface);
  if (family === 4) return own.find((address) => address.length === 4) ?? null;
  return own.find((address) => address.length === 16 && address[0] === 0xfe && (address[1]! & 0xc0) === 0x80) ?? null;
}

function listed(addresses: readonly IpAddress[]): string {
  return addresses.map((address) => formatIp(address)).join(", ") || "none";
}
