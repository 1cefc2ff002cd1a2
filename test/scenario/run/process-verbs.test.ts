/** Verbs about keepalived's processes, its configuration, its version, and what a person types on a host. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { memoryFiles } from "../language/files.ts";
import { holders, play, transitions } from "./stage.ts";

const STEADY = ["INIT BACKUP startup", "BACKUP MASTER master-down-timer"];
const steps = (timeline: string[]) =>
  play({ timeline })
    .happenings.filter(({ kind }) => kind === "step")
    .map(({ text }) => text);

describe("kill of one process", () => {
  it("parent: the child says farewell", () => {
    const result = play({ timeline: ["at: 6s, kill: { host: vm-A, process: parent }"] });
    expect(transitions(result, "vm-A")).toEqual([...STEADY, "MASTER STOPPED stopped"]);
    const [outage] = result.report.probes[0]!.outages;
    expect(outage!.until - outage!.from).toBeLessThan(0.7);
  });

  it("child: it comes back, waits and preempts", () => {
    const result = play({ until: "14s", timeline: ["at: 6s, kill: { host: vm-A, process: child }"] });
    expect(transitions(result, "vm-A")).toEqual([...STEADY, "MASTER STOPPED killed", ...STEADY]);
    expect(holders(result)).toEqual(["vm-A garp-request", "vm-B garp-request", "vm-A garp-request"]);
  });

  it("both, or none named: as ever", () => {
    const both = play({ timeline: ["at: 6s, kill: { host: vm-A, process: both }"] });
    expect(both.report.vrrp).toEqual(play({ timeline: ["at: 6s, kill: vm-A"] }).report.vrrp);
    expect(both.report.vrrp).toEqual(
      play({ timeline: ["at: 6s, kill: { host: vm-A, daemon: keepalived }"] }).report.vrrp,
    );
  });

  it("is told", () => {
    expect(steps(["at: 6s, kill: { host: vm-A, process: child }"])).toEqual(["keepalived's child process is killed"]);
  });
});

describe("reload", () => {
  it("gives keepalived another configuration, whose addresses may be expected", () => {
    const result = play({
      until: "14s",
      timeline: ["at: 6s, reload: { host: vm-A, keepalived: excluding.conf }"],
      expect: ["at: 8s, holder: { of: 10.0.1.77, is: vm-A }", "at: 5s, holder: { of: 10.0.1.77, is: null }"],
    });
    expect(transitions(result, "vm-A")).toEqual(STEADY);
    expect(result.report.outcome).toBe("pass");
    expect(result.happenings.find(({ kind }) => kind === "step")!.text).toBe(
      "keepalived is told to read its new configuration",
    );
  });

  it("of what does not run is read at its start", () => {
    const result = play({
      a: "keepalived: a.conf, autostart: false",
      timeline: ["at: 1s, reload: { host: vm-A, keepalived: excluding.conf }", "at: 2s, start: vm-A"],
      expect: ["at: 8s, holder: { of: 10.0.1.77, is: vm-A }"],
    });
    expect(result.report.outcome).toBe("pass");
  });
});

describe("pause and resume", () => {
  it("a machine stands still, and goes on", () => {
    const result = play({ until: "16s", timeline: ["at: 6s, pause: vm-A", "at: 12s, resume: vm-A"] });
    expect(transitions(result, "vm-A")).toEqual(STEADY);
    expect(transitions(result, "vm-B")).toEqual([...STEADY, "MASTER BACKUP higher-priority-advert"]);
    expect(holders(result)).toEqual(["vm-A garp-request", "vm-B garp-request", "vm-A garp-request"]);
  });

  it("of a server, all its hosts do", () => {
    const scenario = loadScenario(
      "s.yaml",
      `name: s
until: 8s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  a: { subnet: app, address: 10.0.1.1 }
  b: { subnet: app, address: 10.0.1.2 }
  client: { subnet: app, address: 10.0.1.3 }
servers: { one: { hosts: [a, b] } }
probes:
  to-a: { from: client, to: a, every: 100ms, until: 5s }
timeline:
  - { at: 2s, pause: one }
  - { at: 3s, resume: one }
`,
      memoryFiles({}),
    );
    const { report, happenings } = runScenario(scenario, {});
    expect(report.probes[0]).toMatchObject({ sent: 50, answered: 50 });
    expect(happenings.filter(({ kind }) => kind === "step").map(({ who, text }) => `${who} ${text}`)).toEqual([
      "one STANDS STILL, and a, b on it",
      "one goes on, and a, b on it",
    ]);
  });
});

describe("command", () => {
  it("ip addr del of the virtual address: its master gives up for its skew", () => {
    const result = play({ timeline: ["at: 6s, command: { host: vm-A, run: ip addr del 10.0.1.50/32 dev eth0 }"] });
    expect(transitions(result, "vm-A")).toEqual([...STEADY, "MASTER BACKUP address-deleted", STEADY[1]]);
    expect(result.happenings.find(({ kind }) => kind === "step")!.text).toBe(
      "somebody types ip addr del 10.0.1.50/32 dev eth0",
    );
  });

  it.each([["ip a add"], ["ip address add"], ["ip addr add"]])("%s: the host answers for the address", (command) => {
    const { report } = play({
      timeline: [`at: 6s, command: { host: vm-B, run: ${command} 10.0.1.60/24 dev eth0 }`],
      more: "  other: { subnet: app, address: 10.0.1.101 }\n",
      probe: " }\n  to-60: { from: other, to: 10.0.1.60, every: 1s, at: 7.5s",
    });
    expect(report.probes[1]!.answered).toBe(report.probes[1]!.sent);
  });

  it("ip address delete of the own address: FAULT", () => {
    const run = "ip address delete 10.0.1.11/24 dev eth0";
    const result = play({ timeline: [`at: 6s, command: { host: vm-A, run: ${run} }`] });
    expect(transitions(result, "vm-A").at(-1)).toBe("MASTER FAULT source-address-missing");
  });
});

describe("what changes nothing, or not yet, says so", () => {
  it.each([
    ["pause: vm-A", "STANDS STILL, but it does so already", ["at: 1s, pause: vm-A"]],
    ["pause: vm-A", "STANDS STILL, but it is down", ["at: 1s, crash: vm-A"]],
    ["resume: vm-A", "goes on, but it did not stand still", []],
    ["stop: vm-A", "keepalived is stopped in good order, once the machine goes on", ["at: 1s, pause: vm-A"]],
    [
      "reload: { host: vm-A, keepalived: b.conf }",
      "keepalived is told to read its new configuration, once the machine goes on",
      ["at: 1s, pause: vm-A"],
    ],
    [
      "command: { host: vm-A, run: ip addr del 10.0.1.11/24 dev eth0 }",
      "somebody types ip addr del 10.0.1.11/24 dev eth0, but the machine is down",
      ["at: 1s, crash: vm-A"],
    ],
  ])("%s: %s", (step, text, before) => {
    const timeline = [...before, `at: 2s, ${step}`];
    expect(steps(timeline).at(-1)).toBe(text);
    expect(play({ timeline }).report.vrrp).toEqual(play({ timeline: before }).report.vrrp);
  });
});

describe("version", () => {
  it("decides what keepalived does: 2.3.4 heeds an advert with other addresses", () => {
    const files = {
      "a.conf": conf(100, "    10.0.1.60\n"),
      "b.conf": conf(90, ""),
    };
    const masters = (version: string) => {
      const scenario = loadScenario(
        "s.yaml",
        `name: s
until: 8s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  a: { subnet: app, address: 10.0.1.1, keepalived: a.conf }
  b: { subnet: app, address: 10.0.1.2, keepalived: { file: b.conf, version: ${version} } }
`,
        memoryFiles(files),
      );
      return runScenario(scenario, {})
        .report.vrrp.filter(({ to }) => to === "MASTER")
        .map(({ host }) => host);
    };
    expect(masters("2.2.7")).toEqual(["a", "b"]);
    expect(masters("2.3.4")).toEqual(["a"]);
  });
});

function conf(priority: number, more: string): string {
  return `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  priority ${priority}\n  virtual_ipaddress {\n    10.0.1.50\n${more}  }\n}\n`;
}
