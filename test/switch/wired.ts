/** A switch with nothing behind its ports: a test sends a frame in and sees where it comes out. */
import { Clock } from "../../src/base/clock.ts";
import { type DomainId, NO_FRAME, type PortId } from "../../src/base/ids.ts";
import { NS_PER_MS } from "../../src/base/units.ts";
import { FrameSlab } from "../../src/frame/slab.ts";
import { DROP_NAMES } from "../../src/switch/drop-cause.ts";
import { VirtualSwitch } from "../../src/switch/virtual-switch.ts";
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

export class Wired {
  readonly clock = new Clock();
  readonly slab: FrameSlab;
  readonly switch: VirtualSwitch;

  constructor(slots = 8) {
    this.slab = new FrameSlab(slots);
    this.switch = new VirtualSwitch(this.slab, this.clock);
  }

  /** A domain with `count` ports. */
  addDomain(count: number, multicast = true): PortId[] {
    const domain = this.switch.addDomain(multicast);
    return Array.from({ length: count }, () => this.switch.addPort(domain));
  }

  waitMs(ms: number): void {
    this.clock.advanceTo(this.clock.nowNs + ms * NS_PER_MS);
  }

  /** Sends octets in and drains what comes out. The slot is full of other octets behind the frame. */
  sendBytes(port: number, bytes: Uint8Array): Outcome {
    const slot = this.slab.acquire();
    if (slot === NO_FRAME) throw new Error("a frame was not given back");
    const start = this.slab.start(slot);
    this.slab.bytes.fill(0xa5, start, start + this.slab.slotOctets);
    this.slab.bytes.set(bytes, start);
    this.slab.octets[slot] = bytes.length;
    const cause = DROP_NAMES[this.switch.ingress(port as PortId, slot)]!;
    const out: number[] = [];
    const { egress } = this.switch;
    while (egress.size > 0) {
      if (egress.headFrame() !== slot) throw new Error("another frame came out");
      out.push(egress.headPort());
      egress.pop();
      this.slab.release(slot);
    }
    this.slab.release(slot);
    return { cause, out };
  }

  send(port: number, destination: string, source: string, octets?: number): Outcome {
    return this.sendBytes(port, frame(destination, source, octets));
  }

  /** The forwarding table, sorted: `domain mac port ageMs`. */
  table(): string[] {
    const rows: string[] = [];
    this.switch.fdb.forEach((domain: DomainId, hi, lo, port, ageMs) => {
      const mac = Uint8Array.of(hi, hi >>> 8, lo, lo >>> 8, lo >>> 16, lo >>> 24);
      rows.push(`${domain} ${formatMac(mac)} ${port} ${ageMs}`);
    });
    return rows.sort();
  }
}
