/** The value of `--seed`. */
import { InvalidArgumentError } from "commander";

export function parseSeed(text: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(seed))
    throw new InvalidArgumentError("A seed is a whole number from 0 to 9007199254740991.");
  return seed;
}
