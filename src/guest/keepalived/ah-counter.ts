/**
 * The sequence numbers of `auth_type AH`. keepalived 2.2.7 has one counter for what it sends and what it hears: an advert must have a greater
 * number than any that was heard or sent before, and a new master goes on where the old one was. Who asserts itself against a lower advert
 * jumps over that one's number first, or it would not be heard.
 */
export class AhCounter {
  #last = 0;

  /** The number of the next advert, the same for all peers. */
  next(): number {
    return ++this.#last;
  }

  /** Whether a number is new; it counts from then on. */
  accepts(sequence: number): boolean {
    if (sequence <= this.#last) return false;
    this.#last = sequence;
    return true;
  }

  /** A lower advert with this number is being answered. */
  jumpOver(sequence: number): void {
    this.#last = sequence + 1;
  }

  /** After a reload. */
  takeOver(before: AhCounter): void {
    this.#last = before.#last;
  }
}
