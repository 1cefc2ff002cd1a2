/**
 * The hosts at a switch of our own: each has a port in each VLAN that it was seen in, and each frame goes in at its sender's port. VLANs are
 * broadcast domains of their own; tags stay on. What the switch refuses, and which MACs it sees move, is the switch's word.
 */
import { copyBytes } from "../base/bytes.ts";
import { Clock } from "../base/clock.ts";
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import type { CaptureReader } from "../capture/capture-reader.ts";
import { PACKET_OCTETS_MAX } from "../capture/raw-packet.ts";
import { FrameSlab } from "../frame/slab.ts";
import type { DropCause } from "../switch/drop-cause.ts";
import type { EgressSink } from "../switch/egress-ring.ts";
import type { SwitchObserver } from "../switch/observer.ts";
import { VirtualSwitch } from "../switch/virtual-switch.ts";
import type { Host, Hosts } from "./hosts.ts";

/** A frame at a time is on the way; another slot is for what the switch may need of its own. */
const SLOTS = 2;
/** Ports that hosts have of their own, over all VLANs; frames from beyond enter by one that they share. */
const PORTS_MAX = 2_000;

export type MoveListener = (macHi: number, macLo: number, vlan: number, from: Host, to: Host) => void;

export class SwitchedHosts implements EgressSink, SwitchObserver {
  /** Copies that left the switch. */
  delivered = 0;
  readonly #clock = new Clock();
  readonly #slab = new FrameSlab(SLOTS, PACKET_OCTETS_MAX);
  // What was captured has been on a wire: no frame is too long for this switch.
  readonly #switch = new VirtualSwitch(this.#slab, this.#clock, { frameOctetsMax: PACKET_OCTETS_MAX });
  readonly #domains = new Map<number, DomainId>();
  /** By VLAN × the number of hosts + host. */
  readonly #ports = new Map<number, PortId>();
  readonly #hosts: Hosts;
  /** By port. */
  readonly #hostOf: Host[] = [];
  readonly #vlanOf: number[] = [];
  readonly #onMove: MoveListener;
  #shared: PortId | null = null;

  constructor(hosts: Hosts, onMove: MoveListener) {
    this.#hosts = hosts;
    this.#onMove = onMove;
    this.#switch.observer = this;
    for (const host of hosts.list) for (const vlan of host.vlans) this.#portOf(host, vlan);
  }

  /** Puts the capture's current frame in at its sender's port, and drains what comes out. Returns why nobody got it, if so. */
  put(capture: CaptureReader, host: Host, vlan: number, nowNs: number): DropCause {
    const slab = this.#slab;
    this.#clock.advanceTo(nowNs);
    const port = this.#portOf(host, vlan);
    const frame = slab.acquire();
    copyBytes(capture.bytes, capture.offset, slab.bytes, slab.start(frame), capture.octets);
    slab.octets[frame] = capture.octets;
    const cause = this.#switch.ingress(port, frame);
    this.#switch.egress.drain(this);
    slab.release(frame);
    return cause;
  }

  deliver(_port: PortId, frame: FrameRef): void {
    this.delivered++;
    this.#slab.release(frame);
  }

  onMove(_domain: DomainId, macHi: number, macLo: number, from: PortId, to: PortId): void {
    this.#onMove(macHi, macLo, this.#vlanOf[to]!, this.#hostOf[from]!, this.#hostOf[to]!);
  }

  #portOf(host: Host, vlan: number): PortId {
    const key = vlan * this.#hosts.list.length + host.id;
    const known = this.#ports.get(key);
    if (known !== undefined) return known;
    if (this.#hostOf.length < PORTS_MAX) {
      const port = this.#addPort(host, vlan);
      this.#ports.set(key, port);
      return port;
    }
    this.#shared ??= this.#addPort(host, vlan);
    return this.#shared;
  }

  #addPort(host: Host, vlan: number): PortId {
    let domain = this.#domains.get(vlan);
    if (domain === undefined) {
      domain = this.#switch.addDomain();
      this.#domains.set(vlan, domain);
    }
    const port = this.#switch.addPort(domain);
    this.#hostOf[port] = host;
    this.#vlanOf[port] = vlan;
    return port;
  }
}
