/**
 * The recorded neighbour cases of a Linux host as scenarios: the peer is a host that sends, answers and does what steps tell it, so that the verbs
 * are held to the recordings too. Frames are compared in test/host/linux-neighbour.test.ts.
 */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { lineOf, type NeighbourRecording, neighbourRecordings } from "../../host/neighbour-recording.ts";
import { memoryFiles } from "../language/files.ts";

const OBSERVED_LATE = 0.03;

/** The moments in the middle of each recorded state, where that lasts long enough to be certain. */
function momentsOf({ observations, forSeconds, toleranceSeconds }: NeighbourRecording): number[] {
  const settle = toleranceSeconds + OBSERVED_LATE;
  return observations.flatMap(({ at }, i) => {
    const until = observations[i + 1]?.at ?? forSeconds;
    return until - at > 2 * settle ? [Number(((at + until) / 2).toFixed(6))] : [];
  });
}

function scenarioOf(recording: NeighbourRecording, moments: readonly number[]): string {
  const { name, family, host, sysctl, reachableTimeMs, forSeconds } = recording;
  const steps = recording.steps.flatMap(({ at, inject, peerAnswers, hostSends, hostDoes, peerLink }) => {
    const verbs: string[] = [];
    if (inject !== undefined) verbs.push(`send: { host: peer, frame: "${inject}" }`);
    for (const [address, by] of Object.entries(peerAnswers ?? {})) {
      const holders =
        by === null || typeof by === "string"
          ? JSON.stringify(by)
          : `[${by.map(({ mac, afterMs = 0 }) => `{ mac: "${mac}", after: ${afterMs}ms }`).join(", ")}]`;
      verbs.push(`answer: { host: peer, for: "${address}", by: ${holders} }`);
    }
    if (hostSends !== undefined) {
      const { udp, count, everyMs, until, from, confirm } = hostSends;
      const more = [
        count === undefined ? "" : `, count: ${count}`,
        everyMs === undefined ? "" : `, every: ${everyMs}ms`,
        until === undefined ? "" : `, until: ${until}s`,
        from === undefined ? "" : `, source: "${from}"`,
        confirm === true ? ", confirm: true" : "",
      ];
      verbs.push(`udp: { from: hut, to: "${udp}"${more.join("")} }`);
    }
    if (hostDoes !== undefined) verbs.push(`command: { host: hut, run: ${hostDoes} }`);
    if (peerLink !== undefined) verbs.push(`link-${peerLink}: hut`);
    return verbs.map((verb) => `  - { at: ${at}s, ${verb} }`);
  });
  const snapshots = moments.map((moment) => `  - { at: ${moment}s, snapshot: "s${moment}" }`);
  return `name: ${name}
until: ${forSeconds}s
subnets: { lan: { cidr: ${family === "ipv6" ? '"2001:db8:1::/64"' : "10.0.1.0/24"}, latency: 1us } }
hosts:
  hut:
    subnet: lan
    mac: "${host.mac}"
    address: [${host.addresses.map((address) => JSON.stringify(address)).join(", ")}]
    reachable-time: ${reachableTimeMs}ms
    sysctl: ${JSON.stringify(sysctl)}
  peer: { subnet: lan, address: [] }
timeline:
${[...steps, ...snapshots].join("\n")}
`;
}

describe("recorded cases as scenarios", () => {
  it.each(neighbourRecordings())("$name", (recording) => {
    const moments = momentsOf(recording);
    const scenario = loadScenario("x.yaml", scenarioOf(recording, moments), memoryFiles({}));
    const { snapshots } = runScenario(scenario).report;
    const seen = moments.map((moment) => {
      const { neighbours } = snapshots.find(({ name }) => name === `s${moment}`)!;
      const ours = neighbours.filter(({ host }) => host === "hut");
      return ours
        .map(({ address, mac, state, router }) =>
          lineOf({ ip: address, state, ...(mac === null ? {} : { mac }), ...(router === undefined ? {} : { router }) }),
        )
        .sort();
    });
    const at = (moment: number) => recording.observations.findLast((observation) => observation.at <= moment)!;
    expect(seen).toEqual(moments.map((moment) => at(moment).neigh.map(lineOf).sort()));
  });
});
