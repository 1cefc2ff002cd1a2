/** Samples: strict mode. */
import { bare, globals, instance, type Sample } from "./sample.ts";

export const STRICT: readonly Sample[] = [
  { name: "strict and in order", verdict: "clean", text: globals("vrrp_strict") },
  {
    name: "strict with authentication",
    verdict: "error",
    says: "(VI_1) Strict mode does not support authentication. Ignoring.",
    text: instance("strict_mode", "authentication {", "auth_type PASS", "auth_pass abc", "}"),
  },
  {
    name: "strict master below 255",
    verdict: "error",
    says: "(VI_1) State MASTER must match being address owner",
    text: instance("strict_mode", "state MASTER", "priority 150"),
  },
  {
    name: "strict with preempt_delay",
    verdict: "error",
    says: "(VI_1) preempt_delay is incompatible with strict mode - resetting",
    text: instance("strict_mode", "preempt_delay 5"),
  },
  {
    name: "strict without address",
    verdict: "fatal",
    says: "(VI_1) No VIP specified; at least one is required",
    text: bare("interface eth0", "virtual_router_id 51", "strict_mode"),
  },
];
