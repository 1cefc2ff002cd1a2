import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { type Import, ROOT, type SourceFile, sourceFiles } from "./source-files.ts";

interface Rule {
  /** Folders it may import, besides itself. */
  readonly folders: readonly string[];
  /** Folders of which it may import types. */
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  /** Packages of which it may import types. */
  readonly packageTypes?: readonly string[];
}

const BELOW_HOST = ["base", "wire", "frame", "time", "text"];
const BELOW_OBSERVE = [...BELOW_HOST, "host", "guest"];
const BELOW_SIM = [...BELOW_OBSERVE, "observe", "switch"];
const BELOW_SCENARIO = [...BELOW_SIM, "sim"];
const BELOW_PAGE = [...BELOW_SCENARIO, "scenario"];
const CORE = [...BELOW_PAGE, "lint", "page", "capture", "trace", "replay"];

/** Who may import whom. Everything points down: what stands lower has never heard of what stands higher. */
const RULES: Readonly<Record<string, Rule>> = {
  base: { folders: [] },
  wire: { folders: ["base"], packages: ["@noble/hashes"] },
  capture: { folders: ["base", "wire", "text"] },
  frame: { folders: ["base"] },
  text: { folders: ["base"], packages: ["ip-address"] },
  time: { folders: ["base"] },
  switch: { folders: ["base", "wire", "frame", "text"] },
  host: { folders: BELOW_HOST, types: ["switch"] },
  guest: { folders: [...BELOW_HOST, "host"], types: ["switch"] },
  observe: { folders: [...BELOW_OBSERVE, "switch"], packageTypes: ["eventemitter3"] },
  lint: { folders: ["base", "wire", "text", "guest"] },
  sim: { folders: BELOW_SIM, packages: ["eventemitter3"] },
  scenario: { folders: BELOW_SCENARIO, packages: ["yaml", "zod"], packageTypes: ["eventemitter3"] },
  page: { folders: BELOW_PAGE },
  trace: { folders: ["base", "wire", "frame", "text", "capture", "switch"] },
  replay: { folders: ["base", "wire", "frame", "text", "capture", "switch"] },
  bench: { folders: BELOW_SCENARIO },
  index: { folders: CORE },
  cli: { folders: [...CORE, "bench", "index"], packages: ["node:*", "commander", "picocolors", "tinyglobby"] },
};

/** The folder that an import names, or the package: `eventemitter3`, `node:*`. */
function target({ specifier, file }: Import): string {
  if (file !== null) return file.split("/")[1]!.replace(/\.ts$/, "");
  return specifier.startsWith("node:") ? "node:*" : specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function mayImport({ folder }: SourceFile, imported: Import): boolean {
  const rule = RULES[folder]!;
  const to = target(imported);
  const [always, asType] =
    imported.file === null
      ? [rule.packages ?? [], rule.packageTypes ?? []]
      : [[folder, ...rule.folders], rule.types ?? []];
  return always.includes(to) || (imported.typeOnly && asType.includes(to));
}

describe("imports", () => {
  const files = sourceFiles();

  it("are there to be judged: the bundler sees none that was not read here", async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: files.map(({ path }) => path),
      outdir: "out",
      write: false,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      logLevel: "silent",
    });
    let seen = 0;
    for (const { path, imports } of files) {
      for (const { path: imported, external } of metafile.inputs[path]!.imports) {
        seen++;
        const read = imports.filter(({ typeOnly }) => !typeOnly);
        expect(read.map(({ specifier, file }) => (external ? specifier : file))).toContain(imported);
      }
    }
    expect(seen).toBeGreaterThan(files.length);
  });

  it("stand in folders that have a rule", () => {
    expect([...new Set(files.map(({ folder }) => folder))].filter((folder) => RULES[folder] === undefined)).toEqual([]);
  });

  it("point down only", () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((imported) => !mayImport(file, imported))
        .map(({ specifier, typeOnly }) => `${file.path} imports ${specifier}${typeOnly ? " (types)" : ""}`),
    );
    expect(wrong).toEqual([]);
  });

  it("name files with their extension, and dynamic ones are literals", () => {
    const wrong = files.flatMap(({ path, text, imports }) => [
      ...imports
        .filter(({ file }) => file !== null && !file.endsWith(".ts"))
        .map(({ specifier }) => `${path} ${specifier}`),
      ...(/\bimport\(\s*[^"\s]/.test(text) ? [`${path} has a computed import`] : []),
    ]);
    expect(wrong).toEqual([]);
  });
});
