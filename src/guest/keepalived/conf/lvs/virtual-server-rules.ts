/** What keepalived says about virtual servers once all of the file is read, in the order in which it does (`validate_check_config` of check_data.c). */
import { sameIp } from "../../../../text/ip-text.ts";
import { formatIp } from "../../../../wire/address.ts";
import type { Context } from "../context.ts";
import {
  type Endpoint,
  type RealServerDraft,
  shownEndpoint,
  shownServer,
  type VirtualServerDraft,
  type VirtualServerGroup,
} from "./servers.ts";

/** The end of the server's block: the families of what it hands packets to. */
export function closeVirtualServer(draft: VirtualServerDraft, context: Context): void {
  const { sorry } = draft;
  if (sorry === null || sorry.forwarding === "TUN") return;
  const family = sorry.endpoint.address.length === 4 ? 4 : 6;
  draft.family ||= family;
  if (draft.family === family) return;
  const shown = formatIp(sorry.endpoint.address);
  const message = `Address family of virtual server and sorry server ${shown} don't match - skipping sorry server.`;
  context.findings.error("wrong-family", draft.keys.get("sorry_server") ?? draft.position, message, "lvs_method TUN");
  draft.sorry = null;
}

export function judgeVirtualServers({ virtualServers, serverGroups, findings }: Context): void {
  for (const draft of virtualServers) {
    const group = draft.group === null ? null : (serverGroups.get(draft.group) ?? null);
    if (draft.group !== null && group === null) {
      const message = `virtual server group ${draft.group} is not there, or has no entries`;
      findings.warning("server-group-not-found", draft.position, message, `virtual_server_group ${draft.group} { … }`);
    }
    new Judge(draft, group, findings).judge();
  }
}

class Judge {
  readonly #draft: VirtualServerDraft;
  readonly #group: VirtualServerGroup | null;
  readonly #findings: Context["findings"];

  constructor(draft: VirtualServerDraft, group: VirtualServerGroup | null, findings: Context["findings"]) {
    this.#draft = draft;
    this.#group = group;
    this.#findings = findings;
  }

  judge(): void {
    const draft = this.#draft;
    const { mistakes, real } = draft;
    if (real.length === 0) {
      if (!mistakes.has("real_server"))
        this.#say("no-real-servers", `Virtual server ${this.#name} has no real servers - ignoring`, "real_server …");
      return;
    }
    const marks = this.#group?.entries.filter(({ port }) => port === null) ?? [];
    const ranges = this.#group?.entries.filter(({ port }) => port !== null) ?? [];
    if (draft.haSuspend && (draft.fwmark !== null || marks.length > 0))
      this.#sayOf("fwmark-conflict", "cannot use ha_suspend with fwmarks - clearing ha_suspend");
    if (ranges.length > 0 || (this.#group === null && draft.fwmark === null)) this.#judgeAddress();
    if (!draft.isPersistent && ranges.some(({ port }) => port === 0)) this.#demandPersistence();
    const isMark = this.#group === null ? draft.fwmark !== null : ranges.length === 0;
    if (draft.protocol !== "none" && isMark) {
      const message = `Warning: Virtual server ${this.#name}: protocol specified for fwmark - protocol will be ignored`;
      this.#say("fwmark-conflict", message);
      draft.protocol = "none";
    }
    if (draft.scheduler === null && !mistakes.has("scheduler"))
      this.#sayOf("no-scheduler", "no scheduler set, setting default 'wlc'", "lb_algo wlc");
    const kept = this.#judgeReal();
    this.#judgeQuorum(kept);
    if (this.#group === null) this.#judgePorts(kept);
    else this.#judgeGroupPorts(kept, marks.length > 0, ranges);
  }

  #judgeAddress(): void {
    const draft = this.#draft;
    if (draft.protocol === "none") {
      if (!draft.mistakes.has("protocol"))
        this.#sayOf("no-protocol", "no protocol set - defaulting to UDP", "protocol TCP");
      draft.protocol = "udp";
    }
    if (draft.onePacket && draft.protocol !== "udp")
      this.#sayOf("protocol-conflict", "one packet scheduling requires UDP - resetting", "protocol UDP");
    if (!draft.isPersistent && draft.endpoint?.port === 0) this.#demandPersistence();
  }

  #demandPersistence(): void {
    this.#draft.isPersistent = true;
    if (this.#draft.mistakes.has("persistence")) return;
    this.#sayOf("no-port", "zero port only valid for persistent services - setting", "a port, or persistence_timeout");
  }

  /** The real servers less those that stand twice, each with its forwarding method. */
  #judgeReal(): RealServerDraft[] {
    const draft = this.#draft;
    const kept: RealServerDraft[] = [];
    const seen = new Set<string>();
    for (const server of draft.real) {
      const { endpoint } = server;
      const count = seen.size;
      if (seen.add(this.#shown(endpoint)).size === count) {
        const message = `VS ${this.#name}: real server ${this.#shown(endpoint)} is duplicated - removing second rs`;
        this.#findings.error("duplicate-item", server.position, message, "an address and port of its own");
        continue;
      }
      server.forwarding ??= this.#forwarding();
      kept.push(server);
      const { sorry } = draft;
      const inhibit = server.inhibit ?? draft.inhibit;
      if (sorry === null || !isSame(sorry.endpoint, endpoint) || sorry.inhibit === inhibit) continue;
      const way = inhibit ? "sett" : "clear";
      this.#sayOf(
        "sorry-server-conflict",
        `real server ${this.#shown(endpoint)} matches sorry server, but inhibit setting differs, ${way}ing on sorry server`,
      );
      sorry.inhibit = inhibit;
    }
    if (draft.sorry !== null) draft.sorry.forwarding ??= this.#forwarding();
    return kept;
  }

  /** The method of the server, NAT if it says none. */
  #forwarding(): "NAT" | "DR" | "TUN" {
    const draft = this.#draft;
    if (draft.forwarding === null) {
      if (!draft.mistakes.has("forwarding"))
        this.#sayOf("no-forwarding", "no forwarding method set, setting default NAT", "lb_kind NAT");
      draft.forwarding = "NAT";
    }
    return draft.forwarding;
  }

  #judgeQuorum(kept: readonly RealServerDraft[]): void {
    const draft = this.#draft;
    const total = kept.reduce((sum, { weight }) => sum + (weight ?? draft.weight), 0);
    if (draft.quorum > total) {
      const message = `Warning - quorum ${draft.quorum} for ${this.#name} exceeds total weight of real servers ${total}, reducing quorum to ${total}`;
      this.#say("quorum-too-high", message, `at most ${total}`);
      draft.quorum = total;
    }
    if (draft.hysteresis < draft.quorum) return;
    const below = draft.quorum - 1;
    this.#sayOf(
      "quorum-too-high",
      `hysteresis ${draft.hysteresis} >= quorum ${draft.quorum}; setting hysteresis to ${below}`,
    );
  }

  #judgePorts(kept: readonly RealServerDraft[]): void {
    const { fwmark, endpoint, sorry } = this.#draft;
    const own = endpoint?.port ?? 0;
    for (const { forwarding, endpoint: to, position } of kept) {
      if (forwarding === "NAT" || to.port === 0 || (fwmark === null && to.port === own)) continue;
      const who = `virtual server ${this.#name}`;
      const message =
        fwmark !== null
          ? `WARNING - fwmark ${who}, real server ${this.#shown(to)} has port specified - clearing`
          : `WARNING - ${who} and real server ${this.#shown(to)} ports don't match - resetting`;
      this.#findings.error("port-conflict", position, message, "only NAT changes ports");
    }
    if (sorry === null || sorry.forwarding === "NAT" || sorry.endpoint.port === 0) return;
    if (fwmark !== null)
      this.#say("port-conflict", `WARNING - virtual server ${this.#name}, sorry server has port specified - clearing`);
    else if (sorry.endpoint.port !== own)
      this.#say(
        "port-conflict",
        `WARNING - virtual server ${this.#name} and sorry server ports don't match - resetting`,
      );
  }

  #judgeGroupPorts(
    kept: readonly RealServerDraft[],
    hasMarks: boolean,
    ranges: readonly VirtualServerGroup["entries"][number][],
  ): void {
    const { sorry } = this.#draft;
    const sorryPort = sorry === null || sorry.forwarding === "NAT" ? 0 : sorry.endpoint.port;
    const routed = kept.filter(({ forwarding, endpoint }) => forwarding !== "NAT" && endpoint.port !== 0);
    if (hasMarks) {
      for (const { endpoint, position } of routed) {
        const message = `WARNING - fwmark virtual server ${this.#name}, real server ${this.#shown(endpoint)} has port specified - port will be ignored`;
        this.#findings.error("port-conflict", position, message, "only NAT changes ports");
      }
      if (sorryPort !== 0) {
        const message = `WARNING - fwmark virtual server ${this.#name}, sorry server has port specified - port will be ignored`;
        this.#say("port-conflict", message);
      }
    }
    for (const { port, shown } of ranges) {
      if (this.#findings.full) return;
      for (const { endpoint, position } of routed) {
        if (endpoint.port === port) continue;
        const message = `virtual server ${this.#name}:[${shown}] and real server ${this.#shown(endpoint)} ports don't match`;
        this.#findings.error("port-conflict", position, message, "only NAT changes ports");
      }
      if (sorryPort !== 0 && sorryPort !== port) {
        const message = `WARNING - virtual server ${this.#name}, sorry server has port specified - port will be ignored`;
        this.#say("port-conflict", message);
      }
    }
  }

  get #name(): string {
    return shownServer(this.#draft);
  }

  #shown(endpoint: Endpoint): string {
    return shownEndpoint(endpoint, this.#draft.protocol);
  }

  #sayOf(code: string, what: string, hint?: string): void {
    this.#say(code, `Virtual server ${this.#name}: ${what}`, hint);
  }

  #say(code: string, message: string, hint?: string): void {
    this.#findings.error(code, this.#draft.position, message, hint);
  }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && sameIp(a.address, b.address);
}
