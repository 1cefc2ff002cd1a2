/**
 * Attempts to connect, as a health checker makes them: SYN, and once it is acknowledged ACK and RST, which closes the connection at once and
 * leaves nothing behind at either end. Answered is an attempt when the SYN is acknowledged within its timeout; RST refuses it.
 *
 * SYNs are sent again as the host's system does, Linux 1, 2, 3, 4, 5, 7, 11, … s after the first, but only as long as the attempt lasts: with the usual timeout of
 * a second never. All attempts of a probe share one timer for that: they were made in order, so those that are due for their second SYN
 * come in order too, and likewise for their third. What waits is bounded by timeout / pace.
 */
import type { FrameRef, TimerId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import { type IpAddress, isIpAt } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import { IPV4_SOURCE } from "../wire/ipv4.ts";
import { IPV6_SOURCE } from "../wire/ipv6.ts";
import {
  TCP_ACK,
  TCP_RST,
  TCP_SYN,
  tcpAcknowledgment,
  tcpDestinationPort,
  tcpFlags,
  tcpSequence,
  tcpSourcePort,
} from "../wire/tcp.ts";
import type { Nic } from "./nic.ts";
import { type Asker, NO_ANSWER, type Probe, type TcpProbeOptions } from "./probe.ts";
import { confirmNeighbour, sourceFor } from "./routing.ts";
import type { PortOwner } from "./tcp.ts";
import { sendSegment } from "./tcp-segment.ts";

/** Linux gives a connection up after 131 s: attempts need not last longer. */
export const ATTEMPT_TIMEOUT_MAX_NS = 131 * NS_PER_S;
/** Attempts of one probe that may wait at once: a third of a host's ports. */
export const ATTEMPTS_WAITING_MAX = 10_000;

/** Of an attempt that waits for nothing any more: it was refused, or could not be made. */
const NO_PORT = -1;

export class AttemptAsker implements Asker, PortOwner, TimerOwner {
  readonly #probe: Probe;
  readonly #options: TcpProbeOptions;
  readonly #timer: TimerId;
  /** When a SYN is sent again within the timeout, ns since the first. */
  readonly #againNs: readonly number[];
  readonly #retries: number;
  /** By number of the retry: the attempt that it is for next. */
  readonly #next: Int32Array;
  /** Of the latest attempts, more than can wait at once: the client's port, or NO_PORT. */
  readonly #ports: Int32Array;
  readonly #mask: number;
  readonly #salt: number;
  readonly #ends: { local: IpAddress; readonly remote: IpAddress; localPort: number; readonly remotePort: number };
  /** The first attempt since the machine has booted: it knows of no others. */
  #firstKnown = 0;
  #boot = 0;

  constructor(probe: Probe, options: TcpProbeOptions) {
    this.#probe = probe;
    this.#options = options;
    const { nic, to, everyNs, name } = probe.options;
    const { timers, seed } = nic.host.platform;
    this.#timer = timers.create(this, 0);
    this.#againNs = againNs(nic.host.system.synWaitsNs).filter((ns) => ns < options.timeoutNs);
    this.#retries = this.#againNs.length;
    this.#next = new Int32Array(this.#retries);
    const capacity = 1 << (32 - Math.clz32(Math.ceil(options.timeoutNs / everyNs) + 1));
    this.#ports = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#salt = new Prng(seed, `attempts of ${name}`).nextInt32();
    this.#ends = { local: to, remote: to, localPort: 0, remotePort: options.port };
  }

  ask(question: number, source: IpAddress | null): void {
    const { nic } = this.#probe.options;
    const { host } = nic;
    if (host.boots !== this.#boot) {
      this.#boot = host.boots;
      this.#firstKnown = question;
      this.#next.fill(question);
    }
    if (source === null) {
      this.#ports[question & this.#mask] = NO_PORT;
      return;
    }
    const port = host.tcp.takePort(this, question);
    this.#ports[question & this.#mask] = port;
    this.#sendSyn(question, source, port);
    if (this.#retries > 0 && !host.platform.timers.armed(this.#timer)) this.#armNext();
  }

  /** SYNs are due to be sent again. */
  onTimer(): void {
    const { nic, to } = this.#probe.options;
    const { sentNs, sent } = this.#probe;
    const { clock } = nic.host.platform;
    const source = nic.host.running ? sourceFor(nic, to, 0, to.length) : null;
    for (let retry = 0; retry < this.#retries; retry++) {
      let question = this.#next[retry]!;
      while (question < sent && sentNs[question]! + this.#againNs[retry]! <= clock.cell[0]!) {
        if (source !== null && this.#isWaiting(question)) {
          this.#sendSyn(question, source, this.#ports[question & this.#mask]!);
        }
        question++;
      }
      this.#next[retry] = question;
    }
    this.#armNext();
  }

  onSegment(question: number, nic: Nic, ip: number, at: number, frame: FrameRef): boolean {
    const { host } = nic;
    const { bytes } = host.platform.slab;
    const { to } = this.#probe.options;
    const source = ip + (to.length === 4 ? IPV4_SOURCE : IPV6_SOURCE);
    if (tcpSourcePort(bytes, at) !== this.#options.port || !isIpAt(to, bytes, source, to.length)) return false;
    const flags = tcpFlags(bytes, at);
    const acknowledgment = tcpAcknowledgment(bytes, at);
    if ((flags & TCP_ACK) === 0 || acknowledgment !== ((this.#numberOf(question) + 1) | 0)) return false;
    const isWaiting = this.#isWaiting(question);
    if ((flags & TCP_RST) !== 0) {
      if (!isWaiting) return true;
      this.#ports[question & this.#mask] = NO_PORT;
      this.#probe.noteRefusal(question, frame);
      return true;
    }
    if ((flags & TCP_SYN) === 0) return false;
    if (!isWaiting) {
      // Two machines answer: the second learns that nobody waits for it.
      if (this.#probe.answeredNs[question] !== NO_ANSWER) this.#probe.noteAnswer(question, frame);
      return false;
    }
    this.#probe.noteAnswer(question, frame);
    const local = sourceFor(nic, to, 0, to.length);
    if (local === null) return true;
    const ends = this.#ends;
    ends.local = local;
    ends.localPort = tcpDestinationPort(bytes, at);
    const expected = (tcpSequence(bytes, at) + 1) | 0;
    confirmNeighbour(host, nic, to);
    sendSegment(host, nic, ends, acknowledgment, expected, TCP_ACK, 0, 0);
    sendSegment(host, nic, ends, acknowledgment, expected, TCP_RST | TCP_ACK, 0, 0);
    return true;
  }

  #sendSyn(question: number, source: IpAddress, port: number): void {
    const { nic } = this.#probe.options;
    this.#ends.local = source;
    this.#ends.localPort = port;
    sendSegment(nic.host, nic, this.#ends, this.#numberOf(question), 0, TCP_SYN, 0, 0);
  }

  /** Not answered, not refused, not given up, and its machine knows of it. */
  #isWaiting(question: number): boolean {
    const { sentNs, answeredNs, sent, options } = this.#probe;
    if (options.nic.host.boots !== this.#boot || question < this.#firstKnown) return false;
    if (question <= sent - this.#ports.length) return false;
    if (answeredNs[question] !== NO_ANSWER || this.#ports[question & this.#mask]! < 0) return false;
    return options.nic.host.platform.clock.cell[0]! - sentNs[question]! < this.#options.timeoutNs;
  }

  #armNext(): void {
    const { sentNs, sent, options } = this.#probe;
    let dueNs = Number.POSITIVE_INFINITY;
    for (let retry = 0; retry < this.#retries; retry++) {
      const question = this.#next[retry]!;
      if (question < sent) dueNs = Math.min(dueNs, sentNs[question]! + this.#againNs[retry]!);
    }
    if (dueNs < Number.POSITIVE_INFINITY) options.nic.host.kernel.armAt(this.#timer, dueNs);
  }

  /** Where the numbers of an attempt begin: any, the same for each try. */
  #numberOf(question: number): number {
    const mixed = Math.imul(question ^ this.#salt, 0x9e3779b1 | 0);
    return (mixed ^ (mixed >>> 15)) | 0;
  }
}

function againNs(waitsNs: readonly number[]): number[] {
  let atNs = 0;
  return waitsNs.slice(0, -1).map((waitNs) => (atNs += waitNs));
}
