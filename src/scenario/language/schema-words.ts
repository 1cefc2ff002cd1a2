/**
 * The smallest parts of the scenario language: a duration, an address, a name. Each says how it is validated, how editors
 * explain it (JSON Schema) and, in `wanted`, how a message names it when something else stands in its place.
 */
import { z } from "zod";
import { KEEPALIVED_VERSION_NAMES } from "../../guest/keepalived/version.ts";
import { DURATION_HINT, parseDuration } from "../../text/duration.ts";
import { parseIp, parsePrefix } from "../../text/ip-text.ts";
import { BIT_RATE_HINT, PERCENT_HINT, parseBitRate, parsePercent } from "../../text/quantity.ts";
import { parseMac } from "../../wire/address.ts";

/** How messages speak of a schema. */
export interface Wanted {
  /** After "expected": `a duration such as 10ms`. */
  readonly expected: string;
  /** Of an object: `a host`, who has keys or lacks them. */
  readonly owner?: string;
  /** What would be right in place of `value`; undefined if there is nothing better to say than `expected`. */
  readonly hint?: (value: unknown) => string | undefined;
  /** Of an object: what to say of a key that it does not have; undefined: the nearest that it has. */
  readonly strangeKey?: (key: string) => string | undefined;
}

export const wanted = z.registry<Wanted>();

/** Host names hold no dot: `vm-A.eth0` is a vNIC of `vm-A`. */
const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
/** Linux: at most 15 characters (IFNAMSIZ). */
const NIC_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/;
const MAC = /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/;
const DURATION = /^[0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h)$/;

/** Behind an address: it is on the loopback interface, as `ip addr add` has it. */
export const LOOPBACK = / +dev +lo$/;

const WORD_HINT = "names begin with a letter or digit and go on with letters, digits, '-', '_' and '.'";

/** A name that the file gives to something: a subnet, a HAVIP, a probe, a snapshot. */
export function word(description: string, example: string) {
  const schema = z
    .string()
    .regex(WORD)
    .meta({ description, examples: [example] });
  return schema.register(wanted, {
    expected: `a name such as ${example}`,
    hint: (value) => quotesHint(value) ?? WORD_HINT,
  });
}

/** The same where it is a key; its map describes it. */
export function wordKey(example: string) {
  return z
    .string()
    .regex(WORD)
    .register(wanted, { expected: `a name such as ${example}`, hint: () => WORD_HINT });
}

export function hostName() {
  return z
    .string()
    .regex(HOST_NAME)
    .register(wanted, {
      expected: "a host name such as vm-A",
      hint: () => "host names have letters, digits, '-' and '_', and no dot: vm-A.eth0 is the vNIC eth0 of vm-A",
    });
}

/** A link's, or a server's, which share their name space with hosts. */
export function machineName(what: string, example: string) {
  return z
    .string()
    .regex(HOST_NAME)
    .register(wanted, {
      expected: `a ${what} name such as ${example}`,
      hint: () => `${what} names have letters, digits, '-' and '_'`,
    });
}

export function nicName() {
  return z
    .string()
    .regex(NIC_NAME)
    .refine((name) => name !== "lo")
    .register(wanted, {
      expected: "a vNIC name such as eth0",
      hint: () => "as Linux has it: at most 15 letters, digits, '-', '_' and '.'; lo is the loopback",
    });
}

/** Something that is declared elsewhere in the file (or in a keepalived configuration), named by `what`. */
export function reference(what: string, description: string, example: string) {
  const schema = z
    .string()
    .min(1)
    .meta({ description, examples: [example] });
  return schema.register(wanted, { expected: `${what} such as ${example}`, hint: nameHint });
}

export function text(description: string, example: string, maxLength: number) {
  const schema = z
    .string()
    .min(1)
    .max(maxLength)
    .meta({ description, examples: [example] });
  return schema.register(wanted, { expected: "text", hint: quotesHint });
}

/** A path, or a keepalived configuration itself. */
export function configuration() {
  return z
    .string()
    .min(1)
    .meta({
      description: "Path of a keepalived.conf, relative to this file, or the configuration itself as a block (|)",
      examples: ["vm-a.conf"],
    })
    .register(wanted, {
      expected: "the path of a keepalived.conf, or the configuration itself as a block",
      hint: () => "keepalived: vm-a.conf, or keepalived: | and the configuration below, indented",
    });
}

/** The same, or with the version of keepalived that reads it. */
export function versionedConfiguration() {
  const versions = KEEPALIVED_VERSION_NAMES.join(", ");
  const withVersion = z
    .strictObject({
      file: text("Path of a keepalived.conf, relative to this file", "vm-a.conf", 4096).optional(),
      config: text("The configuration itself, as a block (|)", "vrrp_instance VI_1 { … }", 500_000).optional(),
      version: z
        .enum(KEEPALIVED_VERSION_NAMES)
        .register(wanted, {
          expected: "a version of keepalived",
          hint: () => `known: ${versions}; in quotes if YAML takes it for a number`,
        })
        .optional()
        .meta({ description: "Which keepalived it is", default: "2.2.7" }),
    })
    .register(wanted, { expected: "{ file: vm-a.conf, version: 2.3.4 }", owner: "a keepalived" });
  const plain = configuration();
  return z
    .union([plain, withVersion])
    .meta({ description: "keepalived and its configuration; default: the host runs none", examples: ["vm-a.conf"] })
    .register(wanted, {
      expected: `${wanted.get(plain)!.expected}, or { file: vm-a.conf, version: 2.3.4 }`,
      hint: () => "keepalived: vm-a.conf, or keepalived: | and the configuration below, indented",
    });
}

export function duration(description: string, example: string, defaultText?: string) {
  const schema = z
    .string()
    .regex(DURATION)
    .refine((value) => parseDuration(value) !== null)
    .meta({ description, examples: [example], ...(defaultText === undefined ? {} : { default: defaultText }) });
  return schema.register(wanted, { expected: `a duration such as ${example}`, hint: durationHint });
}

/** As `tc` has it. */
export function bitRate(description: string) {
  const schema = z
    .string()
    .refine((value) => parseBitRate(value) !== null)
    .meta({ description, examples: ["1gbit"] });
  return schema.register(wanted, { expected: "a rate such as 1gbit", hint: () => BIT_RATE_HINT });
}

/** `30%`, as `tc netem` has it. */
export function percent() {
  return z
    .string()
    .regex(/^[0-9]+(\.[0-9]+)?%$/)
    .refine((value) => parsePercent(value) !== null)
    .register(wanted, { expected: "a share such as 30%", hint: () => PERCENT_HINT });
}

/** The same, or 0. */
export function share(description: string) {
  return z
    .union([percent(), z.literal(0)])
    .meta({ description, examples: ["100%"] })
    .register(wanted, { expected: "a share such as 30%, or 0", hint: () => PERCENT_HINT });
}

export function address(description: string, example: string) {
  const schema = z
    .string()
    .refine((value) => parseIp(value) !== null)
    .meta({ description, examples: [example] });
  return schema.register(wanted, {
    expected: `an IP address such as ${example}`,
    hint: (value) => (typeof value === "string" && value.includes("/") ? "no prefix length here" : ipHint(value)),
  });
}

/** An address, with or without its prefix length. */
export function interfaceAddress(example: string) {
  const schema = z
    .string()
    .refine((value) => parsePrefix(value.replace(LOOPBACK, "")) !== null)
    .meta({
      description:
        "An IPv4 or IPv6 address; the prefix length is the subnet's unless written. 10.0.9.50/32 dev lo: on the loopback",
      examples: [example],
    });
  return schema.register(wanted, { expected: `an IP address such as ${example}`, hint: ipHint });
}

export function subnetPrefix() {
  const schema = z
    .string()
    .refine((value) => value.includes("/") && parsePrefix(value) !== null)
    .meta({ description: "An IPv4 or IPv6 prefix", examples: ["10.0.1.0/24", "2001:db8:1::/64"] });
  return schema.register(wanted, {
    expected: "a prefix such as 10.0.1.0/24",
    hint: (value) =>
      typeof value === "string" && parseIp(value) !== null
        ? `add the prefix length: ${value}/${value.includes(":") ? 64 : 24}`
        : ipHint(value),
  });
}

export function mac(description: string) {
  const schema = z
    .string()
    .regex(MAC)
    .refine((value) => isUnicastMac(value))
    .meta({ description, examples: ["02:00:00:00:00:01"] });
  return schema.register(wanted, {
    expected: "a MAC address such as 02:00:00:00:00:01",
    hint: (value) =>
      macHint(value) ?? "a vNIC's own address is no group address (its first octet is even) and not all zero",
  });
}

function macHint(value: unknown): string | undefined {
  if (typeof value !== "string") return 'six pairs of hexadecimal digits, in quotes: "02:00:00:00:00:01"';
  return parseMac(value) === null ? "six pairs of hexadecimal digits with colons between them" : undefined;
}

/** A MAC address of anybody's, groups and nobody included: what a frame may say. */
export function anyMac(description: string) {
  return z
    .string()
    .regex(MAC)
    .meta({ description, examples: ["02:00:00:00:00:01"] })
    .register(wanted, { expected: "a MAC address such as 02:00:00:00:00:01", hint: macHint });
}

/** A flag in a frame. */
export function bit(description: string, defaultValue: 0 | 1) {
  return z
    .union([z.literal(0), z.literal(1)])
    .meta({ description, default: defaultValue })
    .register(wanted, { expected: "0 or 1" });
}

export function flag(description: string, defaultValue: boolean) {
  return z
    .boolean()
    .meta({ description, default: defaultValue })
    .register(wanted, {
      expected: "true or false",
      hint: (value) => {
        if (typeof value !== "string") return undefined;
        if (/^(yes|on|true|y)$/i.test(value)) return "write true, without quotes";
        return /^(no|off|false|n)$/i.test(value) ? "write false, without quotes" : undefined;
      },
    });
}

export function wholeNumber(description: string, min: number, max: number, defaultValue?: number) {
  return z
    .int()
    .min(min)
    .max(max)
    .meta({ description, ...(defaultValue === undefined ? {} : { default: defaultValue }) })
    .register(wanted, {
      expected: `a whole number from ${min} to ${max}`,
      hint: (value) =>
        typeof value === "string" && /^\d+$/.test(value) ? `leave the quotes out: ${value}` : undefined,
    });
}

/** A map from names to `value`, `min` to `max` of them. */
export function named<K extends z.ZodString, V extends z.ZodType>(
  key: K,
  value: V,
  min: number,
  max: number,
  description: string,
) {
  return z
    .record(key, value)
    .refine((map) => Object.keys(map).length >= min && Object.keys(map).length <= max)
    .meta({ description, minProperties: min, maxProperties: max })
    .register(wanted, {
      expected: `${min} to ${max} names, each with ${wanted.get(value)?.expected ?? "its value"}`,
      hint: (found) => (Array.isArray(found) ? namesAsKeys(found) : undefined),
    });
}

export function list<T extends z.ZodType>(item: T, max: number) {
  return z
    .array(item)
    .max(max)
    .register(wanted, { expected: `a list of at most ${max}, each ${wanted.get(item)?.expected ?? "a value"}` });
}

export function oneOrMany<T extends z.ZodType>(item: T, max: number, description: string, min = 1) {
  const expected = `${wanted.get(item)?.expected ?? "a value"}, or a list of ${min} to ${max}`;
  const items = z.array(item).min(min).max(max).register(wanted, { expected });
  const schema = z.union([item, items]).meta({ description });
  wanted.add(schema, { expected });
  return schema;
}

/** A part that may be left out, or left empty: its heading alone is no mistake. */
export function section<T extends z.ZodType>(schema: T) {
  return schema.nullable().optional();
}

/** How a list of names is to be written. */
function namesAsKeys(list: readonly unknown[]): string {
  const names = list.filter((name) => typeof name === "string").slice(0, 2);
  const keys = (names.length === 0 ? ["name"] : names).map((name) => `${JSON.stringify(name).slice(1, -1)}: …`);
  return `names are keys here, each with its value: { ${keys.join(", ")} }`;
}

function isUnicastMac(value: string): boolean {
  const octets = parseMac(value);
  return octets === null || ((octets[0]! & 1) === 0 && octets.some((octet) => octet !== 0));
}

function quotesHint(value: unknown): string | undefined {
  return typeof value === "number" || typeof value === "boolean" ? `quotes make it text: "${value}"` : undefined;
}

function nameHint(value: unknown): string | undefined {
  return Array.isArray(value) ? "one name, no list" : quotesHint(value);
}

function ipHint(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return "an address such as 10.0.1.11 or 2001:db8::11";
  return typeof value === "string" && /^[\d.]+(\/\d+)?$/.test(value)
    ? "four numbers of at most 255 with dots between them, a prefix length of at most 32"
    : undefined;
}

function durationHint(value: unknown): string {
  if (typeof value === "number" && value >= 0) return `a duration needs a unit: ${value}ms or ${value}s`;
  if (typeof value === "string") {
    if (value.startsWith("-")) return "time begins at 0s, nothing is before it";
    const spaced = value.replaceAll(" ", "");
    if (spaced !== value && parseDuration(spaced) !== null) return `leave the space out: ${spaced}`;
    if (/^\d+(\.\d+)?$/.test(value)) return `a duration needs a unit: ${value}ms or ${value}s`;
    if (DURATION.test(value)) return "at most 104 days";
  }
  return DURATION_HINT;
}
