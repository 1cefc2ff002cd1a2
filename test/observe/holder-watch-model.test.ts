/** The watch against a plain one: frames judged octet by octet, a list searched for each, everything kept as text. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DomainId, FrameRef, PortId } from "../../src/base/ids.ts";
import { FrameSlab } from "../../src/frame/slab.ts";
import { type HolderListener, HolderWatch } from "../../src/observe/holder-watch.ts";
import {
  DROP_LINK_DOWN,
  DROP_MULTICAST_NOT_CARRIED,
  DROP_NO_OTHER_PORT,
  DROP_NONE,
  DROP_PARTITIONED,
  type DropCause,
} from "../../src/switch/drop-cause.ts";
import { formatIp } from "../../src/wire/address.ts";
import { advert } from "../guest/keepalived/adverts.ts";
import { arp, na } from "../host/frames.ts";
import { ip } from "../wire/frame-writers.ts";
import { plainAnnouncement } from "../wire/plain-announcement.ts";

const MACS = ["02:00:00:00:00:0a", "02:00:00:00:00:0b", "00:00:5e:00:01:33"];
const VIPS4 = ["10.0.0.50", "10.0.0.51", "10.0.0.52"];
const VIPS6 = ["2001:db8::50", "2001:db8::51"];
/** Ports 0 and 1 are in domain 1, ports 2 and 3 in domain 2. */
const domainOf = (port: number) => 1 + (port >> 1);
const ARRIVED: readonly number[] = [DROP_NONE, DROP_NO_OTHER_PORT, DROP_MULTICAST_NOT_CARRIED];

/** 10.0.0.52 is watched nowhere, 2001:db8::51 in one domain, 10.0.0.51 for port 1 only. */
const WATCHED = [
  { domain: 1, vip: "10.0.0.50", claimants: null },
  { domain: 1, vip: "10.0.0.51", claimants: [1] },
  { domain: 1, vip: "2001:db8::50", claimants: null },
  { domain: 2, vip: "10.0.0.50", claimants: null },
  { domain: 2, vip: "2001:db8::51", claimants: null },
];

const announcements = fc
  .record({
    form: fc.constantFrom("request", "reply", "na", "question", "answer", "advert"),
    mac: fc.constantFrom(...MACS),
    optionMac: fc.option(fc.constantFrom(...MACS)),
    vip4: fc.constantFrom(...VIPS4),
    vip6: fc.constantFrom(...VIPS6),
    cut: fc.nat(20).map((n) => (n === 0 ? 1 : 0)),
  })
  .map(({ form, mac, optionMac, vip4, vip6, cut }) => {
    const frame = () => {
      if (form === "na") return na({ from: mac, target: vip6, flags: 0x20, mac: optionMac });
      if (form === "answer") return na({ from: mac, target: vip6, flags: 0x60, mac, destination: "2001:db8::9" });
      if (form === "advert") return advert({ addresses: [vip4] });
      const targetIp = form === "question" ? "10.0.0.9" : vip4;
      return arp({ operation: form === "reply" ? 2 : 1, senderMac: mac, senderIp: vip4, targetIp });
    };
    const bytes = frame();
    return bytes.subarray(0, bytes.length - cut);
  });

type Step =
  | { readonly kind: "frame"; readonly port: number; readonly bytes: Uint8Array; readonly cause: DropCause }
  | { readonly kind: "down"; readonly port: number }
  | { readonly kind: "wait"; readonly ns: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("frame" as const),
        port: fc.nat(3),
        bytes: announcements,
        cause: fc.oneof(
          { weight: 6, arbitrary: fc.constant(DROP_NONE as DropCause) },
          {
            weight: 1,
            arbitrary: fc.constantFrom<DropCause>(
              DROP_NO_OTHER_PORT,
              DROP_MULTICAST_NOT_CARRIED,
              DROP_PARTITIONED,
              DROP_LINK_DOWN,
            ),
          },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("down" as const), port: fc.nat(3) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        ns: fc.constantFrom(1, 50_000_000, 100_000_000, 100_000_001),
      }),
    },
  ),
  { maxLength: 80, size: "max" },
);

/** What the watch tells, a line each, and who holds what at the end. */
function told(all: readonly Step[], isHeard = true): { readonly lines: string[]; readonly holders: unknown[] } {
  const lines: string[] = [];
  const nowNs = new Float64Array(1);
  const slab = new FrameSlab(1, 256);
  const listener: HolderListener = {
    onHolder({ domain, ip: address, holder }, from, cause) {
      const name = (who: typeof from) => (who === null ? "nobody" : `${who.port} ${who.mac}`);
      lines.push(`${domain} ${formatIp(address)}: ${name(from)} -> ${name(holder)} by ${cause}`);
    },
    onAnnouncement({ domain, ip: address }, port, form) {
      lines.push(`${domain} ${formatIp(address)}: announced at ${port} by ${form}`);
    },
  };
  const watch = new HolderWatch(slab, nowNs, (port) => domainOf(port) as DomainId, isHeard ? listener : null);
  for (const { domain, vip, claimants } of WATCHED) {
    watch.watch(domain as DomainId, ip(vip), null, claimants === null ? null : new Set(claimants as PortId[]));
  }
  for (const step of all) {
    if (step.kind === "wait") nowNs[0]! += step.ns;
    else if (step.kind === "down") watch.portDown(step.port as PortId);
    else {
      slab.bytes.set(step.bytes);
      slab.octets[0] = step.bytes.length;
      watch.onFrame(step.port as PortId, 0 as FrameRef, step.cause);
    }
  }
  return { lines, holders: watch.watched.map(({ holder }) => holder) };
}

/** What it should tell. */
function expected(all: readonly Step[]): string[] {
  const lines: string[] = [];
  let nowNs = 0;
  const states = WATCHED.map((watched) => ({ ...watched, holder: "nobody", by: -1, atNs: Number.NEGATIVE_INFINITY }));
  for (const step of all) {
    if (step.kind === "wait") {
      nowNs += step.ns;
      continue;
    }
    if (step.kind === "down") {
      for (const state of states.filter(({ holder }) => holder.startsWith(`${step.port} `))) {
        lines.push(`${state.domain} ${state.vip}: ${state.holder} -> nobody by link-down`);
        state.holder = "nobody";
      }
      continue;
    }
    const { port, bytes, cause } = step;
    const announcement = plainAnnouncement(bytes, bytes.length);
    if (!ARRIVED.includes(cause) || typeof announcement === "number" || announcement.kind === "vrrp") continue;
    const state = states.find(({ domain, vip }) => domain === domainOf(port) && vip === announcement.ip);
    if (state === undefined) continue;
    const { domain, vip } = state;
    const form = announcement.kind === "nd" ? "na" : announcement.operation === 1 ? "garp-request" : "garp-reply";
    if (state.by !== port || nowNs - state.atNs > 100_000_000)
      lines.push(`${domain} ${vip}: announced at ${port} by ${form}`);
    state.by = port;
    state.atNs = nowNs;
    if (state.claimants !== null && !state.claimants.includes(port)) continue;
    const holder = `${port} ${announcement.mac}`;
    if (holder !== state.holder) lines.push(`${domain} ${vip}: ${state.holder} -> ${holder} by ${form}`);
    state.holder = holder;
  }
  return lines;
}

describe("the watch over holders, against a plain one", () => {
  it("tells the same, in the same order", () => {
    const causes = new Map<string, number>();
    fc.assert(
      fc.property(steps, (all) => {
        const { lines } = told(all);
        expect(lines).toEqual(expected(all));
        for (const line of lines) {
          const cause = line.slice(line.lastIndexOf(" ") + 1);
          causes.set(cause, (causes.get(cause) ?? 0) + 1);
        }
      }),
      { numRuns: 300 },
    );
    for (const cause of ["garp-request", "garp-reply", "na", "link-down"])
      expect(causes.get(cause), cause).toBeGreaterThan(20);
  });

  it("knows the same when nobody listens", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { lines, holders } = told(all, false);
        expect(lines).toEqual([]);
        expect(holders).toEqual(told(all).holders);
      }),
    );
  });
});
