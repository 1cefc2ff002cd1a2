/** `keepalived:` of hosts and what it tracks there. */
import type { KeepalivedConf } from "../../guest/keepalived/conf/model.ts";
import { KEEPALIVED_DEFAULT, type KeepalivedVersion, keepalivedVersion } from "../../guest/keepalived/version.ts";
import { parseDuration } from "../../text/duration.ts";
import type { HostSpec, KeepalivedSpec } from "../model.ts";
import { Declared, type Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Configurations } from "./read-configuration.ts";
import type { Network } from "./read-hosts.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

/** The software of a host. */
export interface Guest {
  readonly keepalived: KeepalivedSpec;
  /** What it tracks, as it is at the beginning. */
  readonly tracked: TrackedSpecs;
}

type TrackedSpecs = Pick<HostSpec, (typeof TRACKED_KEYS)[number]>;

/** Of a host without keepalived. */
export const NOTHING_TRACKED: TrackedSpecs = { scripts: [], files: new Map(), processes: new Map(), bfd: new Map() };

const TRACKED_KEYS = ["scripts", "files", "processes", "bfd"] as const;

type HostDraft = NonNullable<NonNullable<ScenarioDraft["hosts"]>[string]>;
export function readGuests(network: Network, draft: ScenarioDraft, configurations: Configurations): Declared<Guest> {
  const guests = new Declared<Guest>("keepalived", network.machines.isComplete);
  for (const [name, host] of Object.entries(draft.hosts ?? {})) {
    if (host === undefined) continue;
    const path: Path = ["hosts", name];
    if (network.judge.isWritten([...path, "keepalived"]))
      guests.add(name, readGuest(network, name, host, configurations));
    else if (!network.judge.places.isDamaged(path)) {
      const key = TRACKED_KEYS.find((candidate) => host[candidate] !== undefined);
      if (key === undefined) continue;
      const message = `host '${name}' has ${key}, but no keepalived that ${key === "scripts" ? "runs" : "tracks"} them`;
      network.judge.errorAtKey([...path, key], message, "keepalived: vm-a.conf");
    }
  }
  return guests;
}

function readGuest({ judge }: Network, name: string, draft: HostDraft, configurations: Configurations): Guest | null {
  const path: Path = ["hosts", name];
  const written = readWritten(judge, [...path, "keepalived"], draft.keepalived);
  const read = written && configurations.read(written.path, written.value, name, written.version);
  if (read === null) return null;
  const tracked = readTracked(judge, path, draft, read.spec.conf);
  return tracked === null || !read.runs ? null : { keepalived: read.spec, tracked };
}

/** Which configuration it is, where that is written, and for which version; null and findings if that is not said. */
function readWritten(
  judge: Judge,
  path: Path,
  draft: HostDraft["keepalived"],
): { path: Path; value: string; version: KeepalivedVersion } | null {
  if (draft === undefined) return null;
  if (typeof draft === "string") return { path, value: draft, version: KEEPALIVED_DEFAULT };
  const isWritten = (key: "file" | "config" | "version") => judge.isWritten([...path, key]);
  if (isWritten("file") && isWritten("config"))
    return judge.errorAtKey(
      [...path, "config"],
      "a keepalived has a file or a config, not both",
      "leave one of them out",
    );
  const key = isWritten("file") ? "file" : "config";
  if (!isWritten(key)) {
    if (judge.places.isDamaged(path)) return null;
    const hint = "file: vm-a.conf, or config: | and the text below, indented";
    return judge.errorAtKey(path, "keepalived: where is its configuration?", hint);
  }
  const value = draft[key];
  if (judge.isRefused([...path, "version"], draft.version)) return null;
  const version = draft.version === undefined ? KEEPALIVED_DEFAULT : keepalivedVersion(draft.version);
  return value === undefined || version === undefined ? null : { path: [...path, key], value, version };
}

function readTracked(judge: Judge, host: Path, draft: HostDraft, conf: KeepalivedConf): TrackedSpecs | null {
  const scripts = readNamed(judge, [...host, "scripts"], draft.scripts, "vrrp_script", conf.scripts, (script, at) => {
    const { exit = 0, runs, ignoresTerm = false } = script;
    const runsNs = runs === undefined ? 0 : parseDuration(runs);
    const name = String(at.at(-1));
    return runsNs === null ? null : { name, position: judge.keyPosition(at), exit, runsNs, ignoresTerm };
  });
  const files = readNamed(judge, [...host, "files"], draft.files, "track_file", conf.trackFiles, (value) => value);
  const processes = readNamed(
    judge,
    [...host, "processes"],
    draft.processes,
    "vrrp_track_process",
    conf.trackProcesses,
    (count) => count,
  );
  const bfd = readNamed(judge, [...host, "bfd"], draft.bfd, "bfd_instance", conf.trackBfds, (up) => up);
  if (scripts === null || files === null || processes === null || bfd === null) return null;
  return { scripts: [...scripts.values()], files, processes, bfd };
}

/** A map whose keys name blocks of the host's configuration; null and findings if it is broken. */
function readNamed<Value, Spec>(
  judge: Judge,
  path: Path,
  draft: Readonly<Record<string, Value | undefined>> | undefined,
  block: string,
  known: readonly { readonly name: string }[],
  read: (value: Value, at: Path) => Spec | null,
): ReadonlyMap<string, Spec> | null {
  if (draft === undefined) return !judge.isWritten(path) ? new Map() : null;
  const names = known.map(({ name }) => name);
  const specs = new Map<string, Spec>();
  for (const [name, value] of Object.entries(draft)) {
    const at = [...path, name];
    if (value === undefined) continue;
    if (names.includes(name)) {
      const spec = read(value, at);
      if (spec !== null) specs.set(name, spec);
    } else
      judge.errorAtKey(at, `this host's keepalived has no ${block} ${quoted(name)}`, judge.suggestion(name, names));
  }
  return specs.size === Object.keys(draft).length ? specs : null;
}
