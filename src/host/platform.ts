/**
 * What a simulated host needs of the world around it. The driver in virtual time implements it; nothing in `host/` or `guest/`
 * knows what carries its frames, or whose clock it reads.
 */
import type { Clock } from "../base/clock.ts";
import type { FrameRef, PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { IpAddress } from "../text/ip-text.ts";
import type { Timers } from "../time/timers.ts";
import type { Host } from "./host.ts";
import type { NeighbourCache } from "./neighbour-cache.ts";
import type { Nic } from "./nic.ts";

export interface HostPlatform {
  readonly slab: FrameSlab;
  readonly clock: Clock;
  readonly timers: Timers;
  /** All chance is drawn from this and a purpose. */
  readonly seed: number;
  /** Hears of changes inside hosts; null while nobody listens. */
  hostObserver: HostObserver | null;
  /** Puts a frame on the cable of `port`. Takes over the frame. */
  transmit(port: PortId, frame: FrameRef): void;
}

/** Cold: called when something changed, never per frame. */
export interface HostObserver {
  /** Somebody else, whose frame came from this MAC, has an IPv6 address that the vNIC was about to use. */
  onDuplicate(nic: Nic, ip: IpAddress, mac: string): void;
  onNeighbour(nic: Nic, cache: NeighbourCache, index: number): void;
  /** The vNIC has got the address, or lost it. Not told of each when the machine comes up or goes. */
  onAddress(nic: Nic, ip: IpAddress): void;
  /** The machine came up or went, stands still or goes on; a carrier or a MAC of it changed, or what a person has typed there may have changed anything. */
  onHost(host: Host): void;
}

/** Which processes of a program that has a parent and a child a signal ends. */
export type KilledProcess = "parent" | "child" | "both";

/** A program on a host that speaks a protocol: keepalived, and whatever else will stand beside it. */
export interface GuestSoftware {
  /** What `start: {host, daemon}` calls it. */
  readonly name: string;
  readonly running: boolean;
  /** Whether it starts with the machine. */
  readonly autostart: boolean;
  start(): void;
  /** In good order, as SIGTERM does. */
  stop(): void;
  /** At once, as SIGKILL does, by default of all its processes: what it configured stays. */
  kill(process?: KilledProcess): void;
  /** The machine it runs on is gone: nothing is sent, nothing is left. */
  vanish(): void;
}
