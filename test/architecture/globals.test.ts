import { transform } from "esbuild";
import { describe, expect, it } from "vitest";
import { sourceFiles } from "./source-files.ts";

/**
 * What the core may not touch. It runs in a browser, in virtual time and by seeded chance: no Node.js, no clock, no timers, no other
 * chance; and nothing whose last digit, or whose order, is the machine's choice.
 */
const FORBIDDEN = [
  ...["Buffer", "process", "require", "module", "__dirname", "__filename", "global", "globalThis", "window", "self"],
  ...["document", "navigator", "fetch", "localStorage", "Worker", "Atomics", "SharedArrayBuffer", "WeakRef", "eval"],
  ...["Date", "performance", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame"],
  ...["console", "crypto", "Math.random", "Intl", "Function"],
  ...["log", "log2", "log10", "log1p", "exp", "expm1", "pow", "sin", "cos", "tan", "cbrt", "hypot"].map(
    (f) => `Math.${f}`,
  ),
];
const MARK = "FORBIDDEN_";
/** The compiler renames free occurrences only: a variable, a property or a text of that name is none. */
const define = Object.fromEntries(FORBIDDEN.map((name) => [name, MARK + name.replace(".", "_")]));

async function forbiddenIn(code: string): Promise<string[]> {
  const result = await transform(code, { loader: "ts", define });
  return [...new Set(result.code.match(/FORBIDDEN_\w+/g) ?? [])].map((name) => name.slice(MARK.length));
}

describe("the core", () => {
  it("would be caught using the machine it runs on", async () => {
    expect(await forbiddenIn("export const now = () => Date.now() + Math.random();")).toEqual(["Date", "Math_random"]);
    expect(await forbiddenIn("setTimeout(() => console.log(process.pid, Buffer.alloc(1)));")).toHaveLength(4);
    expect(await forbiddenIn("export function f(process: { Date: 1 }) { return process.Date + 'Buffer'; }")).toEqual(
      [],
    );
  });

  it("touches no global of Node.js or of a browser, no clock, no timer, no chance of its own", async () => {
    const wrong: string[] = [];
    for (const { path, folder, text } of sourceFiles()) {
      if (folder === "cli") continue;
      for (const name of await forbiddenIn(text)) wrong.push(`${path} uses ${name.replace("Math_", "Math.")}`);
    }
    expect(wrong).toEqual([]);
  });

  it("sorts and prints by no locale", () => {
    const core = sourceFiles().filter(({ folder }) => folder !== "cli");
    expect(core.filter(({ text }) => /\.(localeCompare|toLocale\w*)\(/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
