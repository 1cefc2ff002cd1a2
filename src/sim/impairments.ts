/**
 * The cables of a network that can be impaired, found by the names that people give them. A way gets its impairment when it is impaired
 * for the first time, and keeps it from then on: until then it costs nothing.
 */
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import type { Fabric } from "./fabric.ts";
import { impairWordsOf, LACKS_DELAY, LACKS_DELAY_HINT, lacksDelay } from "./impair-words.ts";
import { Impairment } from "./impairment.ts";
import type { Link } from "./link.ts";
import { durationNs, type ImpairOptions, refusal } from "./options.ts";
import type { SimPort } from "./sim-switch.ts";
import type { Trunk } from "./trunk.ts";

type Direction = NonNullable<ImpairOptions["direction"]>;

export interface Cables {
  readonly fabric: Fabric;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly links: ReadonlyMap<string, Link>;
}

export class Impairments {
  readonly #cables: Cables;

  constructor(cables: Cables) {
    this.#cables = cables;
  }

  /** A ConfigError, and nothing changed, if the place or a word is none. */
  impair(options: ImpairOptions): void {
    const { on, direction = "both", for: span } = options;
    const words = impairWordsOf(options);
    const forNs = span === undefined ? null : durationNs(span, `duration of the impairment on ${on}`);
    if (forNs === 0) throw refusal(`an impairment of ${on} for no time impairs nothing`, 'say how long: "300ms"');
    const ways = this.#waysOf(on, direction);
    for (const { impairing, place } of ways) {
      const lacking = lacksDelay(words, impairing.delayNs);
      if (lacking === null) continue;
      throw refusal(
        `${lacking} on ${place.link} from ${place.from} to ${place.to}: ${LACKS_DELAY[lacking]}`,
        LACKS_DELAY_HINT,
      );
    }
    for (const way of ways) way.set(words, forNs);
  }

  /** The ways that are meant, of a host's cables what it sends first. */
  #waysOf(on: string, direction: Direction): Impairment[] {
    const { fabric, links } = this.#cables;
    const colon = on.indexOf(":");
    const link = links.get(on.slice(colon + 1));
    if (link !== undefined)
      return trunksOf(link, colon < 0 ? null : on.slice(0, colon), direction).map(this.#ofTrunk, this);
    const known = `links: ${[...links.keys()].join(", ") || "none"}`;
    if (colon >= 0) throw refusal(`there is no link ${on.slice(colon + 1)}`, known);
    return this.#nicsOf(on, known).flatMap((nic) => {
      const port = fabric.ports[nic.port]!;
      return [
        ...(direction === "in" ? [] : [this.#fromNic(port, nic)]),
        ...(direction === "out" ? [] : [this.#toNic(port, nic)]),
      ];
    });
  }

  /** NICs with a cable of their own. */
  #nicsOf(on: string, links: string): Nic[] {
    const { hosts } = this.#cables;
    const dot = on.indexOf(".");
    const whole = hosts.get(on);
    const host = whole ?? hosts.get(on.slice(0, Math.max(0, dot)));
    if (host === undefined)
      throw refusal(
        `there is no host, NIC or link ${on}`,
        `hosts: ${[...hosts.keys()].join(", ") || "none"}; ${links}`,
      );
    const cabled = host.nics.filter(({ lower }) => lower === null);
    if (whole !== undefined) return cabled;
    const nics = cabled.filter(({ label }) => label === on);
    if (nics.length > 0) return nics;
    throw refusal(
      `there is no NIC ${on}`,
      `NICs with a cable: ${cabled.map(({ label }) => label).join(", ") || "none"}`,
    );
  }

  #ofTrunk(trunk: Trunk): Impairment {
    const { link, from, to } = trunk;
    const place = { link, from: from.at.name, to: to.at.name, at: from.at, nic: null };
    // Loss was the first word that there was: what a seed loses stays the same.
    const stream = `loss on ${link} ${from.id < to.id ? "there" : "back"}`;
    trunk.impairment ??= new Impairment(this.#cables.fabric, place, trunk, stream);
    return trunk.impairment;
  }

  #fromNic(port: SimPort, { label, name, host }: Nic): Impairment {
    const { fabric } = this.#cables;
    const nic = { host: host.name, name, direction: "out" } as const;
    const place = { link: label, from: host.name, to: port.at.name, at: port.at, nic };
    const exit = { forward: fabric.carryFromNic.bind(fabric, port) };
    port.fromNic ??= new Impairment(fabric, place, exit, `impairment of ${label} out`);
    return port.fromNic;
  }

  #toNic(port: SimPort, { label, name, host }: Nic): Impairment {
    const { fabric } = this.#cables;
    const nic = { host: host.name, name, direction: "in" } as const;
    const place = { link: label, from: port.at.name, to: host.name, at: port.at, nic };
    const exit = { forward: fabric.carryToNic.bind(fabric, port) };
    port.toNic ??= new Impairment(fabric, place, exit, `impairment of ${label} in`);
    return port.toNic;
  }
}

/** The ways of a link: `end` is the switch from where `in` and `out` are seen, null if none is named. */
function trunksOf({ name, between, ways }: Link, end: string | null, direction: Direction): readonly Trunk[] {
  const ends = `its ends: ${between.map((at) => `${at}:${name}`).join(", ")}`;
  const out = ways.find(({ from }) => from.at.name === end);
  if (end !== null && out === undefined) throw refusal(`link ${name} does not end at ${end}`, ends);
  if (direction === "both") return ways;
  if (out === undefined) throw refusal(`${direction} of link ${name} is seen from one of its ends`, ends);
  return ways.filter((way) => (way === out) === (direction === "out"));
}
