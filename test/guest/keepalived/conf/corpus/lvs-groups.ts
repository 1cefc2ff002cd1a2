/** Samples: groups of virtual servers. */
import { BALANCING, block, conf, grouped, REAL, real, server } from "./lvs-frame.ts";
import type { Sample } from "./sample.ts";

export const LVS_GROUPS: readonly Sample[] = [
  {
    name: "virtual server group",
    verdict: "clean",
    text: grouped("10.0.1.50 80", "10.0.1.51-55 80", "10.0.2.0/24 80", "fwmark 5"),
  },
  {
    name: "virtual server of a group that is not there",
    verdict: "clean",
    text: conf(server("group G", ...BALANCING, REAL)),
  },
  {
    name: "virtual server group without entries",
    verdict: "error",
    says: "virtual server group G has no entries - removing",
    text: conf(block("virtual_server_group G")),
  },
  {
    name: "group with no address",
    verdict: "error",
    says: "Invalid virtual server group IP address 10.0.1.500 /port/80 - skipping",
    text: grouped("10.0.1.500 80", "10.0.1.51 80"),
  },
  {
    name: "group with a range backwards",
    verdict: "error",
    says: "Address range end is not greater than address range start - 10.0.1.50-40 - skipping",
    text: grouped("10.0.1.50-40 80", "10.0.1.51 80"),
  },
  {
    name: "group with a range too long",
    verdict: "error",
    says: "Virtual server group range '10.0.1.50-300' end '300' too large",
    text: grouped("10.0.1.50-300 80", "10.0.1.51 80"),
  },
  {
    name: "group with a range of no number",
    verdict: "error",
    says: "Virtual server group range '10.0.1.50-60x' has extra characters at end 'x'",
    text: grouped("10.0.1.50-60x 80", "10.0.1.51 80"),
  },
  {
    name: "group with host bits",
    verdict: "error",
    says: "Address mask bits not empty - 10.0.1.50/24 - skipping",
    text: grouped("10.0.1.50/24 80", "10.0.1.51 80"),
  },
  {
    name: "group with a prefix too long",
    verdict: "error",
    says: "Invalid netmask - 10.0.1.0/33 - skipping",
    text: grouped("10.0.1.0/33 80", "10.0.1.51 80"),
  },
  {
    name: "group with a mark of no number",
    verdict: "error",
    says: "(G): fwmark 'x' must be in [0, 4294967295] - ignoring",
    text: grouped("fwmark x", "10.0.1.51 80"),
  },
  {
    name: "group with a mark of no family",
    verdict: "error",
    says: "(G): fwmark '1' family inet7 unknown - ignoring",
    text: grouped("fwmark 1 inet7", "10.0.1.51 80"),
  },
  {
    name: "virtual server group without a name",
    verdict: "fatal",
    says: "*** Configuration line starting `virtual_server_group` is missing a parameter after keyword `virtual_server_group` at word position 2",
    text: conf(
      server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80")),
      block("virtual_server_group", "10.0.1.51 80"),
    ),
  },
  {
    name: "group without port",
    verdict: "error",
    says: "Virtual server [G]:0: zero port only valid for persistent services - setting",
    text: grouped("10.0.1.51"),
  },
];
