/**
 * What the trackers of one virtual router make of it: which of them are a fault (weight 0), and what the others add to the priority.
 *
 *   weight > 0   added while the script succeeds, the interface or session is up, the processes have their quorum
 *   weight < 0   taken away while it is the other way
 *   reverse      the sign is turned round: `20 reverse` takes 20 away on success, `-20 reverse` adds 20 on failure
 *   weight 0     a failure is a fault; with `reverse` success is
 *
 * A file's number times its weight is added, at most 253; at -254 or less it is a fault. With weight 0 any number but 0 is one.
 *
 * The sum is kept within 1 to 254; an address owner's 255 is never changed (keepalived 2.2.7, `vrrp_set_effective_priority`).
 */
import { VRRP_PRIORITY_OWNER } from "../../wire/vrrp.ts";
import type { Tracker } from "./conf/model.ts";
import type { VrrpCause } from "./observer.ts";
import type { VirtualRouter } from "./virtual-router.ts";

/** What the daemon knows of what its routers track; null: nothing yet, or there is no such thing. */
export interface Tracked {
  scriptOk(name: string): boolean | null;
  linkUp(name: string): boolean | null;
  /** The number in the file of a `track_file`; 0 if there is none. */
  fileValue(name: string): number;
  hasQuorum(name: string): boolean | null;
  bfdUp(name: string): boolean | null;
}

/** One kind of tracker that is good or bad. */
interface Kind {
  readonly what: string;
  readonly cause: VrrpCause;
  /** As it is when good, and when not. */
  readonly how: readonly [good: string, bad: string];
}

const SCRIPT: Kind = { what: "script", cause: "script-failed", how: ["succeeds", "fails"] };
const INTERFACE: Kind = { what: "interface", cause: "interface-down", how: ["is up", "is down"] };
const PROCESS: Kind = { what: "process", cause: "process-failed", how: ["has its quorum", "has no quorum"] };
const BFD: Kind = { what: "BFD session", cause: "bfd-down", how: ["is up", "is down"] };

/** The contribution of a file from which on it is a fault, and the greatest that counts. */
const FILE_FAULT = -254;
const FILE_MAX = 253;

/** Judges all trackers of `router` anew. */
export function applyTrackers(router: VirtualRouter, tracked: Tracked): void {
  const { conf } = router;
  const sum =
    judge(router, SCRIPT, conf.trackScripts, (name) => tracked.scriptOk(name)) +
    judge(router, INTERFACE, conf.trackInterfaces, (name) => tracked.linkUp(name)) +
    judge(router, PROCESS, conf.trackProcesses, (name) => tracked.hasQuorum(name)) +
    judge(router, BFD, conf.trackBfds, (name) => tracked.bfdUp(name)) +
    judgeFiles(router, conf.trackFiles, tracked);
  for (const name of ownInterfaces(router)) {
    const up = tracked.linkUp(name) !== false;
    router.setFault(`interface ${name}`, "interface-down", !up, up ? "is up again" : "is down");
  }
  router.setPriority(effectivePriority(router.basePriority, sum));
  // Only now, with every fault known, may a router that waited for its scripts go on.
  for (const name of awaitedScripts(router)) if (tracked.scriptOk(name) !== null) router.scriptReported(name);
}

/** What a script, link, set of processes or session with a weight adds to the priority while it is good, or is not. */
export function weightedChange({ weight, reverse }: Pick<Tracker, "weight" | "reverse">, good: boolean): number {
  if (good !== weight > 0) return 0;
  return reverse ? -weight : weight;
}

/** The priority that adverts carry: the configured one and all that trackers add, within its bounds. */
export function effectivePriority(basePriority: number, sum: number): number {
  if (basePriority === VRRP_PRIORITY_OWNER) return basePriority;
  return Math.min(VRRP_PRIORITY_OWNER - 1, Math.max(1, basePriority + sum));
}

/** The scripts whose first result a router waits for before it is a backup. */
export function awaitedScripts({ conf }: VirtualRouter): string[] {
  return conf.trackScripts.filter(({ weight }) => weight === 0).map(({ name }) => name);
}

/**
 * The interfaces whose loss is a fault without being listed: its own unless `dont_track_primary`, those that virtual addresses live on, and
 * those of static addresses in its track groups.
 */
export function ownInterfaces({ conf, base }: VirtualRouter): ReadonlySet<string> {
  const devices = [...conf.addresses, ...conf.excludedAddresses].flatMap(({ device, noTrack }) =>
    device === null || noTrack || (conf.dontTrackPrimary && device === base.name) ? [] : [device],
  );
  return new Set([...(conf.dontTrackPrimary ? [] : [base.name]), ...devices, ...conf.trackStatic]);
}

/** Sets the faults of trackers of one kind, and returns what they add to the priority. */
function judge(
  router: VirtualRouter,
  { what, cause, how }: Kind,
  trackers: readonly Tracker[],
  stateOf: (name: string) => boolean | null,
): number {
  let sum = 0;
  for (const { name, weight, reverse } of trackers) {
    const good = stateOf(name);
    if (weight === 0) router.setFault(`${what} ${name}`, cause, good !== null && good === reverse, how[good ? 0 : 1]);
    else if (good !== null) sum += weightedChange({ weight, reverse }, good);
  }
  return sum;
}

function judgeFiles(router: VirtualRouter, trackers: readonly Tracker[], tracked: Tracked): number {
  let sum = 0;
  for (const { name, weight, reverse } of trackers) {
    const value = tracked.fileValue(name);
    const product = value * weight * (reverse ? -1 : 1);
    const isFault = weight === 0 ? (value !== 0) !== reverse : product <= FILE_FAULT;
    router.setFault(`file ${name}`, "file-failed", isFault, `holds ${value}`);
    if (!isFault) sum += Math.min(FILE_MAX, product);
  }
  return sum;
}
