/** The verbs of the timeline: what stands beside `at` in a step. */
import { z } from "zod";
import { FILE_VALUE_MAX, FILE_VALUE_MIN, PROCESSES_MAX } from "../../guest/keepalived/surroundings.ts";
import { impairment } from "./schema-impair.ts";
import { announcing, nicOf, paceShape, sending } from "./schema-sending.ts";
import {
  address,
  bit,
  configuration,
  duration,
  flag,
  list,
  mac,
  reference,
  text,
  wanted,
  wholeNumber,
  word,
} from "./schema-words.ts";

const host = (description: string) => reference("a host's name", description, "vm-A");

/** A host, or the host and the daemon on it: today there is one, so both mean the same. */
function daemonOf(description: string) {
  const both = z
    .strictObject({
      host: host("The host"),
      daemon: z
        .enum(["keepalived"])
        .register(wanted, { expected: "the name of a daemon: keepalived" })
        .optional()
        .meta({ description: "The daemon on it", default: "keepalived" }),
    })
    .register(wanted, { expected: "{ host: vm-A, daemon: keepalived }", owner: "{ host, daemon }" });
  return z
    .union([host("The host"), both])
    .meta({ description, examples: ["vm-A"] })
    .register(wanted, { expected: "a host such as vm-A, or { host: vm-A, daemon: keepalived }" });
}

const killed = z
  .strictObject({
    host: host("The host"),
    daemon: z
      .enum(["keepalived"])
      .register(wanted, { expected: "the name of a daemon: keepalived" })
      .optional()
      .meta({ description: "The daemon on it", default: "keepalived" }),
    process: z
      .enum(["parent", "child", "both"])
      .register(wanted, { expected: "parent, child or both" })
      .optional()
      .meta({
        description:
          "parent: its child ends in good order. child: the parent starts another, which removes the addresses. both: nobody is left",
        default: "both",
      }),
  })
  .register(wanted, { expected: "{ host: vm-A, process: child }", owner: "{ host, process }" });

const kill = z
  .union([host("The host"), killed])
  .meta({
    description: "The daemon dies at once (SIGKILL); the kernel lives on, addresses stay configured",
    examples: ["vm-A"],
  })
  .register(wanted, { expected: "a host such as vm-A, or { host: vm-A, process: child }" });

const reload = z
  .strictObject({ host: host("The host whose keepalived it is"), keepalived: configuration() })
  .register(wanted, { expected: "{ host: vm-A, keepalived: vm-a2.conf }", owner: "a `reload` step" });

const command = z
  .strictObject({
    host: host("The host on which it is typed"),
    run: text(
      "Of ip addr, ip link set, ip neigh, ip route, sysctl -w and arping what matters on layer 2",
      "ip addr del 10.0.1.50/32 dev eth0",
      1000,
    ),
  })
  .register(wanted, { expected: "{ host: vm-A, run: ip addr del 10.0.1.50/32 dev eth0 }", owner: "a `command` step" });

const machine = (description: string) => reference("a host's or a server's name", description, "vm-A");

const cable = (description: string) => reference("a host, a vNIC (host.nic) or a link", description, "vm-A.eth0");

const group = list(host("A host of this group"), 1024)
  .min(1)
  .register(wanted, {
    expected: "a group of hosts such as [vm-A, client]",
    hint: () => "a partition is a list of groups: partition: [[vm-A], [vm-B, client]]",
  });

const scriptChange = z
  .strictObject({
    host: host("The host that runs it"),
    name: reference("a vrrp_script", "Its name in the host's keepalived configuration", "chk"),
    exit: wholeNumber("The status it ends with from now on", 0, 255),
  })
  .register(wanted, { expected: "{ host: vm-A, name: chk, exit: 1 }", owner: "a `script` step" });

export const fileValue = (description: string) => wholeNumber(description, FILE_VALUE_MIN, FILE_VALUE_MAX);
export const processCount = (description: string) => wholeNumber(description, 0, PROCESSES_MAX);

const fileChange = z
  .strictObject({
    host: host("The host that has it"),
    name: reference("a track_file", "Its name in the host's keepalived configuration", "load").optional(),
    path: reference("a path", "Or where it is, as the configuration has it", "/run/load").optional(),
    value: fileValue("The number in it from now on"),
  })
  .register(wanted, { expected: "{ host: vm-A, name: load, value: 1 }", owner: "a `file` step" });

const processChange = z
  .strictObject({
    host: host("The host that they run on"),
    name: reference("a vrrp_track_process", "Its name in the host's keepalived configuration", "haproxy"),
    count: processCount("How many run from now on"),
    by: z.enum(["exec", "fork"]).register(wanted, { expected: "exec or fork" }).optional().meta({
      description:
        "How new ones come. exec: the program is started. fork: those that run make more; only for them fork_delay counts",
      default: "exec",
    }),
  })
  .register(wanted, { expected: "{ host: vm-A, name: haproxy, count: 0 }", owner: "a `process` step" });

const bfdChange = z
  .strictObject({
    host: host("The host that has it"),
    name: reference("a bfd_instance", "Its name in the host's keepalived configuration", "to-router"),
    up: flag("Whether the session is up from now on", true),
  })
  .register(wanted, { expected: "{ host: vm-A, name: to-router, up: false }", owner: "a `bfd` step" });

const holder = z
  .strictObject({
    mac: mac("The MAC that it says"),
    after: duration("How long its answer takes", "2ms", "0s").optional(),
    S: bit("IPv6: the flag `solicited` of its advertisement", 1).optional(),
    O: bit("IPv6: the flag `override`", 1).optional(),
  })
  .register(wanted, { expected: '{ mac: "02:00:00:00:00:0a", after: 2ms }', owner: "who answers" });

const answer = z
  .strictObject({
    host: host("The host that answers"),
    nic: nicOf(),
    for: address("The address that is asked for", "10.0.1.50"),
    by: z
      .union([z.null(), mac("Everybody is told this MAC"), list(holder, 16)])
      .meta({ description: "null: nobody answers. A MAC, or a list of those who answer, each with its MAC" })
      .register(wanted, { expected: "null, a MAC address, or a list such as [{ mac: …, after: 2ms }]" }),
  })
  .register(wanted, {
    expected: '{ host: vm-A, for: 10.0.1.50, by: "02:00:00:00:00:0a" }',
    owner: "an `answer` step",
  });

const trafficShape = {
  from: host("The host that sends"),
  to: reference("an address", "Where to: an address, or the name of a HAVIP or a host", "10.0.1.50"),
  ...paceShape,
  source: address(
    "The address that they come from, one of the host's; default: as its kernel chooses",
    "10.0.1.11",
  ).optional(),
  confirm: flag("true: the neighbour is known to get them, as with MSG_CONFIRM", false).optional(),
};

const ping = z
  .strictObject(trafficShape)
  .register(wanted, { expected: "{ from: client, to: 10.0.1.50 }", owner: "a `ping` step" });
const udp = z
  .strictObject({ ...trafficShape, port: wholeNumber("Destination port", 1, 65_535, 9).optional() })
  .register(wanted, { expected: "{ from: client, to: 10.0.1.50 }", owner: "a `udp` step" });

export const VERB_SCHEMAS = {
  start: daemonOf("Start the guest software").optional(),
  stop: daemonOf("Stop the guest software in good order, as SIGTERM does").optional(),
  kill: kill.optional(),
  reload: reload.optional().meta({ description: "keepalived reads a new configuration, as SIGHUP makes it" }),
  crash: machine(
    "The whole machine vanishes silently, no carrier change is seen; of a server, all its hosts",
  ).optional(),
  restore: machine("The machine boots again: empty caches, software started; of a server, all its hosts").optional(),
  pause: machine("The machine stands still, as a paused virtual machine; of a server, all its hosts").optional(),
  resume: machine("It goes on: what has arrived is read, then late timers fire").optional(),
  "link-down": cable("Carrier lost; both ends see it").optional(),
  "link-up": cable("Carrier back").optional(),
  impair: impairment.optional(),
  partition: list(group, 1024)
    .min(1)
    .optional()
    .meta({
      description:
        "Groups of hosts: frames cross only inside a group, carriers stay up. Hosts not named form one more group together",
      examples: [[["vm-A"], ["vm-B", "client"]]],
    }),
  heal: z
    .literal("all")
    .register(wanted, { expected: "all", hint: () => "write heal: all" })
    .optional()
    .meta({ description: "End the partition" }),
  script: scriptChange.optional().meta({ description: "From now on a tracked script ends with this status" }),
  file: fileChange.optional().meta({ description: "A tracked file is written: it holds this number from now on" }),
  process: processChange.optional().meta({ description: "From now on so many of a tracked process run" }),
  bfd: bfdChange.optional().meta({ description: "From now on a BFD session is up or down" }),
  send: sending.optional().meta({ description: "Put a frame on the wire, exactly as it is described" }),
  announce: announcing.optional().meta({ description: "Forge an announcement: say where an address is, true or not" }),
  answer: answer.optional().meta({
    description: "From now on the host answers ARP and ND questions for the address so, as long as it is up",
  }),
  ping: ping.optional().meta({ description: "The host's kernel sends echo requests" }),
  udp: udp.optional().meta({ description: "An application on the host sends datagrams" }),
  command: command.optional().meta({ description: "What a person types on the host" }),
  snapshot: word("Copy all tables into the report under this name", "after-failover").optional(),
};

export const VERBS: readonly string[] = Object.keys(VERB_SCHEMAS);
