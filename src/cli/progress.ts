/** How far a long command is: a line on stderr, where that is a terminal, which goes away when it is done. */
import { printError } from "./console.ts";

/** A command shows its progress once it takes longer than this, and then this often. */
const AFTER_MS = 1_000;
const EVERY_MS = 200;

export class Progress {
  readonly #subject: string;
  readonly #isWatched: boolean;
  #nextMs = performance.now() + AFTER_MS;
  #shown = false;

  /** `subject` is what is worked on. `hasRoom`: nothing is printed meanwhile that such a line would break. */
  constructor(subject: string, hasRoom = true) {
    this.#subject = subject;
    this.#isWatched = hasRoom && process.stderr.isTTY === true;
  }

  /** `share` is how much is done, 0 to 1. */
  show(share: number): void {
    const nowMs = performance.now();
    if (!this.#isWatched || nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + EVERY_MS;
    this.#shown = true;
    printError(`\r${this.#subject}: ${Math.floor(share * 100)} %`);
  }

  end(): void {
    if (this.#shown) printError("\r\u001b[K");
  }
}
