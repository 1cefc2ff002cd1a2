/**
 * The switch at its plainest: maps and lists, addresses as text, no thought of speed. It is what `VirtualSwitch` is compared with.
 */
import { formatMac } from "../../src/wire/address.ts";
import type { Outcome } from "./wired.ts";

export interface PlainPort {
  readonly domain: number;
  up: boolean;
  /** Side of a partition. */
  side: number;
  rxFrames: number;
  rxOctets: number;
  txFrames: number;
  txOctets: number;
  readonly drops: Map<string, number>;
}

const isGroup = (mac: string) => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;

export class PlainSwitch {
  readonly ports: PlainPort[] = [];
  /** Whether domain i + 1 carries multicast. */
  readonly multicast: boolean[] = [];
  readonly #table = new Map<string, { port: number; seenMs: number }>();
  readonly moves: string[] = [];
  #ageingMs = 300_000;
  nowMs = 0;
  partitioned = false;

  addPort(domain: number): void {
    this.ports.push({
      domain,
      up: true,
      side: 0,
      rxFrames: 0,
      rxOctets: 0,
      txFrames: 0,
      txOctets: 0,
      drops: new Map(),
    });
  }

  setLink(port: number, up: boolean): void {
    this.ports[port]!.up = up;
    if (up) return;
    for (const [key, entry] of this.#table) if (entry.port === port) this.#table.delete(key);
  }

  setAgeing(ageingMs: number): void {
    for (const key of this.#table.keys()) if (this.#known(key) === undefined) this.#table.delete(key);
    this.#ageingMs = ageingMs;
  }

  send(port: number, bytes: Uint8Array): Outcome {
    const outcome = this.#decide(port, bytes);
    const { drops } = this.ports[port]!;
    if (outcome.cause !== "none") drops.set(outcome.cause, (drops.get(outcome.cause) ?? 0) + 1);
    for (const out of outcome.out) {
      this.ports[out]!.txFrames++;
      this.ports[out]!.txOctets += bytes.length;
    }
    return outcome;
  }

  table(): string[] {
    return [...this.#table]
      .filter(([, { seenMs }]) => this.nowMs - seenMs < this.#ageingMs)
      .map(([key, { port, seenMs }]) => `${key} ${port} ${this.nowMs - seenMs}`)
      .sort();
  }

  #decide(port: number, bytes: Uint8Array): Outcome {
    const dropped = (cause: string) => ({ cause, out: [] });
    const from = this.ports[port]!;
    if (!from.up) return dropped("link-down");
    if (bytes.length < 14) return dropped("runt");
    if (bytes.length > 1518) return dropped("giant");
    const destination = formatMac(bytes, 0);
    const source = formatMac(bytes, 6);
    if (isGroup(source)) return dropped("multicast-source");
    if (source === "00:00:00:00:00:00") return dropped("zero-source");
    from.rxFrames++;
    from.rxOctets += bytes.length;
    if (destination === "01:80:c2:00:00:01") return dropped("reserved-destination");
    this.#learn(`${from.domain} ${source}`, port);

    if (/^01:80:c2:00:00:0[^0]$/.test(destination)) return dropped("reserved-destination");
    const alwaysCarried = /^(ff:ff:ff:ff:ff:ff|33:33:00:00:00:01|33:33:ff:.*)$/.test(destination);
    if (isGroup(destination) && !alwaysCarried && !this.multicast[from.domain - 1]) {
      return dropped("multicast-not-carried");
    }
    const known = isGroup(destination) ? undefined : this.#known(`${from.domain} ${destination}`);
    const reachable = (out: number) => !this.partitioned || this.ports[out]!.side === from.side;
    if (known !== undefined) {
      if (known === port) return dropped("same-port");
      return reachable(known) ? { cause: "none", out: [known] } : dropped("partitioned");
    }
    const others = [...this.ports.keys()].filter(
      (out) => out !== port && this.ports[out]!.domain === from.domain && this.ports[out]!.up,
    );
    if (others.length === 0) return dropped("no-other-port");
    const out = others.filter(reachable);
    return out.length === 0 ? dropped("partitioned") : { cause: "none", out };
  }

  #learn(key: string, port: number): void {
    const before = this.#known(key);
    if (before !== undefined && before !== port) this.moves.push(`${key} ${before} ${port}`);
    if (this.#ageingMs > 0) this.#table.set(key, { port, seenMs: this.nowMs });
  }

  #known(key: string): number | undefined {
    const entry = this.#table.get(key);
    return entry !== undefined && this.nowMs - entry.seenMs < this.#ageingMs ? entry.port : undefined;
  }
}
