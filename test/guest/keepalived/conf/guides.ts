/** Configurations as people have them: a cloud provider's guide for a virtual IP, and those of recorded failovers. */

/** The second node of a guide to virtual IPs in a cloud: unicast, because the network carries no multicast. */
export function guideConf(own: string, peer: string): string {
  return `vrrp_instance VI_1 {
    state BACKUP           #Secondary device
    interface eth0          #ENI name
    virtual_router_id 51
    nopreempt                   #Non-preempt mode
    #preempt_delay 10
    priority 80
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    unicast_src_ip ${own}   #Private IP of the local device
    unicast_peer {
        ${peer}           #IP address of the peer device
    }
    virtual_ipaddress {
        172.17.16.3  #the HAVIP
    }
    garp_master_delay 1
    garp_master_refresh 5
    track_interface {
        eth0
    }
    track_script {
        checkhaproxy
    }
}
`;
}

export const RECORDED: Readonly<Record<string, string>> = {
  "crash and return": `vrrp_instance VI_1 {
 state BACKUP
 interface eth0
 virtual_router_id 51
 priority 100
 advert_int 1
 virtual_ipaddress {
  10.0.1.50
 }
}`,
  "script with weight": `vrrp_script chk {
 script "/usr/bin/test -f /run/ok"
 interval 1
 weight -20
 fall 2
 rise 2
 user root
}
vrrp_instance VI_1 {
 state BACKUP
 interface eth0
 virtual_router_id 51
 priority 100
 advert_int 1
 track_script {
  chk
 }
 virtual_ipaddress {
  10.0.1.50
 }
}`,
  "virtual MAC": `vrrp_instance VI_1 {
 state BACKUP
 interface eth0
 virtual_router_id 51
 priority 100
 advert_int 1
 use_vmac
 vmac_xmit_base
 virtual_ipaddress {
  10.0.1.50
 }
}`,
  IPv6: `vrrp_instance VI_1 {
 state BACKUP
 interface eth0
 virtual_router_id 51
 priority 100
 advert_int 1
 version 3
 virtual_ipaddress {
  2001:db8:1::50/64
 }
}`,
};
