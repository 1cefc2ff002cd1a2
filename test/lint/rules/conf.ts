/** A configuration of one virtual router, as the tests of the rules write it. */

/** `lines` stand in the instance, `before` before it. */
export function conf(lines: string, before = ""): string {
  return `${before}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
${lines}
    virtual_ipaddress {
        10.0.1.50/24
    }
}
`;
}

/** A script `chk`, run each second, with further lines. */
export function script(lines = ""): string {
  return `vrrp_script chk {
    script "/usr/bin/test -f /run/ok"
${lines}
}`;
}

export const TRACKED = "track_script {\nchk\n}";
