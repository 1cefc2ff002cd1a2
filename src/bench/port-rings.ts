/**
 * Where the switch's deliveries go while it is measured: a ring of the last 256 frames per port, as a driver has that hands
 * them to something else. The frames stay where they are: a delivery's reference is kept for good, nothing is freed or reused.
 */
import type { FrameRef, PortId } from "../base/ids.ts";
import type { EgressSink } from "../switch/egress-ring.ts";
import type { Ports } from "../switch/ports.ts";

const RING_SHIFT = 8;
const RING_MASK = (1 << RING_SHIFT) - 1;
/** Any slot would do. */
const WITNESS = 7;
/** FNV-1a's. */
const DIGEST_SEED = 2_166_136_261;
const DIGEST_FACTOR = 16_777_619;

export class PortRings implements EgressSink {
  /*
   * Only declared: V8 takes a field for a constant if it is written once, and a declaration that is there when the program runs would
   * write `undefined` first. That halves what a delivery costs.
   */
  /** Frames delivered, by port. */
  declare private readonly tails: Int32Array;
  declare private readonly frames: Int32Array;

  constructor(portCount: number) {
    this.tails = new Int32Array(portCount);
    this.frames = new Int32Array(portCount << RING_SHIFT);
  }

  deliver(port: PortId, frame: FrameRef): void {
    const tail = this.tails[port]!;
    this.tails[port] = tail + 1;
    this.frames[(port << RING_SHIFT) | (tail & RING_MASK)] = frame;
  }

  /**
   * What was delivered to whom, as one word: of each port the frames and octets that the switch has counted, and the frame that came last into slot 7 of
   * its ring, which stands for their order.
   */
  digest(ports: Ports): number {
    let h = DIGEST_SEED;
    for (let port = 0; port < this.tails.length; port++) {
      const { txFrames, txOctets } = ports.counters(port as PortId);
      for (const word of [txFrames, txOctets, this.frames[(port << RING_SHIFT) | WITNESS]!])
        h = Math.imul(h ^ word, DIGEST_FACTOR);
    }
    return h >>> 0;
  }
}
