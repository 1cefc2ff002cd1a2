/** The verbs of the timeline: what stands beside `at` in a step. */
import { z } from "zod";
import { duration, list, reference, share, wanted, wholeNumber, word } from "./schema-words.ts";

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

/** The other words of `tc netem`. */
const NETEM_WORDS: readonly string[] = ["delay", "jitter", "duplicate", "reorder", "corrupt", "rate", "gap", "limit"];

const impairment = z
  .strictObject({
    on: reference("a link", "A link between switches, or one end of it: core:uplink-1", "uplink-1"),
    direction: z
      .enum(["in", "out", "both"])
      .optional()
      .meta({ description: "Which way, as seen from the switch that `on` names", default: "both" }),
    loss: share("The share of frames that is lost; 0: none any more"),
    for: duration("How long; default: until another step", "300ms").optional(),
  })
  .register(wanted, {
    expected: "{ on: uplink-1, loss: 100%, for: 300ms }",
    owner: "an `impair` step",
    strangeKey: (key) =>
      NETEM_WORDS.includes(key) ? "of netem's words `loss` is understood, the others are not yet" : undefined,
  });

export const VERB_SCHEMAS = {
  start: daemonOf("Start the guest software").optional(),
  stop: daemonOf("Stop the guest software in good order, as SIGTERM does").optional(),
  kill: daemonOf("The daemon dies at once (SIGKILL); the kernel lives on, addresses stay configured").optional(),
  crash: machine(
    "The whole machine vanishes silently, no carrier change is seen; of a server, all its hosts",
  ).optional(),
  restore: machine("The machine boots again: empty caches, software started; of a server, all its hosts").optional(),
  "link-down": cable("Carrier lost; both ends see it").optional(),
  "link-up": cable("Carrier back").optional(),
  impair: impairment.optional().meta({ description: "From now on a link between switches loses frames" }),
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
  snapshot: word("Copy all tables into the report under this name", "after-failover").optional(),
};

export const VERBS: readonly string[] = Object.keys(VERB_SCHEMAS);
