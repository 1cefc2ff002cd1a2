/** The verbs of the timeline: what stands beside `at` in a step. */
import { z } from "zod";
import { list, reference, wanted, wholeNumber, word } from "./schema-words.ts";

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

const nic = (description: string) => reference("a host or a vNIC (host.nic)", description, "vm-A.eth0");

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

export const VERB_SCHEMAS = {
  start: daemonOf("Start the guest software").optional(),
  stop: daemonOf("Stop the guest software in good order, as SIGTERM does").optional(),
  kill: daemonOf("The daemon dies at once (SIGKILL); the kernel lives on, addresses stay configured").optional(),
  crash: host("The whole machine vanishes silently, no carrier change is seen").optional(),
  restore: host("The machine boots again: empty caches, software started").optional(),
  "link-down": nic("Carrier lost; host and switch both see it").optional(),
  "link-up": nic("Carrier back").optional(),
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
