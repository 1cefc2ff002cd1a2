/** A switch with nothing behind its ports: a test sends a frame in and sees where it comes out. */
import { Clock } from "../../src/base/clock.ts";
import { NO_FRAME, type PortId } from "../../src/base/ids.ts";
import { NS_PER_MS } from "../../src/base/units.ts";
import { FrameSlab } from "../../src/frame/slab.ts";
import { DROP_NAMES } from "../../src/switch/drop-cause.ts";
import { formatMacWords } from "../../src/switch/mac-words.ts";
import { type SwitchOptions, VirtualSwitch } from "../../src/switch/virtual-switch.ts";
import { formatMac, parseMac } from "../../src/wire/address.ts";

export const BROADCAST = "ff:ff:ff:ff:ff:ff";
/** VRRP's group, 224.0.0.18. */
export const VRRP_GROUP = "01:00:5e:00:00:12";

/** `02:00:00:00:00:0N`. */
export function host(n: number): string {
  return formatMac(Uint8Array.of(2, 0, 0, 0, n >>> 8, n));
}

/** An Ethernet frame of `octets` octets, cut off if that is less than its header. */
export function frame(destination: string, source: string, octets = 60): Uint8Array {
  const bytes = new Uint8Array(Math.max(14, octets));
  bytes.set(parseMac(destination)!, 0);
  bytes.set(parseMac(source)!, 6);
  bytes.set([0x88, 0xb5], 12);
  return bytes.subarray(0, octets);
}

export interface Outcome {
  /** Name of the drop cause, `none` if the frame got through. */
  readonly cause: string;
  /** Egress ports in order. */
  readonly out: readonly number[];
}

/** What `send` says of a frame that left at these ports. */
export function flooded(...out: number[]): Outcome {
  return { cause: "none", out };
}

export function dropped(cause: string): Outcome {
  return { cause, out: [] };
}

export class Wired {
  readonly clock = new Clock();
  readonly slab: FrameSlab;
  readonly switch: VirtualSwitch;

  constructor(slots = 8, slotOctets = 2048, options: SwitchOptions = {}) {
    this.slab = new FrameSlab(slots, slotOctets);
    this.switch = new VirtualSwitch(this.slab, this.clock, options);
  }

  /** A domain with `count` ports. */
  addDomain(count: number, multicast = true): PortId[] {
    const domain = this.switch.addDomain(multicast);
    return Array.from({ length: count }, () => this.switch.addPort(domain));
  }

  waitMs(ms: number): void {
    this.clock.advanceTo(this.clock.nowNs + ms * NS_PER_MS);
  }

  /** Sends octets in and drains what comes out. The slot is full of other octets behind the frame. `mark` as a driver would put it there. */
  sendBytes(port: number, bytes: Uint8Array, mark = 0): Outcome {
    const slot = this.slab.acquire();
    if (slot === NO_FRAME) throw new Error("a frame was not given back");
    const start = this.slab.start(slot);
    this.slab.bytes.fill(0xa5, start, start + this.slab.slotOctets);
    this.slab.bytes.set(bytes, start);
    this.slab.octets[slot] = bytes.length;
    this.slab.mark[slot] = mark;
    const cause = DROP_NAMES[this.switch.ingress(port as PortId, slot)]!;
    const out: number[] = [];
    this.switch.egress.drain({
      deliver: (outPort, frame) => {
        if (frame !== slot) throw new Error("another frame came out");
        out.push(outPort);
        this.slab.release(frame);
      },
    });
    this.slab.release(slot);
    return { cause, out };
  }

  send(port: number, destination: string, source: string, octets?: number): Outcome {
    return this.sendBytes(port, frame(destination, source, octets));
  }

  /** The forwarding table, sorted: `domain mac port ageMs`. */
  table(): string[] {
    const rows: string[] = [];
    this.switch.fdb.forEach(({ domain, macHi, macLo, port, ageMs }) => {
      rows.push(`${domain} ${formatMacWords(macHi, macLo)} ${port} ${ageMs}`);
    });
    return rows.sort();
  }
}
