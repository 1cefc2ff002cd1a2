/** `timeline:` to steps in the order in which they happen. */

import type { Action, HavipSpec, Step, Verb } from "../model.ts";
import type { Declared } from "./judge.ts";
import { judgeSending } from "./judge-sending.ts";
import type { Path } from "./positions.ts";
import { readAnnounce } from "./read-announce.ts";
import { readCable } from "./read-cable.ts";
import { readCommand } from "./read-command.ts";
import type { Configurations } from "./read-configuration.ts";
import type { Guest } from "./read-guests.ts";
import type { Machine, Network } from "./read-hosts.ts";
import { judgeImpairments, readImpair } from "./read-impair.ts";
import { readAnswer, readSend, readTrafficStep } from "./read-traffic.ts";
import { readMoment } from "./read-window.ts";
import { VERBS } from "./schema-verbs.ts";
import type { Draft, ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type StepDraft = NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>;

/** Sorted by time; steps of one moment stay in the order of the file. */
export function readTimeline(
  network: Network,
  draft: ScenarioDraft,
  guests: Declared<Guest>,
  configurations: Configurations,
  havips: Declared<HavipSpec>,
): readonly Step[] {
  const reader = new TimelineReader(network, guests, configurations, havips);
  const read = (draft.timeline ?? []).map((step, index) =>
    step === undefined ? null : reader.step(["timeline", index], step),
  );
  judgeImpairments(network, read);
  judgeSending(network, read);
  return read.filter((step) => step !== null).sort((a, b) => a.atNs - b.atNs);
}

class TimelineReader {
  readonly #network: Network;
  readonly #guests: Declared<Guest>;
  readonly #configurations: Configurations;
  readonly #havips: Declared<HavipSpec>;

  constructor(network: Network, guests: Declared<Guest>, configurations: Configurations, havips: Declared<HavipSpec>) {
    this.#havips = havips;
    this.#network = network;
    this.#guests = guests;
    this.#configurations = configurations;
  }

  step(path: Path, draft: StepDraft): Step | null {
    const { judge, untilNs } = this.#network;
    const node = judge.places.node(path);
    const verbs = (node?.kind === "map" ? [...node.entries.keys()] : []).filter((key) => VERBS.includes(key));
    const [verb, second] = verbs as Verb[];
    const atNs = readMoment(judge, [...path, "at"], draft.at, untilNs, "this step would never happen");
    if (second !== undefined)
      return judge.errorAtKey(
        [...path, second],
        `a step has one verb, this one has ${verbs.map(quoted).join(" and ")}`,
        "write a step for each, with the same 'at'",
      );
    if (verb === undefined) {
      if (judge.places.isDamaged(path)) return null;
      return judge.error(path, "this step has no verb", `beside 'at' stands one of: ${VERBS.join(", ")}`);
    }
    const action = this.#action([...path, verb], verb, draft);
    return atNs === null || action === null ? null : { atNs, position: judge.position(path), action };
  }

  /** Null: broken. */
  #action(path: Path, verb: Verb, draft: StepDraft): Action | null {
    switch (verb) {
      case "start":
      case "stop":
        return this.#daemon(path, verb, draft[verb]);
      case "kill": {
        const killed = this.#daemon(path, "stop", draft.kill);
        const process = typeof draft.kill === "object" ? draft.kill.process : undefined;
        return killed && { ...killed, verb, process: process ?? "both" };
      }
      case "reload":
        return draft.reload === undefined ? null : this.#reload(path, draft.reload);
      case "command":
        return draft.command === undefined ? null : readCommand(this.#network, path, draft.command);
      case "send":
        return draft.send === undefined ? null : readSend(this.#network, path, draft.send);
      case "announce":
        return draft.announce === undefined ? null : readAnnounce(this.#network, path, draft.announce, this.#havips);
      case "answer":
        return draft.answer === undefined ? null : readAnswer(this.#network, path, draft.answer);
      case "ping":
      case "udp": {
        const traffic = draft[verb];
        return traffic === undefined ? null : readTrafficStep(this.#network, path, verb, traffic, this.#havips);
      }
      case "pause":
      case "resume":
      case "crash":
      case "restore":
        return this.#power(path, verb, draft[verb]);
      case "link-down":
      case "link-up": {
        const name = draft[verb];
        const on = name === undefined ? null : readCable(this.#network, path, name);
        return on && { verb, on };
      }
      case "impair":
        return draft.impair === undefined ? null : readImpair(this.#network, path, draft.impair);
      case "partition": {
        const groups = this.#groups(path, draft.partition);
        return groups && { verb, groups };
      }
      case "heal":
        return draft.heal === undefined ? null : { verb };
      case "script":
        return draft.script === undefined ? null : this.#script(path, draft.script);
      case "file":
        return draft.file === undefined ? null : this.#file(path, draft.file);
      case "process": {
        const { host, name, count, by = "exec" } = draft.process ?? {};
        const known = this.#named(path, host, name, "vrrp_track_process", ({ trackProcesses }) => trackProcesses);
        return known === null || count === undefined ? null : { verb, ...known, count, by };
      }
      case "bfd": {
        const { host, name, up } = draft.bfd ?? {};
        const known = this.#named(path, host, name, "bfd_instance", ({ trackBfds }) => trackBfds);
        return known === null || up === undefined ? null : { verb, ...known, up };
      }
      case "snapshot":
        return draft.snapshot === undefined ? null : { verb, name: draft.snapshot };
    }
  }

  /** A host, or all on a server. */
  #power(path: Path, verb: "crash" | "restore" | "pause" | "resume", name: string | undefined): Action | null {
    if (name === undefined) return null;
    const { judge, machines, servers } = this.#network;
    const server = servers.get(name);
    if (server !== undefined) return server && { verb, machine: name, hosts: server.hosts };
    if (machines.get(name) === undefined && servers.names.length > 0 && machines.isComplete)
      return judge.error(
        path,
        `there is no host or server ${quoted(name)}`,
        judge.suggestion(name, [...machines.names, ...servers.names]),
      );
    const machine = servers.isComplete || machines.get(name) ? this.#machine(path, name) : null;
    return machine && { verb, machine: name, hosts: null };
  }

  #machine(path: Path, name: string): Machine | null {
    return this.#network.machines.find(this.#network.judge, path, name);
  }

  /** The software of a host that must have some. */
  #guest(path: Path, name: string): Guest | null {
    const { judge, machines } = this.#network;
    const machine = machines.find(judge, path, name);
    const guest = this.#guests.get(name);
    if (guest !== undefined) return guest;
    if (machine === null || judge.places.isDamaged(["hosts", name])) return null;
    return judge.error(
      path,
      `'${name}' runs no keepalived`,
      `hosts that do: ${this.#guests.names.join(", ") || "none"}`,
    );
  }

  #daemon(
    path: Path,
    verb: "start" | "stop",
    draft: StepDraft["start"],
  ): Extract<Action, { verb: "start" | "stop" }> | null {
    const isShort = typeof draft === "string";
    const name = isShort ? draft : draft?.host;
    if (name === undefined) return null;
    const guest = this.#guest(isShort ? path : [...path, "host"], name);
    return guest && { verb, host: name, daemon: "keepalived" };
  }

  #reload(path: Path, { host, keepalived }: Draft<NonNullable<StepDraft["reload"]>>): Action | null {
    const guest = host === undefined ? null : this.#guest([...path, "host"], host);
    if (guest === null || host === undefined || keepalived === undefined) return null;
    const { version } = guest.keepalived.conf;
    const read = this.#configurations.read([...path, "keepalived"], keepalived, host, version);
    return read?.runs === true ? { verb: "reload", host, keepalived: read.spec } : null;
  }

  #script(path: Path, { host, name, exit }: Draft<NonNullable<StepDraft["script"]>>): Action | null {
    const known = this.#named(path, host, name, "vrrp_script", ({ scripts }) => scripts);
    return known === null || exit === undefined ? null : { verb: "script", ...known, exit };
  }

  #file(path: Path, { host, name, path: written, value }: Draft<NonNullable<StepDraft["file"]>>): Action | null {
    const { judge } = this.#network;
    const isWritten = (key: string) => judge.isWritten([...path, key]);
    const [hasName, hasPath] = [isWritten("name"), isWritten("path")];
    if (hasName === hasPath)
      return judge.error(
        path,
        hasName ? "a file has its name or its path here, not both" : "which file is it?",
        "name: load, as track_file has it, or path: /run/load",
      );
    const blocks = this.#guests.get(host ?? "")?.keepalived.conf.trackFiles ?? [];
    const byPath = blocks.find((block) => block.path === written);
    if (hasPath && byPath === undefined && written !== undefined && this.#guests.get(host ?? "") !== undefined)
      return judge.error(
        [...path, "path"],
        `the keepalived of '${host}' has no track_file with the path ${quoted(written)}`,
        judge.suggestion(
          written,
          blocks.map((block) => block.path),
        ),
      );
    const known = this.#named(path, host, hasPath ? byPath?.name : name, "track_file", ({ trackFiles }) => trackFiles);
    return known === null || value === undefined ? null : { verb: "file", ...known, value };
  }

  /** A block of the host's configuration, by its name. */
  #named(
    path: Path,
    host: string | undefined,
    name: string | undefined,
    block: string,
    list: (conf: Guest["keepalived"]["conf"]) => readonly { readonly name: string }[],
  ): { host: string; name: string } | null {
    const guest = host === undefined ? null : this.#guest([...path, "host"], host);
    if (guest === null || host === undefined || name === undefined) return null;
    const known = list(guest.keepalived.conf).map((item) => item.name);
    if (known.includes(name)) return { host, name };
    return this.#network.judge.error(
      [...path, "name"],
      `the keepalived of '${host}' has no ${block} ${quoted(name)}`,
      this.#network.judge.suggestion(name, known),
    );
  }

  /** The groups of the file, and one more of all hosts that it leaves out. */
  #groups(path: Path, draft: StepDraft["partition"]): readonly (readonly string[])[] | null {
    const { judge, machines } = this.#network;
    if (draft === undefined) return null;
    const placed = new Map<string, number>();
    let isWhole = true;
    for (const [index, group] of draft.entries())
      for (const [member, name] of (group ?? []).entries()) {
        const at = [...path, index, member];
        const first = name === undefined ? undefined : placed.get(name);
        if (first !== undefined)
          judge.error(
            at,
            `'${name}' stands in a partition twice`,
            first === index ? "once is enough" : "a host is in one group only",
          );
        isWhole &&= first === undefined && name !== undefined && machines.find(judge, at, name) !== null;
        if (name !== undefined) placed.set(name, first ?? index);
      }
    if (!isWhole || !draft.every((group) => group !== undefined)) return null;
    const rest = machines.names.filter((name) => !placed.has(name));
    const groups = [...(draft as readonly (readonly string[])[]), ...(rest.length > 0 ? [rest] : [])];
    if (groups.length > 1) return groups;
    return judge.error(path, "one group with every host in it separates nobody", "partition: [[vm-A], [vm-B, client]]");
  }
}
