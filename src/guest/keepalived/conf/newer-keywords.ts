/** Keywords that 2.2.7 does not know, and the first version that does (keepalived's change log): to older ones they are unknown. */
export const NEWER_KEYWORDS: ReadonlyMap<string, string> = new Map([
  ["no_virtual_ipaddress", "2.2.8"],
  ["timer_expired_backup", "2.2.8"],
  ["thread_timer_expired", "2.2.8"],
  ["v3_checksum_as_v2", "2.2.8"],
  ["owner_ignore_adverts", "2.3.3"],
  ["vrrp_owner_ignore_adverts", "2.3.3"],
  ["auth_hmac", "2.4.0"],
  ["vrrp_delay_after_boot", "2.4.0"],
]);
