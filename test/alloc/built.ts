/** The built product, for tests of what the compiler made and no test runner has touched. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Path of a file below `dist/`; fails with what to do if it is not there. */
export function built(name: string): string {
  const path = fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run build first`);
  return path;
}
