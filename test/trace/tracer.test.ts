import { describe, expect, it } from "vitest";
import { GVISOR, NS3, OVS, VDE } from "../../src/switch/profiles.ts";
import { decisionWords, learningWords, withheldWords } from "../../src/trace/words.ts";
import { BROADCAST, hex, host, lastFrame, trace } from "./inputs.ts";

const say = (at: number, port: number, n: number, to = BROADCAST) => ({ at, port, frame: hex(to, host(n)) });
const MAC1 = "02:00:00:00:00:01";

describe("a frame's source", () => {
  it("is new, then heard again, then somewhere else: last heard where it was", () => {
    const decisions = trace([{ ports: 3 }, say(1, 0, 1), say(2, 0, 1), say(3, 2, 1), say(4, 1, 1)]);
    const words = decisions.map((d) => d.do === "frame" && learningWords(d.source!, d.step.port, false));
    expect(words).toEqual([
      `learned ${MAC1} at port 0 (new)`,
      `${MAC1} is at port 0, as before`,
      `moved ${MAC1} from port 0 to port 2: last heard at port 0 at 2.000 s (step 1)`,
      `moved ${MAC1} from port 2 to port 1: last heard at port 2 at 3.000 s (step 2)`,
    ]);
  });

  it("is new again when its entry has aged, or was flushed", () => {
    const aged = trace([{ ports: 2, ageingSeconds: 1 }, say(0, 0, 1), say(1, 0, 1), say(1.9, 0, 1)]);
    expect(aged.map((d) => d.do === "frame" && d.source!.is)).toEqual(["new", "new", "refreshed"]);
    expect(lastFrame([{ ports: 2 }, say(0, 0, 1), { at: 0, flush: true }, say(0, 0, 1)]).source!.is).toBe("new");
  });

  const because = (...objects: object[]) => {
    const { source } = lastFrame(objects);
    return source?.is === "not-learned" ? source.because : source?.is;
  };

  it("is not learned, and why", () => {
    const entry = { mac: MAC1, port: 1 };
    expect(because({ ports: 2, options: { portFlags: { "0": { learning: false } } } }, say(0, 0, 1))).toBe(
      "learning is off at port 0",
    );
    expect(because({ ports: 2, ageingSeconds: 0 }, say(0, 0, 1))).toBe(
      "the ageing time is 0, and nothing is remembered",
    );
    expect(because({ ports: 2 }, { at: 0, fdbAdd: { ...entry, kind: "sticky" } }, say(0, 0, 1))).toBe(
      "a sticky entry keeps it at port 1",
    );
    expect(because({ ports: 2, bridgeMac: MAC1 }, say(0, 0, 1))).toBe("it is an address of the switch itself");
  });

  it("is not learned by other switches, and why", () => {
    const twice = [{ ports: 3 }, say(0, 0, 1), say(1, 1, 1)];
    expect(lastFrame(twice, { profile: VDE }).source).toMatchObject({
      is: "not-learned",
      because: "it was heard at port 0 only 1.000 s ago, and this switch waits before it believes in a move",
    });
    expect(lastFrame(twice, { profile: GVISOR }).source).toMatchObject({
      because: "it was first heard at port 0, and this switch lets no address move",
    });
    const group = { at: 0, port: 0, frame: hex(BROADCAST, "01005e000001") };
    expect(lastFrame([{ ports: 2 }, group], { profile: OVS }).source).toMatchObject({
      because: "a group is no station",
    });
  });

  it("says nothing where the frame did not come that far", () => {
    expect(lastFrame([{ ports: 2 }, { at: 0, port: 0, frame: "00" }]).source).toBeNull();
    expect(lastFrame([{ ports: 2 }, { at: 0, portDown: 0 }, say(0, 0, 1)]).source).toBeNull();
  });
});

describe("a known destination", () => {
  const to1 = (at: number) => say(at, 1, 2, host(1));

  it("has a provenance: the frame that put it there, and the last one from it", () => {
    const { destination, out, action } = lastFrame([{ ports: 3 }, say(0.1, 0, 1), say(1, 0, 1), to1(1.5)]);
    expect([out, action]).toEqual([[0], "forward"]);
    expect(destination).toEqual({
      mac: MAC1,
      port: 0,
      kind: "dynamic",
      origin: { placed: { step: 0, atNs: 1e8 }, by: "frame", heard: { step: 1, atNs: 1e9 } },
    });
  });

  it("is told in words", () => {
    const words = (...objects: object[]) => decisionWords(lastFrame([{ ports: 3 }, ...objects]));
    expect(words(say(0.1, 0, 1), to1(0.6))).toBe(
      `${MAC1} is known at port 0 since step 0 at 0.100 s, last heard 500 ms ago`,
    );
    const byHand = { at: 0, fdbAdd: { mac: MAC1, port: 0, kind: "static" } };
    expect(words(byHand, to1(0.6))).toBe(
      `${MAC1} has a static entry at port 0, made by hand in step 0 at 0.000 s, not heard since`,
    );
    expect(words(byHand, say(0.2, 0, 1), to1(0.6))).toMatch(/by hand in step 0 at 0.000 s, last heard 400 ms ago$/);
    // A frame that moves a static entry has put it where it is.
    expect(words(byHand, say(0.2, 2, 1), to1(0.6))).toBe(
      `${MAC1} is known at port 2 since step 1 at 0.200 s, last heard 400 ms ago`,
    );
    expect(words({ at: 0, batch: { sources: host(1), destinations: BROADCAST, ports: "0" } }, to1(0))).toContain(
      "since step 0 frame 0 at 0.000 s",
    );
  });

  it("may be where the frame came in, or its own source", () => {
    expect(decisionWords(lastFrame([{ ports: 2 }, say(0, 1, 1), to1(1)]))).toBe(
      `its destination is behind the port that it came in by: ${MAC1} is known at port 1 since step 0 at 0.000 s, last heard 1.000 s ago`,
    );
    const own = lastFrame([{ ports: 2 }, say(0, 0, 1, host(1))]);
    expect(own).toMatchObject({ cause: "same-port", destination: { port: 0, origin: null } });
    expect(decisionWords(own)).toMatch(/: it is the source of this very frame$/);
    expect(lastFrame([{ ports: 2 }, say(0, 1, 1), to1(1)], { profile: NS3 })).toMatchObject({
      action: "flood",
      flood: "known-at-ingress",
      out: [0],
    });
  });

  it("is forgotten with its entry", () => {
    expect(lastFrame([{ ports: 2 }, say(0, 0, 1), { at: 0, portDown: 0 }, { at: 0, portUp: 0 }, to1(1)])).toMatchObject(
      {
        action: "flood",
        destination: null,
      },
    );
  });
});

describe("a flood", () => {
  const HEADER = {
    ports: 7,
    options: {
      portFlags: {
        "1": { flood: false, mcastFlood: false, bcastFlood: false },
        "0": { isolated: true },
        "3": { isolated: true },
      },
    },
  };
  const CHANGES = [
    { at: 0, portDown: 4 },
    { at: 0, portRemove: 5 },
  ];

  it.each([
    [BROADCAST, "broadcast", "broadcast goes to everybody in this broadcast domain"],
    [
      "01005e000012",
      "group",
      "a group goes to everybody in this broadcast domain, because the switch does not know who has joined",
    ],
    [host(9), "unknown", "destination unknown in this broadcast domain"],
  ])("to %s is a %s, and says which ports are left out, and why", (destination, flood, words) => {
    const decision = lastFrame([HEADER, ...CHANGES, say(0, 0, 1, destination)]);
    expect(decision).toMatchObject({ action: "flood", flood, out: [2, 6], cause: null });
    expect(decision.withheld).toEqual([
      { port: 1, cause: "flood-off" },
      { port: 3, cause: "isolated" },
      { port: 4, cause: "egress-link-down" },
      { port: 5, cause: "port-removed" },
    ]);
    expect(decisionWords(decision)).toBe(words);
    const what = { broadcast: "broadcast", group: "multicast", unknown: "unknown unicast" }[flood];
    expect(withheldWords(decision)).toEqual([
      `not to port 1: ${what} is not flooded there`,
      "not to port 3: isolated, as the port that the frame came in by",
      "not to port 4: no carrier",
      "not to port 5: not in the switch",
    ]);
  });

  it("in a VLAN leaves out who is not in it, and changes tags", () => {
    const vlans = [
      { port: 0, vid: 10, pvid: true, untagged: true },
      { port: 1, vid: 10 },
      { port: 2, vid: 20, pvid: true },
    ];
    const decision = lastFrame([{ ports: 3, options: { vlanFiltering: true, vlans } }, say(0, 0, 1)]);
    expect(decision).toMatchObject({ vlan: 10, out: [1], withheld: [{ port: 2, cause: "not-in-vlan" }] });
    expect(withheldWords(decision)).toEqual(["not to port 2: not in VLAN 10"]);
    expect(Buffer.from(decision.altered.get(1)!).toString("hex")).toBe(
      `${BROADCAST}${host(1)}8100000a${hex(BROADCAST, host(1)).slice(24)}`,
    );
  });

  it("that reaches nobody is a drop", () => {
    expect(lastFrame([{ ports: 1 }, say(0, 0, 1)])).toMatchObject({
      action: "drop",
      cause: "no-other-port",
      withheld: [],
    });
    expect(lastFrame([{ ports: 2 }, { at: 0, portFlags: { port: 1, bcastFlood: false } }, say(0, 0, 1)])).toMatchObject(
      {
        action: "drop",
        cause: "flood-off",
        withheld: [{ port: 1, cause: "flood-off" }],
      },
    );
  });
});

describe("a frame that is too long", () => {
  const long = (octets: number, tag = "") => ({ at: 0, port: 0, frame: hex(BROADCAST, host(1) + tag, octets) });
  const words = (options: object, frame: object) => {
    const decision = lastFrame([{ ports: 2, options }, frame]);
    return decision.cause === null ? null : `${decision.cause}: ${decisionWords(decision)}`;
  };

  it("for the port", () => {
    expect(words({}, long(1518))).toBeNull();
    expect(words({}, long(1519))).toBe(
      "giant: it is longer than the port lets in: 1519 octets, and port 0 lets in 1518 (MTU 1500)",
    );
    expect(words({ portMtu: 9000 }, long(9018))).toBeNull();
    expect(words({ portMtu: 9000 }, long(9019))).toContain("port 0 lets in 9018 (MTU 9000)");
    expect(words({}, long(70_000))).toContain("70000 octets");
  });

  it("for who sends it, a tag not counted", () => {
    expect(words({ hostMtu: 100 }, long(114))).toBeNull();
    expect(words({ hostMtu: 100 }, long(115))).toBe(
      "giant: the host at port 0 cannot send it: 115 octets, and its most is 114 (MTU 100)",
    );
    expect(words({ hostMtu: 100 }, long(118, "8100000a"))).toBeNull();
    expect(words({ hostMtu: 100 }, long(119, "8100000a"))).toContain("its most is 118");
  });

  it("or too short", () => {
    expect(words({}, { at: 0, port: 0, frame: "0102" })).toMatch(/^runt: .* header \(14 octets\): 2 octets$/);
    expect(words({}, long(19, "8100000a"))).toMatch(/^runt: it begins with a tag .*\(20 octets\): 19 octets$/);
    expect(words({}, { at: 0, port: 0, frame: "" })).toMatch(/^runt: .*: 0 octets$/);
  });
});

describe("what is done by hand", () => {
  const did = (...steps: object[]) =>
    trace([{ ports: 3 }, ...steps]).flatMap((decision) => (decision.do === "change" ? [decision.did] : []));
  const entry = { mac: MAC1, port: 1 };

  it("is told", () => {
    expect(
      did(
        say(0, 1, 1),
        { at: 0, portDown: 1 },
        { at: 0, portDown: 1, by: "hostEnd" },
        { at: 0, portUp: 1 },
        { at: 0, portUp: 1, by: "hostEnd" },
        { at: 0, portFlags: { port: 2, learning: false, hairpin: true } },
        { at: 0, portFlags: { port: 2 } },
        { at: 0, fdbAdd: { ...entry, kind: "dynamic" } },
        { at: 0, flush: true },
        { at: 0, fdbAdd: { ...entry, kind: "static" } },
        { at: 0, fdbDel: entry },
        { at: 0, ageing: 0.5 },
        { at: 0, portRemove: 2 },
        { at: 0, portAdd: 2 },
      ),
    ).toEqual([
      "port 1 is down: the port has lost its carrier, and the switch forgets 1 entry",
      "the far end of port 1 is down: nothing changes, the port has no carrier all the same",
      "port 1 is up: nothing changes, the port has no carrier all the same",
      "the far end of port 1 is up: the port has its carrier back, and the switch forgets nothing",
      "port 2: learning off, hairpin on",
      "port 2: no flag was named",
      `dynamic entry: ${MAC1} is at port 1`,
      "flushed: the switch forgets 1 entry",
      `static entry: ${MAC1} is at port 1`,
      `the entry of ${MAC1} at port 1 is gone`,
      "entries now age in 0.5 s",
      "port 2 left the switch, and with it its flags, its VLANs and all entries behind it",
      "port 2 joined the switch, with default flags",
    ]);
  });

  it("is refused where Linux refuses it, and changes nothing", () => {
    expect(
      did(
        { at: 0, portAdd: 2 },
        { at: 0, portRemove: 2 },
        { at: 0, portRemove: 2 },
        { at: 0, portFlags: { port: 2, learning: false } },
        { at: 0, fdbAdd: { ...entry, port: 2, kind: "static" } },
        { at: 0, fdbAdd: { ...entry, mac: "00:00:00:00:00:00", kind: "static" } },
        { at: 0, fdbAdd: { ...entry, vlan: 7, kind: "static" } },
        { at: 0, fdbDel: entry },
        { at: 0, portDown: 1 },
        { at: 0, fdbAdd: { ...entry, kind: "dynamic" } },
      ).filter((text) => text.startsWith("refused: ")),
    ).toEqual([
      "refused: port 2 is in the switch already",
      "refused: port 2 is not in the switch",
      "refused: port 2 is not in the switch",
      "refused: port 2 is not in the switch",
      "refused: 00:00:00:00:00:00 is no station's address",
      "refused: port 1 is not in VLAN 7",
      `refused: there is no entry of ${MAC1} at port 1`,
      "refused: port 1 has no carrier, and nothing can be learned behind it",
    ]);
  });

  it("without a VLAN is meant for all of the port's", () => {
    const vlans = [
      { port: 1, vid: 10 },
      { port: 1, vid: 20 },
    ];
    const header = { ports: 2, options: { vlanFiltering: true, vlans } };
    const decisions = trace([header, { at: 0, fdbAdd: { ...entry, kind: "static" } }, { at: 0, snapshot: "s" }]);
    expect(decisions).toMatchObject([
      { did: `static entry: ${MAC1} is at port 1 in VLANs 10, 20 and outside of all` },
      { rows: [{ vlan: 0 }, { vlan: 10 }, { vlan: 20 }] },
    ]);
  });
});
