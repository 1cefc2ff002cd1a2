/** A program with a TCP connection. */
import type { FrameRef } from "../base/ids.ts";
import type { TcpConnection } from "./tcp-connection.ts";

/** `reset`: the other end knows nothing of it, or wants no more. `refused`: nobody listens there. `timed-out`: given up. */
export type TcpEnding = "reset" | "refused" | "timed-out";

/** The program that has the connection. After `onClosed` it must forget it: the object is used again. */
export interface TcpUser {
  /** It may be written to. */
  onOpen(connection: TcpConnection): void;
  /** So many octets more have arrived, in order; the last of them in this frame, which is borrowed. */
  onData(connection: TcpConnection, octets: number, frame: FrameRef): void;
  /** The frame that said so is borrowed; null: none did. */
  onClosed(connection: TcpConnection, ending: TcpEnding, frame: FrameRef | null): void;
}
