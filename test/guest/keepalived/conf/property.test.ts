import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BFD_KEYWORDS } from "../../../../src/guest/keepalived/conf/bfd.ts";
import { resolveAgainstHost } from "../../../../src/guest/keepalived/conf/host.ts";
import { INSTANCE_KEYWORDS } from "../../../../src/guest/keepalived/conf/instance.ts";
import { REAL_SERVER_KEYWORDS } from "../../../../src/guest/keepalived/conf/lvs/real-server.ts";
import { VIRTUAL_SERVER_KEYWORDS } from "../../../../src/guest/keepalived/conf/lvs/virtual-server.ts";
import { verdict } from "../../../../src/guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { ROOT_KEYWORDS } from "../../../../src/guest/keepalived/conf/root.ts";
import { TRACK_PROCESS_KEYWORDS } from "../../../../src/guest/keepalived/conf/track-process.ts";
import { CORPUS } from "./corpus.ts";
import { HOST, inMemory } from "./samples.ts";

function judge(text: string): "clean" | "error" | "fatal" {
  const conf = parseKeepalivedConf("main", text, inMemory({ self: text }), { configId: "a" });
  for (const instance of conf.instances) {
    expect(instance.vrid).toBeGreaterThanOrEqual(1);
    expect(instance.basePriority).toBeGreaterThanOrEqual(1);
    expect(instance.basePriority).toBeLessThanOrEqual(255);
    expect(Number.isSafeInteger(instance.advertIntervalNs) && instance.advertIntervalNs > 0).toBe(true);
    expect(instance.addresses.every(({ address }) => address.length === (instance.family === 4 ? 4 : 16))).toBe(true);
  }
  return verdict([...conf.diagnostics, ...resolveAgainstHost(conf, HOST)]);
}

const VIPS = "virtual_ipaddress {\n10.0.1.50\n}\n";

const word = fc.oneof(
  fc.constantFrom(...ROOT_KEYWORDS.keys(), ...INSTANCE_KEYWORDS.keys()),
  fc.constantFrom(...BFD_KEYWORDS.keys(), ...TRACK_PROCESS_KEYWORDS.keys(), "group", "track_group"),
  fc.constantFrom(...VIRTUAL_SERVER_KEYWORDS.keys(), ...REAL_SERVER_KEYWORDS.keys(), "fwmark", "url", "10.0.1.50-60"),
  fc.constantFrom("{", "}", "eth0", "51", "10.0.1.50/24", "fe80::1", "PASS", "MASTER", "-5", "1.5", "on", "weight"),
  fc.constantFrom("#", "!", '"', "\\", "@a", "@^b", "$A=", "$A", `\${A}`, `\${B}`, "~SEQ(A, 1, 3)", "~LST(A, 1, {2})"),
  fc.constantFrom("include self", "include *", "includea none", "'", "\t", "\r", "\0", "é"),
  fc.string({ maxLength: 6 }),
);
const line = fc.array(word, { maxLength: 5 }).map((words) => words.join(" "));
const anything = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(line, { maxLength: 30 }).map((lines) => lines.join("\n")),
);

describe("keepalived.conf: any text", () => {
  it("is judged and never thrown out", () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(["clean", "error", "fatal"]).toContain(judge(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("means the same with other line ends and indentation", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CORPUS), fc.constantFrom("\r\n", "  # note\n", "\n\n"), ({ text, files }, end) => {
        if (files !== undefined || /["\\]/.test(text)) return;
        expect(judge(text.replaceAll("\n", `${end}\t `))).toBe(judge(text));
      }),
    );
  });

  it("stays within its time for large files of any shape", () => {
    const shapes = [
      (i: number) => `unknown${i} x\n`,
      (i: number) => `vrrp_script s${i} {\nscript /bin/true\n}\n`,
      (i: number) => `vrrp_instance V${i} {\ninterface e${i}\nvirtual_router_id 1\nuse_vmac v${i}\n}\n`,
      (i: number) => `vrrp_instance V${i} {\ninterface e${i}\nvirtual_router_id 1\nuse_vmac\n${VIPS}}\n`,
      (i: number) => `virtual_server 10.0.1.50 80 {\nreal_server 10.1.${i >> 8}.${i & 255} 80 {\n}\n}\n`,
      (i: number) => `${i === 0 ? "virtual_server 10.0.1.50 80 {\n" : ""}real_server 10.1.0.1 ${i + 1} {\n}\n`,
      (i: number) => `${i === 0 ? "virtual_server_group G {\n" : ""}10.0.1.50 ${i + 1}\n`,
      (i: number) => `static_ipaddress {\n10.0.1.5 dev e${i} track_group G\n}\n`,
      () => "a {\n",
      () => "}\n",
      () => "vrrp_instance V {\n",
      (i: number) => `$V${i}=x\n$U \${V${i}}\n`,
      () => `"{`,
      () => "#",
    ];
    for (const shape of shapes) {
      const lines = shape(0).split("\n").length;
      const text = Array.from({ length: 20_000 / lines }, (_, i) => shape(i)).join("");
      const start = performance.now();
      parseKeepalivedConf("main", text, inMemory());
      expect(performance.now() - start, text.slice(0, 40)).toBeLessThan(8_000);
    }
  });
});
