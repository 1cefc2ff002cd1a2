/** `expect:` to what decides over pass and fail. */
import { parseDuration } from "../../text/duration.ts";
import { type IpAddress, parseIp, prefixContains, sameIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type {
  Expectation,
  HavipSpec,
  HolderExpectation,
  OutageExpectation,
  ProbeSpec,
  Step,
  Window,
} from "../model.ts";
import type { Declared } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Guest } from "./read-guests.ts";
import type { Network } from "./read-hosts.ts";
import { readMoment, readWindow } from "./read-window.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type EntryDraft = NonNullable<NonNullable<ScenarioDraft["expect"]>[number]>;
type Kind = Expectation["kind"];

const EXAMPLE = "{ at: 9s, holder: { of: web, is: vm-A } } or { outage: { of: client-to-web, atMost: 3.7s } }";

/** In the order of the file. */
export function readExpectations(
  network: Network,
  draft: ScenarioDraft,
  havips: Declared<HavipSpec>,
  probes: Declared<ProbeSpec>,
  guests: Declared<Guest>,
  timeline: readonly Step[],
): readonly Expectation[] {
  const reader = new ExpectationReader(network, havips, probes, guests, timeline);
  return (draft.expect ?? [])
    .map((entry, index) => (entry === undefined ? null : reader.entry(["expect", index], entry)))
    .filter((expectation) => expectation !== null);
}

class ExpectationReader {
  readonly #network: Network;
  readonly #havips: Declared<HavipSpec>;
  readonly #probes: Declared<ProbeSpec>;
  readonly #guests: Declared<Guest>;
  readonly #timeline: readonly Step[];

  constructor(
    network: Network,
    havips: Declared<HavipSpec>,
    probes: Declared<ProbeSpec>,
    guests: Declared<Guest>,
    timeline: readonly Step[],
  ) {
    this.#network = network;
    this.#havips = havips;
    this.#probes = probes;
    this.#guests = guests;
    this.#timeline = timeline;
  }

  entry(path: Path, draft: EntryDraft): Expectation | null {
    const { judge } = this.#network;
    const isHolder = this.#isWritten(path, "holder");
    const isOutage = this.#isWritten(path, "outage");
    if (isHolder && isOutage)
      return judge.errorAtKey([...path, "outage"], "an expectation is about a holder or an outage, not both", EXAMPLE);
    if (!isHolder && !isOutage)
      return judge.places.isDamaged(path)
        ? null
        : judge.error(path, "this expects neither a holder nor an outage", EXAMPLE);
    const kind: Kind = isHolder ? "holder" : "outage";
    const window = this.#window(path, kind, draft);
    return kind === "holder" ? this.#holder(path, draft, window) : this.#outage(path, draft, window);
  }

  #holder(path: Path, { holder }: EntryDraft, window: Window | null): HolderExpectation | null {
    if (holder === undefined) return null;
    const { judge } = this.#network;
    const inner = [...path, "holder"];
    const of = holder.of === undefined ? null : this.#virtualAddress([...inner, "of"], holder.of);
    const relations = (["is", "never"] as const).filter((key) => this.#isWritten(inner, key));
    const [relation] = relations;
    if (relations.length > 1)
      return judge.errorAtKey([...inner, "never"], "a holder expectation has 'is' or 'never', not both", EXAMPLE);
    if (relation === undefined) {
      if (judge.places.isDamaged(inner)) return null;
      return judge.errorAtKey(
        inner,
        "holder: who? 'is' or 'never' is missing",
        "is: vm-A, is: null for nobody, or never: client",
      );
    }
    const who = holder[relation];
    const holderRef = who === undefined ? null : who === null ? NOBODY : this.#holderOf([...inner, relation], who);
    if (of === null || holderRef === null || window === null) return null;
    return { kind: "holder", position: judge.position(path), ...of, relation, ...holderRef, ...window };
  }

  #outage(path: Path, { outage }: EntryDraft, window: Window | null): OutageExpectation | null {
    if (outage === undefined) return null;
    const { judge } = this.#network;
    const inner = [...path, "outage"];
    const probe = outage.of === undefined ? null : this.#probes.find(judge, [...inner, "of"], outage.of);
    const atMostNs = outage.atMost === undefined ? null : parseDuration(outage.atMost);
    const atLeastNs = outage.atLeast === undefined ? null : parseDuration(outage.atLeast);
    if (atMostNs !== null && atLeastNs !== null && atLeastNs > atMostNs)
      return judge.error(
        [...inner, "atLeast"],
        `${outage.atLeast} is more than atMost: ${outage.atMost}`,
        "no outage can be both",
      );
    if (probe === null || atMostNs === null || window === null) return null;
    return { kind: "outage", position: judge.position(path), probe: probe.name, atMostNs, atLeastNs, ...window };
  }

  /** `at`, or `from` and `until`, which may stand beside `holder` and `outage` or inside. */
  #window(path: Path, kind: Kind, draft: EntryDraft): Window | null {
    const { judge, untilNs } = this.#network;
    const inner = [...path, kind];
    for (const key of ["from", "until"] as const) {
      const places = [path, inner].filter((owner) => this.#isWritten(owner, key));
      if (places.length > 1)
        return judge.errorAtKey(
          [...inner, key],
          `'${key}' stands here a second time`,
          `once, beside or inside '${kind}'`,
        );
      if (places.length > 0 && this.#isWritten(path, "at"))
        return judge.errorAtKey(
          [...places[0]!, key],
          `'at' is a moment, '${key}' bounds a window`,
          "write one of them",
        );
    }
    if (!this.#isWritten(path, "at")) {
      const bound = (key: "from" | "until") =>
        this.#isWritten(inner, key)
          ? { path: [...inner, key], text: draft[kind]?.[key] }
          : { path: [...path, key], text: draft[key] };
      return readWindow(judge, bound("from"), bound("until"), untilNs);
    }
    if (kind === "outage")
      return judge.errorAtKey(
        [...path, "at"],
        "an outage is judged over a window, not at a moment",
        "from: 10s, until: 20s",
      );
    const atNs = readMoment(judge, [...path, "at"], draft.at, untilNs, "nothing is there to see");
    return atNs === null ? null : { fromNs: atNs, untilNs: atNs };
  }

  /** A HAVIP, or an address that some subnet holds. */
  #virtualAddress(path: Path, text: string): Pick<HolderExpectation, "address" | "havip"> | null {
    const { judge, subnets } = this.#network;
    const named = this.#havips.get(text);
    if (named !== undefined) return named && { address: named.address, havip: named.name };
    const address = parseIp(text);
    if (address === null) {
      if (!this.#havips.isComplete) return null;
      const names = this.#havips.names;
      const hint =
        names.length > 0
          ? judge.suggestion(text, names)
          : "the file declares none; an address such as 10.0.1.50 will do";
      return judge.error(path, `${quoted(text)} is no HAVIP and no IP address`, hint);
    }
    const prefixes = subnets.values.flatMap((subnet) => subnet.prefixes);
    const isSomewhere = prefixes.some((prefix) => prefixContains(prefix, address));
    if (!isSomewhere && subnets.isComplete && subnets.values.length === subnets.names.length)
      return judge.error(path, `${text} is in no subnet`, "a virtual address lies in the subnet of its hosts");
    const havip = this.#havips.values.find((candidate) => sameIp(candidate.address, address));
    const virtual = [...this.#havips.values.map((candidate) => candidate.address), ...this.#guestAddresses()];
    const isComplete =
      this.#havips.isComplete && this.#guests.isComplete && this.#guests.values.length === this.#guests.names.length;
    if (isComplete && !virtual.some((candidate) => sameIp(candidate, address))) {
      const known = [...new Set(virtual.map((candidate) => formatIp(candidate)))];
      return judge.error(
        path,
        `${text} is no virtual address: no HAVIP and in no keepalived configuration`,
        known.length > 0 ? `virtual addresses: ${known.join(", ")}` : "nobody here takes a virtual address",
      );
    }
    return { address, havip: havip?.name ?? null };
  }

  /** What the hosts' keepalived may bring up, at first or after a reload. */
  #guestAddresses(): IpAddress[] {
    const atFirst = this.#guests.values.map(({ keepalived }) => keepalived.conf);
    const later = this.#timeline.flatMap(({ action }) => (action.verb === "reload" ? [action.keepalived.conf] : []));
    const instances = [...atFirst, ...later].flatMap((conf) => conf.instances);
    return instances.flatMap(({ addresses, excludedAddresses }) =>
      [...addresses, ...excludedAddresses].map(({ address }) => address),
    );
  }

  /** `vm-A` or `vm-A.eth0`. */
  #holderOf(path: Path, text: string): Pick<HolderExpectation, "host" | "nic"> | null {
    const { judge, machines } = this.#network;
    const dot = text.indexOf(".");
    const host = dot < 0 ? text : text.slice(0, dot);
    const nic = dot < 0 ? null : text.slice(dot + 1);
    const machine = machines.find(judge, path, host);
    if (machine === null || nic === null || machine.nics.some(({ name }) => name === nic))
      return machine && { host, nic };
    const known = machine.nics.map(({ name }) => `${host}.${name}`);
    return judge.error(path, `there is no vNIC ${quoted(text)}`, judge.suggestion(text, known));
  }

  #isWritten(path: Path, key: string): boolean {
    return this.#network.judge.isWritten([...path, key]);
  }
}

const NOBODY = { host: null, nic: null } as const;
