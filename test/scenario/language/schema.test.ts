/** The JSON Schema that editors use: the same language as the validator's. */
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ScenarioSchema, scenarioJsonSchema } from "../../../src/scenario/language/schema.ts";
import { GOOD, WIRED } from "./files.ts";

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

const SCHEMA = scenarioJsonSchema() as JsonSchema;

/** All parts of the schema, with the key that leads to each. */
function parts(schema: JsonSchema, key: string): { key: string; schema: JsonSchema }[] {
  const inner = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.additionalProperties ? [[key, schema.additionalProperties] as const] : []),
    ...(schema.items ? [[key, schema.items] as const] : []),
    ...(schema.anyOf ?? []).map((option) => [key, option] as const),
  ];
  return [{ key, schema }, ...inner.flatMap(([name, part]) => parts(part, name))];
}

const ALL = parts(SCHEMA, "");

describe("the JSON Schema", () => {
  it("says what it is", () => {
    expect(SCHEMA).toMatchObject({
      $schema: "http://json-schema.org/draft-07/schema#",
      $id: "urn:viplane:scenario:1",
      title: "viplane scenario",
      required: ["name", "until", "subnets", "hosts"],
    });
  });

  it.each([
    ["a scenario", "name description seed until subnets hosts servers havips probes timeline expect"],
    ["a subnet", "cidr network multicast latency profile ageing switches links storm"],
    ["a switch", "profile ageing"],
    ["a link", "between latency rate"],
    ["a server", "hosts"],
    [
      "a host",
      "subnet mac address switch nics system sysctl reachable-time arp-timeout keepalived autostart scripts files processes bfd",
    ],
    ["a script", "exit ignoresTerm runs"],
    ["a HAVIP", "subnet address claimants"],
    ["a probe", "from nic to kind port connection timeout every at until"],
    [
      "a step",
      "at start stop kill reload send announce answer ping udp command crash restore pause resume link-down link-up impair partition heal script file process bfd snapshot",
    ],
    ["a step's impairment", "on direction delay jitter loss duplicate reorder corrupt rate announcements for"],
    ["a loss in bursts", "share burst"],
    ["a step's daemon", "host daemon"],
    ["a step's killed process", "host daemon process"],
    ["a step's new configuration", "host keepalived"],
    ["a step's command", "host run"],
    ["a step's frame", "host nic frame count every until"],
    ["a described frame", "arp na ns vrrp carp udp icmp source destination vlan"],
    ["an ARP frame", "op from mac to target"],
    ["a neighbour advertisement", "target mac R S O from to ttl checksum"],
    ["a neighbour solicitation", "target mac from to ttl checksum"],
    ["a VRRP advertisement", "vrid priority addresses version interval password from to ttl checksum"],
    ["a CARP advertisement", "vhid address skew base from to ttl checksum"],
    ["a datagram", "port source-port octets from to ttl checksum"],
    ["an echo message", "op id sequence octets from to ttl checksum"],
    ["a step's announcement", "host nic vip as mac source to vrid priority vhid count every until"],
    ["a step's answers", "host nic for by"],
    ["one who answers", "mac after S O"],
    ["a step's echo requests", "from to count every until source confirm"],
    ["a step's datagrams", "from to port count every until source confirm"],
    ["a keepalived with its version", "file config version"],
    ["a step's script", "host name exit"],
    ["a step's file", "host name path value"],
    ["a step's process", "host name count by"],
    ["a step's BFD session", "host name up"],
    ["an expectation", "at from until holder outage"],
    ["a holder", "of is never from until"],
    ["an outage", "of atMost atLeast from until"],
  ])("has all keys of %s", (_, keys) => {
    const sets = ALL.map(({ schema }) =>
      Object.keys(schema.properties ?? {})
        .toSorted()
        .join(" "),
    );
    expect(sets).toContain(keys.split(" ").toSorted().join(" "));
  });

  it("refuses unknown keys in every object", () => {
    const objects = ALL.filter(({ schema }) => schema.properties !== undefined);
    expect(objects.length).toBeGreaterThan(12);
    for (const { schema } of objects) expect(schema.additionalProperties).toBe(false);
  });

  it("describes every key", () => {
    const named = ALL.flatMap(({ schema }) => Object.entries(schema.properties ?? {}));
    const silent = named.filter(
      ([, part]) => !(part.description || part.anyOf?.some(({ description }) => description)),
    );
    expect(silent.map(([key]) => key)).toEqual([]);
  });

  it("lists the words of a choice, and knows a duration by its form", () => {
    const network = ALL.find(({ key }) => key === "network")!.schema;
    expect(network.enum).toEqual(["lan", "vpc"]);
    const until = new RegExp(ALL.find(({ key }) => key === "until")!.schema.pattern!);
    expect(["30s", "1.5s", "250us", "2m"].every((text) => until.test(text))).toBe(true);
    expect(["30", "s", "-1s", "1 s"].some((text) => until.test(text))).toBe(false);
  });

  it.each([GOOD, WIRED])("is made of what the validator checks, which takes the scenarios with every key", (text) => {
    expect(ScenarioSchema.safeParse(parse(text)).success).toBe(true);
  });
});
