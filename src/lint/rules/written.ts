/** Which keys of an instance are written: one that is missing has the place of the instance's name. */
import type { InstancePositions, VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import type { Position } from "../../text/config-error.ts";

/** Null where the text has only one place, as in a scenario that quotes it: nobody can tell. */
export function isWritten(key: keyof InstancePositions, { positions }: VrrpInstance): boolean | null {
  if (isSame(positions.virtualRouterId, positions.name)) return null;
  return !isSame(positions[key], positions.name);
}

function isSame(a: Position, b: Position): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}
