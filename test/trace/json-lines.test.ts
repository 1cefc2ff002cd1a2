import { describe, expect, it } from "vitest";
import { readTrace } from "../../src/trace/read-trace.ts";
import { BROADCAST, hex, host, lines, mistakes, read } from "./inputs.ts";

const FRAME = hex(BROADCAST, host(1));
const GOOD = { at: 1, port: 0, frame: FRAME };

describe("an input of JSON lines", () => {
  it("says what there is, and when", () => {
    const source = read(
      lines(
        {
          ports: 3,
          ageingSeconds: 1.5,
          options: { portFlags: { "2": { learning: false } }, groupFwdMask: 8, hostMtu: 90 },
        },
        { at: 0.1, port: 1, frame: FRAME.toUpperCase() },
        { at: 0.1, portDown: 2, by: "hostEnd", tookMs: 4 },
        { at: 0.2, portUp: 2 },
        { at: 0.2, portRemove: 2 },
        { at: 0.2, portAdd: 2 },
        { at: 0.3, portFlags: { port: 0, isolated: true, flood: false } },
        { at: 0.3, fdbAdd: { mac: "02:00:00:00:00:0A", port: 1, kind: "sticky", vlan: 7 } },
        { at: 0.3, fdbDel: { mac: "02:00:00:00:00:0a", port: 1 } },
        { at: 0.4, flush: true },
        { at: 0.4, ageing: 0 },
        { at: 0.5, snapshot: "end" },
      ),
    );
    expect(source.setup).toEqual({
      ports: 3,
      ageingMs: 1500,
      portFlags: new Map([[2, { learning: false }]]),
      groupForwardMask: 8,
      portMtu: 1500,
      hostMtu: 90,
      vlans: null,
      bridgeMac: null,
      portMacs: [],
    });
    expect(source.warnings).toEqual([]);
    const bytes = new Uint8Array(Buffer.from(FRAME, "hex"));
    const mac = { hi: 0x0002, lo: 0x0a000000 };
    const at = (step: number, seconds: number) => ({ place: { step, atNs: Math.round(seconds * 1e9) } });
    expect([...source.steps()]).toEqual([
      { ...at(0, 0.1), do: "frame", port: 1, bytes, offset: 0, octets: 60 },
      { ...at(1, 0.1), do: "carrier", port: 2, up: false, by: "hostEnd" },
      { ...at(2, 0.2), do: "carrier", port: 2, up: true, by: "port" },
      { ...at(3, 0.2), do: "member", port: 2, joins: false },
      { ...at(4, 0.2), do: "member", port: 2, joins: true },
      { ...at(5, 0.3), do: "flags", port: 0, flags: { isolated: true, flood: false } },
      { ...at(6, 0.3), do: "add", kind: "sticky", mac, port: 1, vlan: 7 },
      { ...at(7, 0.3), do: "delete", mac, port: 1, vlan: null },
      { ...at(8, 0.4), do: "flush" },
      { ...at(9, 0.4), do: "ageing", ageingMs: 0 },
      { ...at(10, 0.5), do: "snapshot", name: "end" },
    ]);
  });

  it("may begin with a recording's fields, and with a byte order mark, and have empty lines", () => {
    const recording = {
      name: "x",
      why: "y",
      kernel: "z",
      kernelNote: "",
      notes: [],
      seed: 1,
      deliveries: [],
      snapshots: {},
      altered: {},
    };
    expect(mistakes(`\ufeff${lines({ ...recording, ports: 2, options: {} }, "", "  ", GOOD)}\r\n`)).toEqual([]);
    expect([...read(lines({ ports: 2 }, "", GOOD)).steps()]).toHaveLength(1);
  });

  it("needs no header where the ports are known", () => {
    expect([...read(lines(GOOD, GOOD), 2).steps()].map(({ place }) => place.step)).toEqual([0, 1]);
  });

  it("may be walked through again, and says how far it is", () => {
    const source = read(lines({ ports: 2 }, GOOD, GOOD));
    expect(source.progress).toBe(1);
    const first = source.steps()[Symbol.iterator]();
    first.next();
    expect(source.progress).toBeGreaterThan(0);
    expect(source.progress).toBeLessThan(1);
    expect([...source.steps()]).toEqual([...source.steps()]);
  });

  it("unrolls a batch: one step, and a place in it for each frame", () => {
    const batch = { sources: host(1) + host(2), destinations: BROADCAST, ports: "10" };
    const [, second] = read(lines({ ports: 2 }, { at: 0, batch })).steps();
    const bytes = new Uint8Array(Buffer.from(`${BROADCAST}${host(2)}88b54b5600000001`, "hex"));
    expect(second).toEqual({
      place: { step: 0, frame: 1, atNs: 0 },
      do: "frame",
      port: 0,
      bytes,
      offset: 0,
      octets: 20,
    });
    expect([
      ...read(lines({ ports: 2 }, { at: 0, batch: { ...batch, destinations: host(3) + host(4) } })).steps(),
    ]).toHaveLength(2);
  });

  it("tells of what Linux refuses, and goes on without it", () => {
    const vlans = [
      { port: 0, vid: 0 },
      { port: 1, vid: 4095 },
      { port: 1, vid: 10 },
    ];
    const source = read(lines({ ports: 2, options: { groupFwdMask: 0x4004, vlanFiltering: true, vlans } }));
    expect(source.setup).toMatchObject({ groupForwardMask: 0, vlans: [{ port: 1, vid: 10 }] });
    expect(source.warnings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      "warning: a mask with one of its bits 0 to 2 is refused by Linux, and so nothing of 16388 is in force",
      "warning: VID 0 is refused by Linux, and so port 0 is in no such VLAN",
      "warning: VID 4095 is refused by Linux, and so port 1 is in no such VLAN",
    ]);
  });
});

describe("VLANs", () => {
  const vlans = [{ port: 0, vid: 10 }];

  it("are warned of where the switch looks at no tags", () => {
    const of = (options: object) => read(lines({ ports: 2, options })).warnings.map(({ message }) => message);
    expect(of({ vlans })).toEqual(["the VLANs change nothing, because the switch looks at no tags"]);
    expect(of({ vlans, vlanFiltering: false })).toHaveLength(1);
    expect(of({ vlans, vlanFiltering: true })).toEqual([]);
  });
});

describe("a mistake in a header", () => {
  it.each([
    [{}, "1:1: error: the header needs the key 'ports'", 'as in "ports": 1'],
    [{ port: 4 }, "1:2: error: the header has no key 'port'", "did you mean 'ports'?"],
    [{ ports: 0 }, "1:10: error: expected a number of ports from 1 to 1024, got 0", "lies outside"],
    [{ ports: "4" }, '1:10: error: expected a number of ports from 1 to 1024, got "4"', "without quotes"],
    [{ ports: 2.5 }, "got 2.5", "a whole number"],
    [{ ports: 4096 }, "got 4096", "lies outside"],
    [{ ports: 2, ageing: 3 }, "1:12: error: the header has no key 'ageing'", "did you mean 'ageingSeconds'?"],
    [{ ports: 2, ageingSeconds: -1 }, "1:28: error: expected an ageing time from 0 to 1000000 seconds, got -1", ""],
    [{ ports: 2, options: [] }, "1:22: error: expected an object, got []", 'as in "options": {…}'],
    [{ ports: 2, options: { hostMTU: 90 } }, "'options' has no key 'hostMTU'", "did you mean 'hostMtu'?"],
    [{ ports: 2, options: { portMtu: 20 } }, "expected an MTU from 68 to 65535, got 20", ""],
    [{ ports: 2, options: { groupFwdMask: 65536 } }, "expected a mask from 0 to 65535, got 65536", ""],
    [{ ports: 2, options: { portFlags: { "2": {} } } }, "expected a port from 0 to 1, got '2'", "learning"],
    [
      { ports: 2, options: { portFlags: { flood: true } } },
      "got 'flood'",
      'flags stand below a port: {"0": {"flood": …}}',
    ],
    [
      { ports: 2, options: { portFlags: { "1": { floood: true } } } },
      "'1' has no key 'floood'",
      "did you mean 'flood'?",
    ],
    [
      { ports: 2, options: { portFlags: { "1": { flood: "off" } } } },
      'expected true or false, got "off"',
      "without quotes",
    ],
    [{ ports: 2, options: { vlans: {} } }, "expected a list of VLANs of ports, got {}", 'as in "vlans": […]'],
    [{ ports: 2, options: { vlans: [7] } }, "expected a VLAN of a port, got 7", '"vid": 10'],
    [{ ports: 2, options: { vlans: [{ port: 0, vid: 5000 }] } }, "expected a VID from 1 to 4094, got 5000", ""],
    [
      { ports: 2, options: { vlans: [{ port: 0, vid: 5, tagged: true }] } },
      "has no key 'tagged'",
      "did you mean 'untagged'?",
    ],
    [{ ports: 2, bridgeMac: "02:00" }, 'expected a MAC address, got "02:00"', "six octets with colons"],
    [{ ports: 1, portMacs: ["02:00:00:00:00:01", "x"] }, "2 MAC addresses, and 1 ports", "one for each port"],
    [{ ports: 2, portMacs: ["02:00:00:00:00:01", "x"] }, '1:44: error: expected a MAC address, got "x"', "six octets"],
    [
      { ports: 2, steps: [] },
      "1:12: error: steps stand on lines of their own, behind the header",
      "jq -c 'del(.steps), .steps[]' FILE",
    ],
  ])("%j", (header, says, helps) => {
    const found = mistakes(lines(header, GOOD));
    const told = found.find((text) => text.includes(says));
    expect(told).toContain(helps);
    expect(told).toMatch(/^x\.jsonl:1:\d+: error: /);
  });

  it("may be that the command line says otherwise", () => {
    expect(mistakes(lines({ ports: 3 }, GOOD), 4)[0]).toContain(
      "1:10: error: the header says 3 ports, and --ports says 4",
    );
    expect(mistakes(lines({ ports: 3 }, GOOD), 3)).toEqual([]);
    expect(mistakes(lines({ ageingSeconds: 3 }, GOOD), 3)).toEqual([]);
  });
});

describe("a mistake in a step", () => {
  it.each([
    [{ at: 1, port: 0, frme: "ff" }, "there is no step 'frme'", "did you mean 'frame'?"],
    [{ at: 1, prot: 0, frme: "ff" }, "there is no step 'frme'", "did you mean 'frame'?"],
    [{ at: 1, explode: 0 }, "2:9: error: there is no step 'explode'", "there are frame, portDown"],
    [{ at: 1, port: 0 }, "2:1: error: this step says nothing", "it needs one of frame, portDown"],
    [{ at: 1, ports: 3 }, "2:9: error: a header stands on the first line only", "put it first"],
    [{ at: 1, portDown: 0, flush: true }, "this one says portDown and flush", "make a line of each"],
    [{ portDown: 0 }, "the step 'portDown' needs the key 'at'", 'as in "at": 0'],
    [{ at: "1", portDown: 0 }, '2:7: error: expected a time from 0 to 9007199 seconds, got "1"', "without quotes"],
    [{ at: -1, portDown: 0 }, "got -1", "lies outside"],
    [{ at: 1e300, portDown: 0 }, "got 1e+300", "lies outside"],
    [
      { at: 1, port: 2, frame: FRAME },
      "2:16: error: expected a port from 0 to 1, got 2",
      "ports count from 0, and there are 2",
    ],
    [{ at: 1, port: 0.5, frame: FRAME }, "got 0.5", "whole"],
    [{ at: 1, frame: FRAME }, "the step 'frame' needs the key 'port'", ""],
    [
      { at: 1, port: 0, frame: "fff" },
      "3 hexadecimal digits are no whole number of octets",
      "two digits for each octet",
    ],
    [{ at: 1, port: 0, frame: "ff:ff" }, "its character 3 is ':'", "nothing between"],
    [{ at: 1, port: 0, frame: "0xff" }, "its character 2 is 'x'", "nothing between"],
    [{ at: 1, port: 0, frame: "00".repeat(262_145) }, "a frame of 262145 octets", "262144 octets at most"],
    [{ at: 1, port: 0, frame: 12 }, "expected a text, got 12", "in double quotes"],
    [{ at: 1, port: 0, frame: FRAME, tag: 1 }, "the step 'frame' has no key 'tag'", ""],
    [{ at: 1, portDown: 0, by: "host" }, `'by' cannot be "host"`, "did you mean 'hostEnd'?"],
    [{ at: 1, portFlags: { port: 0, lerning: true } }, "'portFlags' has no key 'lerning'", "did you mean 'learning'?"],
    [{ at: 1, portFlags: { learning: true } }, "'portFlags' needs the key 'port'", ""],
    [{ at: 1, portFlags: true }, "expected an object, got true", ""],
    [
      { at: 1, fdbAdd: { mac: "020000000001", port: 0, kind: "static" } },
      'expected a MAC address, got "020000000001"',
      "02:00:00:00:00:01",
    ],
    [{ at: 1, fdbAdd: { mac: "02:00:00:00:00:01", port: 0, kind: "permanent" } }, "'kind' cannot be", "there are"],
    [{ at: 1, fdbAdd: { mac: "02:00:00:00:00:01", port: 0 } }, "'fdbAdd' needs the key 'kind'", '"kind": "dynamic"'],
    [
      { at: 1, fdbAdd: { mac: "02:00:00:00:00:01", port: 0, kind: "static", vid: 7 } },
      "'fdbAdd' has no key 'vid'",
      "vlan",
    ],
    [
      { at: 1, fdbDel: { mac: "02:00:00:00:00:01", port: 0, vlan: 4096 } },
      "expected a VID from 1 to 4094, got 4096",
      "",
    ],
    [{ at: 1, flush: false }, "expected true, got false", '"flush": true'],
    [{ at: 1, ageing: 1_000_001 }, "expected an ageing time from 0 to 1000000 seconds", ""],
    [{ at: 1, snapshot: true }, "expected a text, got true", ""],
    [
      { at: 1, batch: { sources: host(1), destinations: host(2), ports: "2" } },
      "frame 0 comes in at port 2",
      "ports 0 to 1",
    ],
    [
      { at: 1, batch: { sources: host(1), destinations: host(2), ports: "01" } },
      "2 frames, and 12 digits",
      "12 digits for each",
    ],
    [{ at: 1, batch: { sources: host(1), destinations: "ff", ports: "0" } }, "1 frames, and 2 digits", "12 for all"],
    [
      { at: 1, batch: { sources: host(1), destinations: BROADCAST, ports: "g" } },
      "character 1 is no hexadecimal digit",
      "",
    ],
    ['{"at": 1, "portDown": 0,}', "2:25: error: no JSON: a comma stands before the }", "take it away"],
    ["[]", "2:1: error: expected an object, got []", "as in"],
    ["null", "expected an object, got null", "as in"],
  ] as [object | string, string, string][])("%j", (step, says, helps) => {
    const found = mistakes(lines({ ports: 2 }, step, GOOD));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
    expect(found[0]).toContain(helps);
    expect(found[0]).toMatch(/^x\.jsonl:2:\d+: error: /);
  });

  it("may be that time goes back", () => {
    const found = mistakes(lines({ ports: 2 }, GOOD, { ...GOOD, at: 0.5 }, { ...GOOD, at: 2 }));
    expect(found).toEqual([
      "x.jsonl:3:7: error: time goes back: 0.5 s stands behind 1 s\n    steps stand in the order in which they happen",
    ]);
  });

  it("does not hide the others: all are told at once", () => {
    const found = mistakes(lines({ ports: 2 }, { at: 1, port: 9, frame: "xx" }, "{", { at: 2, flush: 1, x: 1 }));
    expect(found.map((text) => text.split("\n")[0]!.slice(8))).toEqual([
      "2:16: error: expected a port from 0 to 1, got 9",
      "2:26: error: a frame is hexadecimal, and its character 1 is 'x'",
      "3:2: error: no JSON: the line ends, and the { at column 1 is not closed",
      "4:17: error: expected true, got 1",
      "4:19: error: the step 'flush' has no key 'x'",
    ]);
  });
});

describe("an input that asks for too much", () => {
  it("nests a value so deep that it cannot be written again", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(mistakes(`{"at":0,"port":0,"frame":${deep}}\n`, 2)).toEqual([
      expect.stringMatching(/^x\.jsonl:1:26: error: expected a text, got \[…\n/),
    ]);
    expect(mistakes(`{"at":0,"port":0,"frame":{"a":${deep}}}\n`, 2)[0]).toContain("expected a text, got {…");
  });

  it("has a line that is longer than any step", () => {
    const long = `{"at":0,"snapshot":"${"x".repeat(8 << 20)}"}`;
    expect(mistakes(lines({ ports: 2 }, long))).toEqual([
      expect.stringMatching(/^x\.jsonl:2:1: error: a line of 8388630 octets\n.* 8388608 octets at most/),
    ]);
  });
});

describe("an input that is something else", () => {
  it.each(["name: my-failover\nuntil: 20s\n", "# a scenario\nname: x\n", "---\nname: x\n", "\ufeffname: x\n"])(
    "looks like a scenario: %j",
    (text) => {
      const [found, ...more] = mistakes(text, 3);
      expect(found).toMatch(/^x\.jsonl:\d+:1: error: this is no JSON, and looks like a scenario\n/);
      expect(found).toContain("viplane run x.jsonl --pcap - | viplane trace -");
      expect(more).toEqual([]);
    },
  );

  it("is no network of a capture", () => {
    expect(() => readTrace("x.jsonl", new TextEncoder().encode(lines({ ports: 2 })), { network: "app" })).toThrow(
      /no network can be chosen/,
    );
  });
});

describe("a file that is none", () => {
  it.each([
    ["", "x.jsonl: error: the input is empty"],
    [" \n\n", "x.jsonl: error: the input is empty"],
    ["hello\n", "x.jsonl:1:1: error: no JSON: expected a value, got 'hello'"],
    ['{"name": "x",\n"ports": 4}\n', "jq -c 'del(.steps), .steps[]' FILE"],
    ["\u001f\u008b\u0008\u0000", "this is no capture"],
    ["\u0000\u0000\u0000\u0000", "this is no capture"],
  ])("%j is told in one message", (text, says) => {
    const found = mistakes(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it("needs to be told how many ports there are", () => {
    expect(mistakes(lines(GOOD, { at: 0 }))).toEqual([
      'x.jsonl:1:1: error: how many ports the switch has is not said\n    say --ports 4, or begin with a header: {"ports": 4}',
    ]);
  });
});
