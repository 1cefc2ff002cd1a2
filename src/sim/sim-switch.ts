/**
 * A switch of a simulated network, and its ports. The switch itself numbers its ports from 0 and knows nothing of others; here each
 * port also has a number that is unique in the network, and something at the far end of its cable: a vNIC, or another switch.
 */
import type { FrameRef, PortId } from "../base/ids.ts";
import type { Nic } from "../host/nic.ts";
import type { DropCause } from "../switch/drop-cause.ts";
import type { EgressSink } from "../switch/egress-ring.ts";
import type { FrameTap, SwitchObserver } from "../switch/observer.ts";
import type { VirtualSwitch } from "../switch/virtual-switch.ts";
import type { Impairment } from "./impairment.ts";
import type { Subnet } from "./subnet.ts";
import type { Trunk } from "./trunk.ts";

/** A port of a switch, with its place in the network. */
export interface SimPort {
  /** Unique in the network. */
  readonly id: PortId;
  readonly at: SimSwitch;
  /** Its number at the switch. */
  readonly local: PortId;
  /** One way along its cable, and the scheduler's lane for that; -1: it has none. */
  readonly latencyNs: number;
  readonly lane: number;
  /** The vNIC at the far end; null at a trunk, and until it is attached. */
  nic: Nic | null;
  /** The way to the switch at the far end; null: there is none. */
  trunk: Trunk | null;
  /** What the cable does to frames from the vNIC, and to frames for it; null: it was never impaired. */
  fromNic: Impairment | null;
  toNic: Impairment | null;
  /** Side of a partition that the vNIC is on. */
  side: number;
  /** A partition has left the vNIC nobody to talk to. */
  isAlone: boolean;
}

/** What a switch tells the driver; ports are those of the network. */
export interface SwitchDriver {
  /** A frame leaves by a port. Takes over the frame. */
  leave(port: SimPort, frame: FrameRef): void;
  /** A frame has come in by a port, and was decided. Borrows it. */
  entered(port: SimPort, frame: FrameRef, cause: DropCause): void;
  moved(at: SimSwitch, macHi: number, macLo: number, from: SimPort, to: SimPort): void;
  learned(at: SimSwitch, macHi: number, macLo: number): void;
  /** A port of some switch has carrier, or has none. */
  linkChanged(): void;
}

export class SimSwitch implements EgressSink, FrameTap, SwitchObserver {
  readonly name: string;
  readonly subnet: Subnet;
  readonly bridge: VirtualSwitch;
  /** By the switch's own numbers. */
  readonly ports: SimPort[] = [];
  readonly #driver: SwitchDriver;

  constructor(name: string, subnet: Subnet, bridge: VirtualSwitch, driver: SwitchDriver) {
    this.name = name;
    this.subnet = subnet;
    this.bridge = bridge;
    this.#driver = driver;
    bridge.tap = this;
    bridge.observer = this;
  }

  deliver(local: PortId, frame: FrameRef): void {
    this.#driver.leave(this.ports[local]!, frame);
  }

  onFrame(local: PortId, frame: FrameRef, cause: DropCause): void {
    this.#driver.entered(this.ports[local]!, frame, cause);
  }

  onMove(_domain: number, macHi: number, macLo: number, from: PortId, to: PortId): void {
    this.#driver.moved(this, macHi, macLo, this.ports[from]!, this.ports[to]!);
  }

  onLearn(_domain: number, macHi: number, macLo: number): void {
    this.#driver.learned(this, macHi, macLo);
  }

  onLink(): void {
    this.#driver.linkChanged();
  }
}

/** `vm-A.eth0` for a vNIC's port, `core:uplink-1` for a trunk's: how reports and captures call it. */
export function portLabel({ at, nic, trunk }: SimPort): string {
  return trunk === null ? nic!.label : `${at.name}:${trunk.link}`;
}
