/**
 * One end of a TCP connection (RFC 9293), as far as a failover shows: the handshake, data in order with cumulative acknowledgments, and
 * retransmission as Linux does it. Data means nothing here and is not kept: its octets follow from their place in the stream.
 *
 *   lost SYN     sent again after the waits of the host's system: 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s after the first, given up after 131 s
 *   lost data    the oldest segment is sent again after the timeout of `tcp-round-trip.ts`, given up after 15 tries (tcp_retries2), some 925 s;
 *                meanwhile nothing new is sent, and after the first acknowledgment what else was lost, as slow start allows (RFC 5681)
 *   three duplicate acknowledgments   the oldest segment is sent again at once, then one for each gap (NewReno, RFC 6582)
 *
 * Nagle's algorithm is off, acknowledgments that have no data to ride on wait for 40 ms. Progress confirms the
 * neighbour that packets go to (`cache.confirm`), with the next one that is sent.
 *
 * Left out: selective acknowledgments, time stamps and window scale, and what Linux does only with them (RACK, tail loss probes); quick
 * acknowledgments at the beginning; keepalives and window probes; what an ICMP error says. A connection ends by RST only, a FIN is answered by one.
 */
import { equalBytes } from "../base/bytes.ts";
import type { FrameRef, TimerId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";
import type { TimerOwner } from "../time/timers.ts";
import {
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  tcpAcknowledgment,
  tcpFlags,
  tcpHeaderOctets,
  tcpSequence,
  tcpWindow,
} from "../wire/tcp.ts";
import type { Host } from "./host.ts";
import type { Nic } from "./nic.ts";
import { confirmNeighbour } from "./routing.ts";
import { Congestion } from "./tcp-congestion.ts";
import { Flight } from "./tcp-flight.ts";
import { BeyondGap } from "./tcp-gaps.ts";
import { RoundTrip } from "./tcp-round-trip.ts";
import { agreedSegment, sendSegment, TCP_RECEIVE_WINDOW, type TcpEnds } from "./tcp-segment.ts";
import type { TcpEnding, TcpUser } from "./tcp-user.ts";

const TCP_CLOSED = 0;
const TCP_SYN_SENT = 1;
const TCP_SYN_RECEIVED = 2;
const TCP_ESTABLISHED = 3;

const SYN_ACK_RETRIES = 5;
const DATA_RETRIES = 15;
const DELAYED_ACK_NS = 40 * NS_PER_MS;
/** Between two answers to segments that do not fit (tcp_invalid_ratelimit). */
const CHALLENGE_NS = 500 * NS_PER_MS;

const RETRANSMIT = 0;
const DELAYED_ACK = 1;

export class TcpConnection implements TimerOwner, TcpEnds {
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  localPort = 0;
  remotePort = 0;
  state = TCP_CLOSED;
  /** Segments sent again, SYNs included. */
  retransmissions = 0;
  /** The next one in its bucket of the host's table. */
  chain: TcpConnection | null = null;
  /** When it began, ns: [0]. When a segment that does not fit was answered last: [1]. */
  readonly times = new Float64Array(2);
  readonly roundTrip = new RoundTrip();
  readonly #host: Host;
  readonly #onGone: (connection: TcpConnection) => void;
  readonly #retransmit: TimerId;
  readonly #delayedAck: TimerId;
  readonly #flight = new Flight();
  readonly #congestion = new Congestion();
  readonly #beyond = new BeyondGap();
  #via: Nic | null = null;
  #user: TcpUser | null = null;
  #isServer = false;
  /** Sending: first number; oldest that is not acknowledged; next to send, and how far it was sent before; end of what was written. */
  #first = 0;
  #oldest = 0;
  #next = 0;
  #furthest = 0;
  #written = 0;
  /** Receiving: the other end's first number; next in order. */
  #remoteFirst = 0;
  #expected = 0;
  #segment = 0;
  #window = 0;
  #tries = 0;
  #owesAck = false;
  #confirms = false;

  /** `addressOctets` 4 or 16. `onGone` is told when it is closed and forgotten. */
  constructor(host: Host, addressOctets: number, onGone: (connection: TcpConnection) => void) {
    this.#host = host;
    this.#onGone = onGone;
    this.local = new Uint8Array(addressOctets);
    this.remote = new Uint8Array(addressOctets);
    const { timers } = host.platform;
    this.#retransmit = timers.create(this, RETRANSMIT);
    this.#delayedAck = timers.create(this, DELAYED_ACK);
  }

  /** Whether the other end has opened it, and written nothing so far. */
  get isIdleServer(): boolean {
    return this.#isServer && ((this.#expected - this.#remoteFirst) | 0) === 1;
  }

  isBetween(bytes: Uint8Array, local: number, localPort: number, remote: number, remotePort: number): boolean {
    return (
      this.localPort === localPort &&
      this.remotePort === remotePort &&
      equalBytes(bytes, remote, this.remote, 0, this.remote.length) &&
      equalBytes(bytes, local, this.local, 0, this.local.length)
    );
  }

  /** Opens it towards the other end: ends are set. `first` is its first sequence number. */
  connect(via: Nic, user: TcpUser, first: number): void {
    this.#begin(via, user, first, false);
    this.state = TCP_SYN_SENT;
    this.#sendFirst();
  }

  /** Answers the SYN at `at` from the other end: ends are set. */
  accept(via: Nic | null, user: TcpUser, first: number, bytes: Uint8Array, at: number): void {
    this.#begin(via, user, first, true);
    this.state = TCP_SYN_RECEIVED;
    this.#learn(bytes, at);
    this.#sendFirst();
  }

  /** Ends it without a word. */
  vanish(): void {
    const { timers } = this.#host.platform;
    timers.cancel(this.#retransmit);
    timers.cancel(this.#delayedAck);
    this.state = TCP_CLOSED;
    this.#user = null;
    this.#onGone(this);
  }

  /** Writes so many octets, which leave at once if they may. */
  write(octets: number): void {
    this.#written = (this.#written + octets) | 0;
    this.#sendData();
  }

  /** A checked segment of this connection stands at `at`. */
  receive(bytes: Uint8Array, at: number, octets: number, frame: FrameRef): void {
    const flags = tcpFlags(bytes, at);
    const sequence = tcpSequence(bytes, at);
    const acknowledgment = tcpAcknowledgment(bytes, at);
    const isAcknowledging = (flags & TCP_ACK) !== 0;
    if (this.state === TCP_SYN_SENT) {
      if (!isAcknowledging) return;
      if (acknowledgment !== this.#next) {
        if ((flags & TCP_RST) === 0) this.#send(TCP_RST, acknowledgment, 0);
      } else if ((flags & TCP_RST) !== 0) this.#close("refused", frame);
      else if ((flags & TCP_SYN) !== 0) {
        this.#learn(bytes, at);
        this.#open(acknowledgment);
        this.#send(TCP_ACK, this.#next, 0);
        this.#user?.onOpen(this);
      }
      return;
    }
    const dataOctets = octets - tcpHeaderOctets(bytes, at);
    const ahead = (sequence - this.#expected) | 0;
    if ((flags & TCP_RST) !== 0) {
      // Only exactly the next number ends it; whoever knows that much gets no answer (RFC 5961 section 3.2).
      if (ahead === 0) this.#close("reset", frame);
      else if (ahead > 0 && ahead < TCP_RECEIVE_WINDOW) this.#challenge();
      return;
    }
    if ((flags & TCP_SYN) !== 0) {
      if (this.state === TCP_SYN_RECEIVED && sequence === this.#remoteFirst) this.#sendFirst();
      else this.#challenge();
      return;
    }
    if (!isAcknowledging) return;
    if (this.state === TCP_SYN_RECEIVED) {
      if (acknowledgment !== this.#next) {
        this.#send(TCP_RST, acknowledgment, 0);
        return;
      }
      this.#open(acknowledgment);
      this.#user?.onOpen(this);
    }
    const isBeyond = ahead > TCP_RECEIVE_WINDOW || ahead + dataOctets < -TCP_RECEIVE_WINDOW;
    if (isBeyond || ((acknowledgment - this.#furthest) | 0) > 0) {
      this.#challenge();
      return;
    }
    this.#window = tcpWindow(bytes, at);
    this.#takeAcknowledgment(acknowledgment, dataOctets === 0 && (flags & TCP_FIN) === 0);
    if (dataOctets > 0 && this.state === TCP_ESTABLISHED) this.#takeData(sequence, dataOctets, frame);
    if (this.state === TCP_ESTABLISHED && (flags & TCP_FIN) !== 0 && ((sequence + dataOctets) | 0) === this.#expected) {
      this.#send(TCP_RST | TCP_ACK, this.#next, 0);
      this.#close("reset", frame);
    }
  }

  onTimer(token: number): void {
    if (token === DELAYED_ACK) {
      if (this.#owesAck) this.#send(TCP_ACK, this.#next, 0);
      return;
    }
    const isOpen = this.state === TCP_ESTABLISHED;
    const { synWaitsNs } = this.#host.system;
    const isClient = this.state === TCP_SYN_SENT;
    const retries = isOpen ? DATA_RETRIES : isClient ? synWaitsNs.length - 1 : SYN_ACK_RETRIES;
    if (++this.#tries > retries) {
      this.#close("timed-out", null);
      return;
    }
    this.retransmissions++;
    if (!isOpen) {
      if (isClient) this.roundTrip.timeoutNs[0] = synWaitsNs[this.#tries]!;
      else this.roundTrip.backOff();
      this.#sendFirst();
      return;
    }
    this.#congestion.timedOut(this.#flight.count, this.#furthest);
    this.#flight.clear();
    this.#next = this.#oldest;
    this.roundTrip.backOff();
    this.#sendData();
  }

  #begin(via: Nic | null, user: TcpUser, first: number, isServer: boolean): void {
    this.#isServer = isServer;
    this.#via = via;
    this.#user = user;
    this.times[0] = this.#host.platform.clock.cell[0]!;
    this.times[1] = Number.NEGATIVE_INFINITY;
    this.#first = first;
    this.#oldest = first;
    this.#next = (first + 1) | 0;
    this.#furthest = this.#next;
    this.#written = this.#next;
    this.#congestion.reset();
    this.#tries = 0;
    this.#owesAck = false;
    this.#confirms = false;
    this.retransmissions = 0;
    this.#flight.clear();
    this.#beyond.clear();
    this.roundTrip.reset();
  }

  /** What the other end's SYN says. */
  #learn(bytes: Uint8Array, at: number): void {
    this.#remoteFirst = tcpSequence(bytes, at);
    this.#expected = (this.#remoteFirst + 1) | 0;
    this.#window = tcpWindow(bytes, at);
    this.#segment = agreedSegment(bytes, at, this.local.length === 4);
  }

  /** The SYN, or the SYN that acknowledges one. */
  #sendFirst(): void {
    if (this.#flight.count === 0) this.#flight.add(this.#next, this.#host.platform.clock.cell, false);
    else this.#flight.resent();
    this.#armRetransmission();
    this.#send(this.state === TCP_SYN_SENT ? TCP_SYN : TCP_SYN | TCP_ACK, this.#first, 0);
  }

  #open(acknowledgment: number): void {
    const { clock, timers } = this.#host.platform;
    const flight = this.#flight;
    if (flight.isAmbiguous(1)) this.roundTrip.fallBack();
    else this.roundTrip.measure(clock.cell, flight.sentNs, flight.oldest, acknowledgment, this.#next);
    flight.clear();
    timers.cancel(this.#retransmit);
    this.#oldest = acknowledgment;
    this.#tries = 0;
    this.#confirms = true;
    this.state = TCP_ESTABLISHED;
  }

  #takeAcknowledgment(acknowledgment: number, isBare: boolean): void {
    const { clock, timers } = this.#host.platform;
    const flight = this.#flight;
    if (((acknowledgment - this.#oldest) | 0) <= 0) {
      if (acknowledgment !== this.#oldest || !isBare || flight.count === 0) return;
      this.#confirms = true;
      if (this.#congestion.duplicate(flight.count, this.#furthest)) this.#resendOldest();
      this.#sendData();
      return;
    }
    const count = flight.countTo(acknowledgment);
    if (count > 0 && !flight.isAmbiguous(count))
      this.roundTrip.measure(clock.cell, flight.sentNs, flight.oldest, acknowledgment, this.#furthest);
    const isGap = this.#congestion.acknowledged(acknowledgment, count, flight.count);
    flight.drop(count);
    this.#oldest = acknowledgment;
    if (((this.#next - acknowledgment) | 0) < 0) this.#next = acknowledgment;
    this.#tries = 0;
    this.#confirms = true;
    if (isGap) this.#resendOldest();
    if (flight.count > 0) this.#armRetransmission();
    else timers.cancel(this.#retransmit);
    this.#sendData();
  }

  #takeData(sequence: number, octets: number, frame: FrameRef): void {
    const end = (sequence + octets) | 0;
    const before = this.#expected;
    const isAhead = ((sequence - before) | 0) > 0;
    if (isAhead) this.#beyond.keep(sequence, end);
    if (isAhead || ((end - before) | 0) <= 0) {
      this.#send(TCP_ACK, this.#next, 0);
      return;
    }
    this.#expected = this.#beyond.reach(end);
    const arrived = (this.#expected - before) | 0;
    if (!this.#owesAck) {
      this.#owesAck = true;
      const { timers, clock } = this.#host.platform;
      timers.dueNs[0] = clock.cell[0]! + DELAYED_ACK_NS;
      timers.arm(this.#delayedAck);
    }
    // More than the segment itself: a gap is closed, and whoever sent again hears of it at once.
    const closedGap = this.#expected !== end;
    this.#user?.onData(this, arrived, frame);
    if (closedGap && this.#owesAck && this.state === TCP_ESTABLISHED) this.#send(TCP_ACK, this.#next, 0);
  }

  /** Sends what is written, or is to be sent again, as far as both windows allow. */
  #sendData(): void {
    const flight = this.#flight;
    const { clock } = this.#host.platform;
    while (this.state === TCP_ESTABLISHED) {
      const left = (this.#written - this.#next) | 0;
      if (left <= 0 || !this.#congestion.allows(flight.count)) return;
      const octets = Math.min(left, this.#segment);
      const sequence = this.#next;
      const end = (sequence + octets) | 0;
      if (((end - this.#oldest) | 0) > this.#window) return;
      const again = ((sequence - this.#furthest) | 0) < 0;
      if (flight.count === 0) this.#armRetransmission();
      flight.add(end, clock.cell, again);
      this.#next = end;
      if (((end - this.#furthest) | 0) > 0) this.#furthest = end;
      this.#send(TCP_PSH | TCP_ACK, sequence, octets);
    }
  }

  #resendOldest(): void {
    const octets = (this.#flight.oldestEnd - this.#oldest) | 0;
    this.retransmissions++;
    this.#flight.resent();
    this.#send(TCP_PSH | TCP_ACK, this.#oldest, octets);
  }

  /** A segment that does not fit is answered with what would (RFC 5961), not too often: two that have lost each other would go on for ever. */
  #challenge(): void {
    const nowNs = this.#host.platform.clock.cell[0]!;
    if (nowNs - this.times[1]! < CHALLENGE_NS) return;
    this.times[1] = nowNs;
    this.#send(TCP_ACK, this.#next, 0);
  }

  #send(flags: number, sequence: number, dataOctets: number): void {
    if ((flags & TCP_ACK) !== 0) this.#owesAck = false;
    if (this.#confirms) this.#confirmNeighbour();
    const acknowledgment = (flags & TCP_ACK) === 0 ? 0 : this.#expected;
    // A larger number would be boxed on its way.
    const place = (sequence - this.#first - 1) & 0x7fff_ffff;
    sendSegment(this.#host, this.#via, this, sequence, acknowledgment, flags, dataOctets, place);
  }

  /** Linux: `sk_dst_confirm`, whoever it is that acknowledges. */
  #confirmNeighbour(): void {
    this.#confirms = false;
    confirmNeighbour(this.#host, this.#via, this.remote);
  }

  /** The first wait is exact: it begins with every segment. Those that follow are as late as the kernel's timers are. */
  #armRetransmission(): void {
    const { kernel, platform } = this.#host;
    if (this.#tries > 0) {
      kernel.armAfter(this.#retransmit, this.roundTrip.timeoutNs[0]!);
      return;
    }
    platform.timers.dueNs[0] = platform.clock.cell[0]! + this.roundTrip.timeoutNs[0]!;
    platform.timers.arm(this.#retransmit);
  }

  #close(ending: TcpEnding, frame: FrameRef | null): void {
    const user = this.#user;
    this.vanish();
    user?.onClosed(this, ending, frame);
  }
}
