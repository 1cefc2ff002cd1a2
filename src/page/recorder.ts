/**
 * Listens to a run while it happens, for those who want a page of it: nothing here costs a run that nobody records. It changes nothing
 * in the run, whose report and capture are the same with and without it.
 *
 *     const recorder = new RunRecorder();
 *     const result = runScenario(scenario, { onNetwork: (network) => recorder.listen(network, scenario) });
 *     const html = formatPage([{ result, recording: recorder.finish() }]);
 */
import { assert } from "../base/assert.ts";
import type { Host } from "../host/host.ts";
import type { AnnouncementEvent, NeighbourEvent } from "../observe/events.ts";
import type { Scenario } from "../scenario/model.ts";
import { impairText, wayText } from "../sim/impair-text.ts";
import type { Impairment } from "../sim/impairment.ts";
import type { Network } from "../sim/network.ts";
import { portLabel } from "../sim/sim-switch.ts";
import type { Subnet } from "../sim/subnet.ts";
import { formatMac } from "../wire/address.ts";
import type { Change } from "./lane.ts";
import { PlaceWatch } from "./place-watch.ts";
import { recordProbe } from "./probe-record.ts";
import type { HostRecord, ImpairmentRecord, Life, LinkRecord, Recording } from "./recording.ts";

/** How often in a run the tables are asked what they have forgotten. */
const LOOKS = 400;

export class RunRecorder {
  #network: Network | null = null;
  #places: PlaceWatch | null = null;
  readonly #announcements: AnnouncementEvent[] = [];
  readonly #neighbours: NeighbourEvent[] = [];
  readonly #lives = new Map<string, Change<Life>[]>();
  readonly #carriers = new Map<string, Change<boolean>[]>();
  readonly #impairments = new Map<Impairment, Change<string>[]>();

  /** Records one run of the scenario; the network is new. */
  listen(network: Network, { timeline, untilNs }: Scenario): void {
    assert(this.#network === null, "a recorder records one run");
    this.#network = network;
    const places = new PlaceWatch(network);
    this.#places = places;
    const { events } = network;
    events.on("announcement", (event) => this.#announcements.push(event));
    events.on("neighbour", (event) => this.#neighbours.push(event));
    const look = (): void => {
      this.#lookAround(network);
      places.lookNow();
    };
    // That an impairment has ended is told by a note.
    events.on("note", () => this.#lookAtCables(network));
    // The daemon tells of its end before it is over.
    events.on("vrrp", ({ to }) => {
      if (to === "STOPPED") network.at(network.nowNs, look);
    });
    // The steps of these moments are planned already: they come first.
    for (const atNs of new Set([0, ...timeline.map((step) => step.atNs)])) network.at(atNs, look);
    for (let i = 1; i < LOOKS; i++) network.at(Math.floor((untilNs / LOOKS) * i), () => places.lookForAged());
  }

  /** What was recorded. The run is over. */
  finish(): Recording {
    const network = this.#network;
    assert(network !== null && this.#places !== null, "nothing was recorded");
    const endNs = network.nowNs;
    return {
      hosts: [...network.hosts.keys()].map((name): HostRecord => ({ name, lives: this.#lives.get(name) ?? [] })),
      links: [...network.links.values()].map(
        ({ name, between }): LinkRecord => ({ name, between, carrier: this.#carriers.get(name) ?? [] }),
      ),
      impairments: [...this.#impairments].map(
        ([{ place }, words]): ImpairmentRecord => ({
          name: place.link,
          way: wayText(place.from, place.to, place.nic?.direction ?? null),
          words,
        }),
      ),
      announcements: this.#announcements,
      neighbours: this.#neighbours,
      places: this.#places.records(),
      probes: [...network.probes.values()].map((probe) => recordProbe(probe, endNs)),
      macs: new Map(
        [...network.hosts.values()].flatMap(({ name, nics }) =>
          nics.filter(({ lower }) => lower === null).map(({ mac }) => [formatMac(mac), name]),
        ),
      ),
      behind: new Map([...network.subnets.values()].flatMap((subnet) => trunksOf(subnet))),
    };
  }

  #lookAround(network: Network): void {
    const { nowNs } = network;
    for (const [name, host] of network.hosts) note(this.#lives, name, nowNs, lifeOf(host), sameLife);
    for (const [name, { isUp }] of network.links) note(this.#carriers, name, nowNs, isUp, Object.is);
    this.#lookAtCables(network);
  }

  #lookAtCables({ fabric, nowNs }: Network): void {
    for (const { trunk, fromNic, toNic } of fabric.ports) {
      for (const impairment of [trunk?.impairment ?? null, fromNic, toNic]) {
        if (impairment !== null) note(this.#impairments, impairment, nowNs, activeWords(impairment), Object.is);
      }
    }
  }
}

function note<K, T>(
  records: Map<K, Change<T>[]>,
  name: K,
  atNs: number,
  value: T,
  same: (a: T, b: T) => boolean,
): void {
  const changes = records.get(name) ?? [];
  records.set(name, changes);
  const last = changes.at(-1);
  if (last === undefined || !same(last.value, value)) changes.push({ atNs, value });
}

function lifeOf({ running, paused, nics, software }: Host): Life {
  return {
    machine: running ? (paused ? "paused" : "running") : "down",
    dark: nics.filter(({ lower, carrier }) => lower === null && !carrier).map(({ name }) => name),
    software: software.every((program) => program.running),
  };
}

/** What it does now, and nothing of what it does not do. */
function activeWords({ impairing }: Impairment): string {
  const active = Object.entries(impairing).filter(([key, value]) => {
    // Without a delay there is nothing to vary, nor to be spared.
    if (impairing.delayNs === 0 && (key === "jitterNs" || key === "reorder")) return false;
    return (typeof value === "object" ? value.share : value) > 0;
  });
  return impairText(Object.fromEntries(active));
}

function sameLife(a: Life, b: Life): boolean {
  return a.machine === b.machine && a.software === b.software && a.dark.join() === b.dark.join();
}

/** Of each end of each link the hosts that it leads to: those at the switches beyond that can be reached without coming back. */
function trunksOf({ switches }: Subnet): [string, ReadonlySet<string>][] {
  return [...switches.values()].flatMap((at) =>
    at.ports.flatMap((port): [string, ReadonlySet<string>][] => {
      if (port.trunk === null) return [];
      const seen = new Set([at, port.trunk.to.at]);
      const hosts = new Set<string>();
      // The set grows while it is walked.
      for (const one of seen) {
        if (one === at) continue;
        for (const { nic, trunk } of one.ports) {
          if (nic !== null) hosts.add(nic.host.name);
          if (trunk !== null) seen.add(trunk.to.at);
        }
      }
      return [[portLabel(port), hosts]];
    }),
  );
}
