/** Virtual and real servers of LVS while they are read: as much of them as keepalived judges together at the end. */

import type { Position } from "../../../../text/config-error.ts";
import type { IpAddress } from "../../../../text/ip-text.ts";
import { formatIp } from "../../../../wire/address.ts";
import { readAddress } from "../addresses.ts";
import type { Draft } from "../keywords.ts";
import type { Word } from "../statement.ts";
import { readUnsigned } from "../values.ts";

export type Forwarding = "NAT" | "DR" | "TUN";
export type Protocol = "tcp" | "udp" | "sctp" | "none";

/** An address and a port; 0: none written. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

export interface RealServerDraft extends Draft {
  readonly position: Position;
  readonly endpoint: Endpoint;
  /** The virtual server that it is one of. */
  readonly virtual: VirtualServerDraft;
  /** Null: as the virtual server has it. */
  forwarding: Forwarding | null;
  weight: number | null;
  inhibit: boolean | null;
  /** `notify_up` and `notify_down` that are set. */
  readonly notifies: Set<string>;
  /** BFD sessions that it is checked by. */
  readonly bfds: Set<string>;
}

export interface VirtualServerDraft extends Draft {
  readonly position: Position;
  /** By what it is known: an address, a firewall mark, or the name of a group. */
  readonly endpoint: Endpoint | null;
  readonly fwmark: number | null;
  readonly group: string | null;
  family: 0 | 4 | 6;
  forwarding: Forwarding | null;
  scheduler: string | null;
  protocol: Protocol;
  isPersistent: boolean;
  onePacket: boolean;
  haSuspend: boolean;
  inhibit: boolean;
  weight: number;
  quorum: number;
  hysteresis: number;
  sorry: { readonly endpoint: Endpoint; forwarding: Forwarding | null; inhibit: boolean } | null;
  readonly notifies: Set<string>;
  readonly real: RealServerDraft[];
}

/** An entry of `virtual_server_group`: a firewall mark, or addresses with a port. */
export interface GroupEntry {
  /** Null: a firewall mark. */
  readonly port: number | null;
  /** As keepalived writes it. */
  readonly shown: string;
}

export interface VirtualServerGroup {
  readonly name: string;
  readonly entries: readonly GroupEntry[];
}

export const PORT_MAX = 65_535;

/** What stands before a range or a prefix length, as an address. */
export function leadingAddress(text: string): IpAddress | null {
  return readAddress(text.replace(/[-/].*$/, ""));
}

/** The address with the port behind it, of which zeros are none; a string says what is wrong with a number. Null: no address. */
export function readEndpoint(ip: Word, port: Word | undefined): Endpoint | null {
  const address = leadingAddress(ip.text);
  const number = port === undefined || /^0*$/.test(port.text) ? 0 : readPort(port.text);
  return address === null || number === null ? null : { address, port: number };
}

export function readPort(text: string): number | null {
  const { value, problem } = readUnsigned(text, 1, PORT_MAX, true);
  return problem === null ? value : null;
}

/** `[10.0.1.50]:tcp:80`. */
export function shownEndpoint({ address, port }: Endpoint, protocol: Protocol): string {
  return `[${formatIp(address)}]:${protocol}:${port}`;
}

export function shownServer({ endpoint, fwmark, group, protocol }: VirtualServerDraft): string {
  if (group !== null) return `[${group}]:0`;
  return endpoint === null ? `FWM ${fwmark ?? 0}` : shownEndpoint(endpoint, protocol);
}
