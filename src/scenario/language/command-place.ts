/** What a command of a scenario is judged against: the host that it is typed on. */
import type { Machine } from "./read-hosts.ts";
import { quoted } from "./yaml-errors.ts";

/** `fault` reports, at the command, and gives null. */
export interface CommandPlace {
  /** Null: broken; then names of vNICs are not judged. */
  readonly machine: Machine | null;
  readonly fault: (message: string, hint: string) => null;
  readonly suggestion: (word: string, known: readonly string[]) => string;
}

/** The name of a vNIC of the host, or of the loopback where that may be meant; null once the fault is reported. */
export function knownNic(nic: string, place: CommandPlace, loopback = false): string | null {
  if (place.machine === null) return null;
  const known = [...place.machine.nics.map(({ name }) => name), ...(loopback ? ["lo"] : [])];
  if (known.includes(nic)) return nic;
  return place.fault(`'${place.machine.name}' has no vNIC ${quoted(nic)}`, place.suggestion(nic, known));
}
