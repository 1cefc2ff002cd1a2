/**
 * Keywords of `global_defs` that change no frame: mail, process scheduling, SNMP, sockets' buffers, reloading. They are
 * accepted; only what keepalived says about a missing word is said here too.
 */
import type { GlobalDraft } from "./globals.ts";
import { ANY_WORDS, type Keyword, optional, truth, value } from "./keywords.ts";

/** Without a value keepalived ends at once. */
const WITH_VALUE = `bfd_process_name bfd_rlimit_rtime bfd_rlimit_rttime checker_process_name checker_rlimit_rtime
  checker_rlimit_rttime config_save_dir lvs_process_name nftables_ipvs_priority nftables_ipvs_start_fwmark
  nftables_priority process_name random_seed smtp_connect_timeout smtp_server umask vmac_addr_prefix vrrp_process_name
  vrrp_rlimit_rtime vrrp_rlimit_rttime`;

/** With or without a value. */
const ANYHOW = `bfd_no_swap checker_no_swap data_use_instance disable_local_igmp enable_dbus enable_snmp_checker
  enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_vrrp enable_traps
  fifo_write_vrrp_states_on_reload log_unknown_vrids lvs_flush lvs_flush_on_stop lvs_flush_onstop
  lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs_force max_auto_priority nftables nftables_counters
  nftables_ifindex nftables_ipvs no_email_faults process_monitor_rcv_bufs_force process_names reload_check_config
  reload_file reload_repeat smtp_helo_name vrrp_iptables vrrp_ipsets vrrp_netlink_cmd_rcv_bufs_force
  vrrp_netlink_monitor_rcv_bufs_force vrrp_no_swap`;

/** Truth values. */
const TRUTHS = `smtp_alert smtp_alert_vrrp smtp_alert_checker vrrp_notify_priority_changes rs_init_notifies
  no_checker_emails`;

/** What keepalived says where the value is missing. */
const MISSING: Readonly<Record<string, string>> = {
  bfd_cpu_affinity: "No bfd cpu_id set specified",
  bfd_priority: "No bfd process priority specified",
  bfd_rt_priority: "No bfd process real-time priority specified",
  checker_cpu_affinity: "No checker cpu_id set specified",
  checker_priority: "No checker process priority specified",
  checker_rt_priority: "No checker process real-time priority specified",
  dbus_service_name: "dbus_service_name missing - ignoring",
  lvs_netlink_cmd_rcv_bufs: "lvs_netlink_cmd_rcv_bufs size missing",
  lvs_netlink_monitor_rcv_bufs: "lvs_netlink_monitor_rcv_bufs size missing",
  lvs_notify_fifo: "No lvs_notify_fifo name specified",
  lvs_notify_fifo_script: "No lvs_notify_fifo_script specified",
  lvs_sync_daemon: "lvs_sync_daemon requires interface",
  lvs_timeouts: "lvs_timeouts requires at least one option",
  min_auto_priority_delay: "min_auto_priority_delay requires delay time",
  notification_email_from: "emailfrom missing - ignoring",
  notify_fifo_script: "No notify_fifo_script specified",
  process_monitor_rcv_bufs: "process_monitor_rcv_bufs size missing",
  reload_time_file: "reload_time_file invalid",
  shutdown_script: "shutdown script missing",
  shutdown_script_timeout: "shutdown_script_timeout requires value",
  snmp_socket: "SNMP error : snmp socket name missing",
  startup_script: "startup script missing",
  startup_script_timeout: "startup_script_timeout requires value",
  tmp_config_directory: "tmp_config_directory missing directory name",
  vrrp_cpu_affinity: "No vrrp cpu_id set specified",
  vrrp_netlink_cmd_rcv_bufs: "vrrp_netlink_cmd_rcv_bufs size missing",
  vrrp_netlink_monitor_rcv_bufs: "vrrp_netlink_monitor_rcv_bufs size missing",
  vrrp_notify_fifo_script: "No vrrp_notify_fifo_script specified",
  vrrp_priority: "No vrrp process priority specified",
  vrrp_rt_priority: "No vrrp process real-time priority specified",
  vrrp_rx_bufs_multiplier: "Invalid vrrp_rx_bufs_multiplier",
  vrrp_rx_bufs_policy: "vrrp_rx_bufs_policy missing",
};

/** These change frames that are not simulated. */
const NOT_SIMULATED = new Set(["lvs_sync_daemon"]);

export const ACCEPTED_GLOBALS: Readonly<Record<string, Keyword<GlobalDraft>>> = {
  ...Object.fromEntries(names(WITH_VALUE).map((name) => [name, value<GlobalDraft>(() => {}, ANY_WORDS)])),
  ...Object.fromEntries(names(ANYHOW).map((name) => [name, optional<GlobalDraft>(() => {}, ANY_WORDS)])),
  ...Object.fromEntries(
    names(TRUTHS).map((name) => [
      name,
      truth<GlobalDraft>(
        () => {},
        (_, text) => `Invalid value '${text}' for global ${name} specified`,
      ),
    ]),
  ),
  checker_log_all_failures: truth(
    () => {},
    () => "Invalid value for checker_log_all_failures specified",
  ),
  ...Object.fromEntries(Object.entries(MISSING).map(([name, missing]) => [name, acceptedText(name, missing)])),
};

function names(list: string): string[] {
  return list.split(/\s+/);
}

function acceptedText(name: string, missing: string): Keyword<GlobalDraft> {
  return optional((_, words, { findings }) => {
    if (words.length === 1) findings.error("missing-parameter", words[0]!, missing, `${name} needs a value`);
    else if (NOT_SIMULATED.has(name)) findings.notSimulated(words[0]!, name);
  }, ANY_WORDS);
}
