/**
 * Clusters as people write them after well-known guides, with the mistakes that they make: what is said of them, hints aside, in the order of the
 * lines. Those without a mistake raise no alarm.
 */
import { describe, expect, it } from "vitest";
import { judge } from "../../src/lint/judge.ts";
import { confFiles } from "./clusters.ts";

const DISTRIBUTION_DEFAULTS = `   vrrp_skip_check_adv_addr
   vrrp_strict
   vrrp_garp_interval 0
   vrrp_gna_interval 0
`;

function nginx(state: string, priority: number, weight: number, defaults = ""): string {
  return `! Configuration File for keepalived
global_defs {
   notification_email {
     root@localhost
   }
   smtp_server 127.0.0.1
   smtp_connect_timeout 30
   router_id nginx
${defaults}}
vrrp_script chk_nginx {
    script "/etc/keepalived/nginx_check.sh"
    interval 2
    weight ${weight}
}
vrrp_instance VI_1 {
    state ${state}
    interface ens33
    virtual_router_id 51
    priority ${priority}
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    track_script {
        chk_nginx
    }
    virtual_ipaddress {
        192.168.1.100
    }
}
`;
}

function haproxy(state: string, priority: number, vrid: number): string {
  return `vrrp_script chk_haproxy {
  script "/usr/bin/killall -0 haproxy"
  interval 2
  weight 2
}
vrrp_instance VI_1 {
  interface eth0
  state ${state}
  virtual_router_id ${vrid}
  priority ${priority}
  virtual_ipaddress {
    10.10.0.100/24
  }
  track_script {
    chk_haproxy
  }
}
`;
}

function kubernetes(state: string, priority: number, password: string): string {
  return `vrrp_script check_apiserver {
  script "/etc/keepalived/check_apiserver.sh"
  interval 3
  weight -2
  fall 10
  rise 2
}
vrrp_instance VI_1 {
    state ${state}
    interface eth0
    virtual_router_id 51
    priority ${priority}
    authentication {
        auth_type PASS
        auth_pass ${password}
    }
    virtual_ipaddress {
        192.168.0.200
    }
    track_script {
        check_apiserver
    }
}
`;
}

function cloud(state: string, priority: number, source: string, unicast: string): string {
  return `vrrp_script chk {
  script "/usr/bin/curl -sf http://localhost/healthz"
  interval 2
  fall 3
  rise 2
}
vrrp_instance VI_1 {
  state ${state}
  interface ens5
  virtual_router_id 60
  priority ${priority}
  nopreempt
  unicast_src_ip ${source}
  ${unicast}
  virtual_ipaddress {
    10.0.0.50/32
  }
  track_script {
    chk
  }
  notify_master "/etc/keepalived/move-eip.sh"
}
`;
}

const peer = (address: string) => `unicast_peer {\n    ${address}\n  }`;

function database(priority: number, script: string): string {
  return `vrrp_script chk_mysql {
    script "/usr/local/bin/check_mysql.sh"
    interval 2
    fall 2
    ${script}
}
vrrp_instance VI_MYSQL {
    state BACKUP
    interface bond0
    virtual_router_id 61
    priority ${priority}
    nopreempt
    authentication {
        auth_type PASS
        auth_pass mysqlha
    }
    virtual_ipaddress {
        10.20.0.10/24 dev bond0 label bond0:vip
    }
    track_script {
        chk_mysql
    }
}
`;
}

function dualStack(priority: number, advertInt: string, more = ""): string {
  return `vrrp_instance VI_4 {
  state BACKUP
  interface eth0
  virtual_router_id 10
  priority ${priority}
  advert_int ${advertInt}
  virtual_ipaddress {
    192.0.2.10/24
  }
}
vrrp_instance VI_6 {
  state BACKUP
  interface eth0
  virtual_router_id 10
  priority ${priority}
  virtual_ipaddress {
    fe80::10/64
    2001:db8::10/64
    ${more}
  }
}
vrrp_sync_group G1 {
  group {
    VI_4
    VI_6
  }
}
`;
}

function gateway(state: string, outside: number, inside: number): string {
  return `vrrp_sync_group VG1 {
    group {
        EXT
        INT
    }
}
vrrp_instance EXT {
    state ${state}
    interface eth0
    virtual_router_id 10
    priority ${outside}
    virtual_ipaddress {
        203.0.113.10/29
    }
    virtual_routes {
        default via 203.0.113.9
    }
}
vrrp_instance INT {
    state ${state}
    interface eth1
    virtual_router_id 11
    priority ${inside}
    virtual_ipaddress {
        10.0.0.1/24
    }
}
`;
}

const HEALTHY: Readonly<Record<string, readonly string[]>> = {
  "two nginx": [nginx("MASTER", 100, -20), nginx("BACKUP", 90, -20)],
  "two HAProxy with a positive weight": [haproxy("MASTER", 101, 51), haproxy("BACKUP", 100, 51)],
  "three control planes of Kubernetes": [
    kubernetes("MASTER", 101, "42"),
    kubernetes("BACKUP", 100, "42"),
    kubernetes("BACKUP", 100, "42"),
  ],
  "two nodes of a cloud": [
    cloud("BACKUP", 100, "10.0.0.11", peer("10.0.0.12")),
    cloud("BACKUP", 90, "10.0.0.12", peer("10.0.0.11")),
  ],
  "two databases": [database(150, ""), database(140, "")],
  "two stacks in a sync group": [dualStack(100, "1"), dualStack(90, "1")],
  "two gateways": [gateway("MASTER", 150, 150), gateway("BACKUP", 100, 100)],
};

const WRONG: Readonly<Record<string, readonly [texts: readonly string[], alarms: readonly string[]]>> = {
  "what a distribution ships, and a weight that is too small": [
    [nginx("MASTER", 100, -5, DISTRIBUTION_DEFAULTS), nginx("BACKUP", 90, -5, DISTRIBUTION_DEFAULTS)],
    [
      "a.conf:10 warning stale-after-split",
      "a.conf:10 warning strict-drops-traffic",
      "a.conf:20 warning strict-conflict",
      "a.conf:25 warning authentication-ignored",
      "a.conf:30 error weight-too-small",
      "b.conf:10 warning strict-drops-traffic",
      "b.conf:25 warning authentication-ignored",
    ],
  ],
  "two VRIDs": [[haproxy("MASTER", 101, 51), haproxy("BACKUP", 100, 52)], ["b.conf:9 error vip-in-two-routers"]],
  "another password on the third node, and priorities further apart than the weight": [
    [kubernetes("MASTER", 110, "k8s"), kubernetes("BACKUP", 100, "k8s"), kubernetes("BACKUP", 90, "k8s-ha")],
    [
      "a.conf:21 error weight-too-small",
      "b.conf:21 warning weight-too-small",
      "c.conf:15 error authentication-differs",
    ],
  ],
  "nopreempt with state MASTER, and a node as its own peer": [
    [cloud("MASTER", 100, "10.0.0.11", peer("10.0.0.12")), cloud("BACKUP", 90, "10.0.0.12", peer("10.0.0.12"))],
    ["a.conf:12 warning nopreempt-ignored", "b.conf:15 error unicast-peer-missing"],
  ],
  "unicast_ttl and no peers, and a priority that was copied": [
    [cloud("BACKUP", 100, "10.0.0.11", "unicast_ttl 64"), cloud("BACKUP", 100, "10.0.0.12", "unicast_ttl 64")],
    ["a.conf:14 error unicast-ttl-without-peers", "b.conf:14 error unicast-ttl-without-peers"],
  ],
  "a weight that nopreempt makes useless, and a script that overlaps itself": [
    [database(150, "weight -30\ntimeout 5"), database(140, "weight -30")],
    [
      "a.conf:6 warning script-timeout-over-interval",
      "a.conf:22 error nopreempt-ignores-weight",
      "b.conf:21 error nopreempt-ignores-weight",
    ],
  ],
  "an interval that version 2 has not, and an address on one node only": [
    [dualStack(100, "0.5", "2001:db8::11/64"), dualStack(90, "1")],
    ["a.conf:6 warning advert-interval-rounded", "b.conf:16 error vip-lists-differ"],
  ],
  "a sync group whose members disagree about the master": [
    [gateway("MASTER", 150, 150), gateway("BACKUP", 100, 200)],
    ["a.conf:20 warning state-master-not-highest", "b.conf:23 warning sync-group-priorities"],
  ],
};

/** Files a.conf, b.conf, … */
function alarmsOf(texts: readonly string[]): string[] {
  const files = Object.fromEntries(texts.map((text, i) => [`${"abc"[i]}.conf`, text]));
  const { findings } = judge({ confs: confFiles(files), scenarios: [], ignored: new Set(), texts: new Map() });
  return findings
    .filter(({ severity }) => severity !== "hint")
    .map(({ file, line, severity, rule }) => `${file}:${line} ${severity} ${rule}`);
}

describe("a cluster after a guide", () => {
  it.each(Object.entries(HEALTHY))("%s: no alarm", (_, texts) => {
    expect(alarmsOf(texts)).toEqual([]);
  });

  it.each(Object.entries(WRONG))("%s", (_, [texts, alarms]) => {
    expect(alarmsOf(texts)).toEqual(alarms);
  });
});

describe("a list of thousands of addresses", () => {
  it("is judged as a whole, not one by one", () => {
    const router = (priority: number, address: (i: number) => string) =>
      `vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\npriority ${priority}\nvirtual_ipaddress {\n${Array.from({ length: 5000 }, (_, i) => address(i)).join("\n")}\n}\n}\n`;
    const octets = (i: number) => `${i >> 8}.${i & 255}`;
    const usual = router(100, (i) => `10.1.${octets(i)}/16`);
    const judged = (other: string) => {
      const confs = confFiles({ "a.conf": usual, "b.conf": other });
      return judge({ confs, scenarios: [], ignored: new Set(), texts: new Map() }).findings;
    };
    const devices = judged(router(90, (i) => `10.1.${octets(i)}/24 dev eth${i}`));
    expect(devices.map(({ rule }) => rule).sort()).toEqual([
      "stale-after-split",
      "too-many-addresses",
      "too-many-addresses",
      "vip-device-tracked",
      "vip-prefix-differs",
    ]);
    expect(alarmsOf([usual, router(90, (i) => `10.2.${octets(i)}/16`)])).toEqual([
      "a.conf:1 warning excluded-addresses-differ",
      "a.conf:261 warning too-many-addresses",
      "b.conf:1 warning excluded-addresses-differ",
      "b.conf:6 error vip-lists-differ",
      "b.conf:261 warning too-many-addresses",
    ]);
    for (const { related } of devices) expect(related.length).toBeLessThan(3);
  });
});
