/** What is done again and again on a host: how often, how fast, and until when. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { ONCE, type Pace, Repeater } from "../../src/host/repeater.ts";
import { Network } from "../../src/sim/network.ts";

const S = NS_PER_S;
const forever: Pace = { count: Number.POSITIVE_INFINITY, everyNs: 1 * S, untilNs: Number.POSITIVE_INFINITY };

/** When it was done, in seconds, of what begins at 1 s. */
function times(pace: Pace, disturb: (network: Network) => void = () => {}): number[] {
  const network = new Network();
  network.addSubnet("lan", { cidr: "10.0.1.0/24" });
  const host = network.addHost("hut", { subnet: "lan", address: "10.0.1.1" });
  const done: number[] = [];
  network.at("1s", () => new Repeater(host, pace, () => done.push(network.nowNs / S)));
  disturb(network);
  network.run("6s");
  return done;
}

describe("a repeater", () => {
  it("does it once, or all at once", () => {
    expect(times(ONCE)).toEqual([1]);
    expect(times({ ...ONCE, count: 3 })).toEqual([1, 1, 1]);
  });

  it("does it one after the other, so often or until then", () => {
    expect(times({ ...forever, count: 3 })).toEqual([1, 2, 3]);
    expect(times(forever)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(times({ ...forever, untilNs: 4 * S })).toEqual([1, 2, 3]);
    expect(times({ ...forever, untilNs: 1 * S })).toEqual([]);
  });

  it("is over with the machine, and waits for one that stands still", () => {
    const crash = (network: Network) => {
      network.at("2.5s", () => network.crash("hut"));
      network.at("2.7s", () => network.restore("hut"));
    };
    expect(times(forever, crash)).toEqual([1, 2]);
    const pause = (network: Network) => {
      network.at("2.5s", () => network.pause("hut"));
      network.at("4.5s", () => network.resume("hut"));
    };
    expect(times({ ...forever, count: 3 }, pause)).toEqual([1, 2, 4.5]);
  });
});
