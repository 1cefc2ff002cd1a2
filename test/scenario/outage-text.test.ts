/** What the report says of an outage's stages: who took over, who came back, what was in the way. */
import { describe, expect, it } from "vitest";
import { outageRows } from "../../src/scenario/outage-text.ts";
import { PLAIN } from "../../src/text/style.ts";
import { Cluster, conf } from "../guest/keepalived/cluster.ts";

type Act = (cluster: Cluster) => void;

/** The stages of the first outage, as `stage: words`. */
function told(
  hosts: ConstructorParameters<typeof Cluster>[0],
  act: Act,
  { to = "10.0.0.100", until = 20 } = {},
): string[] {
  const cluster = new Cluster({ ...hosts, client: { reachableTime: "60s" } }, { seed: 1, latency: "50us" });
  cluster.network.addProbe("ping", { from: "client", to, every: "10ms" });
  act(cluster);
  cluster.run(until);
  const [, ...rows] = outageRows(cluster.network.outagesOf("ping")[0]!, PLAIN);
  return rows.map((row) => row.replace(/^ +(\w+) .* █+ +(\S.*)$/, "$1: $2"));
}

const pair = { n1: conf(), n2: conf({ priority: 90 }) };
const at =
  (...steps: readonly (readonly [number, (network: Cluster["network"]) => void])[]): Act =>
  (cluster) => {
    for (const [seconds, step] of steps) cluster.at(seconds, () => step(cluster.network));
  };

describe("the words for a stage", () => {
  it("name who took over", () => {
    expect(told(pair, at([6.005, (network) => network.crash("n1")]))).toEqual([
      "detect: until n2 knew",
      "elect: skew of n2: the best standby goes first",
      "announce: until n2 announced it",
      "cache: until client's cache agreed",
      "transport: until the next question that was answered",
    ]);
  });

  it("name who came back", () => {
    const flap = at([9.505, (network) => network.linkDown("n1")], [11, (network) => network.linkUp("n1")]);
    expect(told({ n1: conf() }, flap)[0]).toBe("detect: nobody took over until n1 itself was back");
    const reboot = at([9.505, (network) => network.crash("n1")], [11, (network) => network.restore("n1")]);
    expect(told({ n1: conf() }, reboot)[0]).toBe("detect: nobody was left: n1 was up again at 11.000 s");
    expect(told({ n1: {} }, reboot, { to: "10.0.0.1" })[0]).toBe("detect: nobody took over until n1 was up again");
  });

  it("say that nobody did", () => {
    expect(told({ n1: conf() }, at([6.005, (network) => network.stop("n1")]))).toEqual([
      "detect: nobody took the address",
    ]);
  });

  it("say that a person did", () => {
    const act = at(
      [6.005, (network) => network.crash("n1")],
      [7, (network) => network.addAddress("n2", "eth0", "10.0.0.1/24")],
    );
    expect(told({ n1: {}, n2: {} }, act, { to: "10.0.0.1" })).toEqual([
      "detect: until somebody gave n2 the address",
      "cache: client's cache did not learn of n2",
    ]);
  });

  it.each<readonly [string, Act, string]>([
    ["a carrier", at([6.005, (n) => n.linkDown("n1")], [8, (n) => n.linkUp("n1")]), "until n1.eth0 had carrier again"],
    ["a carrier for good", at([6.005, (n) => n.linkDown("n1")]), "n1.eth0 had no carrier"],
    ["a pause", at([6.005, (n) => n.pause("n1")], [12, (n) => n.resume("n1")]), "until n1 went on"],
    ["a pause for good", at([6.005, (n) => n.pause("n1")]), "n1 stood still"],
    ["a partition", at([6.005, (n) => n.partition([["n1"]])], [8, (n) => n.heal()]), "until the partition was healed"],
    ["a partition for good", at([6.005, (n) => n.partition([["n1"]])]), "they were on two sides of a partition"],
    [
      "a route",
      at([6.005, (n) => n.hands.type("client", { what: "link", nic: "eth0", up: false })]),
      "client had no route to it",
    ],
  ])("name %s that nobody was there to make up for", (_, act, words) => {
    expect(told({ n1: {} }, act, { to: "10.0.0.1" })).toEqual([`transport: ${words}`]);
  });

  it("say of a connection that is kept what TCP did", () => {
    const kept = (act: Act): string[] => {
      const cluster = new Cluster({ n1: {}, n2: {}, client: { reachableTime: "60s" } }, { seed: 1, latency: "50us" });
      const options = { from: "client", to: "10.0.0.1", kind: "tcp", connection: "kept", every: "10ms" } as const;
      cluster.network.addProbe("flow", options);
      act(cluster);
      cluster.run(12);
      const [, ...rows] = outageRows(cluster.network.outagesOf("flow")[0]!, PLAIN);
      return rows.map((row) => row.replace(/^ +(\w+) .* █+ +(\S.*)$/, "$1: $2"));
    };
    const lossy = at([6.005, (n) => n.impair({ on: "client", direction: "out", loss: "100%", for: "100ms" })]);
    expect(kept(lossy)).toEqual(["transport: packets were lost until TCP sent them again"]);
    // Down for less than TCP waits: what it sends again comes to a machine that knows nothing of it.
    const reboot = at([6.005, (n) => n.crash("n1")], [6.105, (n) => n.restore("n1")]);
    expect(kept(reboot)).toEqual([
      expect.stringMatching(/^detect: /),
      expect.stringMatching(
        /^transport: n1 reset the connection, which it knew nothing of; established anew at 6.2\d\d s$/,
      ),
    ]);
  });

  it("stand in one column", () => {
    const cluster = new Cluster({ ...pair, client: {} }, { seed: 1, latency: "50us" });
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "10ms" });
    cluster.at(6.005, () => cluster.network.crash("n1")).run(12);
    const [, ...rows] = outageRows(cluster.network.outagesOf("ping")[0]!, PLAIN);
    const columns = rows.map((row) => row.search(/(?<=[█ ]{2})[a-z]/g) && row.indexOf(row.match(/█ +(\S.*)$/)![1]!));
    expect(new Set(columns).size).toBe(1);
  });
});
