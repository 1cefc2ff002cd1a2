/**
 * The driver in virtual time: what lies between hosts and the switch. It fills the switch with frames when they arrive, drains its
 * egress ring, and carries both ways along links of a constant latency. This is the only place where a simulated network differs
 * from a live one.
 */
import { Clock } from "../base/clock.ts";
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import { FrameSlab } from "../frame/slab.ts";
import type { Nic } from "../host/nic.ts";
import type { HostObserver, HostPlatform } from "../host/platform.ts";
import type { DropCause } from "../switch/drop-cause.ts";
import type { FrameTap } from "../switch/observer.ts";
import { VirtualSwitch } from "../switch/virtual-switch.ts";
import { type EventSink, Scheduler } from "../time/scheduler.ts";
import { Timers } from "../time/timers.ts";

/**
 * Frames that may exist at once: on links, in the egress ring, waiting for neighbours. A frame that finds no slot is lost and
 * counted by its host. 4,096 slots of 2,048 octets are 8 MiB, touched only as they are used; four times
 * as many would make the collector run before the first frame.
 */
const SLOTS = 4_096;

export class Fabric implements HostPlatform, FrameTap {
  readonly seed: number;
  readonly clock = new Clock();
  readonly slab = new FrameSlab(SLOTS);
  readonly scheduler = new Scheduler(this.clock);
  readonly timers = new Timers(this.scheduler);
  readonly switch = new VirtualSwitch(this.slab, this.clock);
  hostObserver: HostObserver | null = null;
  /** See frames as they enter the switch, in this order. */
  readonly taps: FrameTap[] = [];
  /** Sees frames as they leave the switch; null while nobody wants them. */
  egressTap: FrameTap | null = null;
  /** The NIC at the far end of each port. */
  readonly nics: Nic[] = [];
  readonly #latencyNs: number[] = [];
  readonly #lane: number[] = [];
  readonly #toSwitch: number;
  readonly #toHost: number;

  constructor(seed: number) {
    this.seed = seed;
    const toSwitch: EventSink = { onEvent: (port, frame) => this.#enterSwitch(port as PortId, frame as FrameRef) };
    const toHost: EventSink = { onEvent: (port, frame) => this.#reachHost(port as PortId, frame as FrameRef) };
    this.#toSwitch = this.scheduler.register(toSwitch);
    this.#toHost = this.scheduler.register(toHost);
    this.switch.tap = this;
  }

  /** A new port whose cable takes `latencyNs` each way. Its NIC is attached next. */
  addPort(domain: DomainId, latencyNs: number): PortId {
    const port = this.switch.addPort(domain);
    this.#latencyNs[port] = latencyNs;
    this.#lane[port] = this.scheduler.openLane(latencyNs);
    return port;
  }

  attach(nic: Nic): void {
    this.nics[nic.port] = nic;
  }

  transmit(port: PortId, frame: FrameRef): void {
    this.#carry(this.#toSwitch, port, frame);
  }

  onFrame(port: PortId, frame: FrameRef, cause: DropCause): void {
    for (let i = 0; i < this.taps.length; i++) this.taps[i]!.onFrame(port, frame, cause);
  }

  #enterSwitch(port: PortId, frame: FrameRef): void {
    const { egress } = this.switch;
    this.switch.ingress(port, frame);
    while (egress.size > 0) {
      const out = egress.headPort();
      const copy = egress.headFrame();
      egress.pop();
      if (this.egressTap !== null) this.egressTap.onFrame(out, copy, 0);
      this.#carry(this.#toHost, out, copy);
    }
    this.slab.release(frame);
  }

  #reachHost(port: PortId, frame: FrameRef): void {
    this.nics[port]!.receive(frame);
    this.slab.release(frame);
  }

  /** Hands over (port, frame) after the port's latency; the reference travels along. A full queue loses the frame. */
  #carry(kind: number, port: PortId, frame: FrameRef): void {
    const lane = this.#lane[port]!;
    let carried: boolean;
    if (lane >= 0) {
      carried = this.scheduler.pushOnLane(lane, kind, port, frame);
    } else {
      this.scheduler.dueNs[0] = this.clock.cell[0]! + this.#latencyNs[port]!;
      carried = this.scheduler.push(kind, port, frame);
    }
    if (!carried) this.slab.release(frame);
  }
}
