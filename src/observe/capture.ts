/**
 * Frames to pcapng: one interface per named port, a frame where it enters the switch, with the reason as a comment if the switch
 * delivered it to nobody, and on request once more for each port where it leaves.
 */
import type { FrameRef, PortId } from "../base/ids.ts";
import { VERSION } from "../base/version.ts";
import type { FrameSlab } from "../frame/slab.ts";
import { DROP_NAMES, DROP_NONE, type DropCause } from "../switch/drop-cause.ts";
import type { FrameTap } from "../switch/observer.ts";
import { type CaptureDirection, PcapngWriter } from "./pcapng.ts";

/** Octets that gather before the sink gets them. */
const CHUNK_OCTETS = 1 << 20;
const COMMENTS: readonly string[] = DROP_NAMES.map((name) => `dropped: ${name}`);

export class Capture {
  readonly ingress: FrameTap;
  readonly egress: FrameTap;
  readonly #writer = new PcapngWriter({ application: `viplane ${VERSION}` });
  readonly #slab: FrameSlab;
  readonly #nowNs: Float64Array;
  readonly #sink: (chunk: Uint8Array) => void;
  /** Interface of the capture, by port; -1: its frames are not recorded. */
  readonly #interfaces: readonly number[];

  /**
   * `portNames` by port number; null: frames there are not recorded. `nowNs` is the clock's cell. `sink` gets views that are only
   * valid during the call. `placeOf` says of a port where it is, for readers that put ports of one switch together.
   */
  constructor(
    slab: FrameSlab,
    nowNs: Float64Array,
    portNames: readonly (string | null)[],
    sink: (chunk: Uint8Array) => void,
    placeOf: (port: number) => string | null = () => null,
  ) {
    this.#slab = slab;
    this.#nowNs = nowNs;
    this.#sink = sink;
    this.#interfaces = portNames.map((name, port) =>
      name === null ? -1 : this.#writer.addInterface(name, placeOf(port)),
    );
    this.ingress = { onFrame: (port, frame, cause) => this.#record(port, frame, "inbound", cause) };
    this.egress = { onFrame: (port, frame, cause) => this.#record(port, frame, "outbound", cause) };
  }

  /** Hands the rest to the sink. Nothing may be recorded any more. */
  finish(): void {
    this.#sink(this.#writer.finish());
  }

  #record(port: PortId, frame: FrameRef, direction: CaptureDirection, cause: DropCause): void {
    const at = this.#interfaces[port]!;
    if (at < 0) return;
    const { bytes, octets } = this.#slab;
    const comment = cause === DROP_NONE ? null : COMMENTS[cause]!;
    this.#writer.packet(at, this.#nowNs[0]!, bytes, this.#slab.start(frame), octets[frame]!, direction, comment);
    if (this.#writer.pendingOctets >= CHUNK_OCTETS) this.#sink(this.#writer.take());
  }
}
