/**
 * The driver in virtual time: what lies between hosts and switches, and between switches. It fills a switch with frames when they
 * arrive, drains its egress ring, and carries frames along cables and trunks, by reference. This is the only place where a
 * simulated network differs from a live one.
 */
import { present } from "../base/assert.ts";
import { Clock } from "../base/clock.ts";
import { type DomainId, type FrameRef, NO_FRAME, type PortId } from "../base/ids.ts";
import { FrameSlab } from "../frame/slab.ts";
import type { Nic } from "../host/nic.ts";
import type { HostObserver, HostPlatform } from "../host/platform.ts";
import { DROP_NONE, DROP_PARTITIONED, type DropCause } from "../switch/drop-cause.ts";
import type { FrameTap } from "../switch/observer.ts";
import type { SwitchProfile } from "../switch/profile.ts";
import { VirtualSwitch } from "../switch/virtual-switch.ts";
import { type EventSink, Scheduler } from "../time/scheduler.ts";
import { Timers } from "../time/timers.ts";
import type { ImpairKey } from "./impair-words.ts";
import type { LossCause, WayPlace } from "./impairment.ts";
import { type SimPort, SimSwitch, type SwitchDriver } from "./sim-switch.ts";
import type { Subnet } from "./subnet.ts";
import { Trunk } from "./trunk.ts";

/**
 * Frames that may exist at once: on links, in the egress ring, waiting for neighbours. A frame that finds no slot is lost and
 * counted by its host. 4,096 slots of 2,048 octets are 8 MiB, touched only as they are used; four times
 * as many would make the collector run before the first frame.
 */
const SLOTS = 4_096;
/** A switch here has one broadcast domain: its first. */
const DOMAIN = 1 as DomainId;

/** Hears of what a network's switches and impaired cables do, besides forwarding. */
export interface FabricObserver {
  /** A MAC address is behind another port of the switch. */
  onMove(at: SimSwitch, macHi: number, macLo: number, from: SimPort, to: SimPort): void;
  /** A switch has learned of a MAC address. */
  onLearn(at: SimSwitch, macHi: number, macLo: number): void;
  /** Carriers of switches, or the sides of a partition, have changed. */
  onWays(): void;
  /** An impaired cable has lost a frame, which is borrowed. */
  onLost(way: WayPlace, frame: FrameRef, cause: LossCause): void;
  /** Some of what impaired a cable has come to its end. */
  onMended(way: WayPlace, ended: readonly ImpairKey[]): void;
}

export class Fabric implements HostPlatform, SwitchDriver {
  readonly seed: number;
  readonly clock = new Clock();
  readonly slab = new FrameSlab(SLOTS);
  readonly scheduler = new Scheduler(this.clock);
  readonly timers = new Timers(this.scheduler);
  readonly switches: SimSwitch[] = [];
  /** By number: those of vNICs and those of trunks. */
  readonly ports: SimPort[] = [];
  hostObserver: HostObserver | null = null;
  observer: FabricObserver | null = null;
  /** See frames as they enter the network, each once, in this order. */
  readonly taps: FrameTap[] = [];
  /** See frames as they enter a switch from another one. */
  readonly trunkTaps: FrameTap[] = [];
  /** Sees frames as they leave a switch; null while nobody wants them. */
  egressTap: FrameTap | null = null;
  /** Trunks that a frame has crossed since its host sent it, over all ways that it was flooded; by frame. */
  readonly hops = new Int32Array(SLOTS);
  /** Times a MAC address was seen behind another port of a switch. */
  moves = 0;
  readonly #toSwitch: number;
  readonly #toFarSwitch: number;
  readonly #toHost: number;

  constructor(seed: number) {
    this.seed = seed;
    const toSwitch: EventSink = { onEvent: (port, frame) => this.#enter(this.ports[port]!, frame as FrameRef) };
    const toFarSwitch: EventSink = { onEvent: (port, frame) => this.#cross(this.ports[port]!, frame as FrameRef) };
    const toHost: EventSink = { onEvent: (port, frame) => this.#reachHost(this.ports[port]!, frame as FrameRef) };
    this.#toSwitch = this.scheduler.register(toSwitch);
    this.#toFarSwitch = this.scheduler.register(toFarSwitch);
    this.#toHost = this.scheduler.register(toHost);
  }

  // --- building -----------------------------------------------------------------------------------------------------

  /** A switch with a table of its own; `ageingMs` null: as the profile has it. */
  addSwitch(name: string, subnet: Subnet, profile: SwitchProfile, ageingMs: number | null): SimSwitch {
    const bridge = new VirtualSwitch(this.slab, this.clock, { profile });
    if (ageingMs !== null) bridge.fdb.ageingMs = ageingMs;
    bridge.addDomain(subnet.multicast);
    const added = new SimSwitch(name, subnet, bridge, this);
    this.switches.push(added);
    return added;
  }

  /** A new port of a switch, with a cable. What is at its far end is attached next. */
  addPort(at: SimSwitch, latencyNs: number): PortId {
    return this.#addPort(at, latencyNs).id;
  }

  attach(nic: Nic): void {
    this.ports[nic.port]!.nic = nic;
  }

  /** The vNIC at the far end of a port that is no trunk's. */
  nicAt(port: PortId): Nic {
    return present(this.ports[port]?.nic, "a port without a vNIC");
  }

  /** The two ways of a link between switches, which may be one and the same; `bitsPerSecond` 0: without a rate. */
  addTrunks(link: string, a: SimSwitch, b: SimSwitch, latencyNs: number, bitsPerSecond: number): [Trunk, Trunk] {
    const here = this.#addPort(a, latencyNs);
    const far = this.#addPort(b, latencyNs);
    const there = new Trunk(link, here, far, this.#toFarSwitch, bitsPerSecond, this);
    const back = new Trunk(link, far, here, this.#toFarSwitch, bitsPerSecond, this);
    here.trunk = there;
    far.trunk = back;
    return [there, back];
  }

  // --- the walk of a frame ------------------------------------------------------------------------------------------

  transmit(id: PortId, frame: FrameRef): void {
    const port = this.ports[id]!;
    this.slab.mark[frame] = port.side;
    this.slab.origin[frame] = id;
    this.slab.departedNs[frame] = this.clock.cell[0]!;
    this.hops[frame] = 0;
    if (port.fromNic === null) this.carryFromNic(port, frame);
    else port.fromNic.take(frame);
  }

  /** Along the cable of a vNIC, to its switch. Takes over the frame. */
  carryFromNic(port: SimPort, frame: FrameRef): void {
    if (!this.carry(port, this.#toSwitch, port.id, frame)) this.slab.release(frame);
  }

  /** Along the cable of a vNIC, from its switch. Takes over the frame. */
  carryToNic(port: SimPort, frame: FrameRef): void {
    if (!this.carry(port, this.#toHost, port.id, frame)) this.slab.release(frame);
  }

  /** Brings the frame to another port by an event of this kind, after the latency of the port's cable; false: too much is under way. */
  carry(port: SimPort, kind: number, to: PortId, frame: FrameRef): boolean {
    const { scheduler } = this;
    if (port.lane >= 0) return scheduler.pushOnLane(port.lane, kind, to, frame);
    scheduler.dueNs[0] = this.clock.cell[0]! + port.latencyNs;
    return scheduler.push(kind, to, frame);
  }

  /** What leaves a switch goes down the port's cable, to a vNIC or to another switch. */
  leave(port: SimPort, frame: FrameRef): void {
    if (this.egressTap !== null) this.egressTap.onFrame(port.id, frame, DROP_NONE);
    if (port.trunk !== null) port.trunk.send(frame);
    else if (port.toNic === null) this.carryToNic(port, frame);
    else port.toNic.take(frame);
  }

  entered(port: SimPort, frame: FrameRef, cause: DropCause): void {
    const taps = port.trunk === null ? this.taps : this.trunkTaps;
    // Trunks belong to no side of a partition: where nobody is left on the sender's, its switch forwards to the trunk in vain.
    const whole = port.isAlone && cause === DROP_NONE ? DROP_PARTITIONED : cause;
    for (let i = 0; i < taps.length; i++) taps[i]!.onFrame(port.id, frame, whole);
  }

  moved(at: SimSwitch, macHi: number, macLo: number, from: SimPort, to: SimPort): void {
    this.moves++;
    this.observer?.onMove(at, macHi, macLo, from, to);
  }

  learned(at: SimSwitch, macHi: number, macLo: number): void {
    this.observer?.onLearn(at, macHi, macLo);
  }

  linkChanged(): void {
    this.observer?.onWays();
  }

  lost(way: WayPlace, frame: FrameRef, cause: LossCause): void {
    this.observer?.onLost(way, frame, cause);
  }

  mended(way: WayPlace, ended: readonly ImpairKey[]): void {
    this.observer?.onMended(way, ended);
  }

  /** The same frame in another slot, with all that is known of it; NO_FRAME when none is free. */
  copyOf(frame: FrameRef): FrameRef {
    const { slab, hops } = this;
    const copy = slab.acquire();
    if (copy === NO_FRAME) return NO_FRAME;
    const start = slab.start(frame);
    slab.bytes.copyWithin(slab.start(copy), start, start + slab.octets[frame]!);
    slab.octets[copy] = slab.octets[frame]!;
    slab.mark[copy] = slab.mark[frame]!;
    slab.origin[copy] = slab.origin[frame]!;
    slab.departedNs[copy] = slab.departedNs[frame]!;
    hops[copy] = hops[frame]!;
    return copy;
  }

  #enter({ at, local }: SimPort, frame: FrameRef): void {
    at.bridge.ingress(local, frame);
    at.bridge.egress.drain(at);
    this.slab.release(frame);
  }

  #cross(port: SimPort, frame: FrameRef): void {
    port.at.subnet.storms?.crossed(frame, port);
    this.#enter(port, frame);
  }

  #reachHost(port: SimPort, frame: FrameRef): void {
    port.nic!.receive(frame);
    this.slab.release(frame);
  }

  #addPort(at: SimSwitch, latencyNs: number): SimPort {
    const port: SimPort = {
      id: this.ports.length as PortId,
      at,
      local: at.bridge.addPort(DOMAIN),
      latencyNs,
      lane: this.scheduler.openLane(latencyNs),
      nic: null,
      trunk: null,
      fromNic: null,
      toNic: null,
      side: 0,
      isAlone: false,
    };
    this.ports.push(port);
    at.ports.push(port);
    return port;
  }
}
