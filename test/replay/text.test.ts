/** The text of a replay: what it says, and that nothing in a capture can break it. */
import { describe, expect, it } from "vitest";
import { formatReplay } from "../../src/replay/text-report.ts";
import { PLAIN, type Style } from "../../src/text/style.ts";
import {
  A,
  advert,
  adverts,
  arpReply,
  arpRequest,
  B,
  garp,
  inOrder,
  na,
  patched,
  replay,
  type Sent,
  tagged,
  VIP,
  VIRTUAL,
} from "./frames.ts";

const OF_A = advert(A, "10.0.1.11", { priority: 100 });
const OF_B = advert(B, "10.0.1.12", { priority: 90 });
const FAREWELL = advert(A, "10.0.1.11", { priority: 0 });
const text = (sent: readonly Sent[]) => formatReplay(replay(sent), PLAIN);
/** Without what only sets columns apart. */
const lines = (sent: readonly Sent[]) =>
  text(sent)
    .split("\n")
    .map((line) => line.trim().replaceAll(/ {2,}/g, " | "));

describe("the text", () => {
  it("tells a takeover in full", () => {
    const sent = inOrder(
      adverts(0, 4, 1, OF_A),
      [{ at: 0.001, bytes: garp(A, VIP) }],
      [{ at: 4.5, bytes: FAREWELL }],
      adverts(5.2, 7.2, 1, OF_B),
      [{ at: 5.201, bytes: garp(B, VIP) }],
    );
    expect(lines(sent)).toEqual([
      "x: 11 frames of 2 hosts in 7.200 s",
      "hosts are told apart by their source MAC",
      "times are seconds since the first frame; the first one is at 0.000 s of the capture's own clock",
      "10.0.1.50 changed hands once",
      "",
      "Hosts",
      "name | MAC | frames | address",
      "10.0.1.11 | 02:00:00:00:00:01 | 7 | 10.0.1.11",
      "10.0.1.12 | 02:00:00:00:00:02 | 4 | 10.0.1.12",
      "",
      "Who held 10.0.1.50 (VRID 51)",
      "from | until | for | holder | MAC | frame | dark",
      "0.001 s | 5.201 s | 5.200 s | 10.0.1.11 | 02:00:00:00:00:01 | 2",
      "gratuitous ARP request; no master was heard before",
      "5.201 s | end | 1.999 s | 10.0.1.12 | 02:00:00:00:00:02 | 9 | 701 ms",
      "gratuitous ARP request; 10.0.1.11 had said farewell (priority 0, frame 7, 701 ms before)",
      "",
      "Who was master of VRID 51, IPv4",
      "from | until | for | master | priority | frame | end",
      "0.000 s | 4.500 s | 4.500 s | 10.0.1.11 | 100 | 1 | said farewell (frame 7)",
      "no master was heard before",
      "5.200 s | end | 2.000 s | 10.0.1.12 | 90 | 8",
      "10.0.1.11 had said farewell (priority 0, frame 7, 700 ms before)",
      "",
      "Adverts of VRID 51, IPv4 (version 2, 10.0.1.50)",
      "sender | address | adverts | priority | states | seen (least, mean, most) | missed as master | farewells",
      "10.0.1.11 | 10.0.1.11 | 6 | 100 | 1.000 s | 1.000 s, 1.000 s, 1.000 s | 0 | 1",
      "10.0.1.12 | 10.0.1.12 | 3 | 90 | 1.000 s | 1.000 s, 1.000 s, 1.000 s | 0 | 0",
      "",
    ]);
  });

  it("tells what was wrong", () => {
    const sent = inOrder(adverts(0, 20, 1, OF_A), adverts(5.4, 12.4, 1, OF_B), adverts(25, 26, 1, OF_A), [
      { at: 0.001, bytes: garp(A, VIP) },
      { at: 2.1, bytes: arpReply(B, VIP) },
      { at: 2.2, bytes: garp(B, VIP) },
      { at: 2.3, bytes: garp(A, VIP) },
      { at: 3.5, bytes: patched(OF_B, 40, 0x12) },
      { at: 3.6, bytes: patched(garp(A, VIP), 6, 1) },
      { at: 4.5, bytes: garp(B, "10.0.1.12") },
      { at: 4.6, bytes: tagged(9, arpRequest(B, "10.0.1.12", VIP)).subarray(0, 30), originalOctets: 46 },
    ]);
    const told = lines(sent);
    for (const line of [
      "10.0.1.50 changed hands twice; two masters at once for 7.000 s; two announcers at once for 100 ms; 1 malformed frame",
      "2.200 s | 2.300 s | 100 ms | 10.0.1.12 | 02:00:00:00:00:02 | 6",
      "gratuitous ARP request; although it is not master of VRID 51",
      "5.400 s | 12.400 s | 7.000 s | 10.0.1.12 | 90 | 15 | gave way to a better one (frame 29)",
      "although 10.0.1.11 was still master, and is the better one (last advert: frame 14, 400 ms before)",
      "each went on though the capture has the other's adverts: they did not get there (a cut, a filter) or were refused",
      "10.0.1.11 and 10.0.1.12 announced 10.0.1.50 in turn, it changed hands twice",
      "from 2.200 s to 2.300 s (100 ms, frames 6 to 7)",
      "10.0.1.11 and 10.0.1.12 were master of VRID 51 at the same time from 5.400 s to 12.400 s (7.000 s, frames 15 to 29)",
      "Adverts missed, and nobody took over",
      "20.000 s | 25.000 s | 5.000 s | 51 | 10.0.1.11 | 4 | frames 37 and 38",
      "Answers with a MAC that is not the holder's",
      "2.100 s | 2.100 s | 5 | 10.0.1.50 | 10.0.1.12 with 02:00:00:00:00:02 | once | 10.0.1.11 with 02:00:00:00:00:01",
      "1 | VRRP | bad-checksum | 10.0.1.12 | 9",
      "1 | multicast-source | 10",
      "Announced by one host alone",
      "4.500 s | 12 | 10.0.1.12 | 10.0.1.12 | once",
      "1 | cut off by the capture (snap length)",
    ])
      expect(told).toContain(line);
  });

  it("shows the time of day, and the date where there are two", () => {
    const day = 1_795_132_799;
    const told = (until: number) =>
      lines([
        { at: day, bytes: garp(A, VIP) },
        { at: until, bytes: garp(B, VIP) },
      ]).filter((line) => line.includes("end"));
    expect(told(day + 0.5)).toEqual([expect.stringContaining("end | 0 ns | 23:59:59.500 |")]);
    expect(told(day + 2.25)).toEqual([expect.stringContaining("end | 0 ns | 2026-11-20 00:00:01.250 |")]);
  });

  it("is long, but not without end", () => {
    const sent = Array.from({ length: 900 }, (_, i) => ({ at: i * 2, bytes: garp(i % 2 === 0 ? A : B, VIP) }));
    const told = text(sent);
    expect(told).toContain("10.0.1.50 changed hands 899 times");
    expect(told).toContain("  … and 700 more; --json has them all\n");
    expect(told.split("\n").length).toBeLessThan(420);
  });

  it("is no wider than a screen, whatever there is to tell", () => {
    const day = 1_795_132_750;
    const sent = inOrder(
      adverts(day, day + 20, 1, OF_A),
      adverts(day + 5.4, day + 12.4, 1, advert(B, "10.0.1.12", { priority: 90, intervalCs: 200 })),
      ...Array.from({ length: 30 }, (_, i) => [{ at: day + 1 + i / 10, bytes: arpRequest(A, `10.0.2.${i}`, VIP) }]),
      [{ at: day + 99, bytes: arpRequest(B, VIP, "10.0.1.1") }],
    );
    const told = text(sent);
    for (const line of told.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    expect(told).toContain("10.0.2.29");
    expect(told).toContain("2026-11-19 23:59:15.400");
  });

  it("says what the routers disagree on, and that this may be why there are two", () => {
    const told = lines(
      inOrder(adverts(0, 9, 1, OF_A), adverts(5.4, 9.4, 1, advert(B, "10.0.1.12", { priority: 90, intervalCs: 200 }))),
    );
    expect(told).toContain("The routers of VRID 51, IPv4 disagree");
    expect(told).toContain("interval | 10.0.1.11: 1.000 s; 10.0.1.12: 2.000 s");
    expect(told).toContain("perhaps each refuses the other's adverts, for they disagree: see above");
  });

  it("says where nobody advertises any more", () => {
    const farewell = inOrder(adverts(0, 4, 1, OF_A), [
      { at: 0.001, bytes: garp(A, VIP) },
      { at: 4.5, bytes: FAREWELL },
      { at: 9, bytes: arpRequest(B, "10.0.1.12", VIP) },
    ]);
    expect(lines(farewell)).toContain("nobody advertised from 4.500 s (after frame 7) to the end");
    const back = inOrder(farewell, adverts(20, 22, 1, OF_A));
    expect(lines(back)).toContain("nobody advertised from 4.500 s (after frame 7) to 20.000 s (15.500 s)");
  });

  it("says that a priority fell", () => {
    const sent = inOrder(
      adverts(0, 2, 1, OF_A),
      adverts(3, 5, 1, advert(A, "10.0.1.11", { priority: 80 })),
      adverts(5.4, 8.4, 1, OF_B),
    );
    const told = lines(sent);
    expect(told).toContain(
      "0.000 s | 5.400 s | 5.400 s | 10.0.1.11 | 100, 80 | 1 | gave way to a better one (frame 7)",
    );
    expect(text(sent).replaceAll(/\s+/g, " ")).toContain(
      "preempts 10.0.1.11, the lesser one (last advert: frame 6, 400 ms before); its priority had fallen from 100 to 80 at frame 4",
    );
  });

  it("says who else uses the address, by a MAC once", () => {
    const told = lines([
      { at: 0, bytes: garp(A, VIP) },
      { at: 1, bytes: arpRequest(B, VIP, "10.0.1.1") },
      { at: 2, bytes: arpReply(B, VIP) },
    ]);
    expect(told).toContain("Second users: ARP requests from an address of somebody else");
    expect(told).toContain(`1.000 s | 1.000 s | 2 | 10.0.1.50 | ${B} | once | ${A}`);
    expect(told).toContain(`2.000 s | 2.000 s | 3 | 10.0.1.50 | ${B} | once | ${A}`);
  });

  it("says that a frame goes round", () => {
    const sent = inOrder(adverts(0, 0.1, 5e-6, garp(A, VIP)));
    expect(lines(sent)).toContain("no address changed hands; the same frame again and again: a loop");
    expect(lines(sent)).toContain(
      `0.000 s | 0.100 s | 100 ms | ${A} | announcement of 10.0.1.50 | 20001 times | 1 to 20001`,
    );
  });

  it("says that a file was not in the order of time", () => {
    const told = lines([
      { at: 3, bytes: garp(A, VIP) },
      { at: 2, bytes: garp(B, VIP) },
    ]);
    expect(told).toContain("1 | older than a frame before them in the file: all were put into the order of time first");
    expect(told.some((line) => line.startsWith(`0.000 s | 1.000 s | 1.000 s | ${B}`))).toBe(true);
  });

  it("says where a virtual MAC was once", () => {
    const told = lines(
      inOrder(
        adverts(0, 4, 1, advert(VIRTUAL, "10.0.1.11")),
        adverts(7.6, 9.6, 1, advert(VIRTUAL, "10.0.1.12", { priority: 90 })),
      ),
    );
    expect(told).toContain(`Where ${VIRTUAL} was`);
    expect(told).not.toContain("MAC addresses that moved");
  });

  it("says that two hosts may be one", () => {
    const note = /a router without a MAC of its own may be one of those without an IPv4 address/;
    const router = adverts(0, 4, 1, advert(VIRTUAL, "10.0.1.11"));
    expect(text(inOrder(router, [{ at: 1.5, bytes: na(A, "2001:db8:1::11") }]))).toMatch(note);
    expect(text(inOrder(router, [{ at: 1.5, bytes: arpRequest(A, "10.0.1.11", VIP) }]))).not.toMatch(note);
  });

  it("says that there is nothing to tell", () => {
    expect(text([{ at: 0, bytes: arpRequest(A, "10.0.1.11", "10.0.1.1") }])).toContain(
      "\nnobody announces an address and nobody advertises: no gratuitous ARP, no unsolicited neighbour advertisement, no VRRP\n",
    );
  });

  it("has nothing in it that a terminal would act on", () => {
    const evil = "a\u001b[31m\n\u0007";
    const told = formatReplay(
      replay([
        { at: 0, bytes: garp(A, VIP), on: evil },
        { at: 1, bytes: garp(B, VIP), on: "b" },
      ]),
      PLAIN,
    );
    expect(told).not.toMatch(/[^\P{Cc}\n]/u);
    expect(told).toContain("a\\u001b[31m\\n\\u0007");
  });

  it("makes titles and two at once stand out, and nothing wider", () => {
    const mark = (word: string) => (it: string) => `<${word}>${it}</${word}>`;
    const style: Style = { bold: mark("b"), dim: mark("d"), good: mark("g"), bad: mark("r"), accent: mark("a") };
    const report = replay(inOrder(adverts(0, 9, 1, OF_A), adverts(5.4, 9.4, 1, OF_B)));
    const styled = formatReplay(report, style);
    expect(styled).toContain("<b>Who held <a>10.0.1.50</a> (VRID 51)</b>");
    expect(styled).toContain("<b><r>Two at once</r></b>\n  <r>10.0.1.11 and 10.0.1.12</r> were master");
    expect(styled.replaceAll(/<\/?[bdgra]>/g, "")).toBe(formatReplay(report, PLAIN));
  });
});
