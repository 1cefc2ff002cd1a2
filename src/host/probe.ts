/**
 * A probe: one question after another at a fixed pace, to an address whose owner may change. It only notes, for each question, when
 * it was sent and when the first answer came, and from where; what that means for outages is `observe/outage.ts`'s business.
 *
 * A question is an echo request or a datagram; over TCP an attempt to connect (`probe-attempts.ts`) or a request on a connection that is
 * kept (`probe-flow.ts`).
 */
import type { FrameRef, TimerId } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { grownFloats } from "../time/event-heap.ts";
import type { TimerOwner } from "../time/timers.ts";
import { sendQuestion } from "./echo.ts";
import type { EchoListener } from "./host.ts";
import type { Nic } from "./nic.ts";
import { AnswerBook, type Latency, latencyOf } from "./probe-answers.ts";
import { AttemptAsker } from "./probe-attempts.ts";
import { FlowAsker, type FlowFigures, type FlowReset } from "./probe-flow.ts";
import { sourceFor } from "./routing.ts";

export type ProbeKind = "icmp" | "udp" | "tcp";

export interface TcpProbeOptions {
  /** The server's. */
  readonly port: number;
  /** `new`: each question opens a connection. `kept`: all are written to one that lasts. */
  readonly connection: "new" | "kept";
  /** An attempt to connect that has not succeeded by then is given up. Not for a connection that is kept. */
  readonly timeoutNs: number;
}

export interface ProbeOptions {
  readonly name: string;
  /** The client's NIC. */
  readonly nic: Nic;
  readonly to: IpAddress;
  readonly kind: ProbeKind;
  /** Of kind tcp, and only then. */
  readonly tcp?: TcpProbeOptions;
  readonly everyNs: number;
  /** First question. */
  readonly fromNs: number;
  /** No question at this moment or later; Infinity: to the end of the run. */
  readonly untilNs: number;
}

/** Asks a probe's questions, and notes the answers there. */
export interface Asker {
  /** `source` null: the host has no address to ask from, and nothing can be sent. */
  ask(question: number, source: IpAddress | null): void;
}

/** Questions from `first` on that may be lost, up to the next one that was answered. */
interface Run {
  readonly first: number;
  readonly answered: number;
}

/** Questions that there is room for at first where it is not known how many will come. */
const FIRST_CAPACITY = 1024;
/** Room that is made at once for the questions that will come: 8 MiB for each of two moments. */
const CAPACITY_MAX = 2 ** 20;
/** Sequence numbers have 16 bits on the wire: an answer belongs to the latest question with its number. */
const SEQUENCE_SPAN = 0x10000;
/** Questions that have no answer yet are not lost for so long, nor are those of the run's last second: `ping` waits as long. */
export const PATIENCE_NS = 1 * NS_PER_S;

/** A moment that never was. */
export const NO_ANSWER = -1;

export class Probe implements TimerOwner {
  readonly options: ProbeOptions;
  sent = 0;
  /** Questions that were answered, in time or late. */
  answered = 0;
  /** Answers to a question that had one already: two machines answered, or a frame was doubled. */
  duplicates = 0;
  /** Questions that were answered with a refusal: nobody listens at the port (RST to a SYN). They are not served: the time counts as dark. */
  refused = 0;
  /** When question i was sent; the client's machine must have run then. */
  sentNs: Float64Array<ArrayBuffer>;
  /** When the first answer to question i came; NO_ANSWER: none, or late. */
  answeredNs: Float64Array<ArrayBuffer>;
  /** When question i was answered after the connection had stalled; NO_ANSWER: it was not. Null where there is no connection to stall. */
  lateNs: Float64Array<ArrayBuffer> | null = null;
  /**
   * Told of a run of lost questions between two that were answered: the first of them, and the answered one after them. At once, or where the
   * first of them has not waited for a second yet, when it has: answers may overtake each other. Where questions are asked again, not before
   * all of them were given up.
   */
  onRecovery: ((first: number, answered: number) => void) | null = null;
  /** Who answered. */
  readonly book: AnswerBook;
  readonly #timer: TimerId;
  readonly #asker: Asker;
  /** Questions that were due, asked or not. */
  #turns = 0;
  /** The latest question that was answered or refused. */
  #settled = -1;
  /** Runs of questions that may be lost, oldest first. */
  readonly #doubtful: Run[] = [];

  constructor(options: ProbeOptions) {
    this.options = options;
    const { host } = options.nic;
    const expected = Math.ceil((options.untilNs - options.fromNs) / options.everyNs);
    const capacity = Number.isFinite(expected) ? Math.min(Math.max(1, expected), CAPACITY_MAX) : FIRST_CAPACITY;
    this.sentNs = new Float64Array(capacity);
    this.answeredNs = new Float64Array(capacity);
    this.book = new AnswerBook(host.platform.slab);
    this.#timer = host.platform.timers.create(this, 0);
    this.#asker = this.#makeAsker(options);
    host.platform.timers.armAt(this.#timer, options.fromNs);
    host.platform.timers.expectPeriod(options.everyNs);
  }

  /** Questions that were neither answered nor refused. Those that have waited for less than a second since the last answer are not lost yet. */
  get lost(): number {
    const waiting = this.#settled + 1;
    const isPatient =
      waiting < this.sent && this.options.nic.host.platform.clock.nowNs - this.sentNs[waiting]! < PATIENCE_NS;
    return this.sent - this.answered - this.refused - (isPatient ? this.sent - waiting : 0);
  }

  /** When the first answer to a question came, in time or late; NO_ANSWER: none did. */
  answerNs(question: number): number {
    return Math.max(this.answeredNs[question]!, this.lateNs?.[question] ?? NO_ANSWER);
  }

  /** How long answers took, late ones included; null: there were none. */
  get latency(): Latency | null {
    return latencyOf(this.sent, this.sentNs, this.answeredNs, this.lateNs);
  }

  /** All answers by the host that sent them: first ones, duplicates and refusals. */
  get answeredBy(): ReadonlyMap<string, number> {
    return this.book.byHost();
  }

  /** Those of all answers that came from a host that was neither master for the address nor, where there was none, known to hold it when they were sent. */
  get wrongHost(): number {
    return this.book.fromOthers;
  }

  /** Resets of a connection that is kept, oldest first; null: this probe keeps none. */
  get resets(): readonly FlowReset[] | null {
    return this.#asker instanceof FlowAsker ? this.#asker.resets : null;
  }

  /** What became of a connection that is kept; null: this probe keeps none. */
  get flow(): FlowFigures | null {
    return this.#asker instanceof FlowAsker ? this.#asker.figures : null;
  }

  onTimer(): void {
    const { nic, to, everyNs, fromNs, untilNs } = this.options;
    const { clock, timers } = nic.host.platform;
    if (this.#doubtful.length > 0) this.#tellLost();
    if (clock.cell[0]! >= untilNs) {
      const [next] = this.#doubtful;
      if (next !== undefined) timers.armAt(this.#timer, this.#settledNs(next));
      return;
    }
    this.#turns++;
    timers.dueNs[0] = fromNs + this.#turns * everyNs;
    if (timers.dueNs[0]! < clock.cell[0]!) {
      // The machine stood still. What was not asked then is not made up for.
      this.#turns = Math.floor((clock.cell[0]! - fromNs) / everyNs) + 1;
      timers.dueNs[0] = fromNs + this.#turns * everyNs;
    }
    timers.arm(this.#timer);
    if (!nic.host.running) return;
    if (this.sent === this.sentNs.length) this.#grow();
    const question = this.sent++;
    this.sentNs[question] = clock.cell[0]!;
    this.answeredNs[question] = NO_ANSWER;
    if (this.lateNs !== null) this.lateNs[question] = NO_ANSWER;
    this.#asker.ask(question, sourceFor(nic, to, 0, to.length));
  }

  /** The frame answers a question; the first answer counts. */
  noteAnswer(question: number, frame: FrameRef): void {
    this.book.note(frame);
    if (this.answeredNs[question] !== NO_ANSWER) {
      this.duplicates++;
      return;
    }
    this.answeredNs[question] = this.options.nic.host.platform.clock.cell[0]!;
    this.answered++;
    // An answer that others have overtaken ends nothing.
    if (question <= this.#settled) return;
    this.#settled = question;
    if (question > 0 && this.answeredNs[question - 1] === NO_ANSWER && this.onRecovery !== null)
      this.#noteRecovery(question);
  }

  /** The frame answers a question, but only after the connection had stalled. */
  noteLate(question: number, frame: FrameRef): void {
    this.book.note(frame);
    this.lateNs![question] = this.options.nic.host.platform.clock.cell[0]!;
    this.answered++;
    if (question > this.#settled) this.#settled = question;
  }

  /** The frame refuses a question. */
  noteRefusal(question: number, frame: FrameRef): void {
    this.book.note(frame);
    this.refused++;
    if (question > this.#settled) this.#settled = question;
  }

  #makeAsker({ kind, tcp }: ProbeOptions): Asker {
    if (kind !== "tcp") return new EchoAsker(this, kind);
    if (tcp!.connection === "new") return new AttemptAsker(this, tcp!);
    this.lateNs = new Float64Array(this.sentNs.length);
    return new FlowAsker(this, tcp!);
  }

  #grow(): void {
    const capacity = this.sent * 2;
    this.sentNs = grownFloats(this.sentNs, capacity);
    this.answeredNs = grownFloats(this.answeredNs, capacity);
    if (this.lateNs !== null) this.lateNs = grownFloats(this.lateNs, capacity);
  }

  #noteRecovery(answered: number): void {
    let first = answered - 1;
    while (first > 0 && this.answeredNs[first - 1] === NO_ANSWER) first--;
    // Nothing was answered before: the service is only starting.
    if (first === 0) return;
    this.#doubtful.push({ first, answered });
    this.#tellLost();
  }

  /** When a run has waited for long enough: what has no answer then is lost. */
  #settledNs({ first, answered }: Run): number {
    const { tcp } = this.options;
    const isAskedAgain = tcp?.connection === "new" && tcp.timeoutNs > PATIENCE_NS;
    return Math.max(this.sentNs[first]! + PATIENCE_NS, this.sentNs[answered - 1]! + (isAskedAgain ? tcp.timeoutNs : 0));
  }

  /** Tells of the runs that have waited for long enough; an answer that came meanwhile has made two of one, or none. */
  #tellLost(): void {
    const { nowNs } = this.options.nic.host.platform.clock;
    for (let run = this.#doubtful[0]; run !== undefined; run = this.#doubtful[0]) {
      const { first, answered } = run;
      if (nowNs < this.#settledNs(run)) return;
      this.#doubtful.shift();
      let lostFrom = -1;
      for (let question = first; question <= answered; question++) {
        const isAnswered = this.answeredNs[question] !== NO_ANSWER;
        if (isAnswered && lostFrom >= 0) this.onRecovery!(lostFrom, question);
        if (isAnswered) lostFrom = -1;
        else if (lostFrom < 0) lostFrom = question;
      }
    }
  }
}

/** Echo requests, and datagrams to the echo port. */
class EchoAsker implements Asker, EchoListener {
  readonly #probe: Probe;
  readonly #kind: "icmp" | "udp";
  readonly #identifier: number;

  constructor(probe: Probe, kind: "icmp" | "udp") {
    this.#probe = probe;
    this.#kind = kind;
    this.#identifier = probe.options.nic.host.listenForEchoes(this);
  }

  ask(question: number, source: IpAddress | null): void {
    if (source === null) return;
    const { nic, to } = this.#probe.options;
    sendQuestion(nic, this.#kind, source, to, this.#identifier, question & (SEQUENCE_SPAN - 1));
  }

  onEchoReply(sequence: number, frame: FrameRef): void {
    const last = this.#probe.sent - 1;
    const question = last - ((last - sequence) & (SEQUENCE_SPAN - 1));
    if (question >= 0) this.#probe.noteAnswer(question, frame);
  }
}
