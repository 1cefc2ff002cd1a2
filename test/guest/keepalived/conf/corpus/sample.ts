/**
 * What a sample of the corpus is, and the words that samples are built of. The host that they are judged on has eth0 (10.0.1.11, 2001:db8:1::11) and eth1 (10.0.2.11).
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
export function instance(...lines: string[]): string {
  return bare("interface eth0", "virtual_router_id 51", ...lines, "virtual_ipaddress {", "10.0.1.50", "}");
}

export function bare(...lines: string[]): string {
  return ["vrrp_instance VI_1 {", ...lines, "}", ""].join("\n");
}

export function globals(...lines: string[]): string {
  return ["global_defs {", ...lines, "}", instance()].join("\n");
}

export function scripted(script: readonly string[], ...items: string[]): string {
  const head = ["global_defs {", "enable_script_security", "script_user root", "}", "vrrp_script chk {"];
  return [...head, ...script, "}", instance("track_script {", ...items, "}")].join("\n");
}

export const TRUE = "script /bin/true";
