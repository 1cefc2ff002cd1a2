/**
 * Assertions: our own mistakes, caught where they happen. They stay on in production. A frame's bytes or a user's
 * file must never reach one: frames give result codes, files give a `ConfigError`.
 */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** Stops the program with `message` if `condition` does not hold: a defect of viplane, exit status 70. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The value, or an assertion failure if it is null or undefined. */
export function present<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message);
  return value;
}
