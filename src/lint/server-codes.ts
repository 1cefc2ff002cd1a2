/** What the parser says of virtual servers, which share out connections (LVS): they run beside the virtual routers, on every node. */
import type { ParserCode } from "./parser-codes.ts";

const UNWATCHED = "keepalived leaves the check out: a server that fails keeps getting connections.";

export const SERVER_CODES: Readonly<Record<string, ParserCode>> = {
  "bfd-not-found": {
    severity: "error",
    summary: "a BFD_CHECK without its bfd_instance",
    why: UNWATCHED,
    fix: "correct the name or the order",
  },
  "checker-without-bfd": {
    severity: "error",
    summary: "a BFD_CHECK without a name",
    why: UNWATCHED,
    fix: "name the bfd_instance",
  },
  "checker-without-file": {
    severity: "error",
    summary: "a FILE_CHECK without its file",
    why: UNWATCHED,
    fix: "name the file",
  },
  "checker-without-script": {
    severity: "error",
    summary: "a MISC_CHECK without its script",
    why: UNWATCHED,
    fix: "name the script",
  },
  "checker-without-url": {
    severity: "error",
    summary: "an HTTP_GET or SSL_GET without a url",
    why: UNWATCHED,
    fix: "say what is asked for",
  },
  "fwmark-conflict": {
    severity: "warning",
    summary: "a key that a virtual server by fwmark cannot have",
    why: "keepalived clears it: the mark alone decides what is balanced.",
    fix: "leave the key out",
  },
  "invalid-range": {
    severity: "error",
    summary: "a range of addresses that keepalived cannot read",
    why: "keepalived leaves the entry out: these addresses are not balanced.",
    fix: "write the range",
  },
  "no-forwarding": {
    severity: "warning",
    summary: "a virtual server without a forwarding method",
    why: "NAT is used: answers must then come back through this node.",
    fix: "write the method",
  },
  "no-port": {
    severity: "warning",
    summary: "a virtual server of any port that is not persistent",
    why: "keepalived makes it persistent: each client stays with one server.",
    fix: "say which is meant",
  },
  "no-protocol": {
    severity: "warning",
    summary: "a virtual server without a protocol",
    why: "UDP is used: TCP connections are not balanced.",
    fix: "write the protocol",
  },
  "no-real-servers": {
    severity: "error",
    summary: "a virtual server without real servers",
    why: "keepalived leaves it out: nobody answers for the address.",
    fix: "list the servers",
  },
  "no-scheduler": {
    severity: "warning",
    summary: "a virtual server without a scheduler",
    why: "Wlc is used, and keepalived -t fails.",
    fix: "write the scheduler",
  },
  "port-conflict": {
    severity: "warning",
    summary: "a real server on another port than its virtual server, without NAT",
    why: "Only NAT changes ports: connections arrive on the virtual server's port.",
    fix: "write the same port, or use NAT",
  },
  "protocol-conflict": {
    severity: "warning",
    summary: "a key that needs another protocol",
    why: "keepalived clears it.",
    fix: "leave the key out or change the protocol",
  },
  "quorum-too-high": {
    severity: "warning",
    summary: "a quorum above the weight of all servers, or not above its hysteresis",
    why: "keepalived lowers it: it is lost and regained elsewhere than the line says.",
    fix: "write values that fit",
  },
  "server-group-empty": {
    severity: "error",
    summary: "a virtual_server_group without entries",
    why: "keepalived removes it: its virtual server balances nothing.",
    fix: "list the addresses",
  },
  "server-group-not-found": {
    severity: "error",
    logged: "error",
    summary: "a virtual server of a group that is not there",
    why: "It balances nothing, and keepalived does not complain.",
    fix: "correct the name, or define the group",
  },
  "sorry-server-conflict": {
    severity: "warning",
    summary: "a sorry server that is a real server with another inhibit setting",
    why: "keepalived gives both the real server's setting.",
    fix: "set inhibit alike",
  },
  "sorry-server-missing": {
    severity: "warning",
    summary: "a setting of a sorry server that is not there",
    why: "keepalived ignores it, and keepalived -t fails.",
    fix: "name the sorry server first",
  },
  "url-without-path": {
    severity: "error",
    summary: "a url without its path",
    why: "keepalived leaves the url out: what it stands for is not checked.",
    fix: "write the path",
  },
};
