import { createContext, runInContext, runInNewContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { built } from "../alloc/built.ts";

const keepalived = (priority: number) => `vrrp_instance VI {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  virtual_ipaddress { 10.0.1.50/24 }
}`;

/** A network in a few lines, as a page would write it; `viplane` is the library. Gives what was seen, as JSON. */
const PROGRAM = `
  const network = new viplane.Network({ seed: 1 });
  const seen = [];
  network.addSubnet("app", { cidr: "10.0.1.0/24" });
  network.addHost("vm-A", { subnet: "app", address: "10.0.1.11", keepalived: ${JSON.stringify(keepalived(150))} });
  network.addHost("vm-B", { subnet: "app", address: "10.0.1.12", keepalived: ${JSON.stringify(keepalived(100))} });
  network.addHost("client", { subnet: "app", address: "10.0.1.99" });
  const probe = network.addProbe("ping", { from: "client", to: "10.0.1.50", every: "10ms", start: "6s" });
  network.events.on("holder", ({ atNs, to }) => seen.push([atNs, to && to.host]));
  network.at("10s", () => network.crash("vm-A"));
  network.run("20s");
  JSON.stringify({ version: viplane.VERSION, seen, sent: probe.sent, answered: probe.answered });
`;
/** What every browser has beside the language itself. */
const BROWSER_GLOBALS = { TextEncoder, TextDecoder, URL };

async function bundled(format: "esm" | "iife"): Promise<{ code: string; imports: string[]; inputs: string[] }> {
  const { warnings, metafile, outputFiles } = await build({
    entryPoints: [built("index.js")],
    bundle: true,
    platform: "browser",
    format,
    globalName: "viplane",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  expect(warnings).toEqual([]);
  const [output] = Object.values(metafile.outputs);
  return {
    code: outputFiles[0]!.text,
    imports: output!.imports.map(({ path }) => path),
    inputs: Object.keys(metafile.inputs),
  };
}

describe("in a browser", () => {
  let script: string;

  beforeAll(async () => {
    script = (await bundled("iife")).code;
  });

  it("the library is one module that imports nothing more, from Node.js least of all", async () => {
    const { imports, inputs, code } = await bundled("esm");
    expect(imports).toEqual([]);
    expect(inputs.filter((path) => path.includes("node:") || path.includes("(disabled)"))).toEqual([]);
    expect(code).toMatch(/export \{[^}]*\bNetwork\b[^}]*\};\s*$/);
  });

  it("it loads and runs without process, Buffer, require, timers or a console", () => {
    const context = createContext({ ...BROWSER_GLOBALS });
    expect(runInContext("[typeof process, typeof Buffer, typeof require, typeof setTimeout]", context).join()).toBe(
      "undefined,undefined,undefined,undefined",
    );
    runInContext(script, context);
    const { seen, sent, answered } = JSON.parse(runInContext(PROGRAM, context));
    expect(seen.map(([, host]: [number, string | null]) => host)).toEqual(["vm-A", "vm-B"]);
    // 14 s of questions, the first and the last moment included; during about 3.6 s of failover they went unanswered.
    expect(sent).toBe(1401);
    expect(sent - answered).toBeGreaterThan(300);
    expect(sent - answered).toBeLessThan(420);
  });

  it("it does the very same as in Node.js", async () => {
    const viplane = await import(built("index.js"));
    const inNode = runInNewContext(PROGRAM, { viplane });
    const context = createContext({ ...BROWSER_GLOBALS });
    runInContext(script, context);
    expect(runInContext(PROGRAM, context)).toBe(inNode);
  });
});
