/** Samples: virtual servers, real servers and their checkers. */
import { instance, type Sample } from "./sample.ts";

export const LVS: readonly Sample[] = [
  {
    name: "virtual server with all keys",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
delay_loop 6
persistence_timeout 50
persistence_granularity 255.255.255.0
quorum 1
hysteresis 0
alpha
omega
ha_suspend
sorry_server 10.0.1.70 80
virtualhost a.example
smtp_alert
warmup 1
retry 2
delay_before_retry 1.5
connect_timeout 3
inhibit_on_failure
weight 2
ip_family inet
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server without real servers",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:tcp:80 has no real servers - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
}
${instance()}`,
  },
  {
    name: "virtual server without protocol",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:none:80: no protocol set - defaulting to UDP",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server without scheduler",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:tcp:80: no scheduler set, setting default 'wlc'",
    text: `virtual_server 10.0.1.50 80 {
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server without method",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:tcp:80: no forwarding method set, setting default NAT",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "unknown scheduler",
    verdict: "error",
    says: "Invalid lvs_scheduler 'xx' - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
lb_algo xx
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "unknown method",
    verdict: "error",
    says: "PARSER : unknown [XX] routing method for virtual server.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
lb_kind XX
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "unknown protocol",
    verdict: "error",
    says: "Unknown protocol ICMP - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
protocol ICMP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "protocol in small letters",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
protocol udp
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server without port",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:tcp:0: zero port only valid for persistent services - setting",
    text: `virtual_server 10.0.1.50 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server without port, persistent",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 0 {
lb_algo rr
lb_kind NAT
protocol TCP
persistence_timeout 5
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server with no address",
    verdict: "error",
    says: "Invalid virtual server IP address/port 10.0.1.5000/80 - skipping",
    text: `virtual_server 10.0.1.5000 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server with a port too high",
    verdict: "error",
    says: "Invalid virtual server IP address/port 10.0.1.50/70000 - skipping",
    text: `virtual_server 10.0.1.50 70000 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server with a named port",
    verdict: "error",
    says: "Invalid virtual server IP address/port 10.0.1.50/http - skipping",
    text: `virtual_server 10.0.1.50 http {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server without anything",
    verdict: "fatal",
    says: "*** Configuration line starting `virtual_server` is missing a parameter after keyword `virtual_server` at word position 2",
    text: `virtual_server  {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "firewall mark",
    verdict: "clean",
    text: `virtual_server fwmark 1 {
lb_algo rr
lb_kind DR
real_server 10.0.1.60 {
}
}
${instance()}`,
  },
  {
    name: "firewall mark with a protocol",
    verdict: "error",
    says: "Warning: Virtual server FWM 1: protocol specified for fwmark - protocol will be ignored",
    text: `virtual_server fwmark 1 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "firewall mark of no number",
    verdict: "error",
    says: "virtual server fwmark 'x' must be in [0, 4294967295] - ignoring",
    text: `virtual_server fwmark x {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "firewall mark and a real server's port",
    verdict: "error",
    says: "WARNING - fwmark virtual server FWM 1, real server [10.0.1.60]:none:80 has port specified - clearing",
    text: `virtual_server fwmark 1 {
lb_algo rr
lb_kind DR
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server group",
    verdict: "clean",
    text: `virtual_server_group G {
10.0.1.50 80
10.0.1.51-55 80
10.0.2.0/24 80
fwmark 5
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server of a group that is not there",
    verdict: "clean",
    text: `virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server group without entries",
    verdict: "error",
    says: "virtual server group G has no entries - removing",
    text: `virtual_server_group G {
}
${instance()}`,
  },
  {
    name: "group with no address",
    verdict: "error",
    says: "Invalid virtual server group IP address 10.0.1.500 /port/80 - skipping",
    text: `virtual_server_group G {
10.0.1.500 80
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with a range backwards",
    verdict: "error",
    says: "Address range end is not greater than address range start - 10.0.1.50-40 - skipping",
    text: `virtual_server_group G {
10.0.1.50-40 80
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with a range too long",
    verdict: "error",
    says: "Virtual server group range '10.0.1.50-300' end '300' too large",
    text: `virtual_server_group G {
10.0.1.50-300 80
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with a range of no number",
    verdict: "error",
    says: "Virtual server group range '10.0.1.50-60x' has extra characters at end 'x'",
    text: `virtual_server_group G {
10.0.1.50-60x 80
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with host bits",
    verdict: "error",
    says: "Address mask bits not empty - 10.0.1.50/24 - skipping",
    text: `virtual_server_group G {
10.0.1.50/24 80
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with a prefix too long",
    verdict: "error",
    says: "Invalid netmask - 10.0.1.0/33 - skipping",
    text: `virtual_server_group G {
10.0.1.0/33 80
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with a mark of no number",
    verdict: "error",
    says: "(G): fwmark 'x' must be in [0, 4294967295] - ignoring",
    text: `virtual_server_group G {
fwmark x
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "group with a mark of no family",
    verdict: "error",
    says: "(G): fwmark '1' family inet7 unknown - ignoring",
    text: `virtual_server_group G {
fwmark 1 inet7
10.0.1.51 80
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtual server group without a name",
    verdict: "fatal",
    says: "*** Configuration line starting `virtual_server_group` is missing a parameter after keyword `virtual_server_group` at word position 2",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
}
}
virtual_server_group {
10.0.1.51 80
}
${instance()}`,
  },
  {
    name: "group without port",
    verdict: "error",
    says: "Virtual server [G]:0: zero port only valid for persistent services - setting",
    text: `virtual_server_group G {
10.0.1.51
}
virtual_server group G {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "unknown keyword of a virtual server",
    verdict: "error",
    says: "Unknown keyword 'foo'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
foo 1
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "delay_loop of no number",
    verdict: "error",
    says: "virtual server delay loop 'x' invalid - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
delay_loop x
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "delay_loop 0",
    verdict: "error",
    says: "virtual server delay loop '0' invalid - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
delay_loop 0
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "delay_loop without its parameter",
    verdict: "fatal",
    says: "*** Configuration line starting `delay_loop` is missing a parameter after keyword `delay_loop` at word position 2",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
delay_loop
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "retry 0",
    verdict: "error",
    says: "retry value invalid - 0",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
retry 0
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "delay_before_retry of no number",
    verdict: "error",
    says: "invalid number 'x'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
delay_before_retry x
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "connect_timeout 0",
    verdict: "error",
    says: "virtual server connect_timeout 0 invalid - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
connect_timeout 0
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "persistence_timeout of no number",
    verdict: "error",
    says: "persistence_timeout invalid",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
persistence_timeout x
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "persistence_timeout alone",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
persistence_timeout
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "persistence_granularity of no mask",
    verdict: "error",
    says: "Invalid IPv4 persistence_granularity specified - 300.1.1.1",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
persistence_granularity 300.1.1.1
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "persistence_engine too long",
    verdict: "error",
    says: "persistence_name too long, truncating - abcdefghijklmnopqrstuvwxyz",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
persistence_engine abcdefghijklmnopqrstuvwxyz
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "quorum 0",
    verdict: "error",
    says: "Quorum 0 must be in [1, 4294967295]. Setting to 1.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
quorum 0
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "quorum above all weights",
    verdict: "error",
    says: "Warning - quorum 5 for [10.0.1.50]:tcp:80 exceeds total weight of real servers 1, reducing quorum to 1",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
quorum 5
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "hysteresis above the quorum",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:tcp:80: hysteresis 3 >= quorum 1; setting hysteresis to 0",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
hysteresis 3
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "hysteresis of no number",
    verdict: "error",
    says: "invalid number 'x'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
hysteresis x
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "weight 0 of a virtual server",
    verdict: "error",
    says: "Virtual server weight 0 is outside range 1-2147483647",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
weight 0
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "other family",
    verdict: "error",
    says: "Virtual server specified family inet6 conflicts with server family",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
ip_family inet6
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "unknown family",
    verdict: "error",
    says: "unknown address family ipx",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
ip_family ipx
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "one packet scheduling of TCP",
    verdict: "error",
    says: "Virtual server [10.0.1.50]:tcp:80: one packet scheduling requires UDP - resetting",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
ops
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "flag of another scheduler",
    verdict: "error",
    says: "sh-port only applies to sh scheduler - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
sh-port
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "scheduler flag",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
flag-1
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "smtp_alert of no truth value",
    verdict: "error",
    says: "Invalid virtual_server smtp_alert parameter maybe",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
smtp_alert maybe
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "virtualhost without a name",
    verdict: "error",
    says: "virtual server virtualhost missing",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
virtualhost
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "sorry server with no address",
    verdict: "error",
    says: "Invalid sorry server IP address 10.0.1.700 - skipping",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
sorry_server 10.0.1.700 80
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "sorry_server_inhibit alone",
    verdict: "error",
    says: "Ignoring sorry_server inhibit used before or without sorry_server",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
sorry_server_inhibit
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "sorry_server_lvs_method alone",
    verdict: "error",
    says: "sorry_server forwarding used without sorry_server",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
sorry_server_lvs_method DR
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "sorry server with another port",
    verdict: "error",
    says: "WARNING - virtual server [10.0.1.50]:tcp:80 and sorry server ports don't match - resetting",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind DR
protocol TCP
sorry_server 10.0.1.70 81
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "sorry server of another family",
    verdict: "error",
    says: "Address family of virtual server and sorry server 2001:db8::1 don't match - skipping sorry server.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
sorry_server 2001:db8::1 80
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "real server with another port",
    verdict: "error",
    says: "WARNING - virtual server [10.0.1.50]:tcp:80 and real server [10.0.1.60]:tcp:81 ports don't match - resetting",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind DR
protocol TCP
real_server 10.0.1.60 81 {
}
}
${instance()}`,
  },
  {
    name: "tunnel",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind TUN type gue port 5000
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "gue tunnel without port",
    verdict: "error",
    says: "gue tunnels require port, otherwise cannot have port.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind TUN type gue
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "unknown tunnel",
    verdict: "error",
    says: "Unknown tunnel type abc for virtual server.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind TUN type abc
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "real server with no address",
    verdict: "error",
    says: "Invalid real server ip address/port 10.0.1.600/80 - skipping",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.600 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "real server with a port too high",
    verdict: "error",
    says: "Invalid real server ip address/port 10.0.1.60/99999 - skipping",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 99999 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "real server without anything",
    verdict: "fatal",
    says: "*** Configuration line starting `real_server` is missing a parameter after keyword `real_server` at word position 2",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server {
weight 1
}
}
${instance()}`,
  },
  {
    name: "real server of another family",
    verdict: "error",
    says: "Address family of virtual server and real server 2001:db8::60 don't match - skipping real server.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 2001:db8::60 80 {
weight 1
}
}
${instance()}`,
  },
  {
    name: "real server twice",
    verdict: "error",
    says: "VS [10.0.1.50]:tcp:80: real server [10.0.1.60]:tcp:80 is duplicated - removing second rs",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
}
real_server 10.0.1.60 80 {
}
}
${instance()}`,
  },
  {
    name: "weight of a real server",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 70000
}
}
${instance()}`,
  },
  {
    name: "inhibit_on_failure of no truth value",
    verdict: "error",
    says: "Invalid inhibit_on_failure parameter maybe",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
inhibit_on_failure maybe
}
}
${instance()}`,
  },
  {
    name: "alpha of no truth value",
    verdict: "error",
    says: "Invalid alpha parameter maybe",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
alpha maybe
}
}
${instance()}`,
  },
  {
    name: "uthreshold of no number",
    verdict: "error",
    says: "invalid number 'x'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
uthreshold x
}
}
${instance()}`,
  },
  {
    name: "unknown method of a real server",
    verdict: "error",
    says: "PARSER : unknown [FOO] routing method for real server.",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
lvs_method FOO
}
}
${instance()}`,
  },
  {
    name: "unknown keyword of a real server",
    verdict: "error",
    says: "Unknown keyword 'foo'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
foo
}
}
${instance()}`,
  },
  {
    name: "TCP_CHECK with all keys",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
connect_timeout 3
retry 3
delay_before_retry 3
warmup 1
delay_loop 3
connect_ip 10.0.1.60
connect_port 80
bindto 10.0.1.11
bind_port 1000
bind_if eth0
fwmark 1
alpha
log_all_failures
}
}
}
${instance()}`,
  },
  {
    name: "connect_port 0",
    verdict: "error",
    says: "Invalid checker connect_port '0'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
connect_port 0
}
}
}
${instance()}`,
  },
  {
    name: "connect_ip of no address",
    verdict: "error",
    says: "Invalid connect_ip address x - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
connect_ip x
}
}
}
${instance()}`,
  },
  {
    name: "bindto of another family",
    verdict: "error",
    says: "bindto address 2001:db8::1 does not match address family of connect_ip - skipping",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
connect_ip 10.0.1.60
bindto 2001:db8::1
}
}
}
${instance()}`,
  },
  {
    name: "bind_if too long",
    verdict: "error",
    says: "Interface name abcdefghijklmnopqrst is too long - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
bind_if abcdefghijklmnopqrst
}
}
}
${instance()}`,
  },
  {
    name: "link-local connect_ip without bind_if",
    verdict: "error",
    says: "Checker link local address fe80::1 requires a bind_if",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
connect_ip fe80::1
}
}
}
${instance()}`,
  },
  {
    name: "connect_timeout of no number",
    verdict: "error",
    says: "connect_timeout x invalid - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
connect_timeout x
}
}
}
${instance()}`,
  },
  {
    name: "retry of no number",
    verdict: "error",
    says: "invalid number 'x'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
TCP_CHECK {
retry x
}
}
}
${instance()}`,
  },
  {
    name: "HTTP_GET with all keys",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
digest 0123456789abcdef0123456789abcdef
status_code 200-299 301
}
http_protocol 1.1
fast_recovery
}
}
}
${instance()}`,
  },
  {
    name: "digest too short",
    verdict: "error",
    says: "digest '012' character length should be 32 rather than 3",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
digest 012
}
}
}
}
${instance()}`,
  },
  {
    name: "digest of no number",
    verdict: "error",
    says: "Unable to interpret hex digit in 'z1' at offset 0/1",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
digest z123456789abcdef0123456789abcdef
}
}
}
}
${instance()}`,
  },
  {
    name: "status_code too low",
    verdict: "error",
    says: "Invalid HTTP_GET status code '99'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
status_code 99
}
}
}
}
${instance()}`,
  },
  {
    name: "unknown http_protocol",
    verdict: "error",
    says: "Invalid http_protocol version 2",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
}
http_protocol 2
}
}
}
${instance()}`,
  },
  {
    name: "nb_get_retry",
    verdict: "error",
    says: "nb_get_retry is deprecated - please use 'retry'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
}
nb_get_retry 3
}
}
}
${instance()}`,
  },
  {
    name: "regex",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
HTTP_GET {
url {
path /
regex abc
regex_options caseless
regex_min_offset 1
}
}
}
}
${instance()}`,
  },
  {
    name: "SSL_GET",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
SSL_GET {
url {
path /
}
enable_sni
}
}
}
${instance()}`,
  },
  {
    name: "SMTP_CHECK",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
SMTP_CHECK {
helo_name a
host {
connect_ip 10.0.1.60
}
}
}
}
${instance()}`,
  },
  {
    name: "helo_name without a name",
    verdict: "error",
    says: "SMTP_CHECK helo name missing",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
SMTP_CHECK {
helo_name
}
}
}
${instance()}`,
  },
  {
    name: "DNS_CHECK",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
DNS_CHECK {
type A
name example.org
}
}
}
${instance()}`,
  },
  {
    name: "unknown DNS type",
    verdict: "error",
    says: "Unknown DNS check type ZZ - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
DNS_CHECK {
type ZZ
}
}
}
${instance()}`,
  },
  {
    name: "DNS name with an empty label",
    verdict: "error",
    says: "DNS_CHECK name 'a..b' has empty label - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
DNS_CHECK {
name a..b
}
}
}
${instance()}`,
  },
  {
    name: "MISC_CHECK without a script",
    verdict: "error",
    says: "No script path has been specified for MISC_CHECKER - skipping",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
MISC_CHECK {
misc_timeout 3
}
}
}
${instance()}`,
  },
  {
    name: "UDP_CHECK",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
UDP_CHECK {
payload 0102
require_reply 03
min_reply_length 1
max_reply_length 5
}
}
}
${instance()}`,
  },
  {
    name: "payload of no number",
    verdict: "error",
    says: "Invalid hex string for UDP_CHECK payload",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
UDP_CHECK {
payload zz
}
}
}
${instance()}`,
  },
  {
    name: "min_reply_length too high",
    verdict: "error",
    says: "UDP_CHECK min length 70000 not valid - must be between 0 & 65535",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
UDP_CHECK {
min_reply_length 70000
}
}
}
${instance()}`,
  },
  {
    name: "min_reply_length above the maximum",
    verdict: "error",
    says: "UDP_CHECK min_reply length 7 > max_reply_length 5 - will always fail",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
UDP_CHECK {
min_reply_length 7
max_reply_length 5
}
}
}
${instance()}`,
  },
  {
    name: "PING_CHECK",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
PING_CHECK {
retry 1
}
}
}
${instance()}`,
  },
  {
    name: "FILE_CHECK",
    verdict: "clean",
    text: `track_file f {
file /tmp/f
}
virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
FILE_CHECK {
track_file f
weight 3 reverse
}
}
}
${instance()}`,
  },
  {
    name: "FILE_CHECK without a file",
    verdict: "error",
    says: "FILE_CHECK has no track_file specified - ignoring",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
FILE_CHECK {
weight 3
}
}
}
${instance()}`,
  },
  {
    name: "FILE_CHECK of an unknown file",
    verdict: "error",
    says: "track_file f not found",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
FILE_CHECK {
track_file f
}
}
}
${instance()}`,
  },
  {
    name: "BFD_CHECK",
    verdict: "clean",
    text: `bfd_instance b {
neighbor_ip 10.0.1.9
}
virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
BFD_CHECK {
name b
alpha
}
}
}
${instance()}`,
  },
  {
    name: "BFD_CHECK of an unknown session",
    verdict: "error",
    says: "([10.0.1.60]:tcp:80) BFD_CHECK - BFD b not configured",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
BFD_CHECK {
name b
}
}
}
${instance()}`,
  },
  {
    name: "BFD_CHECK without a session",
    verdict: "error",
    says: "([10.0.1.60]:tcp:80) No name has been specified for BFD_CHECKER - skipping",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
BFD_CHECK {
alpha
}
}
}
${instance()}`,
  },
  {
    name: "SSL",
    verdict: "clean",
    text: `SSL {
password x
ca /a
certificate /b
key /c
}
virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
SSL_GET {
url {
path /
}
}
}
}
${instance()}`,
  },
  {
    name: "SSL without a file",
    verdict: "error",
    says: "SSL cafile missing",
    text: `SSL {
ca
}
${instance()}`,
  },
  {
    name: "SSL file twice",
    verdict: "error",
    says: "SSL cafile already specified - replacing",
    text: `SSL {
ca /a
ca /b
}
${instance()}`,
  },
  {
    name: "unknown checker",
    verdict: "error",
    says: "Unknown keyword 'FOO_CHECK'",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
FOO_CHECK {
a 1
}
}
}
${instance()}`,
  },
  {
    name: "virtual server twice",
    verdict: "clean",
    text: `virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
virtual_server 10.0.1.50 80 {
lb_algo rr
lb_kind NAT
protocol TCP
real_server 10.0.1.60 80 {
weight 1
}
}
${instance()}`,
  },
];
