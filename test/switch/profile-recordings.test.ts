import { describe, expect, it } from "vitest";
import type { PortId } from "../../src/base/ids.ts";
import { NS_PER_S } from "../../src/base/units.ts";
import type { EntryKind } from "../../src/switch/fdb.ts";
import { formatMacWords } from "../../src/switch/mac-words.ts";
import { profileByName } from "../../src/switch/profiles.ts";
import { parseMac } from "../../src/wire/address.ts";
import { type ProfileRecording, type ProfileStep, profileRecordings } from "./profile-recording.ts";
import { Wired } from "./wired.ts";

/** A switch with the recording's profile, to be taken through its steps. */
class Replay {
  readonly #net: Wired;
  readonly #ports: readonly PortId[];
  readonly #down = new Set<number>();

  constructor({ profile, ports, entriesMax, ageingSeconds }: ProfileRecording) {
    this.#net = new Wired(8, 2048, {
      profile: profileByName(profile)!,
      ...(entriesMax === undefined ? {} : { entriesMax }),
    });
    this.#ports = this.#net.addDomain(ports);
    if (ageingSeconds !== undefined) this.#net.switch.fdb.ageingMs = ageingSeconds * 1000;
  }

  /** What came of the step here; undefined where the recording says nothing. */
  take(step: ProfileStep): readonly number[] | readonly string[] | undefined {
    const { clock, switch: bridge } = this.#net;
    clock.advanceTo(Math.round(step.at * NS_PER_S));
    if ("port" in step) return this.#net.send(step.port, step.to, step.from).out;
    if ("table" in step) return this.#table();
    if ("set" in step) {
      const [mac, port, kind] = step.set.split(" ") as [string, string, EntryKind];
      bridge.setEntry(bridge.ports.domainOf(this.#ports[0]!), 0, ...words(mac), this.#ports[Number(port)]!, kind);
    } else if ("remove" in step) bridge.removeEntry(bridge.ports.domainOf(this.#ports[0]!), 0, ...words(step.remove));
    else if ("flush" in step) bridge.fdb.flush();
    else if ("down" in step) this.#setLink(step.down, false);
    else this.#setLink(step.up, true);
    return undefined;
  }

  /** What the recording says came of the step; a frame that went into a port without carrier went nowhere. */
  expected(step: ProfileStep): readonly number[] | readonly string[] | undefined {
    if ("port" in step) return step.out.filter((port) => !this.#down.has(port));
    return "table" in step ? step.table : undefined;
  }

  #setLink(port: number, up: boolean): void {
    this.#net.switch.setLink(this.#ports[port]!, up);
    if (up) this.#down.delete(port);
    else this.#down.add(port);
  }

  #table(): string[] {
    const rows: string[] = [];
    this.#net.switch.fdb.forEach(({ macHi, macLo, port, kind }) => {
      rows.push(`${formatMacWords(macHi, macLo)} ${port} ${kind}`);
    });
    return rows.sort();
  }
}

function words(mac: string): [number, number] {
  const octets = parseMac(mac)!;
  const at = (i: number) => octets[i]!;
  return [at(0) | (at(1) << 8), at(2) | (at(3) << 8) | (at(4) << 16) | (at(5) << 24)];
}

/** How many entries each port has, the most first. */
function shares(table: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const row of table) counts.set(row.split(" ")[1]!, (counts.get(row.split(" ")[1]!) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

const recordings = profileRecordings();

describe("switch profiles, against recordings", () => {
  it("are compared on dozens of frames each", () => {
    for (const profile of ["ovs", "vde"]) {
      const frames = recordings.filter((recording) => recording.profile === profile).flatMap(({ steps }) => steps);
      expect(frames.filter((step) => "port" in step).length).toBeGreaterThan(100);
    }
  });

  for (const recording of recordings.filter(({ tiesAreOpen }) => !tiesAreOpen)) {
    it(`${recording.profile}: ${recording.why} (${recording.name})`, () => {
      const replay = new Replay(recording);
      for (const step of recording.steps) {
        const expected = replay.expected(step);
        expect({ step, came: replay.take(step) }).toEqual({ step, came: expected });
      }
    });
  }

  for (const recording of recordings.filter(({ tiesAreOpen }) => tiesAreOpen)) {
    it(`${recording.profile}: ${recording.why} (${recording.name})`, () => {
      const replay = new Replay(recording);
      let newest: readonly string[] = [];
      for (const step of recording.steps) {
        const came = replay.take(step);
        if (!("table" in step)) continue;
        newest = came as readonly string[];
        expect(shares(newest)).toEqual(shares(step.table));
      }
      const last = recording.steps.at(-1)! as { table: readonly string[] };
      const crowd = ` ${recording.ports - 1} dynamic`;
      expect(newest.filter((row) => row.endsWith(crowd))).toEqual(last.table.filter((row) => row.endsWith(crowd)));
    });
  }
});
