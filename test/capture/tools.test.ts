/** Captures as Wireshark's own tools write them, and how Wireshark reads what is read here. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect } from "vitest";
import { itNeeds } from "../support/need.ts";
import { classicPcap } from "./build-capture.ts";
import { hex, readAll } from "./read-all.ts";

const folder = mkdtempSync(join(tmpdir(), "viplane-capture-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const recording = (name: string) => new URL(`../recordings/${name}.pcap`, import.meta.url).pathname;
const read = (path: string) => readAll(new Uint8Array(readFileSync(path)), path);

describe("editcap", () => {
  for (const format of ["pcap", "nsecpcap", "pcapng"]) {
    itNeeds("editcap", `writes ${format}, which reads as the recording does`, () => {
      const path = join(folder, `x.${format}`);
      execFileSync("editcap", ["-F", format, recording("split-brain"), path]);
      const [converted, original] = [read(path), read(recording("split-brain"))];
      expect(converted.format).toBe(format === "pcapng" ? "pcapng" : "pcap");
      const unitNs = format === "pcap" ? 1_000 : 1;
      const absolute = ({ first, frames }: typeof original) => {
        const zero = BigInt(first!.seconds) * 1_000_000_000n + BigInt(first!.nanoseconds);
        return frames.map(({ atNs }) => Number((zero + BigInt(atNs)) / BigInt(unitNs)));
      };
      expect(absolute(converted)).toEqual(absolute(original));
      expect(converted.frames.map(({ hex }) => hex)).toEqual(original.frames.map(({ hex }) => hex));
    });
  }

  itNeeds("editcap", "cuts frames off, which is told", () => {
    const path = join(folder, "short.pcapng");
    execFileSync("editcap", ["-s", "30", recording("split-brain"), path]);
    const [short, whole] = [read(path), read(recording("split-brain"))];
    expect(short.frames.map(({ originalOctets }) => originalOctets)).toEqual(
      whole.frames.map(({ originalOctets }) => originalOctets),
    );
    expect(short.frames.every(({ hex }) => hex.length === 60)).toBe(true);
  });
});

describe("mergecap", () => {
  itNeeds("mergecap", "writes one interface per file, in the order of time", () => {
    const path = join(folder, "merged.pcapng");
    execFileSync("mergecap", ["-I", "none", "-w", path, recording("split-brain"), recording("crash-and-return")]);
    const merged = read(path);
    expect(merged.interfaces).toHaveLength(2);
    const frames = ["split-brain", "crash-and-return"].flatMap((name) =>
      read(recording(name)).frames.map(({ hex }) => hex),
    );
    expect(merged.frames.map(({ hex }) => hex).sort()).toEqual(frames.sort());
  });
});

describe("tshark", () => {
  itNeeds("tshark", "numbers and times frames alike", () => {
    const args = [
      "-r",
      recording("v3-100ms"),
      "-T",
      "fields",
      "-e",
      "frame.number",
      "-e",
      "frame.time_relative",
      "-e",
      "frame.len",
    ];
    const rows = execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
      .trim()
      .split("\n");
    const frames = read(recording("v3-100ms")).frames;
    expect(rows).toEqual(
      frames.map(({ number, atNs, originalOctets }) => `${number}\t${(atNs / 1e9).toFixed(9)}\t${originalOctets}`),
    );
  });

  itNeeds("tshark", "finds the same in cooked captures", () => {
    const arp = "0001 0800 06 04 0001 020000000001 0a000132 000000000000 0a000132";
    const cooked = [
      [113, `0004 0001 0006 020000000001 0000 0806 ${arp}`, "sll.src.eth"],
      [276, `0806 0000 00000007 0001 04 06 020000000001 0000 ${arp}`, "sll.src.eth"],
    ] as const;
    for (const [linkType, octets, source] of cooked) {
      const path = join(folder, `${linkType}.pcap`);
      writeFileSync(path, classicPcap([{ seconds: 1, fraction: 0, bytes: hex(octets) }], { linkType }));
      const args = ["-r", path, "-T", "fields", "-e", source, "-e", "arp.src.proto_ipv4", "-e", "sll.pkttype"];
      const row = execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
      expect(row).toBe("02:00:00:00:00:01\t10.0.1.50\t4");
      expect(read(path).frames).toMatchObject([
        { hex: `ffffffffffff0200000000010806${arp.replaceAll(" ", "")}`, direction: "outbound" },
      ]);
    }
  });
});
