/** Datagrams that nobody wants: what is said to their senders, and how often. */
import { describe, expect, it } from "vitest";
import { arp, na, udp } from "./frames.ts";
import { HOST_MAC, LoneHost } from "./lone-host.ts";

const CLIENT = { from: "02:00:00:00:00:64", source: "10.0.0.100", destination: "10.0.0.1" };
const CLIENT6 = { from: "02:00:00:00:00:64", source: "2001:db8::100", destination: "2001:db8::1" };
const PORTS = { sourcePort: 40_000, destinationPort: 9 };

/** Knows both clients. */
function lone(): LoneHost {
  const host = new LoneHost(["10.0.0.1/24", "2001:db8::1/64"]);
  host.deliver(arp({ operation: 1, senderMac: CLIENT.from, senderIp: CLIENT.source, targetIp: "10.0.0.1" }));
  host.ask(CLIENT6.source);
  host.deliver(
    na({ from: CLIENT6.from, target: CLIENT6.source, flags: 0x60, mac: CLIENT6.from, destination: "2001:db8::1" }),
  );
  host.takeSent();
  return host;
}

describe("a datagram for a port that nobody listens at", () => {
  it("is answered with its beginning, over IPv4 within 576 octets", () => {
    const host = lone();
    for (const data of [8, 900]) host.deliver(udp({ ...CLIENT, ...PORTS, data }));
    expect(host.sent.map(({ bytes }) => [bytes[23], bytes[34], bytes[35], bytes.length])).toEqual([
      [1, 3, 3, 14 + 20 + 8 + 36],
      [1, 3, 3, 14 + 576],
    ]);
    expect(Buffer.from(host.sent[0]!.bytes.subarray(42))).toEqual(
      Buffer.from(udp({ ...CLIENT, ...PORTS, data: 8 }).subarray(14)),
    );
    expect(host.slab.inUse).toBe(0);
  });

  it("over IPv6 within 1280", () => {
    const host = lone();
    for (const data of [8, 1400]) host.deliver(udp({ ...CLIENT6, ...PORTS, data }));
    expect(host.sent.map(({ bytes }) => [bytes[20], bytes[54], bytes[55], bytes.length])).toEqual([
      [58, 1, 4, 14 + 40 + 8 + 56],
      [58, 1, 4, 14 + 1280],
    ]);
  });

  it.each([
    ["to a group", { ...CLIENT, destination: "224.0.0.1", to: "01:00:5e:00:00:01" }],
    ["from everybody", { ...CLIENT, source: "255.255.255.255" }],
    ["from nobody", { ...CLIENT, source: "0.0.0.0" }],
    ["for somebody else", { ...CLIENT, destination: "10.0.0.9" }],
    ["for another MAC", { ...CLIENT, to: "02:00:00:00:00:99" }],
    ["with the echo port as its source", { ...CLIENT, ...PORTS, sourcePort: 7 }],
  ])("%s: nothing is said", (_what, frame) => {
    const host = lone();
    host.deliver(udp({ ...PORTS, ...frame }));
    expect(host.sent).toEqual([]);
  });

  it.each([
    ["IPv4: six are saved up, then one a second", CLIENT, 6 + 6],
    ["IPv6: six are saved up, then four a second", CLIENT6, 6 + 27],
  ])("%s", (_what, client, wanted) => {
    const host = lone();
    for (let ms = 0; ms < 7_000; ms += 20) {
      host.runTo(ms / 1000);
      host.deliver(udp({ ...client, ...PORTS }));
    }
    const errors = host.sent.filter(({ bytes }) => bytes[23] === 1 || (bytes[20] === 58 && bytes[54] === 1));
    expect(errors).toHaveLength(wanted);
  });

  it("each destination by itself", () => {
    const host = new LoneHost(["10.0.0.1/16"]);
    for (let i = 0; i < 300; i++) {
      const senderIp = `10.0.1.${i % 100}`;
      host.deliver(arp({ operation: 1, senderMac: CLIENT.from, senderIp, targetIp: "10.0.0.1", to: HOST_MAC }));
      host.takeSent();
      host.deliver(udp({ ...CLIENT, ...PORTS, source: senderIp }));
      expect(host.takeSent()).toHaveLength(1);
    }
  });
});
