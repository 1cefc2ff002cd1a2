/** The parts of the language that say what a network is made of: subnets with their switches and links, and servers. */
import { z } from "zod";
import { PROFILE_NAMES, PROFILES } from "../../switch/profiles.ts";
import { profileAlias } from "../../text/profile-alias.ts";
import {
  bitRate,
  duration,
  flag,
  list,
  machineName,
  named,
  oneOrMany,
  reference,
  subnetPrefix,
  wanted,
  wordKey,
} from "./schema-words.ts";

export const NETWORK_LIMITS = {
  switchesPerSubnet: 64,
  linksPerSubnet: 256,
  /** In a scenario: each has tables of its own. */
  switches: 1024,
  servers: 1024,
} as const;

const tableShape = {
  profile: z
    .enum(PROFILE_NAMES)
    .register(wanted, {
      expected: "the name of a switch such as ovs",
      hint: (value) => {
        const alias = typeof value === "string" ? profileAlias(value) : null;
        return alias === null ? undefined : `${alias}; known: ${PROFILE_NAMES.join(", ")}`;
      },
    })
    .optional()
    .meta({
      description: `Which switch it is. ${PROFILES.map(({ name, summary }) => `${name}: ${summary}`).join(". ")}`,
      default: "linux",
    }),
  ageing: duration(
    "After so long without a frame from a MAC address it is forgotten; default: the profile's",
    "300s",
  ).optional(),
};

const switchWanted = { expected: "a switch such as { ageing: 300s }, or {}", owner: "a switch" };
const SwitchSchema = z
  .strictObject(tableShape)
  .register(wanted, switchWanted)
  .nullable()
  .meta({ title: "Switch", description: "A switch with a forwarding table of its own" })
  .register(wanted, switchWanted);

const LinkSchema = z
  .strictObject({
    between: list(reference("a switch", "A switch of the subnet", "core"), 2)
      .min(2)
      .meta({ description: "The two switches that it joins" })
      .register(wanted, {
        expected: "two switches such as [core, rack-1]",
        hint: (value) => {
          if (!Array.isArray(value)) return "both ends between brackets";
          return value.length > 2
            ? "a link has two ends: each further switch needs a link of its own"
            : "name both ends";
        },
      }),
    latency: duration("One way", "5us", "5us").optional(),
    rate: bitRate("Each way; default: as much as comes, or 1gbit where storms are allowed").optional(),
  })
  .meta({ title: "Link", description: "A cable between two switches" })
  .register(wanted, { expected: "a link such as { between: [core, rack-1] }", owner: "a link" });

export const SubnetSchema = z
  .strictObject({
    cidr: oneOrMany(subnetPrefix(), 16, "One prefix or a list; IPv4 and IPv6 may be mixed"),
    network: z.enum(["lan", "vpc"]).optional().meta({
      description: "lan: a plain learning switch. vpc: a cloud network that knows which addresses belong to which vNIC",
      default: "lan",
    }),
    multicast: flag("false: the network carries no multicast, as in many clouds", true).optional(),
    latency: duration("One way, vNIC to switch", "50us", "50us").optional(),
    ...tableShape,
    switches: named(
      wordKey("core"),
      SwitchSchema,
      1,
      NETWORK_LIMITS.switchesPerSubnet,
      "Switches by name; default: one",
    ).optional(),
    links: named(
      machineName("link", "uplink-1"),
      LinkSchema,
      0,
      NETWORK_LIMITS.linksPerSubnet,
      "Links between switches by name; they form no loop",
    ).optional(),
    storm: z
      .enum(["allow"])
      .register(wanted, {
        expected: "allow",
        hint: () => "loops are refused unless they are allowed: leave the key out to have that",
      })
      .optional()
      .meta({ description: "allow: links may form loops, and broadcasts circle there until the run is ended" }),
  })
  .meta({ title: "Subnet", description: "One broadcast domain" })
  .register(wanted, { expected: "a subnet such as { cidr: 10.0.1.0/24 }", owner: "a subnet" });

export const ServerSchema = z
  .strictObject({
    hosts: list(reference("a host", "A host that stands on it", "vm-A"), 1024)
      .min(1)
      .meta({ description: "Hosts that stand on it; each host on one server at most" })
      .register(wanted, { expected: "a list of hosts such as [vm-A, vm-B]" }),
  })
  .meta({ title: "Server", description: "A physical machine: when it fails, all its hosts do" })
  .register(wanted, { expected: "a server such as { hosts: [vm-A, vm-B] }", owner: "a server" });
