/**
 * How many segments a TCP connection may have in flight, and when a loss is taken for one (RFC 5681, NewReno's RFC 6582), in segments as Linux
 * counts: ten at first; after a timeout one, and more with each acknowledgment; half as many as were in flight after three duplicate
 * acknowledgments. Each of those says that a segment has left the network, which makes room for another (RFC 3042).
 */
import { FLIGHT_MAX } from "./tcp-flight.ts";

const FIRST_WINDOW = 10;
const DUPLICATES_THAT_TELL = 3;

export class Congestion {
  #window = FIRST_WINDOW;
  #threshold = FLIGHT_MAX;
  /** Acknowledged since the window grew last, where it grows slowly. */
  #grown = 0;
  #duplicates = 0;
  /** What was sent when a loss was noticed must be acknowledged before the next one counts. */
  #recovering: "no" | "gap" | "timeout" = "no";
  #recoverTo = 0;

  reset(): void {
    this.#window = FIRST_WINDOW;
    this.#threshold = FLIGHT_MAX;
    this.#grown = 0;
    this.#duplicates = 0;
    this.#recovering = "no";
  }

  /** Whether one more may be sent while so many are in flight. */
  allows(inFlight: number): boolean {
    return inFlight < FLIGHT_MAX && inFlight - this.#duplicates < this.#window;
  }

  /** A duplicate acknowledgment; everything before `sent` has been sent. True: the oldest segment is lost. */
  duplicate(inFlight: number, sent: number): boolean {
    if (this.#duplicates < inFlight) this.#duplicates++;
    if (this.#duplicates !== DUPLICATES_THAT_TELL || this.#recovering !== "no") return false;
    this.#threshold = Math.max(inFlight >> 1, 2);
    this.#recovering = "gap";
    this.#recoverTo = sent;
    return true;
  }

  /** `count` segments are acknowledged, which `inFlight` were before. True: the oldest of the rest is lost too. */
  acknowledged(acknowledgment: number, count: number, inFlight: number): boolean {
    const isWhole = ((acknowledgment - this.#recoverTo) | 0) >= 0;
    if (this.#recovering === "gap" && !isWhole) {
      this.#duplicates = Math.max(0, this.#duplicates - count);
      return inFlight > count;
    }
    this.#duplicates = 0;
    if (this.#recovering === "gap") this.#window = this.#threshold;
    else if (inFlight >= this.#window) this.#grow(count);
    if (isWhole) this.#recovering = "no";
    return false;
  }

  /** Nothing was acknowledged in time. */
  timedOut(inFlight: number, sent: number): void {
    if (this.#recovering !== "timeout") {
      this.#threshold = Math.max(inFlight >> 1, 2);
      this.#recoverTo = sent;
      this.#recovering = "timeout";
    }
    this.#window = 1;
    this.#duplicates = 0;
  }

  #grow(acknowledged: number): void {
    if (this.#window < this.#threshold) {
      this.#window = Math.min(this.#window + acknowledged, FLIGHT_MAX);
      return;
    }
    this.#grown += acknowledged;
    if (this.#grown < this.#window) return;
    this.#grown = 0;
    this.#window = Math.min(this.#window + 1, FLIGHT_MAX);
  }
}
