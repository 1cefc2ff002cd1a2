/** Wireshark's own judgement of the captures: every octet is understood and every checksum is right. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PcapngWriter } from "../../src/observe/pcapng.ts";
import { readRecording } from "../fidelity/recording.ts";
import { replay } from "../fidelity/replay.ts";
import { itNeeds } from "../support/need.ts";
import { readPcap } from "../support/read-pcap.ts";
import { ROOT, TOPOLOGIES, viplane, workshop } from "./viplane.ts";

const RECORDINGS = readdirSync(`${ROOT}test/recordings`)
  .filter((name) => name.endsWith(".pcap"))
  .map((name) => name.replace(".pcap", ""));

/** Protocols with a checksum of their own, and the field that says whether it is right. ICMPv6, IGMP and VRRP are checked always. */
const CHECKSUMS: Readonly<Record<string, string>> = {
  ip: "ip.checksum.status",
  tcp: "tcp.checksum.status",
  udp: "udp.checksum.status",
  icmp: "icmp.checksum.status",
  icmpv6: "icmpv6.checksum.status",
  igmp: "igmp.checksum.status",
  vrrp: "vrrp.checksum.status",
};
const GOOD = "1";
const OPTIONS = [
  "-o",
  "ip.check_checksum:TRUE",
  "-o",
  "tcp.check_checksum:TRUE",
  "-o",
  "udp.check_checksum:TRUE",
  "-o",
  "vrrp.v3_checksum_as_in_v2:FALSE",
];
/** At a takeover two MAC addresses use one IP address: Wireshark points that out, and it is what happens. */
const EXPECTED_REMARK =
  /^(Duplicate IP address configured \([0-9.]+\)|(dropped: [a-z-]+,?)?(Connection (establish (request|acknowledge)|reset) \([A-Z+]+\)(: server port \d+)?)?)$/;
/** Where each frame is captured at every switch, TCP would seem to send all of it again. */
const EVERY_STEP = ["-o", "tcp.analyze_sequence_numbers:FALSE"];
/** What is remarked where a cable had no carrier: what was sent there was not captured, and is sent again. */
const SENT_AGAIN =
  /,?(This frame is a \(suspected\) (fast |spurious )?retransmission|Duplicate ACK \(#\d+\)|ACKed segment that wasn't captured \(common at capture start\))/g;

interface Judgement {
  readonly frames: number;
  /** How many frames had a protocol's checksum right. */
  readonly good: Readonly<Record<string, number>>;
  /** What is wrong, a line for each. */
  readonly faults: readonly string[];
  /** Frames in which TCP sends something again. */
  readonly sentAgain: number;
}

const TCP_OVER_IPV6 = `name: tcp
until: 8s
subnets: { lan: { cidr: "2001:db8::/64" } }
hosts:
  server: { subnet: lan, address: "2001:db8::1" }
  client: { subnet: lan, address: "2001:db8::2" }
probes:
  attempts: { from: client, to: server, kind: tcp, timeout: 3s, every: 50ms }
  requests: { from: client, to: server, kind: tcp, connection: kept, every: 10ms }
timeline:
  - { at: 2s, link-down: server }
  - { at: 3s, link-up: server }
  - { at: 5s, crash: server }
  - { at: 5.5s, restore: server }
`;

const shop = workshop();

/** What tshark makes of a capture file. */
function judge(path: string, options: readonly string[] = []): Judgement {
  const fields = [
    "frame.number",
    "frame.protocols",
    "_ws.malformed",
    "_ws.expert.message",
    ...Object.values(CHECKSUMS),
  ];
  const args = ["-r", path, ...OPTIONS, ...options, "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
  const { status, stdout, stderr } = spawnSync("tshark", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`tshark: ${stderr}`);
  const rows = stdout.split("\n").slice(0, -1);
  const good: Record<string, number> = {};
  let sentAgain = 0;
  const faults = rows.flatMap((row) => {
    const [number, protocols, malformed, remarks, ...states] = row.split("\t");
    const present = protocols!.split(":");
    const found = Object.keys(CHECKSUMS).flatMap((protocol, i) => {
      if (states[i] === GOOD) good[protocol] = (good[protocol] ?? 0) + 1;
      const isWanted = present.includes(protocol);
      return states[i] === (isWanted ? GOOD : "") ? [] : [`${protocol} checksum status ${states[i]}`];
    });
    if (malformed !== "" || protocols!.includes("malformed")) found.push("malformed");
    const others = remarks!.replaceAll(SENT_AGAIN, "");
    if (others !== remarks) sentAgain++;
    if (others !== "" && !EXPECTED_REMARK.test(others)) found.push(others);
    return found.map((fault) => `frame ${number} (${protocols}): ${fault}`);
  });
  return { frames: rows.length, good, faults, sentAgain };
}

describe("tshark reads", () => {
  for (const path of TOPOLOGIES) {
    const name = path.replace(/.*\/|\.yaml$/g, "");
    itNeeds("tshark", `${name}, with frames as they leave the switch`, async () => {
      const file = shop.at(`${name}.pcapng`);
      expect((await viplane(["run", path, "--pcap-egress", "--pcap", file])).status).toBe(0);
      const { frames, good, faults } = judge(file, EVERY_STEP);
      expect(faults).toEqual([]);
      expect(frames).toBe(readPcap(readFileSync(file)).length);
      const isDual = name === "lan-preemption";
      const hasTcp = name === "path-and-flow";
      const spoken = [
        "ip",
        "icmp",
        "vrrp",
        ...(name === "cloud-guide" ? [] : ["igmp"]),
        ...(isDual ? ["udp", "icmpv6"] : []),
        ...(hasTcp ? ["tcp"] : []),
      ];
      expect(Object.keys(good).sort()).toEqual(spoken.sort());
    });
  }

  itNeeds("tshark", "connections over IPv6 that are opened, kept, broken off and opened anew", async () => {
    const file = shop.at("tcp.pcapng");
    const { status } = await viplane(["run", "-", "--pcap", file], { input: TCP_OVER_IPV6 });
    expect(status).toBe(0);
    const { faults, good, sentAgain } = judge(file);
    expect(faults).toEqual([]);
    expect(good.tcp).toBeGreaterThan(1000);
    // A SYN and a request, after the link was down; and the request of the machine that had forgotten.
    expect(sentAgain).toBeGreaterThan(3);
  });

  for (const name of RECORDINGS) {
    itNeeds("tshark", `the replay of the recording ${name}`, () => {
      const writer = new PcapngWriter({ application: "a test" });
      const port = writer.addInterface("all");
      const frames = replay(readRecording(name));
      // A replay may begin a little before its recording.
      const firstNs = Math.min(...frames.map(({ atNs }) => atNs));
      for (const { atNs, bytes } of frames)
        writer.packet(port, atNs - firstNs, bytes, 0, bytes.length, "inbound", null);
      const file = shop.at(`${name}.pcapng`);
      writeFileSync(file, writer.finish());
      const judgement = judge(file);
      expect(judgement.faults).toEqual([]);
      expect(judgement.frames).toBe(frames.length);
      expect(judgement.good.vrrp).toBeGreaterThan(10);
    });
  }

  it("more than one recording", () => {
    expect(RECORDINGS.length).toBeGreaterThanOrEqual(12);
  });

  itNeeds("tshark", "and would see one wrong octet of any protocol", async () => {
    const file = shop.at("damaged.pcapng");
    await viplane(["run", TOPOLOGIES[2]!, "--pcap", file]);
    const capture = new Uint8Array(readFileSync(file));
    const packets = readPcap(capture);
    const first = (isWanted: (bytes: Uint8Array) => boolean) => packets.find(({ bytes }) => isWanted(bytes))!.bytes;
    const ipv4 = (bytes: Uint8Array) => bytes[12] === 0x08 && bytes[13] === 0x00;
    const ipv6 = (bytes: Uint8Array) => bytes[12] === 0x86 && bytes[13] === 0xdd;
    const damaged = [
      first((bytes) => ipv4(bytes) && bytes[23] === 1),
      first((bytes) => ipv4(bytes) && bytes[23] === 2),
      first((bytes) => ipv4(bytes) && bytes[23] === 112),
      first((bytes) => ipv6(bytes) && bytes[20] === 17),
      first((bytes) => ipv6(bytes) && bytes[20] === 58),
      first((bytes) => ipv6(bytes) && bytes[20] === 112),
    ];
    // The views are of the file itself.
    for (const bytes of damaged) bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file, capture);
    const { faults } = judge(file);
    for (const protocol of ["icmp", "igmp", "vrrp", "udp", "icmpv6"])
      expect(faults.join("\n")).toContain(`${protocol} checksum status 0`);
    expect(new Set(faults.map((fault) => fault.split(" ")[1]))).toHaveProperty("size", damaged.length);
  });
});
