/** `virtual_server_group NAME { ADDRESS[-END | /LENGTH] PORT … fwmark N [inet | inet6] }`: one virtual server for many addresses. */

import { equalBits } from "../../../../base/bytes.ts";
import { formatIp } from "../../../../wire/address.ts";
import type { Context } from "../context.ts";
import { readItems } from "../items.ts";
import { type Draft, type ItemsKeyword, items, missingParameter, newDraft } from "../keywords.ts";
import type { Word } from "../statement.ts";
import { readUnsigned, UINT_MAX } from "../values.ts";
import { type GroupEntry, leadingAddress, readEndpoint } from "./servers.ts";

interface GroupDraft extends Draft {
  readonly entries: GroupEntry[];
  readonly families: Set<4 | 6>;
  fwmarkOfAnyFamily: boolean;
}

function newGroupDraft(name: Word): GroupDraft {
  return {
    ...newDraft(name.text),
    entries: [],
    families: new Set(),
    fwmarkOfAnyFamily: false,
  };
}

/** The block behind the words of its line, of which `name` is the second. Its lines are no keywords. */
export function readServerGroup(words: readonly Word[], name: Word, context: Context): void {
  const draft = newGroupDraft(name);
  const [keyword, , ...extra] = words;
  const line = { raw: "", broken: null, unterminated: null, cutInWord: null };
  readItems(ITEMS, { ...keyword!, ...line, kind: "words", words: [keyword!, ...extra] }, new Map(), draft, context);
  closeGroup(draft, name, context);
}

const ITEMS: ItemsKeyword<GroupDraft> = items((draft, words, context) => {
  const entry = words[0]!.text === "fwmark" ? readMark(draft, words, context) : readAddresses(draft, words, context);
  if (entry !== null) draft.entries.push(entry);
});

function closeGroup(draft: GroupDraft, at: Word, { serverGroups, findings }: Context): void {
  const { name, entries, families, fwmarkOfAnyFamily } = draft;
  if (entries.length === 0) {
    if (!draft.mistakes.has("entry")) {
      const message = `virtual server group ${name} has no entries - removing`;
      findings.error("server-group-empty", at, message, "10.0.1.50 80");
    }
  } else if (families.size === 2 && fwmarkOfAnyFamily) {
    const message = `virtual server group ${name} cannot have IPv4, IPv6 and fwmark without family - removing`;
    findings.error("wrong-family", at, message, "fwmark 1 inet");
  } else serverGroups.set(name, { name, entries });
}

function readMark(draft: GroupDraft, words: readonly Word[], context: Context): GroupEntry | null {
  const { findings } = context;
  const [key, mark, family] = words;
  if (mark === undefined) {
    missingParameter(key!, "fwmark 1", context);
    return null;
  }
  const { value, problem } = readUnsigned(mark.text, 0, UINT_MAX, true);
  if (problem !== null) {
    const message = `(${draft.name}): fwmark '${mark.text}' must be in [0, ${UINT_MAX}] - ignoring`;
    draft.mistakes.set("entry", findings.error("invalid-number", mark, message, problem));
    return null;
  }
  if (family === undefined) draft.fwmarkOfAnyFamily = true;
  else if (family.text === "inet" || family.text === "inet6") draft.families.add(family.text === "inet" ? 4 : 6);
  else {
    const message = `(${draft.name}): fwmark '${value}' family ${family.text} unknown - ignoring`;
    draft.mistakes.set("entry", findings.error("invalid-value", family, message, "inet or inet6"));
    return null;
  }
  return { port: null, shown: `FWM ${value}` };
}

function readAddresses(draft: GroupDraft, words: readonly Word[], { findings }: Context): GroupEntry | null {
  const [item, port] = words;
  const { text } = item!;
  const refuse = (code: string, message: string, hint: string) => {
    draft.mistakes.set("entry", findings.error(code, item!, message, hint));
    return null;
  };
  const endpoint = readEndpoint(item!, port);
  if (endpoint === null) {
    const given = port === undefined || /^0*$/.test(port.text) ? "" : `/port/${port.text}`;
    const hint = "as 10.0.1.50 80, 10.0.1.50-60 80 or 10.0.1.0/24 80";
    return refuse("invalid-address", `Invalid virtual server group IP address ${text} ${given} - skipping`, hint);
  }
  const { address } = endpoint;
  const family = address.length === 4 ? 4 : 6;
  const slash = text.indexOf("/");
  const dash = text.indexOf("-");
  let last = address;
  if (slash >= 0) {
    const length = text.slice(slash + 1);
    const bits = Number(length);
    if (!/^\d+$/.test(length) || bits === 0 || bits > address.length * 8)
      return refuse("invalid-number", `Invalid netmask - ${text} - skipping`, `1 to ${address.length * 8}`);
    last = withHostBits(address, bits);
    if (!equalBits(address, 0, withoutHostBits(address, bits), 0, address.length * 8))
      return refuse(
        "invalid-address",
        `Address mask bits not empty - ${text} - skipping`,
        "the network's first address",
      );
  } else if (dash >= 0) {
    const end = readEnd(text, dash, address);
    if ("refused" in end) return refuse("invalid-range", end.refused, "as 10.0.1.50-60 or 10.0.1.50-10.0.1.60");
    last = end.last;
  }
  draft.families.add(family);
  const range = last === address ? formatIp(address) : `${formatIp(address)}-${formatIp(last)}`;
  return { port: endpoint.port, shown: `${range},${endpoint.port}` };
}

/** The end of a range: an address, or its last number. */
function readEnd(
  text: string,
  dash: number,
  first: Uint8Array,
): { readonly last: Uint8Array } | { readonly refused: string } {
  const end = text.slice(dash + 1);
  if (end.includes(first.length === 4 ? "." : ":")) {
    const last = leadingAddress(end);
    if (last === null) return { refused: `Invalid range end ${text} - skipping` };
    if (last.length !== first.length) return { refused: `Range address families do not match ${text} - skipping` };
    const differing = first.findIndex((octet, i) => octet !== last[i]);
    if (differing >= 0 && last[differing]! < first[differing]!)
      return { refused: `Address range end is less than address range start - ${text} - skipping` };
    return { last };
  }
  const digits = first.length === 4 ? /^\d*/.exec(end)![0] : /^[\da-fA-F]*/.exec(end)![0];
  if (digits !== end)
    return {
      refused: `Virtual server group range '${text}' has extra characters at end '${end.slice(digits.length)}'`,
    };
  const number = Number.parseInt(end, first.length === 4 ? 10 : 16);
  if (number > (first.length === 4 ? 0xff : 0xffff))
    return { refused: `Virtual server group range '${text}' end '${end}' too large` };
  const last = first.slice();
  if (first.length === 16) last[14] = number >> 8;
  last[first.length - 1] = number & 0xff;
  const start = first.length === 4 ? first[3]! : (first[14]! << 8) | first[15]!;
  if (start >= number)
    return { refused: `Address range end is not greater than address range start - ${text} - skipping` };
  return { last };
}

function withHostBits(address: Uint8Array, bits: number): Uint8Array {
  return address.map((octet, i) => octet | hostBits(bits, i));
}

function withoutHostBits(address: Uint8Array, bits: number): Uint8Array {
  return address.map((octet, i) => octet & ~hostBits(bits, i) & 0xff);
}

/** Those of octet `i` that a prefix of `bits` leaves to hosts. */
function hostBits(bits: number, i: number): number {
  return 0xff >> Math.max(0, Math.min(8, bits - i * 8));
}
