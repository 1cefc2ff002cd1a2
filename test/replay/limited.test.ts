import { expect, it } from "vitest";
import { Limited } from "../../src/replay/limited.ts";

it("a list keeps the first hundred thousand and counts the rest", () => {
  const list = new Limited<number>();
  for (let i = 0; i < 100_003; i++) list.add(i);
  expect([list.items.length, list.items.at(-1), list.omitted]).toEqual([100_000, 99_999, 3]);
});
