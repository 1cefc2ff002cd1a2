/** A cluster at three switches, with clients at two of them, and faults of all kinds that fast-check may bring upon it. */
import fc from "fast-check";
import { Network } from "../../src/sim/network.ts";
import { PROFILE_NAMES } from "../../src/switch/profiles.ts";
import { conf, script, TRACK_CHK } from "../guest/keepalived/cluster.ts";

export const ADDRESSES = ["10.0.0.100", "2001:db8::100"];
export const UNTIL_SECONDS = 24;

export interface Setting {
  readonly seed: number;
  readonly profile: string;
  readonly virtualMacs: boolean;
  readonly everyMs: number;
  readonly faults: readonly Fault[];
}

interface Fault {
  readonly atMs: number;
  readonly host: string;
  readonly uplink: string;
  readonly verb: (typeof VERBS)[number];
}

const QUIET_VERBS = [
  "crash",
  "restore",
  "stop",
  "start",
  "kill",
  "pause",
  "resume",
  "linkDown",
  "linkUp",
  "uplinkDown",
  "uplinkUp",
  "partition",
  "isolate",
  "heal",
  "fail",
  "succeed",
  "take",
  "give",
] as const;
const VERBS = [...QUIET_VERBS, "impair", "mend"] as const;

/** `withLoss` false: no frame is lost by chance. */
export function settings(withLoss: boolean): fc.Arbitrary<Setting> {
  const fault = fc.record({
    atMs: fc.integer({ min: 3000, max: 20_000 }),
    host: fc.constantFrom("n1", "n2", "n3", "near", "far"),
    uplink: fc.constantFrom("up-1", "up-2"),
    verb: fc.constantFrom(...(withLoss ? VERBS : QUIET_VERBS)),
  });
  return fc.record({
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
    profile: fc.constantFrom(...PROFILE_NAMES),
    virtualMacs: fc.boolean(),
    everyMs: fc.constantFrom(10, 30, 70, 1100),
    faults: fc.array(fault, { minLength: 1, maxLength: 8 }),
  });
}

/** n1 at rack-1, n2 and n3 at rack-2; `near` at the core, `far` at rack-2. Both ask both addresses. The last second is free of faults. */
export function clusterOf({ seed, profile, virtualMacs, everyMs, faults }: Setting): Network {
  const network = new Network({ seed });
  network.addSubnet("lan", { cidr: ["10.0.0.0/24", "2001:db8::/64"], profile, ageing: "15s" });
  for (const name of ["core", "rack-1", "rack-2"]) network.addSwitch(name, { subnet: "lan" });
  network.addLink("up-1", { subnet: "lan", between: ["core", "rack-1"] });
  network.addLink("up-2", { subnet: "lan", between: ["core", "rack-2"] });
  const node = (number: number, at: string) => {
    const lines = [...(virtualMacs ? ["use_vmac"] : []), ...TRACK_CHK];
    const instance = (family: string, vrid: number, vips: string[]) =>
      conf({ name: family, vrid, priority: 110 - 10 * number, vips, lines });
    network.addHost(`n${number}`, {
      subnet: "lan",
      switch: at,
      address: [`10.0.0.${number}`, `2001:db8::${number}`],
      keepalived: `${script("fall 1", "rise 1")}\n${instance("V4", 51, ["10.0.0.100/24"])}${instance("V6", 52, ["2001:db8::100/64"])}`,
    });
  };
  node(1, "rack-1");
  node(2, "rack-2");
  node(3, "rack-2");
  network.addHost("near", { subnet: "lan", switch: "core", address: ["10.0.0.201", "2001:db8::201"] });
  network.addHost("far", { subnet: "lan", switch: "rack-2", address: ["10.0.0.202", "2001:db8::202"] });
  for (const from of ["near", "far"])
    for (const to of ADDRESSES) network.addProbe(`${from} to ${to}`, { from, to, every: `${everyMs}ms` });
  for (const fault of faults) network.at(`${fault.atMs}ms`, () => bring(network, fault));
  return network;
}

function bring(network: Network, { host, uplink, verb }: Fault): void {
  const hasDaemon = network.daemons.has(host);
  switch (verb) {
    case "partition":
      network.partition([["n1", "near"]]);
      return;
    case "isolate":
      network.partition([[host]]);
      return;
    case "heal":
      network.heal();
      return;
    case "uplinkDown":
      network.linkDown(uplink);
      return;
    case "uplinkUp":
      network.linkUp(uplink);
      return;
    case "impair":
      network.impair({ on: uplink, loss: "40%" });
      return;
    case "mend":
      network.impair({ on: uplink, loss: 0 });
      return;
    case "fail":
    case "succeed":
      if (hasDaemon) network.script(host, "chk", verb === "fail" ? 1 : 0);
      return;
    case "take":
      network.addAddress(host, "eth0", "10.0.0.100/24");
      return;
    case "give":
      network.deleteAddress(host, "eth0", "10.0.0.100");
      return;
    case "start":
    case "stop":
    case "kill":
      if (hasDaemon) network[verb](host);
      return;
    default:
      network[verb](host);
  }
}
