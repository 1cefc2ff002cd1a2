/** The source files, what each imports, and which of its imports the compiler erases. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceFile {
  /** `src/switch/fdb.ts`. */
  readonly path: string;
  /** `switch`, the folder below `src`; `index` for `src/index.ts`. */
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: `../base/bytes.ts`, `node:fs`, `yaml`. */
  readonly specifier: string;
  /** The file it names, from the project's root; null if it names a package. */
  readonly file: string | null;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

/** Every TypeScript file below `src`, sorted by path. */
export function sourceFiles(): SourceFile[] {
  return readdirSync(`${ROOT}/src`, { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => {
      const text = readFileSync(`${ROOT}/${path}`, "utf8");
      const folder = path.split("/")[1]!.replace(/\.ts$/, "");
      return { path, folder, text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => {
    const file = specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : null;
    found.push({ specifier, file, typeOnly });
  };
  // `import … from`, `export … from` and `import "…"`, which begin a line; comments begin theirs with an asterisk.
  for (const [, clause, specifier] of text.matchAll(/^(?:import|export)\s+(?:([^"';]*?)\s*from\s+)?"([^"]+)"/gm)) {
    add(specifier!, clause !== undefined && isErased(clause));
  }
  for (const [, specifier] of text.matchAll(/\bimport\(\s*"([^"]*)"/g)) add(specifier!, false);
  return found;
}

/** Whether a clause is `type …`, or braces in which everything is marked `type`. */
function isErased(clause: string): boolean {
  if (/^type\b/.test(clause)) return true;
  const names = /^\{(.*)\}$/s.exec(clause)?.[1]?.split(",") ?? [""];
  return names.filter((name) => name.trim() !== "").every((name) => /^\s*type\s/.test(name)) && clause.includes("type");
}
