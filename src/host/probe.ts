/**
 * A probe: one question after another at a fixed pace, to an address whose owner may change. It only notes, for each question, when
 * it was sent and when the first answer came; what that means for outages is `observe/outage.ts`'s business.
 */
import type { TimerId } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { grownFloats } from "../time/event-heap.ts";
import type { TimerOwner } from "../time/timers.ts";
import { sendQuestion } from "./echo.ts";
import type { EchoListener } from "./host.ts";
import type { Nic } from "./nic.ts";
import { sourceFor } from "./routing.ts";

export interface ProbeOptions {
  readonly name: string;
  /** The client's NIC. */
  readonly nic: Nic;
  readonly to: IpAddress;
  readonly kind: "icmp" | "udp";
  readonly everyNs: number;
  /** First question. */
  readonly fromNs: number;
  /** No question at this moment or later; Infinity: to the end of the run. */
  readonly untilNs: number;
}

const FIRST_CAPACITY = 1024;
/** Sequence numbers have 16 bits on the wire: an answer belongs to the latest question with its number. */
const SEQUENCE_SPAN = 0x10000;

export class Probe implements TimerOwner, EchoListener {
  readonly options: ProbeOptions;
  sent = 0;
  answered = 0;
  /** Answers to a question that had one already: two machines answered, or a frame was doubled. */
  duplicates = 0;
  /** When question i was sent; the client's machine must have run then. */
  sentNs = new Float64Array(FIRST_CAPACITY);
  /** When the first answer to question i came; 0: none. */
  answeredNs = new Float64Array(FIRST_CAPACITY);
  /** Told when an answer ends a run of unanswered questions that came after an answered one: the first of them, and the answered one. */
  onRecovery: ((first: number, answered: number) => void) | null = null;
  readonly #timer: TimerId;
  readonly #identifier: number;
  /** Questions that were due, asked or not. */
  #turns = 0;

  constructor(options: ProbeOptions) {
    this.options = options;
    const { host } = options.nic;
    this.#timer = host.platform.timers.create(this, 0);
    this.#identifier = host.listenForEchoes(this);
    host.platform.timers.armAt(this.#timer, options.fromNs);
    host.platform.timers.expectPeriod(options.everyNs);
  }

  onTimer(): void {
    const { nic, to, kind, everyNs, fromNs, untilNs } = this.options;
    const { clock, timers } = nic.host.platform;
    if (clock.nowNs >= untilNs) return;
    this.#turns++;
    timers.dueNs[0] = fromNs + this.#turns * everyNs;
    if (timers.dueNs[0]! < clock.nowNs) {
      // The machine stood still. What was not asked then is not made up for.
      this.#turns = Math.floor((clock.nowNs - fromNs) / everyNs) + 1;
      timers.dueNs[0] = fromNs + this.#turns * everyNs;
    }
    timers.arm(this.#timer);
    const source = nic.host.running ? sourceFor(nic, to, 0, to.length) : null;
    if (source === null) return;
    if (this.sent === this.sentNs.length) {
      this.sentNs = grownFloats(this.sentNs, this.sent * 2);
      this.answeredNs = grownFloats(this.answeredNs, this.sent * 2);
    }
    const sequence = this.sent & (SEQUENCE_SPAN - 1);
    this.sentNs[this.sent] = clock.nowNs;
    this.answeredNs[this.sent] = 0;
    this.sent++;
    sendQuestion(nic, kind, source, to, this.#identifier, sequence);
  }

  onEchoReply(sequence: number): void {
    const last = this.sent - 1;
    const question = last - ((last - sequence) & (SEQUENCE_SPAN - 1));
    if (question < 0) return;
    if (this.answeredNs[question] !== 0) {
      this.duplicates++;
      return;
    }
    this.answeredNs[question] = this.options.nic.host.platform.clock.nowNs;
    this.answered++;
    if (question > 0 && this.answeredNs[question - 1] === 0 && this.onRecovery !== null) this.#tellRecovery(question);
  }

  #tellRecovery(answered: number): void {
    let first = answered - 1;
    while (first > 0 && this.answeredNs[first - 1] === 0) first--;
    // Nothing was answered before: the service is only starting.
    if (first > 0) this.onRecovery!(first, answered);
  }
}
