/** Small scenarios for the command line: each is one file that names no other. */

const CONF = (priority: number) => `|
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        priority ${priority}
        virtual_ipaddress {
          10.0.1.50
        }
      }`;

/** Two nodes, a crash after 6 of 12 seconds, and one expectation, on line 39, that holds. */
export const CRASH = `name: crash
description: vm-A crashes
until: 12s
subnets:
  app: { cidr: 10.0.1.0/24 }
hosts:
  vm-A:
    subnet: app
    address: 10.0.1.11
    keepalived: ${CONF(100)}
  vm-B:
    subnet: app
    address: 10.0.1.12
    keepalived: ${CONF(90)}
  client: { subnet: app, address: 10.0.1.100 }
havips:
  web: { subnet: app, address: 10.0.1.50 }
probes:
  client-to-web: { from: client, to: web, every: 10ms }
timeline:
  - { at: 6s, crash: vm-A }
expect:
  - { at: 11s, holder: { of: web, is: vm-B } }
`;

export const FAILING = CRASH.replace("is: vm-B", "is: vm-A");

/** Takes a minute and more of real time: to be interrupted. */
export const LONG = `name: long
until: 8000s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  a: { subnet: app, address: 10.0.1.1 }
  b: { subnet: app, address: 10.0.1.2 }
probes:
  p: { from: a, to: b, every: 1ms }
`;
