/**
 * Random bridges and random steps for them, in the recordings' form: few addresses, few VLANs and few ports, so that steps bear on
 * each other. A run is made of small independent choices, so that a failure shrinks to few steps.
 */
import fc from "fast-check";
import type { BridgeSetup, BridgeStep, PortFlags } from "./bridge-recording.ts";

export interface BridgeRun {
  readonly setup: BridgeSetup;
  /** In order of time; `at` is a whole number of milliseconds. */
  readonly steps: readonly BridgeStep[];
}

export interface RunLimits {
  readonly stepsMax?: number;
  /** Time from one step to the next. */
  readonly gapMs?: fc.Arbitrary<number>;
}

/** Bridges of 1 to 8 ports, with flags, masks, MTUs and VLANs, and up to `stepsMax` steps, most of them frames. */
export function bridgeRuns({ stepsMax = 80, gapMs = anyGap }: RunLimits = {}): fc.Arbitrary<BridgeRun> {
  return fc
    .record({ bridge, steps: fc.array(fc.record({ gapMs, what: action }), { maxLength: stepsMax, size: "max" }) })
    .map(({ bridge: chosen, steps }) => {
      const setup = setupOf(chosen);
      let atMs = 0;
      return {
        setup,
        steps: steps.map((step, i) => {
          atMs += step.gapMs;
          return stepOf(setup, i, atMs / 1000, step.what);
        }),
      };
    });
}

const BRIDGE_MAC = "02:fe:00:00:00:ff";
const PORT_MACS = Array.from({ length: 8 }, (_, port) => `02:fe:00:00:00:0${port}`);
const HOST_MACS = [...Array.from({ length: 4 }, (_, n) => `02:00:00:00:00:0${n + 1}`), "00:00:5e:00:01:33"];
const GROUPS = ["01:00:5e:00:00:12", "33:33:00:00:00:12", "01:80:c2:00:00:10"];
const VIDS = [1, 10, 4094];

/** Mostly one after the other; now and then long enough for an ageing time of 1 s or 2 s to pass. */
const anyGap = fc.oneof(
  { weight: 12, arbitrary: fc.nat(3) },
  { weight: 1, arbitrary: fc.constantFrom(400, 999, 1000, 1001, 1500) },
);
/** Taken modulo the number of ports. */
const port = fc.nat(7);
const flags: fc.Arbitrary<Partial<PortFlags>> = fc.record(
  {
    learning: fc.boolean(),
    flood: fc.boolean(),
    mcastFlood: fc.boolean(),
    bcastFlood: fc.boolean(),
    hairpin: fc.boolean(),
    isolated: fc.boolean(),
    locked: fc.boolean(),
  },
  { requiredKeys: [] },
);
const mostlyDefaultFlags = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: flags });
const ageingSeconds = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(300) },
  { weight: 4, arbitrary: fc.constantFrom(1, 2) },
  { weight: 1, arbitrary: fc.constantFrom(0) },
);

const bridge = fc.record({
  ports: fc.integer({ min: 1, max: 8 }),
  ageingSeconds,
  hasOwnMacs: fc.boolean(),
  flags: fc.array(mostlyDefaultFlags, { minLength: 8, maxLength: 8 }),
  groupFwdMask: fc.constantFrom(undefined, undefined, 0x4000, 0x0008, 0xfff8, 0x4004, 0xffff),
  portMtu: fc.constantFrom(undefined, undefined, 100, 200),
  hostMtu: fc.constantFrom(undefined, undefined, undefined, 90, 300),
  vlans: fc.option(
    fc.array(
      fc.record({
        port,
        vid: fc.oneof(
          { weight: 20, arbitrary: fc.constantFrom(...VIDS) },
          { weight: 1, arbitrary: fc.constantFrom(0, 4095) },
        ),
        pvid: fc.constantFrom(true, true, false),
        untagged: fc.boolean(),
      }),
      { minLength: 8, maxLength: 24, size: "max" },
    ),
    { nil: undefined },
  ),
});

const handMadeMac = fc.constantFrom(
  ...HOST_MACS,
  BRIDGE_MAC,
  ...PORT_MACS.slice(0, 2),
  GROUPS[0]!,
  "00:00:00:00:00:00",
);
const destination = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...HOST_MACS) },
  { weight: 3, arbitrary: fc.constantFrom("ff:ff:ff:ff:ff:ff") },
  { weight: 2, arbitrary: fc.constantFrom(...GROUPS) },
  { weight: 2, arbitrary: fc.constantFrom("00", "01", "02", "03", "0e", "0f").map((x) => `01:80:c2:00:00:${x}`) },
  { weight: 2, arbitrary: fc.constantFrom(BRIDGE_MAC, ...PORT_MACS.slice(0, 3)) },
);
const source = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom(...HOST_MACS) },
  { weight: 1, arbitrary: fc.constantFrom("00:00:00:00:00:00", "01:00:5e:00:00:12", "ff:ff:ff:ff:ff:ff") },
  { weight: 1, arbitrary: fc.constantFrom(BRIDGE_MAC, ...PORT_MACS.slice(0, 3)) },
);
const tagOf = (tpid: string, vids: readonly number[]) =>
  fc
    .record({ priority: fc.constantFrom(0, 0, 0x5, 0xb), vid: fc.constantFrom(...vids) })
    .map(({ priority, vid }) => tpid + ((priority << 12) | vid).toString(16).padStart(4, "0"));
const customerTag = tagOf("8100", [0, ...VIDS, ...VIDS, 30, 4095]);
const foreignTag = fc.oneof(tagOf("88a8", [0, 10]), tagOf("9100", [10]));
const tags = fc.oneof(
  { weight: 8, arbitrary: fc.constant("") },
  { weight: 6, arbitrary: customerTag },
  { weight: 1, arbitrary: foreignTag },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.oneof(customerTag, foreignTag), fc.oneof(customerTag, foreignTag))
      .map((two) => two.join("")),
  },
);
/** What stands behind the addresses and tags: VRRP-like, ARP, IPv4, an LLC length, and two that are neither type nor length. */
const etherType = fc.constantFrom("88b5", "88b5", "88b5", "0806", "0800", "0026", "0000", "ffff");
const length = fc.oneof(
  { weight: 16, arbitrary: fc.constant({ octets: 60 }) },
  { weight: 2, arbitrary: fc.record({ octets: fc.integer({ min: 14, max: 26 }) }) },
  { weight: 1, arbitrary: fc.record({ octets: fc.nat(13) }) },
  { weight: 2, arbitrary: fc.record({ overPortMtu: fc.integer({ min: 13, max: 23 }) }) },
  { weight: 1, arbitrary: fc.record({ overHostMtu: fc.integer({ min: 13, max: 19 }) }) },
);
const vlan = fc.constantFrom(undefined, undefined, ...VIDS, 30);

const action = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.record({ do: fc.constant("frame" as const), port, destination, source, tags, etherType, length }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("carrier" as const),
      port,
      up: fc.constantFrom(true, true, false),
      by: fc.constantFrom(undefined, "hostEnd" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("member" as const), port, joins: fc.constantFrom(true, true, false) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("flags" as const), port, flags }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      port,
      mac: handMadeMac,
      kind: fc.constantFrom("dynamic" as const, "static" as const, "sticky" as const),
      vlan,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), port, mac: handMadeMac, vlan }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("flush" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ageing" as const), seconds: ageingSeconds }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("snapshot" as const) }) },
);

type Valued<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
type Action = Valued<typeof action>;
type ChosenFrame = Extract<Action, { readonly do: "frame" }>;

function setupOf(chosen: Valued<typeof bridge>): BridgeSetup {
  const { ports, groupFwdMask, portMtu, hostMtu, vlans } = chosen;
  const portFlags = Object.fromEntries(
    chosen.flags.slice(0, ports).flatMap((some, index) => (Object.keys(some).length > 0 ? [[index, some]] : [])),
  );
  return {
    ports,
    ageingSeconds: chosen.ageingSeconds,
    options: {
      portFlags,
      ...(groupFwdMask !== undefined && { groupFwdMask }),
      ...(portMtu !== undefined && { portMtu }),
      ...(hostMtu !== undefined && { hostMtu }),
      ...(vlans !== undefined && {
        vlanFiltering: true,
        vlans: vlans.map(({ port: index, vid, pvid, untagged }) => ({
          port: index % ports,
          vid,
          ...(pvid && { pvid }),
          ...(untagged && { untagged }),
        })),
      }),
    },
    ...(chosen.hasOwnMacs && { bridgeMac: BRIDGE_MAC, portMacs: PORT_MACS.slice(0, ports) }),
  };
}

function stepOf(setup: BridgeSetup, i: number, at: number, what: Action): BridgeStep {
  const of = (index: number) => index % setup.ports;
  switch (what.do) {
    case "frame":
      return { at, port: of(what.port), frame: frameOf(setup, i, what) };
    case "carrier": {
      const by = what.by === undefined ? {} : { by: what.by };
      return what.up ? { at, portUp: of(what.port), ...by } : { at, portDown: of(what.port), ...by };
    }
    case "member":
      return what.joins ? { at, portAdd: of(what.port) } : { at, portRemove: of(what.port) };
    case "flags":
      return { at, portFlags: { port: of(what.port), ...what.flags } };
    case "add":
      return { at, fdbAdd: { mac: what.mac, port: of(what.port), kind: what.kind, ...vlanOf(setup, what.vlan) } };
    case "delete":
      return { at, fdbDel: { mac: what.mac, port: of(what.port), ...vlanOf(setup, what.vlan) } };
    case "flush":
      return { at, flush: true };
    case "ageing":
      return { at, ageing: what.seconds };
    case "snapshot":
      return { at, snapshot: `s${i}` };
  }
}

function vlanOf({ options }: BridgeSetup, vid: number | undefined): { readonly vlan?: number } {
  return options?.vlanFiltering === true && vid !== undefined ? { vlan: vid } : {};
}

/** The octets of a frame that says after its EtherType which step it is, as far as its length goes. */
function frameOf({ options }: BridgeSetup, i: number, chosen: ChosenFrame): string {
  const { length: wanted } = chosen;
  const octets =
    "octets" in wanted
      ? wanted.octets
      : "overPortMtu" in wanted
        ? (options?.portMtu ?? 1500) + wanted.overPortMtu
        : (options?.hostMtu ?? 1500) + wanted.overHostMtu;
  const head = (chosen.destination + chosen.source).replaceAll(":", "") + chosen.tags + chosen.etherType;
  return `${head}4b56${i.toString(16).padStart(8, "0")}`.padEnd(2 * octets, "0").slice(0, 2 * octets);
}
