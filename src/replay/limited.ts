/** A list that does not grow without bound: what comes when it is full is counted, not kept. */
export class Limited<T> {
  readonly items: T[] = [];
  omitted = 0;

  add(item: T): void {
    if (this.items.length < ITEMS_MAX) this.items.push(item);
    else this.omitted++;
  }
}

/** More than anybody reads, and little memory. */
const ITEMS_MAX = 100_000;
