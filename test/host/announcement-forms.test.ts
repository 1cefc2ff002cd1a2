/**
 * Announcement forms, and who obeys them: a table for each system, as a client whose entry of the VIP is in each of its states, for A's MAC, which it
 * knows, and for another. `-` is no entry. Rows of a present Linux were recorded on 6.18, those of an old one were read in source; what of the
 * others is not confirmed, `systems.ts` says.
 */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { writeIpv4 } from "../../src/wire/ipv4.ts";
import { arp, BROADCAST, na } from "./frames.ts";
import { ip, LoneHost, mac } from "./lone-host.ts";
import { A, answer, B, hostWith, questionToUs, STATES, type State, stateOf, US, VIP } from "./vip-host.ts";

type Frame = (senderMac: string) => Uint8Array;
const FORMS = {
  F1: (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }),
  F2: (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetMac: senderMac, targetIp: VIP }),
  F3: (senderMac) => arp({ operation: 2, senderMac, senderIp: VIP, targetMac: senderMac, targetIp: VIP }),
  F4: (senderMac) => arp({ operation: 2, senderMac, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }),
  F5: answer,
  "F6 to us": questionToUs,
  "F6 to others": (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetIp: "10.0.0.77" }),
  F7: (senderMac) => arp({ operation: 1, senderMac, senderIp: "0.0.0.0", targetIp: VIP }),
  F10: (senderMac) => ipv4From("00:00:5e:00:01:33", senderMac, 112, "224.0.0.18"),
  F11: (senderMac) => ipv4From("00:00:5e:00:00:33", senderMac, 112, "224.0.0.18"),
} satisfies Record<string, Frame>;
type Form = keyof typeof FORMS;

/** What it is, and who sends it. */
const SENDERS: Readonly<Record<Form, string>> = {
  F1: "F1 gratuitous request, broadcast target MAC (keepalived, FRR, arping -U)",
  F2: "F2 gratuitous request, own target MAC (ucarp)",
  F3: "F3 gratuitous reply, own target MAC (kube-vip, vip-manager, arping -A)",
  F4: "F4 reply about itself, broadcast target MAC (MetalLB)",
  F5: "F5 unicast reply to us",
  "F6 to us": "F6 a question of the holder's to us",
  "F6 to others": "F6 a question of the holder's to somebody else",
  F7: "F7 a probe for the address (RFC 5227)",
  F10: "F10 a VRRP advert from the virtual MAC",
  F11: "F11 a CARP advert from its virtual MAC",
};

/** An advert that says who its sender is in its IP header alone. */
function ipv4From(virtualMac: string, _senderMac: string, protocol: number, group: string): Uint8Array {
  const bytes = new Uint8Array(54);
  bytes.set(mac("01:00:5e:00:00:12"), 0);
  bytes.set(mac(virtualMac), 6);
  bytes.set([0x08, 0x00], 12);
  writeIpv4(bytes, 14, 0, 40, 1, 0, 255, protocol, ip(VIP), 0, ip(group), 0);
  return bytes;
}

/** The results stand in the order of the system's states. */
interface Row {
  readonly form: Form;
  /** From A. */
  readonly same: string;
  /** From B, more than a second after the last change. */
  readonly other: string;
  /** From B within a second of it, where the locktime holds; left out: as `other`. */
  readonly early?: string;
}

interface Table {
  readonly system: string;
  readonly states: readonly State[];
  readonly rows: readonly Row[];
}

const UNCHANGED = "-, INCOMPLETE, REACHABLE A, STALE A, DELAY A, PROBE A, FAILED";
const BELIEVED = "-, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B";
const LOCKED = "-, DELAY B, REACHABLE A, STALE A, DELAY A, PROBE A, STALE B";
const KNOWN = "-, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A";
const ANSWERED_A = "-, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A";
const ANSWERED_B = ANSWERED_A.replaceAll("A,", "B,").replace(/A$/, "B").replaceAll("REBCHBBLE", "REACHABLE");
const ANSWER_LOCKED = "-, REACHABLE B, REACHABLE A, STALE A, DELAY A, PROBE A, REACHABLE B";
/** Nobody else's frames, and no frames of other protocols. */
const NOTHING: readonly Row[] = (["F7", "F10", "F11"] as const).map((form) => ({
  form,
  same: UNCHANGED,
  other: UNCHANGED,
}));

/** A claim of the MAC that is known makes an old Linux doubt it, unless it was REACHABLE. */
const DOUBTED = "-, DELAY A, REACHABLE A, STALE A, STALE A, STALE A, STALE A";

const TABLES: readonly Table[] = [
  {
    system: "linux",
    states: STATES,
    rows: [
      ...(["F1", "F2", "F3"] as const).map((form) => ({ form, same: KNOWN, other: BELIEVED })),
      { form: "F4", same: KNOWN, other: BELIEVED, early: LOCKED },
      { form: "F5", same: ANSWERED_A, other: ANSWERED_B, early: ANSWER_LOCKED },
      // The answer is no use of the entry.
      { form: "F6 to us", same: KNOWN.replace("-", "STALE A"), other: BELIEVED.replace("-", "STALE B") },
      { form: "F6 to others", same: KNOWN, other: BELIEVED, early: LOCKED },
      ...NOTHING,
    ],
  },
  {
    system: "linux-4.11",
    states: STATES,
    rows: [
      ...(["F1", "F2", "F3", "F4", "F6 to others"] as const).map((form) => ({
        form,
        same: DOUBTED,
        other: BELIEVED,
        early: LOCKED,
      })),
      { form: "F5", same: ANSWERED_A, other: ANSWERED_B, early: ANSWER_LOCKED },
      { form: "F6 to us", same: DOUBTED.replace("-", "STALE A"), other: BELIEVED.replace("-", "STALE B") },
      ...NOTHING,
    ],
  },
  {
    system: "windows",
    states: ["absent", "INCOMPLETE", "REACHABLE", "STALE", "FAILED"],
    rows: [
      ...(["F1", "F2", "F3", "F4", "F6 to others"] as const).map((form) => ({
        form,
        same: "-, DELAY A, REACHABLE A, STALE A, STALE A",
        other: "-, DELAY B, STALE B, STALE B, STALE B",
      })),
      {
        form: "F5",
        same: "-, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A",
        other: "-, REACHABLE B, REACHABLE B, REACHABLE B, REACHABLE B",
      },
      {
        form: "F6 to us",
        same: "STALE A, DELAY A, REACHABLE A, STALE A, STALE A",
        other: "STALE B, DELAY B, STALE B, STALE B, STALE B",
      },
      {
        form: "F7",
        same: "-, INCOMPLETE, REACHABLE A, STALE A, FAILED",
        other: "-, INCOMPLETE, REACHABLE A, STALE A, FAILED",
      },
    ],
  },
  {
    system: "router",
    states: ["absent", "INCOMPLETE", "REACHABLE", "FAILED"],
    rows: [
      ...(["F1", "F2", "F3", "F4", "F5", "F6 to others"] as const).map((form) => ({
        form,
        same: "-, REACHABLE A, REACHABLE A, REACHABLE A",
        other: "-, REACHABLE B, REACHABLE B, REACHABLE B",
      })),
      {
        form: "F6 to us",
        same: "REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A",
        other: "REACHABLE B, REACHABLE B, REACHABLE B, REACHABLE B",
      },
      { form: "F7", same: "-, INCOMPLETE, REACHABLE A, FAILED", other: "-, INCOMPLETE, REACHABLE A, FAILED" },
    ],
  },
  {
    system: "router-verifying",
    states: ["absent", "INCOMPLETE", "REACHABLE", "FAILED"],
    rows: (["F1", "F2", "F3", "F4", "F5", "F6 to others"] as const).map((form) => ({
      form,
      same: "-, REACHABLE A, REACHABLE A, REACHABLE A",
      other: "-, REACHABLE B, REACHABLE A, REACHABLE B",
    })),
  },
];

describe.each(TABLES)("a client that runs $system", ({ system, states, rows }) => {
  const results = (form: Form, senderMac: string, sinceChange: number) =>
    states
      .map((state) => {
        const host = hostWith(state, sinceChange, system);
        host.deliver(FORMS[form](senderMac));
        return stateOf(host);
      })
      .join(", ");

  describe.each(rows.map((row) => ({ what: SENDERS[row.form], ...row })))("$what", ({ form, same, other, early }) => {
    it("from the MAC that is known", () => {
      expect(results(form, A, 1.5)).toBe(same);
    });

    it("from another MAC, more than a second after the last change", () => {
      expect(results(form, B, 1.008)).toBe(other);
    });

    it("from another MAC, within a second of it", () => {
      expect(results(form, B, 0.5)).toBe(early ?? other);
    });
  });

  it("goes through the states as the table assumes", () => {
    for (const state of states)
      expect(hostWith(state, 0.5, system).entry(VIP)).toMatch(state === "absent" ? "-" : state);
  });
});

describe("an announcement of a stranger makes an entry", () => {
  const STRANGER = { senderMac: B, senderIp: "10.0.0.99" };
  const forms = {
    F1: { operation: 1, ...STRANGER, targetMac: BROADCAST, targetIp: "10.0.0.99" },
    F3: { operation: 2, ...STRANGER, targetMac: B, targetIp: "10.0.0.99" },
    F4: { operation: 2, ...STRANGER, targetMac: BROADCAST, targetIp: "10.0.0.99" },
    "F6 to others": { operation: 1, ...STRANGER, targetIp: "10.0.0.77" },
  } as const;

  it.each([
    // arp_accept, and which forms do
    ["linux", 0, []],
    ["linux", 1, ["F1", "F3", "F4"]],
    ["linux-4.11", 0, []],
    ["linux-4.11", 1, ["F1", "F3", "F4"]],
    ["windows", 0, []],
    ["router", 0, []],
    ["router-verifying", 0, []],
  ] as const)("%s with arp_accept %i: %j", (system, accept, wanted) => {
    const made = Object.entries(forms).filter(([, frame]) => {
      const host = new LoneHost([`${US}/24`], { system });
      host.nic.settings4.arpAccept = accept;
      host.deliver(arp(frame));
      return host.entry("10.0.0.99") !== "-";
    });
    expect(made.map(([form]) => form)).toEqual(wanted);
  });
});

describe("IPv6", () => {
  const VIP6 = "2001:db8::50";
  const S = 0x40;
  const O = 0x20;
  const lone = (system: string) => new LoneHost(["2001:db8::1/64"], { system });
  const answered = (host: LoneHost, from: string) =>
    host.deliver(na({ from, target: VIP6, flags: S | O, mac: from, destination: "2001:db8::1" }));

  /** To all nodes from B; the entry has A's MAC if it has one. */
  function resultOf(system: string, state: "absent" | "REACHABLE" | "STALE", flags: number): string {
    const host = lone(system);
    host.nic.neighbours6.reachableNs = 30 * NS_PER_S;
    if (state !== "absent") host.ask(VIP6);
    if (state !== "absent") answered(host, A);
    if (state === "STALE") host.deliver(na({ from: A, target: VIP6, flags: 0, mac: B }));
    host.deliver(na({ from: B, target: VIP6, flags, mac: B }));
    return host.entry(VIP6).replace(A, "A").replace(B, "B");
  }

  it.each(["linux", "linux-4.11", "windows", "router"])(
    "F8 an unsolicited advertisement with O replaces the MAC at once, STALE, and makes no entry: %s",
    (system) => {
      const results = (["absent", "REACHABLE", "STALE"] as const).map((state) => resultOf(system, state, O));
      expect(results).toEqual(["-", "STALE B", "STALE B"]);
    },
  );

  it.each(["linux", "linux-4.11", "windows", "router"])(
    "F9 an advertisement without O takes away the confidence in the MAC that is known, and is ignored otherwise, but answers a question: %s",
    (system) => {
      const results = (["absent", "REACHABLE", "STALE"] as const).map((state) => resultOf(system, state, 0));
      expect(results).toEqual(["-", "STALE A", "STALE A"]);
      const host = lone(system);
      host.ask(VIP6);
      host.deliver(na({ from: B, target: VIP6, flags: S, mac: B, destination: "2001:db8::1" }));
      expect(host.entry(VIP6)).toBe(`REACHABLE ${B}`);
    },
  );
});

describe("the locktime", () => {
  it("counts from the last change that was made, not from one that was refused (observed)", () => {
    const host = hostWith("REACHABLE", 0.4);
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("REACHABLE A");
    host.runTo(1.008);
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("REACHABLE B");
    host.runTo(1.9);
    host.deliver(answer(A));
    expect(stateOf(host)).toBe("REACHABLE B");
  });

  it("is counted in whole jiffies: over 250 of them, of which the first may have been almost over", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const host = new LoneHost([`${US}/24`], { seed });
      host.ask(VIP);
      host.deliver(answer(A));
      host.runTo(1);
      host.deliver(answer(B));
      expect(stateOf(host)).toBe("REACHABLE A");
      host.runTo(1.004);
      host.deliver(answer(B));
      expect(stateOf(host)).toBe("REACHABLE B");
    }
  });

  it("of two owners that answer one question the first counts, over IPv6 the last (observed)", () => {
    const host = new LoneHost([`${US}/24`, "2001:db8::1/64"]);
    host.ask(VIP);
    host.deliver(answer(A));
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("REACHABLE A");
    const target = "2001:db8::50";
    host.ask(target);
    for (const from of [A, B]) host.deliver(na({ from, target, flags: 0x60, mac: from, destination: "2001:db8::1" }));
    expect(host.entry(target)).toBe(`REACHABLE ${B}`);
  });
});
