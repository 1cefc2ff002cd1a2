/** The page's own script is JavaScript in a text: the linter reads it here. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { VIEWER, VIEWER_SHA256 } from "../../src/page/viewer.ts";
import { ROOT } from "../architecture/source-files.ts";

const folder = mkdtempSync(join(tmpdir(), "viplane-viewer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lintOf(code: string): { status: number | null; told: string } {
  writeFileSync(join(folder, "viewer.js"), code);
  const args = ["check", "--error-on-warnings", "--diagnostic-level=warn", "--config-path=.", "viewer.js"];
  // As the project's, which names its folders: this file is in none of them.
  const config = `{ "formatter": { "indentStyle": "space", "indentWidth": 2, "lineWidth": 120 } }`;
  writeFileSync(join(folder, "biome.json"), config);
  const { status, stdout, stderr } = spawnSync(join(ROOT, "node_modules/.bin/biome"), args, { cwd: folder });
  return { status, told: `${stdout}${stderr}` };
}

describe("the script of a page", () => {
  it("passes the linter, which would find a mistake in it", () => {
    expect(lintOf(VIEWER)).toMatchObject({ status: 0 });
    expect(lintOf(VIEWER.replace("const endNs", "let endNs")).status).not.toBe(0);
  });

  it("is the one that the policy of pages lets run", () => {
    expect(VIEWER_SHA256).toBe(createHash("sha256").update(VIEWER).digest("base64"));
  });

  it("asks nobody for anything, and ends no script element early", () => {
    expect(VIEWER).not.toMatch(/fetch|XMLHttpRequest|import|https?:(?!\/\/www\.w3\.org\/2000\/svg)|eval|innerHTML/);
    expect(VIEWER).not.toMatch(/<\/|<!--/);
  });
});
