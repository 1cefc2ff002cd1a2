/**
 * What an application on a host sends: datagrams, or echo requests as `ping` does. The kernel finds the way, the source and the
 * neighbour as for anybody.
 */
import type { IpAddress } from "../text/ip-text.ts";
import { sendQuestion } from "./echo.ts";
import type { Host } from "./host.ts";
import { type Pace, Repeater } from "./repeater.ts";
import { confirmNeighbour, routeTo, setRouteTo, sourceFor } from "./routing.ts";

/** Of echo requests, and the source port of datagrams: nobody waits for what comes back. */
const IDENTIFIER = 40_000;

export interface TrafficOptions extends Pace {
  readonly kind: "icmp" | "udp";
  readonly to: IpAddress;
  /** Bound to this address; null: the kernel chooses. */
  readonly source: IpAddress | null;
  /** Of datagrams: where to. */
  readonly port: number;
  /** With MSG_CONFIRM: the application knows that the neighbour gets what is sent to it. */
  readonly confirm: boolean;
}

/** One run of such packets, which begins at once and lasts until it is over or the machine is gone. */
export function sendTraffic(host: Host, options: TrafficOptions): void {
  let sequence = 0;
  new Repeater(host, options, () => sendOne(host, options, sequence++ & 0xffff));
}

function sendOne(host: Host, { kind, to, source, port, confirm }: TrafficOptions, sequence: number): void {
  const via = source === null ? null : (host.nicOf(source) ?? null);
  const nic = routeTo(host, to, 0, to.length, via);
  const set = setRouteTo(host, to, 0, to.length)?.source ?? null;
  const from = source ?? set ?? (nic === null ? null : sourceFor(nic, to, 0, to.length));
  if (nic === null || from === null) {
    host.packetsUnreachable++;
    return;
  }
  if (confirm) confirmNeighbour(host, via, to);
  sendQuestion(nic, kind, from, to, IDENTIFIER, sequence, port);
}
