/** A host and its neighbour, the holder of a VIP: the entry in each of its states, and when it changes. */
import { expect } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { arp } from "./frames.ts";
import { HOST_MAC, LoneHost } from "./lone-host.ts";

export const US = "10.0.0.1";
export const VIP = "10.0.0.50";
export const A = "02:00:00:00:00:0a";
export const B = "02:00:00:00:00:0b";

export type State = "absent" | "INCOMPLETE" | "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "FAILED";
export const STATES: readonly State[] = ["absent", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED"];

/** The VIP's holder answers us. */
export const answer = (senderMac: string) =>
  arp({ operation: 2, senderMac, senderIp: VIP, targetMac: HOST_MAC, targetIp: US, to: HOST_MAC });

/** The VIP's holder asks for us. */
export const questionToUs = (senderMac: string) => arp({ operation: 1, senderMac, senderIp: VIP, targetIp: US });

/** A host whose entry of the VIP has the state, and A's MAC if it has one; `sinceChange` seconds after the entry was changed. */
export function hostWith(state: State, sinceChange = 1.5, system = "linux"): LoneHost {
  const host = new LoneHost([`${US}/24`], { system });
  if (host.host.system.rules4.ageingNs === null) host.nic.neighbours4.reachableNs = 30 * NS_PER_S;
  switch (state) {
    case "absent":
      break;
    case "INCOMPLETE":
    case "FAILED":
      host.ask(VIP);
      break;
    case "REACHABLE":
      host.ask(VIP);
      host.deliver(answer(A));
      break;
    default:
      // A question for us makes the asker known, STALE.
      host.deliver(questionToUs(A));
      if (state !== "STALE") host.ask(VIP);
  }
  if (state !== "absent") runUntil(host, state);
  host.runTo(host.nowNs / NS_PER_S + sinceChange);
  host.takeSent();
  return host;
}

/** To the millisecond in which the entry has got the state. */
export function runUntil(host: LoneHost, state: State): void {
  const limitNs = host.nowNs + 60 * NS_PER_S;
  while (!host.entry(VIP).startsWith(state)) {
    expect(host.nowNs).toBeLessThan(limitNs);
    host.runTo((Math.floor(host.nowNs / 1e6) + 1) / 1000);
  }
}

export const stateOf = (host: LoneHost) => host.entry(VIP).replace(A, "A").replace(B, "B");

/** How late a timer may be that is set for so many seconds: a slot of the wheel at 250 jiffies a second. */
export function lateBy(seconds: number): number {
  if (seconds < 0.252) return 0.004;
  if (seconds < 2.016) return 0.032;
  return seconds < 16.128 ? 0.256 : 2.048;
}

/**
 * The changes of the VIP's entry behind `fromS`, each the time of a timer after the one before it, the first after `fromS`: a
 * list of [state, seconds], where 0 is at once.
 */
export function expectChanges(host: LoneHost, fromS: number, wanted: readonly (readonly [State, number])[]): void {
  const changes = host.changes.filter(({ atNs, address }) => address === VIP && atNs > fromS * NS_PER_S);
  expect(changes.map(({ state }) => state)).toEqual(wanted.map(([state]) => state));
  let beforeS = fromS;
  changes.forEach(({ atNs }, i) => {
    const [, seconds] = wanted[i]!;
    const tookS = atNs / NS_PER_S - beforeS;
    // What is not a timer's doing takes no time at all.
    expect(tookS).toBeGreaterThanOrEqual(seconds - 1e-8);
    expect(tookS).toBeLessThanOrEqual(seconds + (seconds === 0 ? 0 : lateBy(seconds)) + 1e-8);
    beforeS = atNs / NS_PER_S;
  });
}
