/** Pages in a real browser: Chromium, whatever it is called here; VIPLANE_CHROMIUM names another one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";
import { programOf } from "../support/need.ts";

const { VIPLANE_CHROMIUM } = process.env;
export const CHROMIUMS =
  VIPLANE_CHROMIUM === undefined
    ? ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    : [VIPLANE_CHROMIUM];

const folder = mkdtempSync(join(tmpdir(), "viplane-page-"));
let browser: Promise<Browser> | null = null;
let files = 0;

afterAll(async () => {
  await (await browser)?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page did besides showing itself. */
export interface Behaviour {
  /** What it wrote to the console, and errors of its script. */
  readonly said: string[];
  /** Addresses that it asked for, its own file aside. */
  readonly asked: string[];
}

/** Opens the page from a file, as people do. */
export async function opened(
  html: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; behaviour: Behaviour }> {
  browser ??= launch();
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const behaviour: Behaviour = { said: [], asked: [] };
  const path = join(folder, `${++files}.html`);
  writeFileSync(path, html);
  const { href } = pathToFileURL(path);
  page.on("console", (message) => behaviour.said.push(message.text()));
  page.on("pageerror", (error) => behaviour.said.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== href) behaviour.asked.push(request.url());
  });
  await page.goto(href);
  return { page, behaviour };
}

async function launch(): Promise<Browser> {
  const program = programOf(CHROMIUMS)!;
  // Without its sandbox it runs as root, too; it opens nothing but pages that were made here.
  return await chromium.launch({ executablePath: await located(program), args: ["--no-sandbox", "--disable-gpu"] });
}

async function located(program: string): Promise<string> {
  if (program.includes("/")) return program;
  const { execFileSync } = await import("node:child_process");
  return execFileSync("/bin/sh", ["-c", 'command -v -- "$1"', "sh", program], { encoding: "utf8" }).trim();
}

/** What is shown of the run, ns. */
export async function viewOf(page: Page): Promise<[number, number]> {
  const view = await page.locator(".chart").getAttribute("data-view");
  return view!.split(" ").map(Number) as [number, number];
}

/** Labels of the axis. */
export async function ticksOf(page: Page): Promise<string[]> {
  return await page.locator(".ticks text").allTextContents();
}

/** Spans of the lane that stands below another, or of its own name; seconds. */
export async function spansIn(
  page: Page,
  name: string,
  at = 0,
): Promise<{ from: number; until: number; label: string }[]> {
  const lane = page.locator(".lane", { has: page.locator(".name b", { hasText: new RegExp(`^${name}$`) }) }).nth(at);
  return await lane.locator("svg.span").evaluateAll((spans) =>
    spans.map((span) => ({
      from: Number(span.getAttribute("data-from")) / 1e9,
      until: Number(span.getAttribute("data-until")) / 1e9,
      label: span.querySelector("text")!.textContent!,
    })),
  );
}

/** How far what is in the page reaches beyond the window, pixels. */
export async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
