/** A host's TCP, segment by segment: the server at every port, what is refused, and what is sent again when. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readI32 } from "../../src/base/bytes.ts";
import { NS_PER_S } from "../../src/base/units.ts";
import type { TcpConnection } from "../../src/host/tcp-connection.ts";
import type { TcpEnding } from "../../src/host/tcp-user.ts";
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from "../../src/wire/tcp.ts";
import { arp, ns, type TcpFrame, tcp } from "./frames.ts";
import { HOST_MAC, ip, LoneHost } from "./lone-host.ts";

const PEER = "02:00:00:00:00:0a";
const V4 = { from: PEER, source: "10.0.0.77", destination: "10.0.0.1" };
const V6 = { from: PEER, source: "2001:db8::77", destination: "2001:db8::1" };

interface Sent {
  readonly atNs: number;
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly octets: number;
}

/** A host that knows the peer's MAC, and reads of what it sends. */
function stage() {
  const host = new LoneHost(["10.0.0.1/24", "2001:db8::1/64"]);
  for (const { neighbours4, neighbours6 } of [host.nic]) neighbours4.reachableNs = neighbours6.reachableNs = 1e15;
  host.deliver(arp({ operation: 1, senderMac: PEER, senderIp: V4.source, targetIp: V4.destination }));
  host.ask(V4.source);
  host.deliver(
    arp({
      operation: 2,
      senderMac: PEER,
      senderIp: V4.source,
      targetMac: HOST_MAC,
      targetIp: V4.destination,
      to: HOST_MAC,
    }),
  );
  host.deliver(ns({ from: PEER, source: V6.source, target: V6.destination, mac: PEER }));
  host.takeSent();
  /** TCP segments since the last call. */
  const segments = (): Sent[] =>
    host.sent.splice(0).flatMap(({ atNs, bytes }) => {
      const isIpv4 = bytes[12] === 0x08 && bytes[13] === 0;
      const at = 14 + (isIpv4 ? 20 : 40);
      if (bytes[isIpv4 ? 23 : 20] !== 6) return [];
      const octets = bytes.length - at - (bytes[at + 12]! >> 4) * 4;
      const [sequence, acknowledgment] = [readI32(bytes, at + 4), readI32(bytes, at + 8)];
      return [{ atNs, flags: bytes[at + 13]!, sequence, acknowledgment, octets }];
    });
  return { host, segments, deliver: (frame: TcpFrame) => host.deliver(tcp(frame)) };
}

/** A connection that the peer has opened; `send` sends the next octets, `told` what the server has said so far. */
function opened(ends: typeof V4 = V4) {
  const { host, segments, deliver } = stage();
  deliver({ ...ends, flags: TCP_SYN, sequence: 999, maximum: 1460 });
  const [synAck] = segments();
  const first = (synAck!.sequence + 1) | 0;
  const segment = (fields: Partial<TcpFrame>) =>
    deliver({ ...ends, flags: TCP_ACK, sequence: 1000, acknowledgment: first, ...fields });
  segment({});
  return { host, segments, segment, first, synAck: synAck! };
}

describe.each([
  ["IPv4", V4],
  ["IPv6", V6],
])("the server at every port over %s", (_family, ends) => {
  it("takes a connection, and answers as many octets as it gets", () => {
    const { segments, segment, first, synAck } = opened(ends);
    expect(synAck).toMatchObject({ flags: TCP_SYN | TCP_ACK, acknowledgment: 1000 });
    expect(segments()).toEqual([]);
    segment({ flags: TCP_PSH | TCP_ACK, data: 64 });
    expect(segments()).toMatchObject([{ flags: TCP_PSH | TCP_ACK, sequence: first, acknowledgment: 1064, octets: 64 }]);
  });

  it("knows nothing after it has started anew, and says so", () => {
    const { host, segments, segment, first } = opened(ends);
    host.host.crash();
    host.host.boot();
    expect(host.host.tcp.count).toBe(0);
    host.deliver(arp({ operation: 1, senderMac: PEER, senderIp: V4.source, targetIp: V4.destination }));
    host.deliver(ns({ from: PEER, source: V6.source, target: V6.destination, mac: PEER }));
    segment({ flags: TCP_PSH | TCP_ACK, data: 64 });
    expect(segments()).toMatchObject([{ flags: TCP_RST, sequence: first, acknowledgment: 0 }]);
  });
});

describe("what belongs to nothing", () => {
  it.each([
    ["an acknowledgment", TCP_ACK, 0, { flags: TCP_RST, sequence: 500, acknowledgment: 0 }],
    ["data that acknowledges", TCP_PSH | TCP_ACK, 10, { flags: TCP_RST, sequence: 500, acknowledgment: 0 }],
    ["data that does not", TCP_PSH, 10, { flags: TCP_RST | TCP_ACK, sequence: 0, acknowledgment: 310 }],
    ["a farewell", TCP_FIN, 0, { flags: TCP_RST | TCP_ACK, sequence: 0, acknowledgment: 301 }],
  ])("is refused: %s", (_what, flags, data, expected) => {
    const { segments, deliver } = stage();
    deliver({ ...V4, flags, data, sequence: 300, acknowledgment: 500 });
    expect(segments()).toMatchObject([{ ...expected, octets: 0 }]);
  });

  it.each([
    ["a refusal", { ...V4, flags: TCP_RST | TCP_ACK }],
    ["what comes from everybody", { ...V4, source: "255.255.255.255", flags: TCP_ACK }],
    ["what comes from nobody", { ...V4, source: "0.0.0.0", flags: TCP_SYN }],
  ])("is left alone: %s", (_what, frame) => {
    const { host, segments, deliver } = stage();
    deliver(frame);
    expect([segments(), host.host.tcp.count]).toEqual([[], 0]);
  });

  it("is counted where its checksum is wrong", () => {
    const { host, segments } = stage();
    const frame = tcp({ ...V4, flags: TCP_SYN });
    frame[40]! ^= 1;
    host.deliver(frame);
    expect([segments(), host.host.packetsMalformed]).toEqual([[], 1]);
  });
});

describe("an open connection", () => {
  it("ends with RST of exactly the next number, and doubts any other", () => {
    const { host, segments, segment, first } = opened();
    segment({ flags: TCP_RST, sequence: 1005 });
    expect(segments()).toMatchObject([{ flags: TCP_ACK, sequence: first, acknowledgment: 1000 }]);
    segment({ flags: TCP_RST, sequence: 999 });
    expect([segments(), host.host.tcp.count]).toEqual([[], 1]);
    segment({ flags: TCP_RST, sequence: 1000 });
    expect(host.host.tcp.count).toBe(0);
  });

  it("acknowledges a gap at once, and what closes it as a whole", () => {
    const { segments, segment } = opened();
    segment({ flags: TCP_PSH | TCP_ACK, sequence: 1064, data: 64 });
    segment({ flags: TCP_PSH | TCP_ACK, sequence: 1128, data: 64 });
    expect(segments()).toMatchObject([{ acknowledgment: 1000 }, { acknowledgment: 1000 }]);
    segment({ flags: TCP_PSH | TCP_ACK, sequence: 1000, data: 64 });
    expect(segments()).toMatchObject([{ acknowledgment: 1192, octets: 192 }]);
  });

  it("acknowledges again what comes again, and answers it once", () => {
    const { segments, segment, first } = opened();
    segment({ flags: TCP_PSH | TCP_ACK, data: 64 });
    segments();
    segment({ flags: TCP_PSH | TCP_ACK, data: 64 });
    expect(segments()).toMatchObject([{ flags: TCP_ACK, sequence: first + 64, acknowledgment: 1064, octets: 0 }]);
  });

  it("sends the oldest again at the third duplicate acknowledgment, once", () => {
    const { segments, segment, first } = opened();
    for (let i = 0; i < 6; i++) segment({ flags: TCP_PSH | TCP_ACK, sequence: 1000 + 64 * i, data: 64 });
    expect(segments().map(({ sequence }) => sequence - first)).toEqual([0, 64, 128, 192, 256, 320]);
    const duplicate = () => segment({ sequence: 1384 });
    duplicate();
    duplicate();
    expect(segments()).toEqual([]);
    duplicate();
    expect(segments()).toMatchObject([{ sequence: first, octets: 64 }]);
    duplicate();
    expect(segments()).toEqual([]);
    // A second gap: what is acknowledged now leads up to it.
    segment({ sequence: 1384, acknowledgment: first + 128 });
    expect(segments()).toMatchObject([{ sequence: first + 128, octets: 64 }]);
    segment({ sequence: 1384, acknowledgment: first + 384 });
    expect(segments()).toEqual([]);
  });

  it("answers what does not fit twice a second at most", () => {
    const { host, segments, segment, first } = opened();
    for (let i = 0; i < 10; i++) segment({ acknowledgment: (first + 1000) | 0 });
    expect(segments().length).toBe(1);
    host.runTo(0.5);
    segment({ flags: TCP_SYN, sequence: 77 });
    expect(segments()).toMatchObject([{ flags: TCP_ACK, acknowledgment: 1000 }]);
  });

  it("answers a farewell with RST", () => {
    const { host, segments, segment } = opened();
    segment({ flags: TCP_FIN | TCP_ACK });
    expect(segments()).toMatchObject([{ flags: TCP_RST | TCP_ACK }]);
    expect(host.host.tcp.count).toBe(0);
  });

  it("sends nothing from an address that the host has lost", () => {
    const { host, segments, segment } = opened();
    segment({ flags: TCP_PSH | TCP_ACK, data: 64 });
    expect(segments().length).toBe(1);
    host.host.deleteAddress(host.nic, ip("10.0.0.1"));
    host.runTo(3);
    expect(segments()).toEqual([]);
  });
});

/** What the program at this end hears. */
function client(host: LoneHost) {
  const heard: string[] = [];
  const connection = host.host.tcp.connect(host.nic, ip("10.0.0.1"), ip(V4.source), 80, {
    onOpen: () => heard.push("open"),
    onData: (_connection: TcpConnection, octets: number) => heard.push(`${octets} octets`),
    onClosed: (_connection: TcpConnection, ending: TcpEnding) =>
      heard.push(`${ending} at ${(host.nowNs / NS_PER_S).toFixed(0)} s`),
  });
  return { connection, heard };
}

/** Seconds since the first of them, each at most as late as the kernel's timers may be: an eighth of what was waited for. */
function expectWaits(segments: readonly Sent[], expected: readonly number[]): void {
  const waits = segments.slice(1).map(({ atNs }, i) => (atNs - segments[i]!.atNs) / NS_PER_S);
  expect(waits.length).toBe(expected.length);
  for (const [i, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(expected[i]!);
    expect(wait).toBeLessThanOrEqual(expected[i]! * 1.14 + 0.004);
  }
}

describe("a SYN that nobody answers", () => {
  it("is sent again 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s after the first, and given up after 131", () => {
    const { host, segments } = stage();
    const { heard } = client(host);
    host.runTo(200);
    const syns = segments();
    expect(syns.every(({ flags }) => flags === TCP_SYN)).toBe(true);
    expect(new Set(syns.map(({ sequence }) => sequence)).size).toBe(1);
    expectWaits(syns, [1, 1, 1, 1, 1, 2, 4, 8, 16, 32]);
    expect(heard.length).toBe(1);
    expect(heard[0]).toMatch(/^timed-out at 1(3[1-9]|4\d) s$/);
    expect(host.host.tcp.count).toBe(0);
  });

  it("and its acknowledgment, at the server, five times", () => {
    const { host, segments, deliver } = stage();
    deliver({ ...V4, flags: TCP_SYN });
    host.runTo(200);
    expectWaits(segments(), [1, 2, 4, 8, 16]);
    expect(host.host.tcp.count).toBe(0);
  });
});

describe("a client", () => {
  const answered = (stand = stage()) => {
    const { host, segments, deliver } = stand;
    const { connection, heard } = client(host);
    const [syn] = segments();
    const ends = { ...V4, sourcePort: 80, destinationPort: connection.localPort };
    const answer = (fields: Partial<TcpFrame>) =>
      deliver({ ...ends, flags: TCP_ACK, sequence: 1, acknowledgment: (syn!.sequence + 1) | 0, ...fields });
    return { ...stand, connection, heard, syn: syn!, answer };
  };

  it("is refused by RST", () => {
    const { heard, answer } = answered();
    answer({ flags: TCP_RST | TCP_ACK, sequence: 0 });
    expect(heard).toEqual(["refused at 0 s"]);
  });

  it("refuses what acknowledges another SYN, and believes no RST that does", () => {
    const { heard, segments, answer, syn } = answered();
    answer({ flags: TCP_SYN | TCP_ACK, acknowledgment: syn.sequence });
    expect(segments()).toMatchObject([{ flags: TCP_RST, sequence: syn.sequence }]);
    answer({ flags: TCP_RST | TCP_ACK, acknowledgment: syn.sequence });
    answer({ flags: TCP_RST, acknowledgment: 0 });
    expect(heard).toEqual([]);
  });

  it("sends lost data again 0.2, 0.6, 1.4, 3.0, 6.2, 12.6, 25.4 and 51 s after, up to 15 times, some 925 s", () => {
    const { host, connection, heard, segments, answer } = answered();
    host.runTo(0.0002);
    answer({ flags: TCP_SYN | TCP_ACK, maximum: 1460 });
    expect(segments()).toMatchObject([{ flags: TCP_ACK }]);
    host.runTo(1);
    connection.write(64);
    host.runTo(1300);
    const data = segments();
    expect(data.every(({ octets }) => octets === 64)).toBe(true);
    expectWaits(data, [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 120, 120, 120, 120, 120]);
    expect(heard[0]).toBe("open");
    expect(heard[1]).toMatch(/^timed-out at (9[2-9]\d|10[0-4]\d) s$/);
    expect(connection.retransmissions).toBe(15);
  });

  it("sends what was written meanwhile in one segment, and goes on where it left off once it is acknowledged", () => {
    const { host, connection, segments, answer, syn } = answered();
    answer({ flags: TCP_SYN | TCP_ACK, maximum: 1460 });
    for (let i = 0; i < 100; i++) {
      host.runTo(1 + i / 100);
      connection.write(64);
    }
    const first = (syn.sequence + 1) | 0;
    const before = segments().filter(({ octets }) => octets > 0);
    // Ten at once (the first congestion window), then only the oldest, with what fits behind it.
    expect(before.slice(0, 10).map(({ sequence }) => sequence - first)).toEqual(
      Array.from({ length: 10 }, (_, i) => 64 * i),
    );
    expect(before.slice(10).map(({ sequence, octets }) => [sequence - first, octets])).toEqual([
      [0, 1344],
      [0, 1460],
    ]);
    answer({ acknowledgment: (first + 1460) | 0 });
    expect(segments().map(({ sequence, octets }) => [sequence - first, octets])).toEqual([
      [1460, 1460],
      [2920, 1460],
    ]);
  });

  it("keeps its neighbour confirmed by acknowledgments alone, whoever it is", () => {
    const { host, connection, answer, syn } = answered();
    answer({ flags: TCP_SYN | TCP_ACK, maximum: 1460 });
    host.nic.neighbours4.reachableNs = NS_PER_S;
    for (let i = 0; i < 100; i++) {
      host.runTo(1 + i / 2);
      connection.write(64);
      answer({ acknowledgment: (syn.sequence + 1 + 64 * (i + 1)) | 0 });
      expect(host.entry(V4.source)).toMatch(/^(REACHABLE|DELAY|STALE) /);
    }
    const questions = host.sent.filter(({ bytes }) => bytes[12] === 0x08 && bytes[13] === 0x06);
    expect(questions).toEqual([]);
  });

  it("forgets its connections when the machine goes, and hears nothing more", () => {
    const { host, heard, answer } = answered();
    host.host.crash();
    host.host.boot();
    answer({ flags: TCP_SYN | TCP_ACK });
    host.runTo(200);
    expect(heard).toEqual([]);
  });
});

describe("room", () => {
  it("for 4,096 connections; then the oldest that is not used goes", () => {
    const { host, segments, segment, first } = opened();
    segment({ flags: TCP_PSH | TCP_ACK, data: 64 });
    segment({ sequence: 1064, acknowledgment: (first + 64) | 0 });
    for (let i = 0; i < 5000; i++)
      host.deliver(tcp({ ...V4, flags: TCP_SYN, sourcePort: 1000 + (i % 30_000), destinationPort: 443 }));
    expect(host.host.tcp.count).toBe(4096);
    segments();
    segment({ flags: TCP_PSH | TCP_ACK, sequence: 1064, acknowledgment: (first + 64) | 0, data: 64 });
    expect(segments()).toMatchObject([{ acknowledgment: 1128, octets: 64 }]);
    expect(host.slab.inUse).toBe(0);
  });
});

describe("any segments", () => {
  const word = fc.oneof(fc.integer({ min: -70_000, max: 70_000 }), fc.integer());
  const anySegment = fc.record({
    flags: fc.nat(0x3f),
    relative: word,
    acknowledged: word,
    data: fc.nat(200),
    window: fc.constantFrom(0, 1, 500, 64_240),
    sourcePort: fc.constantFrom(80, 40_000),
    destinationPort: fc.constantFrom(80, 0),
    maximum: fc.constantFrom(0, 1, 1460),
    pause: fc.constantFrom(0, 0, 0.1, 1, 30),
  });

  it("leave the host whole, and open for the next connection", () => {
    fc.assert(
      fc.property(fc.array(anySegment, { maxLength: 40 }), (script) => {
        const { host, segments, deliver } = stage();
        const { connection } = client(host);
        const syn = segments()[0]!.sequence;
        let now = 0;
        for (const { relative, acknowledged, destinationPort, pause, ...fields } of script) {
          const port = destinationPort === 0 ? connection.localPort : destinationPort;
          const acknowledgment = (syn + 1 + acknowledged) | 0;
          deliver({ ...V4, ...fields, destinationPort: port, sequence: relative, acknowledgment });
          if (connection.state === 3) connection.write(64);
          now += pause;
          host.runTo(now);
          // A segment makes an answer, and what the window lets through at most.
          expect(segments().length).toBeLessThanOrEqual(80);
        }
        host.runTo(now + 2000);
        segments();
        deliver({ ...V4, flags: TCP_SYN, sequence: 5, sourcePort: 777 });
        host.deliver(arp({ operation: 1, senderMac: PEER, senderIp: V4.source, targetIp: V4.destination }));
        host.runTo(now + 2010);
        expect(segments()).toContainEqual(expect.objectContaining({ flags: TCP_SYN | TCP_ACK, acknowledgment: 6 }));
        expect(host.slab.inUse).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
