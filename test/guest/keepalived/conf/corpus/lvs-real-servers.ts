/** Samples: real servers, sorry servers, tunnels. */
import { BALANCING, balanced, block, conf, REAL, real, server } from "./lvs-frame.ts";
import type { Sample } from "./sample.ts";

export const LVS_REAL_SERVERS: readonly Sample[] = [
  {
    name: "sorry server with no address",
    verdict: "error",
    says: "Invalid sorry server IP address 10.0.1.700 - skipping",
    text: balanced("sorry_server 10.0.1.700 80"),
  },
  {
    name: "sorry_server_inhibit alone",
    verdict: "error",
    says: "Ignoring sorry_server inhibit used before or without sorry_server",
    text: balanced("sorry_server_inhibit"),
  },
  {
    name: "sorry_server_lvs_method alone",
    verdict: "error",
    says: "sorry_server forwarding used without sorry_server",
    text: balanced("sorry_server_lvs_method DR"),
  },
  {
    name: "sorry server with another port",
    verdict: "error",
    says: "WARNING - virtual server [10.0.1.50]:tcp:80 and sorry server ports don't match - resetting",
    text: conf(server("10.0.1.50 80", "lb_algo rr", "lb_kind DR", "protocol TCP", "sorry_server 10.0.1.70 81", REAL)),
  },
  {
    name: "sorry server of another family",
    verdict: "error",
    says: "Address family of virtual server and sorry server 2001:db8::1 don't match - skipping sorry server.",
    text: balanced("sorry_server 2001:db8::1 80"),
  },
  {
    name: "real server with another port",
    verdict: "error",
    says: "WARNING - virtual server [10.0.1.50]:tcp:80 and real server [10.0.1.60]:tcp:81 ports don't match - resetting",
    text: conf(server("10.0.1.50 80", "lb_algo rr", "lb_kind DR", "protocol TCP", real("10.0.1.60 81"))),
  },
  {
    name: "tunnel",
    verdict: "clean",
    text: conf(server("10.0.1.50 80", "lb_algo rr", "lb_kind TUN type gue port 5000", "protocol TCP", REAL)),
  },
  {
    name: "gue tunnel without port",
    verdict: "error",
    says: "gue tunnels require port, otherwise cannot have port.",
    text: conf(server("10.0.1.50 80", "lb_algo rr", "lb_kind TUN type gue", "protocol TCP", REAL)),
  },
  {
    name: "unknown tunnel",
    verdict: "error",
    says: "Unknown tunnel type abc for virtual server.",
    text: conf(server("10.0.1.50 80", "lb_algo rr", "lb_kind TUN type abc", "protocol TCP", REAL)),
  },
  {
    name: "real server with no address",
    verdict: "error",
    says: "Invalid real server ip address/port 10.0.1.600/80 - skipping",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.600 80", "weight 1"))),
  },
  {
    name: "real server with a port too high",
    verdict: "error",
    says: "Invalid real server ip address/port 10.0.1.60/99999 - skipping",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 99999", "weight 1"))),
  },
  {
    name: "real server without anything",
    verdict: "fatal",
    says: "*** Configuration line starting `real_server` is missing a parameter after keyword `real_server` at word position 2",
    text: conf(server("10.0.1.50 80", ...BALANCING, block("real_server", "weight 1"))),
  },
  {
    name: "real server of another family",
    verdict: "error",
    says: "Address family of virtual server and real server 2001:db8::60 don't match - skipping real server.",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("2001:db8::60 80", "weight 1"))),
  },
  {
    name: "real server twice",
    verdict: "error",
    says: "VS [10.0.1.50]:tcp:80: real server [10.0.1.60]:tcp:80 is duplicated - removing second rs",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80"), real("10.0.1.60 80"))),
  },
  {
    name: "weight of a real server",
    verdict: "clean",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", "weight 70000"))),
  },
  {
    name: "inhibit_on_failure of no truth value",
    verdict: "error",
    says: "Invalid inhibit_on_failure parameter maybe",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", "inhibit_on_failure maybe"))),
  },
  {
    name: "alpha of no truth value",
    verdict: "error",
    says: "Invalid alpha parameter maybe",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", "alpha maybe"))),
  },
  {
    name: "uthreshold of no number",
    verdict: "error",
    says: "invalid number 'x'",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", "uthreshold x"))),
  },
  {
    name: "unknown method of a real server",
    verdict: "error",
    says: "PARSER : unknown [FOO] routing method for real server.",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", "lvs_method FOO"))),
  },
  {
    name: "unknown keyword of a real server",
    verdict: "error",
    says: "Unknown keyword 'foo'",
    text: conf(server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", "foo"))),
  },
];
