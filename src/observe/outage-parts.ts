/**
 * Divides the time of an outage by what stood between the client and an answer:
 *
 *     nobody answers for the address, or nobody who can be reached ............... unserved
 *     somebody does, but the client or a switch would send packets elsewhere ..... unsettled
 *     packets would reach an owner, and still there was no answer ................ reached
 *
 *     ── unserved ───────────────────────────────▶ owner ── unsettled ──────────────────────▶ reached ──▶ next answer
 *        detect ─────▶ decision - skew ─ elect ─▶       announce ─▶ said ─ bind ─▶ bound ─ cache ─▶     transport
 *
 * What a host has said and its own cable has lost is said all the same, not heard: until the network hears it the time is `cache`.
 *
 * So nothing is inferred from the last event of a kind: an outage with three masters in a row has what each of them cost, and the stages
 * still sum to the whole, because every instant belongs to one.
 *
 * What is unserved ends by a decision only if who serves then has got the address in it. Where the owner has had it all the time (it stood
 * still, a carrier came back, a partition healed) nothing was detected or decided, and the time is `transport`. While nobody has the
 * address at all somebody ought to take it: `detect`, also if nobody ever does.
 */
import type { OutagePart, OutageStage, OutageStages, Takeover } from "./events.ts";
import { firstFrom, type OutageEvidence } from "./outage-evidence.ts";
import type { Owner, Reach, ReachChange, ReachRecord } from "./reach.ts";

export interface OutageCourse {
  readonly parts: readonly OutagePart[];
  readonly takeovers: readonly Takeover[];
}

/** The outage from `fromNs` to `untilNs`; `knownNs`: when it was known to be over. What has changed then or later does not matter. */
export interface OutageSpan {
  readonly vip: string;
  readonly fromNs: number;
  readonly untilNs: number;
  readonly knownNs: number;
}

export function courseOf(span: OutageSpan, record: ReachRecord, evidence: OutageEvidence): OutageCourse {
  return new Course(span, record, evidence);
}

export function stagesOf(parts: readonly OutagePart[]): OutageStages {
  const sum = (stage: OutageStage): number =>
    parts.reduce((ns, part) => ns + (part.stage === stage ? part.untilNs - part.fromNs : 0), 0);
  return {
    detect: sum("detect"),
    elect: sum("elect"),
    announce: sum("announce"),
    bind: sum("bind"),
    cache: sum("cache"),
    transport: sum("transport"),
  };
}

type Condition = "unserved" | "unsettled" | "reached";

function conditionOf({ kind }: Reach): Condition {
  if (kind === "reached") return "reached";
  return kind === "switch" || kind === "client-cache" ? "unsettled" : "unserved";
}

class Course implements OutageCourse {
  readonly parts: OutagePart[] = [];
  readonly takeovers: Takeover[] = [];
  readonly #span: OutageSpan;
  readonly #evidence: OutageEvidence;
  readonly #changes: readonly ReachChange[];
  /** Changes from here on do not matter. */
  readonly #end: number;

  constructor(span: OutageSpan, { changes }: ReachRecord, evidence: OutageEvidence) {
    this.#span = span;
    this.#evidence = evidence;
    this.#changes = changes;
    this.#end = Math.max(1, firstFrom(changes, span.knownNs));
    const last = firstFrom(changes, span.untilNs);
    // The one that was in force when the first question was lost; a record begins before its probe does.
    let i = Math.max(0, firstFrom(changes, span.fromNs + 1) - 1);
    while (i < Math.min(last, this.#end)) i = this.#stretch(i);
  }

  /** Enters the stretch of like conditions that change `index` is in; returns the index of the next. */
  #stretch(index: number): number {
    const changes = this.#changes;
    const { reach } = changes[index]!;
    const condition = conditionOf(reach);
    const isLike = (other: Reach): boolean =>
      conditionOf(other) === condition && (condition === "unserved" || isSameOwner(other.owner, reach.owner));
    let first = index;
    while (first > 0 && isLike(changes[first - 1]!.reach)) first--;
    let next = index + 1;
    while (next < this.#end && isLike(changes[next]!.reach)) next++;
    const follower = next < this.#end ? changes[next]!.reach.owner : null;
    if (condition === "unserved") this.#unserved(first, next, follower);
    else this.#served(first, next, reach.owner!);
    return next;
  }

  #unserved(first: number, next: number, follower: Owner | null): void {
    const beganNs = this.#changes[first]!.atNs;
    const isTaken = follower !== null && follower.sinceNs >= beganNs;
    const host = follower?.host ?? null;
    if (isTaken) this.#noteTakeover(follower, first);
    const decidedNs = isTaken ? follower.sinceNs : Number.POSITIVE_INFINITY;
    const skewNs = isTaken ? this.#evidence.decision(follower, this.#span.vip).skewNs : 0;
    for (let i = first; i < next; i++) {
      const { atNs, reach } = this.#changes[i]!;
      const untilNs = this.#endOf(i);
      if (!isTaken) {
        this.#add(reach.kind === "nobody" ? "detect" : "transport", atNs, untilNs, reach, host);
        continue;
      }
      this.#add("detect", atNs, Math.min(untilNs, decidedNs - skewNs), reach, host);
      this.#add("elect", Math.max(atNs, decidedNs - skewNs), Math.min(untilNs, decidedNs), reach, host);
      // It has the address, and cannot be reached yet.
      this.#add("transport", Math.max(atNs, decidedNs), untilNs, reach, host);
    }
  }

  #served(first: number, next: number, owner: Owner): void {
    const { host, sinceNs } = owner;
    if (sinceNs >= this.#span.fromNs) this.#noteTakeover(owner, first);
    const { vip } = this.#span;
    const endNs = this.#endOf(next - 1);
    const saidNs = this.#evidence.saidNs(vip, host, sinceNs);
    const heardNs = this.#evidence.heardNs(vip, host, sinceNs);
    // What is said after all has been settled did not settle it.
    const announcedNs = saidNs < endNs ? saidNs : Number.NEGATIVE_INFINITY;
    const mentionedNs = heardNs < endNs ? this.#evidence.boundNs(vip, host, heardNs) : Number.POSITIVE_INFINITY;
    // The network cannot bind what it has not heard.
    const [bindNs, boundNs] = mentionedNs < endNs ? [heardNs, mentionedNs] : [announcedNs, announcedNs];
    for (let i = first; i < next; i++) {
      const { atNs, reach } = this.#changes[i]!;
      const untilNs = this.#endOf(i);
      if (reach.kind === "reached") {
        this.#add("transport", atNs, untilNs, reach, host);
        continue;
      }
      this.#add("announce", atNs, Math.min(untilNs, announcedNs), reach, host);
      this.#add("cache", Math.max(atNs, announcedNs), Math.min(untilNs, bindNs), reach, host);
      this.#add("bind", Math.max(atNs, bindNs), Math.min(untilNs, boundNs), reach, host);
      this.#add("cache", Math.max(atNs, boundNs), untilNs, reach, host);
    }
  }

  #noteTakeover(owner: Owner, at: number): void {
    const { host, sinceNs, bootedNs } = owner;
    if (sinceNs < this.#span.fromNs || this.takeovers.some((one) => one.host === host && one.atNs === sinceNs)) return;
    const before = this.#changes.findLast((change, i) => i < at && change.reach.owner !== null);
    const { by } = this.#evidence.decision(owner, this.#span.vip);
    this.takeovers.push({ atNs: sinceNs, host, from: before?.reach.owner?.host ?? null, by, bootedNs });
  }

  /** When change `index` is over; the last one that matters lasts until nothing matters any more. */
  #endOf(index: number): number {
    return index + 1 < this.#end ? this.#changes[index + 1]!.atNs : this.#span.knownNs;
  }

  /** Enters what of it lies within the outage. */
  #add(stage: OutageStage, fromNs: number, untilNs: number, { kind: why, where }: Reach, host: string | null): void {
    const part = {
      stage,
      fromNs: Math.max(fromNs, this.#span.fromNs),
      untilNs: Math.min(untilNs, this.#span.untilNs),
      why,
      where,
      host,
    };
    if (part.untilNs > part.fromNs) this.parts.push(part);
  }
}

function isSameOwner(a: Owner | null, b: Owner | null): boolean {
  return a?.host === b?.host && a?.sinceNs === b?.sinceNs;
}
