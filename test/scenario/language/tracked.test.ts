/** What a host's keepalived tracks besides scripts: files, processes, BFD sessions, as keys of the host and as verbs of the timeline. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { memoryFiles } from "./files.ts";

const CONF = `track_file load {
  file /run/load
  weight 1
}
vrrp_track_process haproxy {
  process haproxy
  fork_delay 0.5
  quorum 2
}
bfd_instance to-peer {
  neighbor_ip 10.0.1.99
}
vrrp_script chk {
  script "/bin/check"
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  track_file {
    load
  }
  track_process {
    haproxy weight -10
  }
  track_bfd {
    to-peer weight -30
  }
  track_script {
    chk weight 5
  }
  virtual_ipaddress {
    10.0.1.50
  }
}
`;

/** The host stands on line 4, and the first step on line 7. */
const scenario = (host: string, ...steps: readonly string[]) => `name: x
until: 8s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts: { vm-A: { subnet: app, address: 10.0.1.11, keepalived: vm-a.conf${host} },
  client: { subnet: app } }
timeline:
${steps.map((step) => `  - { at: 2s, ${step} }\n`).join("")}`;

const load = (text: string): Scenario => loadScenario("x.yaml", text, memoryFiles({ "vm-a.conf": CONF }));

/** The first finding as `line: message (hint)`. */
function refusal(text: string): string {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { line, message, hint } = error.findings[0]!;
    return `${line}: ${message} (${hint ?? ""})`;
  }
  return "";
}

/** What happened in the run that is no step. */
function notes(text: string): string[] {
  return runScenario(load(text))
    .happenings.filter(({ kind }) => kind === "note")
    .map(({ atNs, text: told }) => `${atNs / 1e9} ${told}`);
}

describe("as keys of a host", () => {
  it("are known to the scenario, each by the name of its block", () => {
    const [host] = load(
      scenario(
        ", files: { load: 3 }, processes: { haproxy: 2 }, bfd: { to-peer: false }, scripts: { chk: { ignoresTerm: true } }",
      ),
    ).hosts;
    expect([...host!.files, ...host!.processes, ...host!.bfd]).toEqual([
      ["load", 3],
      ["haproxy", 2],
      ["to-peer", false],
    ]);
    expect(host!.scripts).toMatchObject([{ name: "chk", exit: 0, runsNs: 0, ignoresTerm: true }]);
  });

  it.each([
    [", files: { laod: 3 }", "4: this host's keepalived has no track_file 'laod' (did you mean 'load'?"],
    [", processes: { nginx: 3 }", "4: this host's keepalived has no vrrp_track_process 'nginx'"],
    [", bfd: { to-per: true }", "4: this host's keepalived has no bfd_instance 'to-per' (did you mean 'to-peer'?"],
    [", files: { load: 1.5 }", "4: load: expected a whole number"],
    [", files: { load: 2147483648 }", "4: load: expected a whole number"],
    [", processes: { haproxy: -1 }", "4: haproxy: expected a whole number"],
    [", bfd: { to-peer: down }", "4: to-peer: expected true or false"],
  ])("%s is refused", (host, expected) => {
    expect(refusal(scenario(host))).toContain(expected);
  });

  it("need a keepalived", () => {
    const text = scenario("").replace("client: { subnet: app }", "client: { subnet: app, bfd: { to-peer: true } }");
    expect(refusal(text)).toContain("5: host 'client' has bfd, but no keepalived that tracks them");
  });
});

describe("as verbs", () => {
  it("act at their moment", () => {
    const text = scenario(
      ", files: { load: 3 }, processes: { haproxy: 1 }",
      "file: { host: vm-A, name: load, value: -4 }",
      "file: { host: vm-A, path: /run/load, value: 0 }",
      "process: { host: vm-A, name: haproxy, count: 2 }",
      "process: { host: vm-A, name: haproxy, count: 1 }",
      "process: { host: vm-A, name: haproxy, count: 3, by: fork }",
      "bfd: { host: vm-A, name: to-peer, up: false }",
    );
    const told = notes(text).filter((note) => note.startsWith("2"));
    expect(told).toEqual([
      "2 VI_1: priority 98 → 91",
      "2 VI_1: priority 91 → 95",
      "2 process haproxy has its quorum",
      "2 VI_1: priority 95 → 105",
      "2 process haproxy has lost its quorum",
      "2 VI_1: priority 105 → 95",
      "2 BFD session to-peer is down",
      "2 VI_1: priority 95 → 65",
      "2.5 process haproxy has its quorum",
      "2.5 VI_1: priority 65 → 75",
    ]);
  });

  it("are told as steps", () => {
    const text = scenario(
      "",
      "bfd: { host: vm-A, name: to-peer, up: true }",
      "file: { host: vm-A, path: /run/load, value: 1 }",
    );
    const steps = runScenario(load(text)).happenings.filter(({ kind }) => kind === "step");
    expect(steps.map(({ who, text: told }) => `${who} ${told}`)).toEqual([
      "vm-A BFD session to-peer goes up",
      "vm-A file load holds 1 from now on",
    ]);
  });

  it.each([
    [
      "file: { host: vm-A, name: laod, value: 1 }",
      "7: name: the keepalived of 'vm-A' has no track_file 'laod' (did you mean 'load'?",
    ],
    [
      "file: { host: vm-A, path: /run/laod, value: 1 }",
      "7: path: the keepalived of 'vm-A' has no track_file with the path '/run/laod'",
    ],
    ["file: { host: vm-A, value: 1 }", "7: file: which file is it? (name: load"],
    [
      "file: { host: vm-A, name: load, path: /run/load, value: 1 }",
      "7: file: a file has its name or its path here, not both",
    ],
    ["file: { host: vm-A, name: load }", "7: file: a `file` step needs the key 'value'"],
    ["file: { host: client, name: load, value: 1 }", "7: host: 'client' runs no keepalived"],
    [
      "process: { host: vm-A, name: haproxi, count: 1 }",
      "7: name: the keepalived of 'vm-A' has no vrrp_track_process 'haproxi'",
    ],
    ["process: { host: vm-A, name: haproxy, count: 70000 }", "7: count: expected a whole number from 0 to 65535"],
    ["process: { host: vm-A, name: haproxy, count: 1, by: hand }", "7: by: expected exec or fork"],
    ["bfd: { host: vm-A, name: peer, up: false }", "7: name: the keepalived of 'vm-A' has no bfd_instance 'peer'"],
    ["bfd: { host: vm-A, name: to-peer }", "7: bfd: a `bfd` step needs the key 'up'"],
  ])("%s is refused", (step, expected) => {
    expect(refusal(scenario("", step))).toContain(expected);
  });
});
