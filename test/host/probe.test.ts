/** Probes: what is sent when, and to which question an answer belongs. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { NO_ANSWER, Probe, type ProbeOptions } from "../../src/host/probe.ts";
import { arp, echo } from "./frames.ts";
import { HOST_MAC, ip, LoneHost } from "./lone-host.ts";

const PEER = "02:00:00:00:00:0a";
const TO = "10.0.0.50";

/** A host that knows the peer's MAC, and a probe of it. */
function probed(options: Partial<ProbeOptions> = {}) {
  const host = new LoneHost(["10.0.0.1/24", "2001:db8::1/64"]);
  host.nic.neighbours4.reachableNs = 1e15;
  host.deliver(arp({ operation: 1, senderMac: PEER, senderIp: TO, targetIp: "10.0.0.1" }));
  host.ask(TO);
  host.deliver(
    arp({ operation: 2, senderMac: PEER, senderIp: TO, targetMac: HOST_MAC, targetIp: "10.0.0.1", to: HOST_MAC }),
  );
  host.takeSent();
  const probe = new Probe({
    name: "ping",
    nic: host.nic,
    to: ip(TO),
    kind: "icmp",
    everyNs: NS_PER_S,
    fromNs: NS_PER_S,
    untilNs: Number.POSITIVE_INFINITY,
    ...options,
  });
  const answers = (sequence: number) =>
    host.deliver(echo({ from: PEER, source: TO, destination: "10.0.0.1", identifier: 61_000, sequence, reply: true }));
  return { host, probe, answers };
}

describe("questions", () => {
  it("are asked at a fixed pace from the first moment on, until the last, which is none", () => {
    const { host, probe } = probed({ fromNs: 2 * NS_PER_S, everyNs: 100 * NS_PER_MS, untilNs: 2.5 * NS_PER_S });
    host.runTo(10);
    expect(Array.from(probe.sentNs.subarray(0, probe.sent), (atNs) => atNs / NS_PER_MS)).toEqual([
      2000, 2100, 2200, 2300, 2400,
    ]);
    expect(host.sent.length).toBe(5);
  });

  it.each([
    ["icmp", "ICMP echo request, id 61000, seq 0, length 64"],
    ["udp", "UDP 61000 > 7, length 56"],
  ] as const)("by %s are frames of 98 octets", (kind, text) => {
    const { host } = probed({ kind });
    host.runTo(1.5);
    expect(host.sent[0]!.bytes.length).toBe(98);
    expect(host.takeSent()[0]).toContain(text);
  });

  it("are not asked, nor counted, while the client's machine is gone", () => {
    const { host, probe } = probed();
    host.runTo(2.5);
    host.host.crash();
    host.runTo(5.5);
    host.host.boot();
    host.runTo(7.5);
    expect(Array.from(probe.sentNs.subarray(0, probe.sent), (atNs) => atNs / NS_PER_S)).toEqual([1, 2, 6, 7]);
  });

  it("are remembered beyond the first thousand", () => {
    const { host, probe, answers } = probed({ everyNs: NS_PER_MS });
    host.runTo(4.5);
    answers(3000);
    expect(probe.sent).toBe(3501);
    expect(probe.sentNs[3000]).toBe(4 * NS_PER_S);
    expect(probe.answeredNs[3000]).toBe(4.5 * NS_PER_S);
  });
});

describe("answers", () => {
  it("belong to the question with their number; a second one is a duplicate", () => {
    const { host, probe, answers } = probed();
    host.runTo(3.5);
    answers(1);
    answers(1);
    answers(0);
    expect([probe.sent, probe.answered, probe.duplicates]).toEqual([3, 2, 1]);
    expect(Array.from(probe.answeredNs.subarray(0, 3), (atNs) => atNs / NS_PER_S)).toEqual([
      3.5,
      3.5,
      NO_ANSWER / NS_PER_S,
    ]);
  });

  it("to what was never asked are ignored", () => {
    const { host, probe, answers } = probed();
    answers(0);
    host.runTo(2.5);
    answers(2);
    answers(65_535);
    expect([probe.answered, probe.duplicates]).toEqual([0, 0]);
  });

  it("after 65,536 questions belong to the latest with their number", () => {
    const { host, probe, answers } = probed({ everyNs: NS_PER_MS / 10 });
    host.runTo(1 + 6.5536 + 0.00095);
    host.sent.length = 0;
    expect(probe.sent).toBe(65_536 + 10);
    answers(3);
    expect([probe.answeredNs[3], probe.answeredNs[65_536 + 3]! > 0]).toEqual([NO_ANSWER, true]);
    // Number 20 was not asked a second time yet: its answer is very late.
    answers(20);
    expect(probe.answeredNs[20]! > 0).toBe(true);
    expect(probe.answered).toBe(2);
  });

  it("over UDP are told apart by the port and the number in the data", () => {
    const { host, probe } = probed({ kind: "udp" });
    host.runTo(2.5);
    const question = host.sent[1]!.bytes;
    const answer = question.slice();
    answer.set(question.subarray(6, 12), 0);
    answer.set(question.subarray(0, 6), 6);
    answer.set(question.subarray(30, 34), 26);
    answer.set(question.subarray(26, 30), 30);
    answer.set(question.subarray(36, 38), 34);
    answer.set(question.subarray(34, 36), 36);
    host.deliver(answer);
    expect(Array.from(probe.answeredNs.subarray(0, 2), (atNs) => atNs / NS_PER_S)).toEqual([NO_ANSWER / NS_PER_S, 2.5]);
  });
});

describe("recovery", () => {
  const recoveries = (act: (at: (seconds: number, ...sequences: number[]) => void) => void) => {
    const { host, probe, answers } = probed();
    const told: [number, number][] = [];
    probe.onRecovery = (first, answered) => told.push([first, answered]);
    act((seconds, ...sequences) => {
      host.runTo(seconds);
      for (const sequence of sequences) answers(sequence);
    });
    return told;
  };

  it("is told with the first lost question and the answered one", () => {
    expect(
      recoveries((at) => {
        at(1.1, 0);
        at(5.1, 4);
      }),
    ).toEqual([[1, 4]]);
  });

  it("is not told of the first answer of all, nor of a run without loss", () => {
    expect(
      recoveries((at) => {
        at(3.1, 2);
        at(4.1, 3);
        at(5.1, 4);
      }),
    ).toEqual([]);
  });

  it("is told for each loss", () => {
    expect(
      recoveries((at) => {
        at(1.1, 0);
        at(3.1, 2);
        at(6.1, 5);
      }),
    ).toEqual([
      [1, 2],
      [3, 5],
    ]);
  });
});
