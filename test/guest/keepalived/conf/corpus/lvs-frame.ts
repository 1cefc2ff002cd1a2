/** What samples of LVS are built of: a virtual server with one real server that keepalived has nothing to say about, whole or in parts. */
import { instance } from "./sample.ts";

/** The lines without which a virtual server is not in order. */
export const BALANCING = ["lb_algo rr", "lb_kind NAT", "protocol TCP"] as const;

export function block(head: string, ...lines: string[]): string {
  return [`${head} {`, ...lines, "}"].join("\n");
}

/** `of`: an address with a port, a firewall mark, or a group. */
export function server(of: string, ...lines: string[]): string {
  return block(`virtual_server ${of}`, ...lines);
}

/** `of`: an address with a port. */
export function real(of: string, ...lines: string[]): string {
  return block(`real_server ${of}`, ...lines);
}

export const REAL = real("10.0.1.60 80", "weight 1");

/** A whole configuration: these blocks, and an instance. */
export function conf(...blocks: string[]): string {
  return [...blocks, instance()].join("\n");
}

/** A virtual server that is in order but for the lines given. */
export function balanced(...lines: string[]): string {
  return conf(server("10.0.1.50 80", ...BALANCING, ...lines, REAL));
}

/** A virtual server whose real server has this checker. */
export function checked(checker: string, ...lines: string[]): string {
  return server("10.0.1.50 80", ...BALANCING, real("10.0.1.60 80", block(checker, ...lines)));
}

/** A virtual server of a group with these entries. */
export function grouped(...entries: string[]): string {
  return conf(block("virtual_server_group G", ...entries), server("group G", ...BALANCING, REAL));
}
