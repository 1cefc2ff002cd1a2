/** Samples: global_defs. */
import { bare, globals, instance, type Sample } from "./sample.ts";

export const GLOBALS: readonly Sample[] = [
  {
    name: "global_defs",
    verdict: "clean",
    text: globals(
      "router_id R1",
      "vrrp_version 3",
      "vrrp_garp_master_delay 1",
      "vrrp_garp_interval 0.01",
      "vrrp_mcast_group4 224.0.0.20",
      "vrrp_min_garp",
      "vrrp_startup_delay 2.5",
      "notification_email {",
      "a@example.org",
      "}",
    ),
  },
  {
    name: "global version 4",
    verdict: "error",
    says: "VRRP Error: Version must be either 2 or 3",
    text: globals("vrrp_version 4"),
  },
  {
    name: "router_id without a name",
    verdict: "error",
    says: "routerid name missing - ignoring",
    text: globals("router_id"),
  },
  {
    name: "global group that is none",
    verdict: "error",
    says: "vrrp_mcast_group4 [10.0.0.1] is not multicast. Skipping",
    text: globals("vrrp_mcast_group4 10.0.0.1"),
  },
  {
    name: "global garp_master_repeat 0",
    verdict: "error",
    says: "vrrp_garp_master_repeat must be greater than 0, setting to 1",
    text: globals("vrrp_garp_master_repeat 0"),
  },
  {
    name: "global keyword without its parameter",
    verdict: "fatal",
    says: "*** Configuration line starting `vrrp_garp_master_delay` is missing a parameter after keyword `vrrp_garp_master_delay` at word position 2",
    text: globals("vrrp_garp_master_delay"),
  },
  {
    name: "global_defs after the instance",
    verdict: "fatal",
    says: "(VI_1) No VIP specified; at least one is required",
    text: `${bare("interface eth0", "virtual_router_id 51")}global_defs {\nvrrp_strict\n}\n`,
  },
  { name: "garp_group", verdict: "clean", text: `garp_group {\ngarp_interval 0.05\ninterface eth0\n}\n${instance()}` },
  {
    name: "garp_group without interval",
    verdict: "error",
    says: "garp group 0 does not have any delay set - removing",
    text: `garp_group {\ninterface eth0\n}\n${instance()}`,
  },
  {
    name: "garp_group with an interval below 0",
    verdict: "error",
    says: "garp_group garp_interval '-1' invalid",
    text: `garp_group {\ngarp_interval -1\ninterface eth0\n}\n${instance()}`,
  },
  {
    name: "static address on a device that does not exist",
    verdict: "fatal",
    says: "WARNING - interface eth9 for ip address 10.0.1.60 doesn't exist",
    text: `static_ipaddress {\n10.0.1.60 dev eth9\n}\n${instance()}`,
  },
  {
    name: "rules and routes",
    verdict: "clean",
    warns: ["not-checked", "not-checked", "not-checked", "not-checked"],
    text: [
      "static_routes {\n10.7.0.0/16 via 10.0.1.1 dev eth0\n}\nstatic_rules {\nfrom 10.7.0.0/16 table 1 priority 90\n}\n",
      instance("virtual_rules {", "from 10.9.0.0/16 table 2 priority 100", "}"),
      instance("virtual_routes {", "10.9.0.0/16 via 10.0.1.1 dev eth0", "}")
        .replace("VI_1", "VI_2")
        .replace(".50", ".51")
        .replace("51", "52"),
    ].join(""),
  },
  {
    name: "other parts of keepalived",
    verdict: "clean",
    warns: ["not-simulated"],
    text: `virtual_server 10.0.1.50 80 {\ndelay_loop 6\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.1.60 80 {\nweight 1\nTCP_CHECK {\nconnect_timeout 3\n}\n}\n}\n${instance()}`,
  },
];
