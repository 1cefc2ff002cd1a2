/**
 * Small configurations with what keepalived 2.2.7 makes of them, checked against the daemon itself by
 * `real-daemon.test.ts`. The host has eth0 (10.0.1.11, 2001:db8:1::11) and eth1 (10.0.2.11).
 */
export interface Sample {
  readonly name: string;
  readonly text: string;
  /** `fatal`: the daemon ends at once. `error`: `keepalived -t` complains. */
  readonly verdict: "clean" | "error" | "fatal";
  /** The only complaint, in keepalived's words. */
  readonly says?: string;
  /** The only complaint where keepalived has no words for it, or too many: the code of ours. */
  readonly code?: string;
  /** The codes of our warnings, where the sample is about them. */
  readonly warns?: readonly string[];
  /** What it includes, by file name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** An instance that is in order but for the lines given. */
function instance(...lines: string[]): string {
  return bare("interface eth0", "virtual_router_id 51", ...lines, "virtual_ipaddress {", "10.0.1.50", "}");
}

function bare(...lines: string[]): string {
  return ["vrrp_instance VI_1 {", ...lines, "}", ""].join("\n");
}

function globals(...lines: string[]): string {
  return ["global_defs {", ...lines, "}", instance()].join("\n");
}

function scripted(script: readonly string[], ...items: string[]): string {
  const head = ["global_defs {", "enable_script_security", "script_user root", "}", "vrrp_script chk {"];
  return [...head, ...script, "}", instance("track_script {", ...items, "}")].join("\n");
}

const TRUE = "script /bin/true";

export const CORPUS: readonly Sample[] = [
  // Lines, words, comments
  { name: "the plain case", verdict: "clean", text: instance("state BACKUP", "priority 100", "advert_int 1") },
  { name: "empty file", verdict: "clean", text: "# nothing here\n" },
  { name: "CR LF", verdict: "clean", text: instance("priority 120").replaceAll("\n", "\r\n") },
  { name: "both comment signs", verdict: "clean", text: instance("! one", "priority 90 # two", "#three") },
  { name: "comment inside a word", verdict: "clean", text: instance("priority 90#lower") },
  { name: "braces without blanks", verdict: "clean", text: instance().replaceAll(" {", "{") },
  { name: "brace on the next line", verdict: "clean", text: instance().replaceAll(" {", "\n{\n") },
  {
    name: "block on one line",
    verdict: "clean",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress { 10.0.1.50/24 }"),
  },
  { name: "duplicate scalar", verdict: "clean", text: instance("priority 90", "priority 110") },
  { name: "further words", verdict: "clean", text: instance("priority 100 foo") },
  {
    name: "quoted password",
    verdict: "clean",
    text: instance("authentication {", "auth_type PASS", 'auth_pass "ab#cd"', "}"),
  },
  {
    name: "two keywords on a line",
    verdict: "error",
    says: "(VI_1) Authentication specified but no password given. Ignoring",
    text: instance("authentication { auth_type PASS auth_pass x }"),
  },
  {
    name: "two addresses on a line",
    verdict: "error",
    says: "Unknown configuration entry '10.0.1.51' for ip address - ignoring",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "10.0.1.50 10.0.1.51", "}"),
  },
  {
    name: "semicolon",
    verdict: "error",
    says: "(VI_1) unknown state 'BACKUP;', defaulting to BACKUP",
    text: instance("state BACKUP;"),
  },
  {
    name: "quote left open",
    verdict: "fatal",
    says: "Unterminated quote 'auth_pass \"abc'",
    text: instance("authentication {", "auth_type PASS", 'auth_pass "abc', "}"),
  },
  { name: "unknown keyword", verdict: "error", says: "Unknown keyword 'prioritty'", text: instance("prioritty 20") },
  {
    name: "keyword in the wrong case",
    verdict: "error",
    says: "Unknown keyword 'Priority'",
    text: instance("Priority 20"),
  },
  {
    name: "keyword in the wrong block",
    verdict: "error",
    says: "Unknown keyword 'priority'",
    text: globals("priority 20"),
  },
  {
    name: "keyword of a later version",
    verdict: "error",
    says: "Unknown keyword 'v3_checksum_as_v2'",
    text: instance("v3_checksum_as_v2"),
  },
  {
    name: "unknown block at the end of an instance",
    verdict: "error",
    says: "Unknown keyword 'virtual_adress'",
    text: instance("virtual_adress {", "10.0.1.51", "}"),
  },
  {
    name: "unknown block before the VRID",
    verdict: "fatal",
    says: "Unknown keyword 'virtual_ipadress'",
    text: bare("interface eth0", "virtual_ipadress {", "10.0.1.50", "}", "virtual_router_id 51"),
  },
  {
    name: "unknown block outside",
    verdict: "error",
    says: "Unknown keyword 'vrrp_instanse'",
    text: instance().replace("vrrp_instance", "vrrp_instanse"),
  },
  {
    name: "missing parameter",
    verdict: "fatal",
    says: "*** Configuration line starting `priority` is missing a parameter after keyword `priority` at word position 2",
    text: instance("priority"),
  },
  {
    name: "missing name of a script",
    verdict: "fatal",
    says: "*** Configuration line starting `vrrp_script` is missing a parameter after keyword `vrrp_script` at word position 2",
    text: `vrrp_script {\n${TRUE}\n}\n${instance()}`,
  },
  {
    name: "missing name of an instance",
    verdict: "error",
    says: "vrrp_instance must have a name",
    text: instance().replace("VI_1 ", ""),
  },
  {
    name: "missing }",
    verdict: "error",
    says: "There are 1 missing '}'s or extra '{'s",
    text: instance().replace(/\}\n$/, ""),
  },
  {
    name: "missing } of an inner block",
    verdict: "error",
    says: "There are 1 missing '}'s or extra '{'s",
    text: instance("authentication {", "auth_type PASS", "auth_pass abc"),
  },
  { name: "extra }", verdict: "error", says: "Extra '}' found", text: `${instance()}}\n` },
  {
    name: "missing {",
    verdict: "error",
    says: "Missing '{' at beginning of configuration block",
    text: instance().replace("VI_1 {", "VI_1"),
  },
  {
    name: "missing { of addresses",
    verdict: "error",
    code: "missing-open-brace",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress", "10.0.1.50", "}"),
  },
  {
    name: "{ behind a scalar",
    verdict: "error",
    says: "Unexpected '{' - ignoring",
    text: instance("priority 100 {", "}"),
  },
  {
    name: "word before {",
    verdict: "error",
    says: "Block virtual_ipaddress has extra parameters foo ...",
    text: instance().replace("ipaddress {", "ipaddress foo {"),
  },
  // Variables, sequences, conditions, includes
  {
    name: "variables",
    verdict: "clean",
    text: `$PRIO=90\n$NET=10.0.1\n${bare("interface eth0", "virtual_router_id 51", "priority $PRIO", "virtual_ipaddress {", `\${NET}.50/24`, "}")}`,
  },
  {
    name: "variable of several lines",
    verdict: "clean",
    text: `$BASE=interface eth0 \\\n  virtual_router_id 51 \\\n  priority 90\n${bare("$BASE", "virtual_ipaddress {", "10.0.1.50", "}")}`,
  },
  {
    name: "bare variable inside a word",
    verdict: "error",
    says: "VRRP parsed invalid IP 10.0.1.$N/24. skipping IP...",
    text: `$N=50\n${bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "10.0.1.$N/24", "}")}`,
  },
  {
    name: "undefined variable",
    verdict: "error",
    code: "undefined-variable",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", `10.0.1.\${N}`, "}"),
  },
  {
    name: "undefined variable as VRID",
    verdict: "fatal",
    code: "undefined-variable",
    text: bare("interface eth0", `virtual_router_id \${VRID}`, "virtual_ipaddress {", "10.0.1.50", "}"),
  },
  { name: "blank before =", verdict: "error", says: "Unknown keyword '$PRIO'", text: `$PRIO = 90\n${instance()}` },
  {
    name: "sequences",
    verdict: "clean",
    text: instance(
      "virtual_ipaddress_excluded {",
      "~SEQ(n, 60, 70) 10.0.1.$n",
      `~SEQx(h, 10, 3, 22) 2001:db8:2::\${h}`,
      "~LST(v, 1, 2) 10.0.3.$v",
      `~LST({a, b}, {1, 2}, {3, 4}) 10.0.\${a}.\${b}/24`,
      "}",
    ),
  },
  {
    name: "sequence inside a sequence",
    verdict: "clean",
    text: instance("virtual_ipaddress_excluded {", `~SEQ(a, 3, 5) ~SEQ(b, 1, 3) 10.0.\${a}.\${b}`, "}"),
  },
  {
    name: "endless sequence",
    verdict: "error",
    code: "bad-sequence",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.60", "~SEQ(n, 50, 0, 60) 10.0.1.$n", "}"),
  },
  {
    name: "lines for other hosts",
    verdict: "clean",
    text: instance("@another-host priority 300", "@^another-host priority 90"),
  },
  {
    name: "include",
    verdict: "clean",
    text: bare("include part.inc"),
    files: { "part.inc": "interface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n10.0.1.50\n}\n" },
  },
  {
    name: "mistake in an included file",
    verdict: "error",
    says: "Unknown keyword 'prioritty'",
    text: instance("include part.inc"),
    files: { "part.inc": "priority 90\nprioritty 90\n" },
  },
  { name: "include of a missing file", verdict: "clean", text: `include nothing.inc\n${instance()}` },
  {
    name: "include from a missing folder",
    verdict: "clean",
    warns: ["include-missing"],
    text: `include nothing.d/*.conf\n${instance()}`,
  },
  {
    name: "include of no match in a folder",
    verdict: "clean",
    warns: [],
    text: `include some.d/x*.conf\n${instance()}`,
    files: { "some.d/a.conf": "" },
  },
  {
    name: "include of no match in a folder that is none",
    verdict: "clean",
    warns: ["include-missing"],
    text: `include a.conf/x*.conf\n${instance()}`,
    files: { "a.conf": "" },
  },
  { name: "include of no match in the same folder", verdict: "clean", warns: [], text: `include x*.c\n${instance()}` },
  {
    name: "includem from a missing folder",
    verdict: "fatal",
    says: "Config files missing 'nothing.d/*.conf'.",
    text: `includem nothing.d/*.conf\n${instance()}`,
  },
  {
    name: "includem of no match in a folder",
    verdict: "clean",
    text: `includem some.d/x*.conf\n${instance()}`,
    files: { "some.d/a.conf": "" },
  },
  {
    name: "include from two folders, one missing",
    verdict: "clean",
    warns: ["include-missing"],
    text: `includem {nothing.d,some.d}/*.conf\n${instance()}`,
    files: { "some.d/a.conf": "" },
  },
  {
    name: "includeb from two folders, one missing",
    verdict: "fatal",
    says: 'Some config files missing: "{nothing.d,some.d}/*.conf".',
    text: `includeb {nothing.d,some.d}/*.conf\n${instance()}`,
    files: { "some.d/a.conf": "" },
  },
  {
    name: "includem of a missing file",
    verdict: "fatal",
    says: "Config files missing 'nothing.inc'.",
    text: `includem nothing.inc\n${instance()}`,
  },
  {
    name: "includea of no match",
    verdict: "fatal",
    says: "No config files matched 'nothing*.inc'.",
    text: `includea nothing*.inc\n${instance()}`,
  },
  // Instances
  {
    name: "missing VRID",
    verdict: "fatal",
    says: "(VI_1) the virtual router id must be set",
    text: bare("interface eth0", "virtual_ipaddress {", "10.0.1.50", "}"),
  },
  {
    name: "VRID out of range",
    verdict: "fatal",
    says: "(VI_1): VRID '256' not valid - must be between 1 & 255",
    text: instance().replace("51", "256"),
  },
  {
    name: "VRID with garbage",
    verdict: "fatal",
    says: "(VI_1): VRID '51x' not valid - must be between 1 & 255",
    text: instance().replace("51", "51x"),
  },
  {
    name: "missing interface",
    verdict: "fatal",
    says: "(VI_1) Unknown interface!",
    text: bare("virtual_router_id 51", "virtual_ipaddress {", "10.0.1.50", "}"),
  },
  {
    name: "missing interface of a unicast instance",
    verdict: "fatal",
    says: "(VI_1) Unknown interface!",
    text: bare(
      "virtual_router_id 51",
      "unicast_src_ip 10.0.1.11",
      "unicast_peer {",
      "10.0.1.12",
      "}",
      "virtual_ipaddress {",
      "10.0.1.50",
      "}",
    ),
  },
  {
    name: "interface that does not exist",
    verdict: "fatal",
    says: "WARNING - interface eth7 for vrrp_instance VI_1 doesn't exist",
    text: instance().replace("eth0", "eth7"),
  },
  {
    name: "interface that may come later",
    verdict: "clean",
    text: globals("dynamic_interfaces").replace("eth0", "eth7"),
  },
  {
    name: "loopback",
    verdict: "fatal",
    says: "(VI_1) cannot use a loopback interface (lo) for vrrp - ignoring",
    text: instance().replace("eth0", "lo"),
  },
  {
    name: "interface name too long",
    verdict: "fatal",
    says: "Interface name 'eth0123456789012' too long - ignoring",
    text: instance().replace("eth0", "eth0123456789012"),
  },
  {
    name: "the same name twice",
    verdict: "error",
    says: "vrrp instance VI_1 already defined",
    text: instance() + instance(),
  },
  {
    name: "the same VRID twice",
    verdict: "fatal",
    says: "VI_1 and VI_2 both use VRID 51 with IPv4 on interface eth0",
    text: instance() + instance().replace("VI_1", "VI_2"),
  },
  {
    name: "the same VRID on two interfaces",
    verdict: "clean",
    text: instance() + instance().replace("VI_1", "VI_2").replace("eth0", "eth1"),
  },
  {
    name: "the same VRID to two groups",
    verdict: "clean",
    text: instance() + instance("mcast_dst_ip 224.0.0.19").replace("VI_1", "VI_2"),
  },
  {
    name: "the same VRID, unicast, one peer in common",
    verdict: "fatal",
    says: "(VI_1) duplicate VRID conflict with VI_2 VRID 51",
    text:
      instance("unicast_peer {", "10.0.1.12", "}") +
      instance("unicast_peer {", "10.0.1.12", "10.0.1.13", "}").replace("VI_1", "VI_2"),
  },
  {
    name: "the same VRID, unicast, other peers",
    verdict: "clean",
    text:
      instance("unicast_peer {", "10.0.1.12", "}") +
      instance("unicast_peer {", "10.0.1.13", "}").replace("VI_1", "VI_2"),
  },
  {
    name: "state in lower case",
    verdict: "error",
    says: "(VI_1) unknown state 'master', defaulting to BACKUP",
    text: instance("state master"),
  },
  {
    name: "the same address twice",
    verdict: "clean",
    warns: ["duplicate-vip"],
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "10.0.1.50", "10.0.1.50/24", "}"),
  },
  {
    name: "the same address, excluded",
    verdict: "clean",
    warns: ["duplicate-vip"],
    text: instance("virtual_ipaddress_excluded {", "10.0.1.50", "}"),
  },
  {
    name: "the same address in two instances",
    verdict: "clean",
    warns: ["duplicate-vip"],
    text: instance() + instance().replace("VI_1", "VI_2").replace("51", "52"),
  },
  {
    name: "the same link-local address on two interfaces",
    verdict: "clean",
    warns: [],
    text: [instance(), instance().replace("VI_1", "VI_2").replace("eth0", "eth1")]
      .join("")
      .replaceAll("10.0.1.50", "fe80::50"),
  },
  {
    name: "both states",
    verdict: "error",
    says: "(VI_1) state previously set as MASTER - ignoring BACKUP",
    text: instance("state MASTER", "priority 150", "state BACKUP"),
  },
  {
    name: "priority 0",
    verdict: "error",
    says: "(VI_1) Priority not valid! must be between 1 & 255. Using default 100",
    text: instance("priority 0"),
  },
  {
    name: "priority 256",
    verdict: "error",
    says: "(VI_1) Priority not valid! must be between 1 & 255. Using default 100",
    text: instance("priority 256"),
  },
  {
    name: "negative priority",
    verdict: "error",
    says: "(VI_1) Priority not valid! must be between 1 & 255. Using default 100",
    text: instance("priority -5"),
  },
  {
    name: "nopreempt of a master",
    verdict: "error",
    says: "(VI_1) Warning - nopreempt will not work with initial state MASTER - clearing",
    text: instance("state MASTER", "priority 150", "nopreempt"),
  },
  {
    name: "nopreempt of an owner",
    verdict: "error",
    says: "(VI_1) nopreempt is incompatible with priority 255. resetting nopreempt",
    text: instance("priority 255", "nopreempt"),
  },
  {
    name: "preempt_delay of a master",
    verdict: "error",
    says: "(VI_1) Warning - preempt delay will not work with initial state MASTER - clearing",
    text: instance("state MASTER", "priority 150", "preempt_delay 10"),
  },
  {
    name: "preempt_delay with nopreempt",
    verdict: "error",
    says: "(VI_1) preempt_delay is incompatible with nopreempt mode - resetting",
    text: instance("nopreempt", "preempt_delay 10"),
  },
  {
    name: "preempt_delay too long",
    verdict: "error",
    says: "(VI_1) Preempt_delay not valid! must be between 0-1000",
    text: instance("preempt_delay 1001"),
  },
  {
    name: "advert_int with a fraction, version 2",
    verdict: "error",
    says: "(VI_1) VRRPv2 advertisement interval 0.500000s must be an integer. rounding",
    text: instance("advert_int 0.5"),
  },
  { name: "advert_int with a fraction, version 3", verdict: "clean", text: instance("version 3", "advert_int 0.5") },
  {
    name: "advert_int below a centisecond",
    verdict: "error",
    says: "(VI_1) VRRPv3 advertisement interval 0.123400s must be in units of 10ms - rounding",
    text: instance("version 3", "advert_int 0.1234"),
  },
  {
    name: "advert_int too long for version 3",
    verdict: "error",
    says: "(VI_1) VRRPv3 advertisement interval 41.00s is out of range. Must be less than 40.96s. Setting to 40.95s",
    text: instance("version 3", "advert_int 41"),
  },
  {
    name: "advert_int 0",
    verdict: "error",
    says: "(VI_1) Advert interval (0) not valid! Must be > 0 - ignoring",
    text: instance("advert_int 0"),
  },
  {
    name: "advert_int 256",
    verdict: "error",
    says: "(VI_1) Advert interval (256) not valid! Must be > 0 - ignoring",
    text: instance("advert_int 256"),
  },
  {
    name: "advert_int with too many places",
    verdict: "error",
    says: "number '1.0000000' has too many decimal places",
    text: instance("advert_int 1.0000000"),
  },
  { name: "version 4", verdict: "error", says: "(VI_1): Version must be either 2 or 3", text: instance("version 4") },
  { name: "lenient number", verdict: "error", says: "invalid number '1.5'", text: instance("garp_master_delay 1.5") },
  {
    name: "garp_master_repeat 0",
    verdict: "error",
    says: "(VI_1): garp_master_repeat must be greater than 0, setting to 1",
    text: instance("garp_master_repeat 0"),
  },
  { name: "garp_lower_prio_repeat 0", verdict: "clean", text: instance("garp_lower_prio_repeat 0") },
  {
    name: "negative garp_master_refresh",
    verdict: "error",
    says: "(VI_1): Invalid garp_master_refresh '-1' - ignoring",
    text: instance("garp_master_refresh -1"),
  },
  {
    name: "down_timer_adverts 0",
    verdict: "error",
    says: "(VI_1): Invalid down_timer_adverts [1:100] '0'",
    text: instance("down_timer_adverts 0"),
  },
  {
    name: "truth values",
    verdict: "clean",
    text: instance("lower_prio_no_advert on", "higher_prio_send_advert no", "strict_mode off"),
  },
  {
    name: "no truth value",
    verdict: "error",
    says: "(VI_1) invalid higher_prio_send_advert 1 specified",
    text: instance("higher_prio_send_advert 1"),
  },
  {
    name: "unknown auth_type",
    verdict: "error",
    says: "(VI_1) unknown authentication type 'MD5'",
    text: instance("authentication {", "auth_type MD5", "auth_pass abc", "}"),
  },
  {
    name: "password too long",
    verdict: "error",
    says: "Truncating auth_pass to 8 characters",
    text: instance("authentication {", "auth_type PASS", "auth_pass 123456789", "}"),
  },
  {
    name: "no password",
    verdict: "error",
    says: "(VI_1) Authentication specified but no password given. Ignoring",
    text: instance("authentication {", "auth_type PASS", "}"),
  },
  {
    name: "authentication in version 3",
    verdict: "error",
    says: "(VI_1) VRRP version 3 does not support authentication. Ignoring.",
    text: instance("version 3", "authentication {", "auth_type PASS", "auth_pass abc", "}"),
  },
  {
    name: "no address, version 2",
    verdict: "error",
    says: "(VI_1) No VIP specified; at least one is sensible",
    text: bare("interface eth0", "virtual_router_id 51"),
  },
  {
    name: "no address, version 3",
    verdict: "fatal",
    says: "(VI_1) No VIP specified; at least one is required",
    text: bare("interface eth0", "virtual_router_id 51", "version 3"),
  },
  { name: "use_vmac", verdict: "clean", text: instance("use_vmac", "vmac_xmit_base") },
  {
    name: "vmac_xmit_base alone",
    verdict: "error",
    says: "(VI_1) vmac_xmit_base is only valid with a vmac",
    text: instance("vmac_xmit_base"),
  },
  {
    name: "use_vmac with unicast",
    verdict: "error",
    says: "(VI_1) unicast with use_vmac requires vmac_xmit_base - setting",
    text: instance("use_vmac", "unicast_peer {", "10.0.1.12", "}"),
  },
  // Addresses and peers
  {
    name: "address options",
    verdict: "clean",
    text: instance(
      "virtual_ipaddress_excluded {",
      "10.0.1.60/24 dev eth1 label eth1:vip scope link brd + no_track",
      "10.0.1.61/24 broadcast 10.0.1.255",
      "2001:db8:1::50/64 home -nodad preferred_lft 100",
      "10.0.1.62 peer 10.0.1.63",
      "}",
    ),
  },
  {
    name: "invalid address",
    verdict: "error",
    says: "VRRP parsed invalid IP 10.0.1.256. skipping IP...",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "10.0.1.50", "10.0.1.256", "}"),
  },
  {
    name: "leading zero in an address",
    verdict: "error",
    says: "VRRP parsed invalid IP 10.0.1.050. skipping IP...",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.050", "}"),
  },
  {
    name: "prefix too long",
    verdict: "error",
    says: "Invalid address prefix len 33 for address 10.0.1.60/33 - using 32",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.60/33", "}"),
  },
  {
    name: "address of the other family",
    verdict: "error",
    says: "(VI_1): address family must match VRRP instance [2001:db8:1::50] - ignoring",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "10.0.1.50", "2001:db8:1::50", "}"),
  },
  {
    name: "device that does not exist",
    verdict: "fatal",
    says: "WARNING - interface eth9 for ip address 10.0.1.60 doesn't exist",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.60 dev eth9", "}"),
  },
  {
    name: "device without a name",
    verdict: "error",
    says: "No dev parameter specified for 10.0.1.60",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.60 dev", "}"),
  },
  {
    name: "label too long",
    verdict: "error",
    says: "Address label eth0:0123456789a is longer than maximum length 15 - removing address",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.60 label eth0:0123456789a", "}"),
  },
  {
    name: "broadcast of a whole address",
    verdict: "error",
    says: "Address prefix length 32 too long for broadcast",
    text: instance("virtual_ipaddress_excluded {", "10.0.1.60 brd +", "}"),
  },
  {
    name: "unicast",
    verdict: "clean",
    text: instance(
      "unicast_src_ip 10.0.1.11",
      "unicast_peer {",
      "10.0.1.12 min_ttl 255 max_ttl 255",
      "10.0.1.13",
      "}",
      "unicast_ttl 64",
    ),
  },
  {
    name: "source address that is not there",
    verdict: "clean",
    text: instance("unicast_src_ip 10.0.1.99", "unicast_peer {", "10.0.1.12", "}"),
  },
  {
    name: "malformed source address",
    verdict: "error",
    says: "Configuration error: VRRP instance[VI_1] malformed src address[10.0.1]. Skipping...",
    text: instance("unicast_peer {", "10.0.1.12", "}", "unicast_src_ip 10.0.1"),
  },
  {
    name: "malformed peer",
    verdict: "error",
    says: "Configuration error: VRRP instance[VI_1] malformed unicast peer address[peer-b]. Skipping...",
    text: instance("unicast_peer {", "10.0.1.12", "peer-b", "}"),
  },
  {
    name: "peer of the other family",
    verdict: "error",
    says: "Configuration error: VRRP instance[VI_1] and unicast peer address[2001:db8::2] MUST be of the same family !!! Skipping...",
    text: instance("unicast_peer {", "10.0.1.12", "2001:db8::2", "}"),
  },
  {
    name: "peer option without a value",
    verdict: "error",
    says: "(VI_1) min_ttl is missing a value",
    text: instance("unicast_peer {", "10.0.1.12 min_ttl", "}"),
  },
  {
    name: "unicast_src_ip without peers",
    verdict: "error",
    says: "(VI_1) A unicast keyword has been specified without any unicast peers. Defaulting to multicast. This usage is deprecated - please update your configuration.",
    text: instance("unicast_src_ip 10.0.1.11"),
  },
  {
    name: "unicast_ttl without peers",
    verdict: "error",
    says: "(VI_1): Cannot use unicast_ttl without unicast peers - resetting",
    text: instance("unicast_ttl 64"),
  },
  {
    name: "no multicast address",
    verdict: "error",
    says: "(VI_1) mcast_dst_ip 10.0.1.1 not multicast. Skipping...",
    text: instance("mcast_dst_ip 10.0.1.1"),
  },
  {
    name: "IPv6",
    verdict: "clean",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "fe80::50", "2001:db8:1::50/64", "}"),
  },
  {
    name: "IPv6 in version 2",
    verdict: "error",
    says: "(VI_1) vrrp_version 2 conflicts with configured or deduced version 0; ignoring.",
    text: bare("interface eth0", "virtual_router_id 51", "virtual_ipaddress {", "2001:db8:1::50", "}", "version 2"),
  },
  {
    name: "route without interface",
    verdict: "error",
    says: "Warning - cannot track route 10.9.0.0/16 with no interface specified, not tracking",
    text: instance("virtual_routes {", "10.9.0.0/16 via 10.0.1.1", "10.8.0.0/16 via 10.0.1.1 dev eth0", "}"),
  },
  {
    name: "command with a quote left open",
    verdict: "error",
    says: "Unterminated quote 'notify_master \"/bin/true'",
    text: instance('notify_master "/bin/true'),
  },
  {
    name: "two notify_master",
    verdict: "error",
    says: "(VI_1) notify_master script already specified - ignoring /bin/false",
    text: instance("notify_master /bin/true", "notify_master /bin/false"),
  },
  {
    name: "missing } of an instance before another one",
    verdict: "error",
    says: "There are 1 missing '}'s or extra '{'s",
    text: instance().replace(/\}\n$/, "") + instance().replace("VI_1", "VI_2").replace("51", "52"),
  },
  {
    name: "tracked file of an owner",
    verdict: "error",
    says: "(VI_1) ignoring weight from tracked file f due to address_owner. specify weight 0",
    text: `track_file f {\nfile /tmp/f\n}\n${instance("priority 255", "track_file {", "f", "}")}`,
  },
  // Strict mode
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
  // Scripts, trackers, groups
  {
    name: "tracked script",
    verdict: "clean",
    text: scripted(
      [TRUE, "interval 2", "timeout 1", "weight -20 reverse", "rise 2", "fall 3", "user root", "init_fail"],
      "chk weight 10 noreverse",
    ),
  },
  { name: "script that nobody tracks", verdict: "clean", text: scripted([TRUE]) },
  {
    name: "script after its use",
    verdict: "error",
    says: "(VI_1) track script chk not found, ignoring...",
    text: instance("track_script {", "chk", "}"),
  },
  {
    name: "script without command",
    verdict: "error",
    says: "No script set for vrrp_script chk - removing",
    text: scripted(["interval 2"]),
  },
  {
    name: "tracked script without command",
    verdict: "error",
    says: "No script set for vrrp_script chk - removing",
    text: scripted(["interval 2"], "chk"),
  },
  {
    name: "tracked script without a name",
    verdict: "fatal",
    says: "*** Configuration line starting `vrrp_script` is missing a parameter after keyword `vrrp_script` at word position 2",
    text: scripted([TRUE], "chk").replace("script chk", "script"),
  },
  {
    name: "script interval 0",
    verdict: "error",
    says: "(chk): vrrp script interval must be greater than 0, setting to 1",
    text: scripted([TRUE, "interval 0"], "chk"),
  },
  {
    name: "script interval of half a second",
    verdict: "error",
    says: "(chk): vrrp script interval '0.5' must be between 1 and 4294 - ignoring",
    text: scripted([TRUE, "interval 0.5"], "chk"),
  },
  {
    name: "script interval of no number",
    verdict: "error",
    says: "(chk): vrrp script interval 'often' must be between 1 and 4294 - ignoring",
    text: scripted([TRUE, "interval often"], "chk"),
  },
  {
    name: "script interval of one second and a half",
    verdict: "error",
    says: "invalid number '1.5'",
    text: scripted([TRUE, "interval 1.5"], "chk"),
  },
  {
    name: "script timeout 0",
    verdict: "error",
    says: "(chk): vrrp script timeout must be greater than 0, setting to 1",
    text: scripted([TRUE, "timeout 0"], "chk"),
  },
  {
    name: "script timeout of half a second",
    verdict: "error",
    says: "(chk): vrrp script timeout '0.5' invalid - ignoring",
    text: scripted([TRUE, "timeout 0.5"], "chk"),
  },
  {
    name: "script timeout below 0",
    verdict: "error",
    says: "(chk): vrrp script timeout '-1' invalid - ignoring",
    text: scripted([TRUE, "timeout -1"], "chk"),
  },
  {
    name: "script rise 0.5",
    verdict: "error",
    says: "(chk): vrrp script rise value '0.5' invalid, defaulting to 1",
    text: scripted([TRUE, "rise 0.5"], "chk"),
  },
  {
    name: "script fall of no number",
    verdict: "error",
    says: "(chk): vrrp script fall value 'x' invalid, defaulting to 1",
    text: scripted([TRUE, "fall x"], "chk"),
  },
  {
    name: "script weight out of range",
    verdict: "error",
    says: "vrrp_script chk weight 300 must be in [-253, 253]",
    text: scripted([TRUE, "weight 300"], "chk"),
  },
  {
    name: "script fall 0",
    verdict: "error",
    says: "(chk): vrrp script fall value '0' invalid, defaulting to 1",
    text: scripted([TRUE, "fall 0"], "chk"),
  },
  {
    name: "tracker weight out of range",
    verdict: "error",
    says: "(VI_1) track script chk: weight must be between [-253..253] inclusive, ignoring...",
    text: scripted([TRUE], "chk weight 300"),
  },
  {
    name: "tracker weight 254",
    verdict: "error",
    says: "(VI_1) weight for chk cannot be +/-254. Setting to +/-253",
    text: scripted([TRUE], "chk weight -254"),
  },
  {
    name: "tracker option",
    verdict: "error",
    says: "(VI_1) unknown track script option wieght - ignoring",
    text: scripted([TRUE], "chk wieght 5"),
  },
  {
    name: "tracked twice",
    verdict: "error",
    says: "(VI_1) duplicate track_script chk - ignoring",
    text: scripted([TRUE], "chk", "chk"),
  },
  {
    name: "weighted script of an owner",
    verdict: "error",
    says: "(VI_1) ignoring tracked script chk with weights due to address_owner",
    text: scripted([TRUE], "chk weight 5").replace("VI_1 {", "VI_1 {\npriority 255"),
  },
  { name: "tracked interface", verdict: "clean", text: instance("track_interface {", "eth1 weight -30", "}") },
  {
    name: "own interface tracked",
    verdict: "error",
    says: "(VI_1) Ignoring track_interface eth0 since own interface",
    text: instance("track_interface {", "eth0", "}"),
  },
  {
    name: "tracked interface that does not exist",
    verdict: "fatal",
    says: "(VI_1) tracked interface eth8 doesn't exist",
    text: instance("track_interface {", "eth8", "}"),
  },
  {
    name: "tracked file",
    verdict: "clean",
    text: `track_file f {\nfile /tmp/f\nweight 2\n}\n${instance("track_file {", "f weight 1", "}")}`,
  },
  {
    name: "tracked file without path",
    verdict: "error",
    says: "No file set for track_file f - ignoring",
    text: `track_file f {\nweight 2\n}\n${instance()}`,
  },
  {
    name: "file tracked and without path",
    verdict: "error",
    says: "No file set for track_file f - ignoring",
    text: `track_file f {\nweight 2\n}\n${instance("track_file {", "f", "}")}`,
  },
  {
    name: "sync group",
    verdict: "clean",
    text: `vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n${instance()}${instance().replace("VI_1", "VI_2").replace("51", "52")}`,
  },
  {
    name: "sync group of one",
    verdict: "error",
    says: "Sync group G has only 1 virtual router(s) - this probably isn't what you want",
    text: `vrrp_sync_group G {\ngroup {\nVI_1\n}\n}\n${instance()}`,
  },
  {
    name: "unknown member of a sync group",
    verdict: "error",
    says: "Virtual router VI_3 specified in sync group G doesn't exist - ignoring",
    text: `vrrp_sync_group G {\ngroup {\nVI_1 VI_2 VI_3\n}\n}\n${instance()}${instance().replace("VI_1", "VI_2").replace("51", "52")}`,
  },
  {
    name: "weighted tracker of a member",
    verdict: "error",
    says: "(VI_1) ignoring eth1 tracked interface weight due to SYNC group",
    text: `vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n${instance("track_interface {", "eth1 weight 5", "}")}${instance().replace("VI_1", "VI_2").replace("51", "52")}`,
  },
  {
    name: "sync group without members",
    verdict: "error",
    says: "Sync group G has no virtual router(s). removing",
    text: `vrrp_sync_group G {\n}\n${instance()}`,
  },
  // global_defs
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
    warns: ["not-checked"],
    text: `virtual_server 10.0.1.50 80 {\ndelay_loop 6\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.1.60 80 {\nweight 1\nTCP_CHECK {\nconnect_timeout 3\n}\n}\n}\n${instance()}`,
  },
];
