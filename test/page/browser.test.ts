/** Pages as people see them. */
import { describe, expect } from "vitest";
import { formatPage } from "../../src/page/page.ts";
import type { Report } from "../../src/scenario/report.ts";
import { topology } from "../scenario/run/stage.ts";
import { itNeeds } from "../support/need.ts";
import { CHROMIUMS, opened, overflowOf, spansIn, ticksOf, viewOf } from "./browser.ts";
import { loaded, PARTITION, recorded, THREE_NODES } from "./scenarios.ts";

const RUNS = {
  "two nodes": () => recorded(topology("havip-failover")),
  "a split brain": () => recorded(loaded(PARTITION)),
  "three nodes": () => recorded(loaded(THREE_NODES)),
};
const SCENES = Object.entries(RUNS).map(([name, run]) => {
  const one = run();
  return { name, html: formatPage([one]), report: one.result.report };
});
const [TWO, SPLIT, THREE] = SCENES as [Scene, Scene, Scene];
interface Scene {
  readonly name: string;
  readonly html: string;
  readonly report: Report;
}

/** Stretches between changes, up to the end; those of no length are left out. */
function stretches(changes: readonly { at: number; label: string }[], until: number) {
  return changes
    .map(({ at, label }, i) => ({ from: at, until: changes[i + 1]?.at ?? until, label }))
    .filter(({ from, until: end }) => end > from);
}

for (const { name, html, report } of SCENES) {
  describe(`a page of ${name}`, () => {
    itNeeds(CHROMIUMS, `asks for nothing, complains about nothing, and fits every width: ${name}`, async () => {
      for (const width of [360, 768, 1600]) {
        const { page, behaviour } = await opened(html, { viewport: { width, height: 800 } });
        expect(await overflowOf(page)).toBe(0);
        await page.keyboard.press("Tab");
        expect(behaviour).toEqual({ said: [], asked: [] });
        await page.context().close();
      }
    });

    itNeeds(CHROMIUMS, `has a lane for each virtual router, with the report's states: ${name}`, async () => {
      const { page } = await opened(html);
      const hosts = [...new Set(report.vrrp.map(({ host }) => host))].sort();
      for (const [i, host] of hosts.entries()) {
        const own = report.vrrp.filter((event) => event.host === host).map(({ at, to }) => ({ at, label: to }));
        expect(await spansIn(page, "VI_1", i)).toEqual(stretches([{ at: 0, label: "INIT" }, ...own], report.until));
      }
      await page.context().close();
    });

    itNeeds(
      CHROMIUMS,
      `has a lane for the address, with the report's holders, and one for its outages: ${name}`,
      async () => {
        const { page } = await opened(html);
        const changes = report.holders.map(({ at, holder }) => ({ at, label: holder ?? "nobody" }));
        expect(await spansIn(page, "10.0.1.50")).toEqual(
          stretches([{ at: 0, label: "nobody" }, ...changes], report.until),
        );
        const { outages } = report.probes[0]!;
        const parts = await spansIn(page, "outage");
        expect(parts.map(({ from, until }) => [from, until])).toEqual(
          outages.flatMap((outage) => outage.parts.map(({ from, until }) => [from, until])),
        );
        await page.context().close();
      },
    );
  });
}

describe("a page of a split brain", () => {
  itNeeds(CHROMIUMS, "marks it, and the partition", async () => {
    const { page } = await opened(SPLIT.html);
    const [split] = SPLIT.report.splitBrains;
    expect(await spansIn(page, "split brain")).toEqual([
      { from: split!.from, until: split!.until, label: expect.stringContaining("SPLIT BRAIN: vm-A and vm-B") },
    ]);
    expect(await spansIn(page, "partition")).toEqual([{ from: 10, until: 20, label: "vm-A | vm-B client" }]);
    await page.context().close();
  });
});

describe("a page of three nodes", () => {
  itNeeds(CHROMIUMS, "shows what befell each machine", async () => {
    const { page } = await opened(THREE.html);
    expect((await spansIn(page, "vm-A")).map(({ label }) => label)).toEqual(["running", "down: crashed"]);
    expect((await spansIn(page, "vm-B")).map(({ label }) => label)).toEqual(["running", "keepalived stopped"]);
    expect((await spansIn(page, "vm-C")).map(({ label }) => label)).toEqual([
      "running",
      "paused: stands still",
      "running",
      "no carrier: eth0",
      "running",
    ]);
    await page.context().close();
  });
});

describe("the picture", () => {
  const WHOLE = [0, 30e9];

  itNeeds(CHROMIUMS, "zooms and pans by keyboard, and its axis follows", async () => {
    const { page } = await opened(TWO.html);
    const before = await ticksOf(page);
    await page.locator(".chart").focus();
    await page.keyboard.press("+");
    await expect.poll(() => viewOf(page)).toEqual([7.5e9, 22.5e9]);
    const after = await ticksOf(page);
    expect(after).not.toEqual(before);
    expect(after.map(Number.parseFloat).every((at) => at >= 7.5 && at <= 22.5)).toBe(true);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => viewOf(page)).toEqual([10.5e9, 25.5e9]);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => viewOf(page)).toEqual([0, 15e9]);
    await page.keyboard.press("-");
    await expect.poll(() => viewOf(page)).toEqual(WHOLE);
    for (let i = 0; i < 40; i++) await page.keyboard.press("+");
    await expect.poll(async () => (await viewOf(page)).reduce((from, until) => until - from)).toBe(2000);
    await page.keyboard.press("0");
    await expect.poll(() => viewOf(page)).toEqual(WHOLE);
    expect(await ticksOf(page)).toEqual(before);
    await page.context().close();
  });

  itNeeds(
    CHROMIUMS,
    "zooms by the wheel where that is meant, around the pointer, and else lets the page scroll",
    async () => {
      const { page } = await opened(TWO.html);
      const axis = (await page.locator(".axis .plot").boundingBox())!;
      const lane = (await page.locator(".lane .plot").nth(4).boundingBox())!;
      await page.mouse.move(axis.x + axis.width / 3, lane.y + 5);
      await page.mouse.wheel(0, 40);
      await expect.poll(() => page.evaluate("scrollY")).toBeGreaterThan(0);
      expect(await viewOf(page)).toEqual(WHOLE);
      await page.evaluate("scrollTo(0, 0)");
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -100);
      await page.keyboard.up("Control");
      await expect.poll(async () => (await viewOf(page)).map((ns) => Math.round(ns / 1e7) / 100)).toEqual([2, 26]);
      await page.mouse.move(axis.x + axis.width / 3, axis.y + 5);
      await page.mouse.wheel(0, 100);
      await expect.poll(() => viewOf(page)).toEqual(WHOLE);
      await page.context().close();
    },
  );

  itNeeds(CHROMIUMS, "is dragged", async () => {
    const { page } = await opened(TWO.html);
    await page.locator(".chart").focus();
    await page.keyboard.press("+");
    await expect.poll(() => viewOf(page)).toEqual([7.5e9, 22.5e9]);
    const box = (await page.locator(".axis .plot").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + box.width / 5, box.y + 5, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await viewOf(page)).map((ns) => Math.round(ns / 1e8) / 10)).toEqual([4.5, 19.5]);
    await page.context().close();
  });

  itNeeds(CHROMIUMS, "zooms to an outage that is clicked, in it or in the table", async () => {
    const { page } = await opened(THREE.html);
    const [first, , last] = THREE.report.probes[0]!.outages;
    await page.locator(".chart svg.stage").first().click();
    const shows = async ({ from, until }: { from: number; until: number }) => {
      await expect.poll(async () => (await viewOf(page))[0] / 1e9).toBeCloseTo(from - 0.12 * (until - from), 6);
      expect((await viewOf(page))[1] / 1e9).toBeCloseTo(until + 0.12 * (until - from), 6);
    };
    await shows(first!);
    await page.locator(".outages a").last().click();
    await shows(last!);
    await page.context().close();
  });

  itNeeds(CHROMIUMS, "tells what is pointed at: the moment, the host, the reason with its figures", async () => {
    const { page } = await opened(TWO.html);
    const takeover = TWO.report.vrrp.find(({ host, to }) => host === "vm-B" && to === "MASTER")!;
    await page.locator("svg.state[aria-label^='vm-B VI_1: MASTER']").hover();
    const tip = page.locator(".tip");
    await expect.poll(() => tip.innerText()).toContain("vm-B VI_1: MASTER");
    expect(await tip.innerText()).toContain(`from ${takeover.at.toFixed(3)} s`);
    expect(await tip.innerText()).toContain(takeover.reason);
    await page.locator("h2").hover();
    expect(await tip.isVisible()).toBe(false);
    await page.context().close();
  });

  itNeeds(CHROMIUMS, "is walked through by keyboard: the focus tells as the pointer does", async () => {
    const { page } = await opened(TWO.html);
    await page.locator(".chart").focus();
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    const label = () => page.evaluate("document.activeElement.getAttribute('aria-label')") as Promise<string>;
    const seen = new Set<string>();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("n");
      seen.add(await label());
      expect(await page.locator(".tip").innerText()).toBe(await label());
      const [from, until] = await viewOf(page);
      const box = (await page.locator(":focus").boundingBox())!;
      expect([from < until, box.width > 0]).toEqual([true, true]);
    }
    expect(seen.size).toBe(12);
    const last = await label();
    await page.keyboard.press("n");
    await page.keyboard.press("p");
    expect(await label()).toBe(last);
    await page.keyboard.press("Escape");
    expect(await page.locator(".tip").isVisible()).toBe(false);
    await page.context().close();
  });

  itNeeds(CHROMIUMS, "is whole without a script: the same places, the same words", async () => {
    const [dead, live] = await Promise.all([opened(TWO.html, { javaScriptEnabled: false }), opened(TWO.html)]);
    expect(await dead.page.locator(".tools").isVisible()).toBe(false);
    expect(await dead.page.locator("svg.span title").first().count()).toBe(1);
    const places = (bars: readonly { getBoundingClientRect(): { left: number; width: number } }[]) =>
      bars.map((bar) => {
        const { left, width } = bar.getBoundingClientRect();
        return [Math.round(left), Math.round(width)];
      });
    const deadPlaces = await dead.page.locator("svg.span > rect").evaluateAll(places);
    const livePlaces = await live.page.locator("svg.span > rect").evaluateAll(places);
    expect(deadPlaces.length).toBeGreaterThan(30);
    for (const [i, [left, width]] of deadPlaces.entries()) {
      expect(Math.abs(left! - livePlaces[i]![0]!)).toBeLessThanOrEqual(1);
      expect(Math.abs(width! - livePlaces[i]![1]!)).toBeLessThanOrEqual(1);
    }
    await dead.page.context().close();
    await live.page.context().close();
  });

  itNeeds(CHROMIUMS, "is printed whole, in light colours, and as wide as the paper", async () => {
    const { page } = await opened(THREE.html, { colorScheme: "dark" });
    const ground = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    expect(await ground()).toBe("rgb(20, 24, 29)");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.setViewportSize({ width: 1039, height: 700 });
    expect(await ground()).toBe("rgb(255, 255, 255)");
    expect(await page.locator(".tools").isVisible()).toBe(false);
    expect(await overflowOf(page)).toBe(0);
    const cut = await page.locator(".lane .plot").evaluateAll((plots) =>
      plots.filter((plot) => {
        const { right } = plot.getBoundingClientRect();
        return [...plot.querySelectorAll("svg.span > rect")].some(
          (bar) => bar.getBoundingClientRect().right > right + 2,
        );
      }),
    );
    expect(cut).toEqual([]);
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe("%PDF-");
    await page.context().close();
  });
});
