/** What a person is shown: every mistake once, in order of place, and no more than is known. */
import { describe, expect, it } from "vitest";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { toFinding } from "../../../../src/guest/keepalived/conf/to-finding.ts";
import { inMemory } from "./samples.ts";

function findings(...lines: string[]) {
  return parseKeepalivedConf("keepalived.conf", lines.join("\n"), inMemory()).diagnostics.map(toFinding);
}

const VIP = ["virtual_ipaddress {", "10.0.1.50", "}"];

describe("keepalived.conf: what is shown", () => {
  it.each([
    [
      ["state MASTER", "priority 150", "nopreempt"],
      "(VI_1) nopreempt will not work with initial state MASTER - clearing",
    ],
    [
      ["virtual_routes {", "10.9.0.0/16 via 10.0.1.1", "}"],
      "cannot track route 10.9.0.0/16 with no interface specified, not tracking",
    ],
  ])("leaves out keepalived's own word for the severity: %j", (lines, message) => {
    const shown = findings("vrrp_instance VI_1 {", "interface eth0", "virtual_router_id 51", ...lines, ...VIP, "}");
    expect(shown.filter(({ severity }) => severity === "error").map((finding) => finding.message)).toEqual([message]);
  });

  it("keeps what only looks like it", () => {
    const at = { file: "f", line: 1, column: 1, severity: "error", code: "x" } as const;
    const shown = (message: string) => toFinding({ ...at, message }).message;
    expect(shown("WARNING - interface eth7 doesn't exist")).toBe("interface eth7 doesn't exist");
    expect(shown("no Warning - at all")).toBe("no Warning - at all");
    expect(toFinding({ ...at, severity: "fatal", message: "WARNING - gone" }).message).toBe(
      "gone (keepalived would not run)",
    );
  });

  it("names a byte order mark, which nobody sees", () => {
    const [first] = findings("\ufeffvrrp_instance VI_1 {", "interface eth0", "}");
    expect(first).toMatchObject({ line: 1, column: 1, hint: expect.stringContaining("byte order mark") });
  });

  it("keeps what is fatal beyond all other mistakes, and not without end", () => {
    const fatal = Array.from({ length: 3000 }, (_, i) => `vrrp_instance V${i} {\ninterface eth0\n}`);
    const shown = findings(...Array.from({ length: 3000 }, () => "nonsense"), ...fatal);
    expect(shown.filter(({ message }) => message.startsWith("Unknown"))).toHaveLength(1000);
    expect(shown).toHaveLength(2000);
  });

  it("goes on after a fatal mistake, in order of the lines", () => {
    const shown = findings(
      "vrrp_instance VI_1 {",
      "interface eth0",
      "priority",
      "prioritty 20",
      "state MASTER",
      "nopreempt",
      "virtual_router_id",
      ...VIP,
      "}",
      "vrrp_instance VI_2 {",
      "interface eth0",
      "advert_int 900",
      ...VIP,
      "}",
    );
    expect(shown.map(({ line, message }) => `${line} ${message.replace(/^\*\*\*.*keyword/, "missing after")}`)).toEqual(
      [
        "3 missing after `priority` at word position 2 (keepalived would not run)",
        "4 Unknown keyword 'prioritty'",
        "7 missing after `virtual_router_id` at word position 2 (keepalived would not run)",
        "12 (VI_2) the virtual router id must be set (keepalived would not run)",
        "14 (VI_2) Advert interval (900) not valid! Must be > 0 - ignoring",
      ],
    );
  });

  it("names the place of an address given twice", () => {
    const shown = findings(
      "vrrp_instance VI_1 {",
      "interface eth0",
      "virtual_router_id 51",
      ...VIP,
      "}",
      "vrrp_instance VI_2 {",
      "interface eth0",
      "virtual_router_id 52",
      "virtual_ipaddress {",
      "10.0.1.51",
      "10.0.1.50/24 dev eth1",
      "10.0.1.51",
      "}",
      "}",
    );
    expect(shown).toEqual([
      {
        file: "keepalived.conf",
        line: 13,
        column: 1,
        severity: "warning",
        message: "(VI_2) 10.0.1.50 is a virtual address of VI_1 already",
        hint: "the first one is in line 5",
      },
      {
        file: "keepalived.conf",
        line: 14,
        column: 1,
        severity: "warning",
        message: "(VI_2) 10.0.1.51 is a virtual address of this instance already",
        hint: "the first one is in line 12",
      },
    ]);
  });

  it.each(["static_rules", "static_routes"])("admits that %s is not looked into, once", (head) => {
    const keyword = head.split(" ")[0];
    expect(findings(`${head} {`, "to 192.168.100./24", "}", `${head} {`, "}")).toMatchObject([
      { line: 1, severity: "warning", message: `${keyword}: accepted, not checked` },
    ]);
  });

  it("admits once that LVS has no effect", () => {
    const server = ["virtual_server 10.0.1.50 80 {", "lb_algo rr", "lb_kind NAT", "protocol TCP", "alpha", "}"];
    const warnings = findings("SSL {", "ca /ca.pem", "}", ...server, ...server).filter(
      ({ severity }) => severity === "warning",
    );
    expect(warnings).toMatchObject([{ line: 1, message: "LVS: checked, not simulated" }]);
  });

  it.each(["virtual_rules", "virtual_routes"])("admits that %s is not looked into, once", (keyword) => {
    const block = [`${keyword} {`, "to 192.168.100./24", "}"];
    const instance = [
      "vrrp_instance VI_1 {",
      "interface eth0",
      "virtual_router_id 51",
      ...VIP,
      ...block,
      ...block,
      "}",
    ];
    const warnings = findings(...instance).filter(({ message }) => message.includes("not checked"));
    expect(warnings).toMatchObject([{ line: 7, severity: "warning", message: `${keyword}: accepted, not checked` }]);
  });

  it.each([
    ["interval 0.5", { intervalNs: 1e9, timeoutNs: 1e9 }],
    ["interval 0", { intervalNs: 1e9 }],
    ["interval 2.5", { intervalNs: 2e9 }],
    ["interval -1", { intervalNs: 1e9 }],
    ["interval 5000", { intervalNs: 1e9 }],
    ["interval 3\ntimeout 0.5", { intervalNs: 3e9, timeoutNs: 1e9 }],
    ["interval 3\ntimeout -1", { intervalNs: 3e9, timeoutNs: 3e9 }],
    ["rise 0.5", { rise: 1 }],
    ["fall 2.5", { fall: 2 }],
  ])("a script's number in error is one finding, and what it comes to: %j", (lines, expected) => {
    const text = `vrrp_script chk {\nscript /bin/true\n${lines}\n}`;
    const conf = parseKeepalivedConf("keepalived.conf", text, inMemory());
    expect(conf.diagnostics.filter(({ severity }) => severity !== "warning")).toHaveLength(1);
    expect(conf.scripts).toMatchObject([expected]);
  });

  it.each(["0", "0.5"])("vrrp_garp_master_repeat %s comes to 1, as is said", (text) => {
    const conf = parseKeepalivedConf(
      "keepalived.conf",
      `global_defs {\nvrrp_garp_master_repeat ${text}\n}`,
      inMemory(),
    );
    expect(conf.globalDefs.garpMasterRepeat).toBe(1);
    expect(conf.diagnostics.map(({ message, hint }) => `${message} ${hint}`)).toMatchObject([
      expect.stringMatching(/setting to 1|here 1 is used/),
    ]);
  });
});
