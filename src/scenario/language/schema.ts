/**
 * The one description of the scenario language: the validator checks files against it, the JSON Schema for editors is
 * made from it. What it cannot say (that a name exists, that an address lies in its subnet) the `read-*` files judge.
 *
 * Unknown keys are errors everywhere; every key has a sentence.
 */
import { z } from "zod";
import { SYSTEM_NAMES, SYSTEMS } from "../../host/systems.ts";
import { NETWORK_LIMITS, ServerSchema, SubnetSchema } from "./schema-network.ts";
import { fileValue, processCount, VERB_SCHEMAS } from "./schema-verbs.ts";
import {
  address,
  duration,
  flag,
  hostName,
  interfaceAddress,
  list,
  mac,
  machineName,
  named,
  nicName,
  oneOrMany,
  reference,
  section,
  text,
  versionedConfiguration,
  wanted,
  wholeNumber,
  word,
  wordKey,
} from "./schema-words.ts";

export const LIMITS = {
  subnets: 256,
  hosts: 1024,
  nicsPerHost: 16,
  havips: 1024,
  probes: 256,
  steps: 10_000,
  expectations: 10_000,
} as const;

const nicShape = {
  mac: mac("Default: derived from the host's and the vNIC's names").optional(),
  address: oneOrMany(interfaceAddress("10.0.1.11"), 64, "The vNIC's own address, or a list; [] for none", 0).optional(),
  switch: reference(
    "a switch",
    "The switch of the subnet that it is plugged into; default: the only one",
    "rack-1",
  ).optional(),
};

const NicSchema = z
  .strictObject({ subnet: reference("a subnet's name", "The subnet it is plugged into", "app"), ...nicShape })
  .meta({ title: "vNIC", description: "A port of a subnet" })
  .register(wanted, { expected: "a vNIC such as { subnet: app, address: 10.0.1.11 }", owner: "a vNIC" });

const ScriptSchema = z
  .strictObject({
    exit: wholeNumber("Exit status until a `script` step changes it", 0, 255, 0).optional(),
    runs: duration("How long it runs before it ends", "20ms", "0s").optional(),
    ignoresTerm: flag("true: SIGTERM, which comes at its timeout, does not end it", false).optional(),
  })
  .meta({ title: "Tracked script", description: "What the command of a vrrp_script does on this host" })
  .register(wanted, { expected: "a script such as { exit: 0, runs: 20ms }", owner: "a script" });

/** Settings by their Linux names. That a name is known, and its value in range, is judged where the vNICs are known. */
function sysctlMap() {
  const value = z
    .int()
    .min(0)
    .register(wanted, {
      expected: "a whole number",
      hint: (found) =>
        typeof found === "boolean" ? `as sysctl has it: ${found ? 1 : 0}` : "as sysctl has it, without a unit",
    });
  return z
    .record(z.string().min(1).max(256), value)
    .meta({
      description: "Settings that it boots with, by their Linux names, as far as they matter on layer 2",
      examples: [{ "net.ipv4.conf.eth0.arp_accept": 1 }],
    })
    .register(wanted, { expected: "settings such as { net.ipv4.conf.eth0.arp_accept: 1 }" });
}

/** How it keeps its neighbours. */
function hostSystem() {
  const words = SYSTEMS.map(
    ({ name, title, unconfirmed }) => `${name}: ${title}${unconfirmed.length > 0 ? " [?]" : ""}`,
  );
  return z
    .enum(SYSTEM_NAMES)
    .register(wanted, { expected: "the name of a system such as windows" })
    .meta({
      description: `What it runs, which decides whom it believes to be where. [?]: parts are not confirmed. ${words.join(". ")}`,
      default: "linux",
    });
}

const HostSchema = z
  .strictObject({
    subnet: reference("a subnet's name", "Shorthand for nics: { eth0: { subnet: … } }", "app").optional(),
    ...nicShape,
    nics: named(nicName(), NicSchema, 1, LIMITS.nicsPerHost, "vNICs by name").optional(),
    system: hostSystem().optional(),
    sysctl: sysctlMap().optional(),
    "reachable-time": duration(
      "How long a confirmation of a neighbour lasts; default: drawn at random around base_reachable_time_ms",
      "29.9s",
    ).optional(),
    "arp-timeout": duration(
      "Of routers: how long what ARP has told is used without a question; default: 4 hours",
      "20m",
    ).optional(),
    keepalived: versionedConfiguration().optional(),
    autostart: flag("false: guest software waits for a `start` step", true).optional(),
    scripts: named(wordKey("chk"), ScriptSchema, 0, 256, "Tracked scripts by vrrp_script name").optional(),
    files: named(
      wordKey("load"),
      fileValue("The number in it until a `file` step changes it; default: there is no file, which counts as 0"),
      0,
      256,
      "Tracked files by track_file name",
    ).optional(),
    processes: named(
      wordKey("haproxy"),
      processCount("How many run until a `process` step changes it; default: as many as the quorum"),
      0,
      256,
      "Tracked processes by vrrp_track_process name",
    ).optional(),
    bfd: named(
      wordKey("to-router"),
      flag("Whether the session is up until a `bfd` step changes it", true),
      0,
      256,
      "BFD sessions by bfd_instance name",
    ).optional(),
  })
  .meta({ title: "Host", description: "A machine with one or more vNICs and its guest software" })
  .register(wanted, { expected: "a host such as { subnet: app, address: 10.0.1.11 }", owner: "a host" });

const HavipSchema = z
  .strictObject({
    subnet: reference("a subnet's name", "The subnet that the HAVIP and all its claimants share", "app"),
    address: address("The virtual address", "10.0.1.50"),
    claimants: list(reference("a host", "A host that may claim the address", "vm-A"), 1024)
      .optional()
      .meta({ description: "Hosts that may claim the address; default: all hosts of the subnet" }),
  })
  .meta({ title: "HAVIP", description: "A virtual address that the network knows about" })
  .register(wanted, { expected: "a HAVIP such as { subnet: app, address: 10.0.1.50 }", owner: "a HAVIP" });

const ProbeSchema = z
  .strictObject({
    from: reference("a host", "The host that sends", "client"),
    nic: reference("a vNIC", "The vNIC that it sends from; default: the one in the target's subnet", "eth0").optional(),
    to: reference("an address", "Where to: an address, or the name of a HAVIP or a host", "10.0.1.50"),
    kind: z.enum(["icmp", "udp", "tcp"]).optional().meta({
      description: "icmp: echo requests. udp: datagrams that are answered. tcp: connections",
      default: "icmp",
    }),
    port: wholeNumber("Of kind tcp: the port that is connected to", 1, 65_535, 80).optional(),
    connection: z.enum(["new", "kept"]).optional().meta({
      description: "Of kind tcp. new: each question opens a connection. kept: all are requests on one that lasts",
      default: "new",
    }),
    timeout: duration(
      "Of new connections: an attempt that has not succeeded by then is given up; at most 131s",
      "3s",
      "1s",
    ).optional(),
    every: duration("Time between requests", "10ms"),
    at: duration("First request", "5s", "0s").optional(),
    until: duration("No request from here on; default: the end of the run", "20s").optional(),
  })
  .meta({ title: "Probe", description: "Client traffic whose loss measures an outage" })
  .register(wanted, { expected: "a probe such as { from: client, to: 10.0.1.50, every: 10ms }", owner: "a probe" });

const StepSchema = z
  .strictObject({ at: duration("When, in virtual time since the start", "10s"), ...VERB_SCHEMAS })
  .meta({ title: "Step", description: "A moment and one verb", minProperties: 2, maxProperties: 2 })
  .register(wanted, { expected: "a step such as { at: 10s, crash: vm-A }", owner: "a step" });

const windowShape = {
  from: duration("The window begins; default: the start of the run", "10s").optional(),
  until: duration("The window ends; default: the end of the run", "20s").optional(),
};

const holderReference = (description: string) => reference("a host or a vNIC (host.nic)", description, "vm-A");

const HolderSchema = z
  .strictObject({
    of: reference("a HAVIP's name or a virtual address", "The HAVIP, or the virtual address itself", "web"),
    is: holderReference("Who holds it: a host, a vNIC (host.nic), or null for nobody").nullable().optional(),
    never: holderReference("Who does not hold it at any moment: a host or a vNIC (host.nic)").optional(),
    ...windowShape,
  })
  .meta({ title: "Holder", description: "Where the network delivers the traffic of a virtual address" })
  .register(wanted, { expected: "{ of: web, is: vm-A }", owner: "a holder expectation" });

const OutageSchema = z
  .strictObject({
    of: reference("a probe's name", "The probe", "client-to-web"),
    atMost: duration("No outage lasts longer", "3.7s"),
    atLeast: duration("The longest outage lasts at least so long", "1s").optional(),
    ...windowShape,
  })
  .meta({ title: "Outage", description: "How long a probe went unanswered" })
  .register(wanted, { expected: "{ of: client-to-web, atMost: 3.7s }", owner: "an outage expectation" });

const ExpectationSchema = z
  .strictObject({
    at: duration("The moment to judge", "9s").optional(),
    ...windowShape,
    holder: HolderSchema.optional(),
    outage: OutageSchema.optional(),
  })
  .meta({ title: "Expectation", description: "What must hold at a moment or in a window; default: the whole run" })
  .register(wanted, {
    expected: "an expectation such as { at: 9s, holder: { of: web, is: vm-A } }",
    owner: "an expectation",
  });

export const ScenarioSchema = z
  .strictObject({
    name: word("What reports call the scenario", "havip-failover"),
    description: text("What it shows", "vm-A crashes, vm-B takes over", 10_000).optional(),
    seed: wholeNumber("Same seed, same bytes out", 0, Number.MAX_SAFE_INTEGER, 1).optional(),
    until: duration("How long the run lasts, in virtual time", "30s"),
    subnets: named(wordKey("app"), SubnetSchema, 1, LIMITS.subnets, "Broadcast domains by name"),
    hosts: named(hostName(), HostSchema, 1, LIMITS.hosts, "Machines by name"),
    servers: section(
      named(
        machineName("server", "server-1"),
        ServerSchema,
        0,
        NETWORK_LIMITS.servers,
        "Physical machines that hosts stand on, by name",
      ),
    ),
    havips: section(
      named(wordKey("web"), HavipSchema, 0, LIMITS.havips, "Virtual addresses the network knows, by name"),
    ),
    probes: section(named(wordKey("client-to-web"), ProbeSchema, 0, LIMITS.probes, "Client traffic by name")),
    timeline: section(list(StepSchema, LIMITS.steps).meta({ description: "What happens when, one verb a step" })),
    expect: section(list(ExpectationSchema, LIMITS.expectations).meta({ description: "What decides pass or fail" })),
  })
  .meta({ title: "viplane scenario", description: "Hosts, subnets, faults and expectations of one simulated run" })
  .register(wanted, { expected: "a scenario with name, until, subnets and hosts", owner: "a scenario" });

/** What a file may hold, as written. */
export type ScenarioText = z.input<typeof ScenarioSchema>;

/** The JSON Schema (draft 7, which editors know best) of scenario files. */
export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(ScenarioSchema, { target: "draft-07", io: "input" });
  return { $schema, $id: "urn:viplane:scenario:1", ...schema };
}
