/**
 * One connection for the whole run: the client writes a request of 64 octets each time, the server answers with as many. What is lost is sent
 * again by TCP, so that requests are late rather than lost; how late shows how long the flow was dark, which is longer than the path
 * was: TCP tries again ever more rarely.
 *
 * A request is late when its answer took longer than TCP waits before it sends again for the first time: the connection had stalled. All that
 * were written until that answer came are late with it; the next one is in time. So the questions that are not answered in time are those of the time
 * in which the flow was dark, as they are for other probes.
 *
 * A host to which the address has moved knows nothing of the connection and answers with RST. What was on its way is lost then, and the client connects
 * anew at once; where it is refused, with the next request. A request that is due while there is no connection waits for one until
 * the next is due.
 */
import type { FrameRef } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { Asker, Probe, TcpProbeOptions } from "./probe.ts";
import { sourceFor } from "./routing.ts";
import type { TcpConnection } from "./tcp-connection.ts";
import type { TcpEnding, TcpUser } from "./tcp-user.ts";

export interface FlowFigures {
  /** How often it was established. */
  readonly connections: number;
  /** How often RST ended it. */
  readonly resets: number;
  /** How often TCP gave it up, established or not. */
  readonly timeouts: number;
  /** Segments that the client has sent again. */
  readonly retransmissions: number;
  /** Requests that were answered after the connection had stalled. */
  readonly late: number;
}

/** RST ended the connection. */
export interface FlowReset {
  readonly atNs: number;
  /** Who sent it. */
  readonly host: string;
  /** When the next connection was established; null: none was yet. */
  readonly openNs: number | null;
}

const REQUEST_OCTETS = 64;
const NONE = -1;

export class FlowAsker implements Asker, TcpUser {
  /** Oldest first. */
  readonly resets: FlowReset[] = [];
  readonly #probe: Probe;
  readonly #options: TcpProbeOptions;
  /** Null: there is none, nor is one being opened. */
  #connection: TcpConnection | null = null;
  #isOpen = false;
  #boot = 0;
  /** The request that waits for a connection. */
  #waiting = NONE;
  /** The first request of this connection; those after it are written in turn. */
  #first = 0;
  #receivedOctets = 0;
  #answers = 0;
  /** Requests before this one are late. */
  #lateBefore = 0;
  #connections = 0;
  #timeouts = 0;
  #late = 0;
  /** Of connections that are over. */
  #retransmissions = 0;

  constructor(probe: Probe, options: TcpProbeOptions) {
    this.#probe = probe;
    this.#options = options;
  }

  get figures(): FlowFigures {
    return {
      connections: this.#connections,
      resets: this.resets.length,
      timeouts: this.#timeouts,
      retransmissions: this.#retransmissions + (this.#isForgotten ? 0 : (this.#connection?.retransmissions ?? 0)),
      late: this.#late,
    };
  }

  ask(question: number, source: IpAddress | null): void {
    if (this.#isForgotten) {
      this.#boot = this.#probe.options.nic.host.boots;
      this.#connection = null;
      this.#isOpen = false;
    }
    if (this.#isOpen) {
      this.#connection!.write(REQUEST_OCTETS);
      return;
    }
    this.#waiting = question;
    if (this.#connection === null && source !== null) this.#connect(source);
  }

  onOpen(connection: TcpConnection): void {
    this.#connections++;
    const reset = this.resets.at(-1);
    if (reset?.openNs === null)
      this.resets.splice(-1, 1, { ...reset, openNs: this.#probe.options.nic.host.platform.clock.nowNs });
    this.#connection = connection;
    this.#isOpen = true;
    this.#receivedOctets = 0;
    this.#answers = 0;
    this.#first = this.#waiting === NONE ? this.#probe.sent : this.#waiting;
    if (this.#waiting === NONE) return;
    this.#waiting = NONE;
    connection.write(REQUEST_OCTETS);
  }

  onData(connection: TcpConnection, octets: number, frame: FrameRef): void {
    const probe = this.#probe;
    const { sentNs, options } = probe;
    const { clock } = options.nic.host.platform;
    this.#receivedOctets += octets;
    for (; (this.#answers + 1) * REQUEST_OCTETS <= this.#receivedOctets; this.#answers++) {
      const question = this.#first + this.#answers;
      if (question >= probe.sent) return;
      if (connection.roundTrip.isOverdue(clock.cell, sentNs, question)) this.#lateBefore = probe.sent;
      if (question < this.#lateBefore) {
        this.#late++;
        probe.noteLate(question, frame);
      } else {
        probe.noteAnswer(question, frame);
      }
    }
  }

  onClosed(connection: TcpConnection, ending: TcpEnding, frame: FrameRef | null): void {
    this.#retransmissions += connection.retransmissions;
    this.#connection = null;
    this.#isOpen = false;
    if (ending === "refused") {
      this.#probe.noteRefusal(this.#waiting === NONE ? this.#probe.sent - 1 : this.#waiting, frame!);
      this.#waiting = NONE;
      return;
    }
    const { options, book } = this.#probe;
    const { nic, to } = options;
    if (ending === "timed-out") this.#timeouts++;
    else this.resets.push({ atNs: nic.host.platform.clock.nowNs, host: book.hostOf(frame!), openNs: null });
    const source = sourceFor(nic, to, 0, to.length);
    if (source !== null) this.#connect(source);
  }

  /** The machine has gone, or booted, since: it knows nothing of the connection. */
  get #isForgotten(): boolean {
    const { host } = this.#probe.options.nic;
    return !host.running || host.boots !== this.#boot;
  }

  #connect(source: IpAddress): void {
    const { nic, to } = this.#probe.options;
    const { tcp } = nic.host;
    this.#connection = tcp.connect(nic, source, to, this.#options.port, this);
  }
}
