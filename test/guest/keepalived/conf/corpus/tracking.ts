/** Samples: processes, BFD sessions, delays of interfaces, groups of static items. */
import { instance, type Sample } from "./sample.ts";

export const TRACKING: readonly Sample[] = [
  {
    name: "BFD neighbour of no address",
    verdict: "error",
    says: "Configuration error: BFD instance b has malformed neighbor address x, ignoring instance",
    text: `bfd_instance b {
neighbor_ip x
}
${instance()}`,
  },
  {
    name: "BFD without neighbour",
    verdict: "error",
    says: "Configuration error: BFD instance b has no neighbor address set, disabling instance",
    text: `bfd_instance b {
min_rx 10
}
${instance()}`,
  },
  {
    name: "BFD min_rx of no number",
    verdict: "error",
    says: "Configuration error: BFD instance b min_rx value x is not valid (must be in range [1-4294967]), ignoring",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
min_rx x
}
${instance()}`,
  },
  {
    name: "BFD idle_tx too short",
    verdict: "error",
    says: "Configuration error: BFD instance b idle_tx value 10 is not valid (must be in range [1000-4294967]), ignoring",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
idle_tx 10
}
${instance()}`,
  },
  {
    name: "BFD multiplier too high",
    verdict: "error",
    says: "Configuration error: BFD instance b multiplier value 300 not valid (must be in range [1-255]), ignoring",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
multiplier 300
}
${instance()}`,
  },
  {
    name: "BFD source of another family",
    verdict: "error",
    code: "wrong-family",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
source_ip 2001:db8::1
}
${instance()}`,
  },
  {
    name: "BFD session twice",
    verdict: "error",
    says: "BFD b already specified",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
}
bfd_instance b {
neighbor_ip 10.0.1.8
}
${instance()}`,
  },
  {
    name: "BFD neighbour twice",
    verdict: "error",
    says: "Configuration error: BFD instance c has duplicate neighbor address 10.0.1.9, ignoring instance",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
}
bfd_instance c {
neighbor_ip 10.0.1.9
}
${instance()}`,
  },
  {
    name: "BFD name too long",
    verdict: "error",
    says: "BFD name abcdefghijklmnopqrstuvwxyz0123456789 too long",
    text: `bfd_instance abcdefghijklmnopqrstuvwxyz0123456789 {
neighbor_ip 10.0.1.9
}
${instance()}`,
  },
  {
    name: "BFD ttl 0",
    verdict: "error",
    says: "Configuration error: BFD instance b ttl/hoplimit value 0 not valid (must be in range [1-255]), ignoring",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
ttl 0
}
${instance()}`,
  },
  {
    name: "BFD max_hops above ttl",
    verdict: "error",
    says: "BFD instance b: max_hops exceeds ttl/hoplimit - setting to ttl/hoplimit",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
ttl 3
max_hops 5
}
${instance()}`,
  },
  {
    name: "BFD weight too high",
    verdict: "error",
    says: "Configuration error: BFD instance b weight value 300 not valid (must be in range [-253-253]), ignoring",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
weight 300
}
${instance()}`,
  },
  {
    name: "unknown keyword of BFD",
    verdict: "error",
    says: "Unknown keyword 'foo'",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
foo
}
${instance()}`,
  },
  {
    name: "BFD with all keys",
    verdict: "clean",
    text: `bfd_instance b {
neighbour_ip 2001:db8::9
source_ip 2001:db8::1
min_rx 10
min_tx 10.5
idle_tx 1000
multiplier 5
passive
hoplimit 64
max_hops 3
weight 5 reverse
vrrp
checker
}
${instance()}`,
  },
  {
    name: "track_group",
    verdict: "clean",
    text: `track_group G {
group {
VI_1
}
}
${instance()}`,
  },
  {
    name: "track_group without a name",
    verdict: "error",
    says: "track_group must have a name - skipping",
    text: `track_group {
group {
VI_1
}
}
${instance()}`,
  },
  {
    name: "track_group without members",
    verdict: "error",
    says: "Warning - track group G has empty group block",
    text: `track_group G {
group {
}
}
${instance()}`,
  },
  {
    name: "track_group twice",
    verdict: "error",
    says: "track_group G already defined",
    text: `track_group G {
group {
VI_1
}
}
track_group G {
group {
VI_1
}
}
${instance()}`,
  },
  {
    name: "unknown track_group",
    verdict: "error",
    says: "track_group H not found",
    text: `static_ipaddress {
10.0.1.60 dev eth0 track_group H
}
${instance()}`,
  },
  {
    name: "up and down delays",
    verdict: "clean",
    text: `interface_up_down_delays {
eth0 1.5 0.5
eth1 1
}
${instance()}`,
  },
  {
    name: "down delay of no number",
    verdict: "error",
    says: "invalid number 'x'",
    text: `interface_up_down_delays {
eth0 x
}
${instance()}`,
  },
  {
    name: "interface without delays",
    verdict: "clean",
    text: `interface_up_down_delays {
eth0
}
${instance()}`,
  },
  {
    name: "delays of an unknown interface",
    verdict: "error",
    says: "unknown interface eth9 specified for up/down delay",
    text: `interface_up_down_delays {
eth9 1
}
${instance()}`,
  },
  {
    name: "down delay too long",
    verdict: "error",
    says: "number '300' outside range [0.000000, 255.000000]",
    text: `interface_up_down_delays {
eth0 300 1
}
${instance()}`,
  },
  {
    name: "down delay longer than a takeover",
    verdict: "clean",
    text: `interface_up_down_delays {
eth0 30 1
}
${instance()}`,
  },
  {
    name: "track_process with all keys",
    verdict: "clean",
    text: `vrrp_track_process p {
process haproxy
quorum 2
quorum_max 3
weight 5 reverse
delay 1.5
full_command
param_match initial
}
${instance()}`,
  },
  {
    name: "track_process without a program",
    verdict: "error",
    says: "track process 'p' process name not specified",
    text: `vrrp_track_process p {
weight 5
}
${instance()}`,
  },
  {
    name: "track_process without a name",
    verdict: "fatal",
    says: "*** Configuration line starting `vrrp_track_process` is missing a parameter after keyword `vrrp_track_process` at word position 2",
    text: `vrrp_track_process {
process x
}
${instance()}`,
  },
  {
    name: "quorum 0 of track_process",
    verdict: "error",
    says: "Quorum (0) for vrrp_track_process p must be between [1..65535] inclusive. Ignoring...",
    text: `vrrp_track_process p {
process x
quorum 0
}
${instance()}`,
  },
  {
    name: "quorum_max below quorum",
    verdict: "error",
    says: "quorum_max is less than quorum - ignoring",
    text: `vrrp_track_process p {
process x
quorum 5
quorum_max 3
}
${instance()}`,
  },
  {
    name: "quorum above quorum_max",
    verdict: "error",
    says: "Quorum is greater than quorum_max - ignoring",
    text: `vrrp_track_process p {
process x
quorum_max 3
quorum 5
}
${instance()}`,
  },
  {
    name: "delay of track_process too long",
    verdict: "error",
    says: "delay (4000) for vrrp_track_process p must be between [0.000001..3600] inclusive. Ignoring...",
    text: `vrrp_track_process p {
process x
delay 4000
}
${instance()}`,
  },
  {
    name: "weight of track_process too high",
    verdict: "error",
    says: "Weight (300) for vrrp_track_process p must be between [-254..254] inclusive. Ignoring...",
    text: `vrrp_track_process p {
process x
weight 300
}
${instance()}`,
  },
  {
    name: "weight option of track_process",
    verdict: "error",
    says: "vrrp_track_process p unknown weight option rev",
    text: `vrrp_track_process p {
process x
weight 3 rev
}
${instance()}`,
  },
  {
    name: "unknown param_match",
    verdict: "error",
    says: "Invalid param_match type foo - ignoring",
    text: `vrrp_track_process p {
process x
param_match foo
}
${instance()}`,
  },
  {
    name: "process without its parameter",
    verdict: "fatal",
    says: "*** Configuration line starting `process` is missing a parameter after keyword `process` at word position 2",
    text: `vrrp_track_process p {
process
}
${instance()}`,
  },
];
