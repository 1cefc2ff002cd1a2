/**
 * Items of `virtual_ipaddress`, `virtual_ipaddress_excluded` and `static_ipaddress`:
 * `ADDRESS[/LENGTH] [dev IF] [label L] [scope S] [brd A|+|-] [peer A] [no_track] …`. The length is 32 (IPv6: 128) unless
 * written. What only the kernel sees (scope, broadcast, lifetimes) is checked and left out.
 */

import type { Position } from "../../../text/config-error.ts";
import { type IpAddress, parseIp } from "../../../text/ip-text.ts";
import type { Context } from "./context.ts";
import type { Mistake } from "./findings.ts";
import { readNumber } from "./keywords.ts";
import type { VirtualAddress } from "./model.ts";
import type { Word } from "./statement.ts";
import { readUnsigned, UINT_MAX } from "./values.ts";

/** IFNAMSIZ less the terminator: the longest name of an interface or a label. */
export const INTERFACE_NAME_MAX = 15;

const SCOPES = new Set(["global", "nowhere", "host", "link", "site"]);

/** Options without a parameter that change nothing in the frames. */
const KERNEL_FLAGS = new Set(["home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin"]);

const PARAMETERS = new Set(["dev", "scope", "broadcast", "brd", "label", "peer", "preferred_lft"]);

/** What an item comes to: an address, or the mistake for which keepalived leaves it out. */
export type AddressRead = { readonly address: VirtualAddress } | { readonly mistake: Mistake };

/** An address as inet_pton reads it: no leading zeros. */
export function readAddress(text: string): IpAddress | null {
  return /(?:^|\.)0\d/.test(text) ? null : parseIp(text);
}

export function readVirtualAddress(words: readonly Word[], context: Context): AddressRead {
  const { findings } = context;
  const item = words[0]!;
  const slash = item.text.indexOf("/");
  const address = readAddress(slash < 0 ? item.text : item.text.slice(0, slash));
  if (address === null) {
    const message = `VRRP parsed invalid IP ${item.text}. skipping IP...`;
    return { mistake: findings.error("invalid-address", item, message, hintForAddress(item.text)) };
  }
  const whole = address.length * 8;
  const written = slash < 0 ? null : readPrefixLength(item, slash, whole, context);
  const draft: AddressDraft = {
    item,
    family: address.length === 4 ? 4 : 6,
    prefixLength: written ?? whole,
    device: null,
    label: null,
    noTrack: false,
    peer: false,
    broadcast: null,
  };
  const mistake = readOptions(draft, words, context);
  if (mistake !== null) return { mistake };
  checkBroadcast(draft, context);
  if (draft.family === 6 && draft.label !== null) {
    const message = `Cannot specify label for IPv6 addresses (${item.text}) - ignoring label`;
    findings.error("invalid-value", draft.label, message);
    draft.label = null;
  }
  return {
    address: {
      address,
      prefixLength: draft.prefixLength,
      device: draft.device?.text ?? null,
      label: draft.label?.text ?? null,
      noTrack: draft.noTrack,
      position: place(item),
      devicePosition: draft.device === null ? null : place(draft.device),
    },
  };
}

interface AddressDraft {
  readonly item: Word;
  readonly family: 4 | 6;
  prefixLength: number;
  device: Word | null;
  label: Word | null;
  noTrack: boolean;
  peer: boolean;
  /** `+`, `-` or an address. */
  broadcast: Word | null;
}

function place({ file, line, column }: Position): Position {
  return { file, line, column };
}

function hintForAddress(text: string): string {
  if (text.includes("$")) return `a variable inside a word needs braces: \${NAME}, and a definition before it`;
  return "as 10.0.1.50, 10.0.1.50/24 or 2001:db8::50/64; one address stands on a line";
}

function readPrefixLength(item: Word, slash: number, whole: number, context: Context): number | null {
  const text = item.text.slice(slash + 1);
  const message = `Invalid address prefix len ${text} for address ${item.text} - using ${whole}`;
  const found = readNumber(item, readUnsigned(text, 0, whole, true), context, message, `0 to ${whole}`);
  return found.usable ? found.value : null;
}

/** The words behind the address; the mistake for which the address is left out, if there is one. */
function readOptions(draft: AddressDraft, words: readonly Word[], context: Context): Mistake | null {
  const { findings } = context;
  for (let i = 1; i < words.length; i++) {
    const option = words[i]!;
    if (PARAMETERS.has(option.text)) {
      const parameter = words[++i];
      if (parameter === undefined) {
        const message = `No ${option.text} parameter specified for ${draft.item.text}`;
        return findings.error("missing-parameter", option, message, `${option.text} needs a word behind it`);
      }
      const mistake = readParameter(draft, option, parameter, context);
      if (mistake !== null) return mistake;
    } else if (option.text === "no_track") draft.noTrack = true;
    else if (option.text === "use_vmac") findings.notSimulated(option, "use_vmac of one address");
    else if (!KERNEL_FLAGS.has(option.text))
      findings.error(
        "unknown-option",
        option,
        `Unknown configuration entry '${option.text}' for ip address - ignoring`,
        readAddress(option.text.replace(/\/.*/, "")) !== null
          ? "each address stands on a line of its own"
          : "dev, label, scope, brd, peer, no_track, …",
      );
  }
  return null;
}

function readParameter(draft: AddressDraft, option: Word, parameter: Word, context: Context): Mistake | null {
  const { findings } = context;
  const { text } = parameter;
  const item = draft.item.text;
  switch (option.text) {
    case "dev":
      if (draft.device !== null)
        return findings.error("duplicate-key", option, `Cannot specify ipaddress device more than once for ${item}`);
      draft.device = parameter;
      return null;
    case "label":
      if (text.length > INTERFACE_NAME_MAX) {
        const message = `Address label ${text} is longer than maximum length ${INTERFACE_NAME_MAX} - removing address`;
        return findings.error("invalid-value", parameter, message, `at most ${INTERFACE_NAME_MAX} characters`);
      }
      draft.label = parameter;
      return null;
    case "scope":
      checkScope(draft, parameter, context);
      return null;
    case "peer":
      readPeer(draft, parameter, context);
      return null;
    case "preferred_lft":
      if (text !== "forever")
        readNumber(
          parameter,
          readUnsigned(text, 0, UINT_MAX, true),
          context,
          `preferred_lft ${text} is invalid`,
          "seconds, or forever",
        );
      return null;
    default:
      return readBroadcast(draft, option, parameter, context);
  }
}

function checkScope(draft: AddressDraft, parameter: Word, { findings }: Context): void {
  const { text } = parameter;
  if (!SCOPES.has(text) && !(/^\d+$/.test(text) && Number(text) <= 255)) {
    const message = `Invalid scope '${text}' specified for ${draft.item.text} - ignoring`;
    findings.error("invalid-value", parameter, message, [...SCOPES].join(", "));
  } else if (draft.family === 6 && text !== "global" && text !== "0") {
    const message = `Cannot specify scope for IPv6 addresses (${draft.item.text}) - ignoring scope`;
    findings.error("invalid-value", parameter, message);
  }
}

function readPeer(draft: AddressDraft, parameter: Word, { findings }: Context): void {
  const { text } = parameter;
  const peer = readAddress(text);
  const whole = draft.family === 4 ? 32 : 128;
  if (draft.peer) findings.error("duplicate-key", parameter, `Peer ${text} - another peer has already been specified`);
  else if (peer === null) findings.error("invalid-address", parameter, `Invalid peer address ${text}`);
  else if (peer.length * 8 !== whole)
    findings.error("invalid-address", parameter, `Peer address ${text} does not match address family`);
  else {
    if (draft.prefixLength !== whole) {
      const message = "Cannot specify address prefix when specifying peer address - ignoring";
      findings.error("invalid-value", draft.item, message);
    }
    draft.peer = true;
    draft.prefixLength = whole;
  }
}

function readBroadcast(draft: AddressDraft, option: Word, parameter: Word, { findings }: Context): Mistake | null {
  const { text } = parameter;
  if (draft.family === 6) {
    const message = `VRRP is trying to assign a broadcast ${option.text} to the IPv6 address ${draft.item.text} !!?? WTF... skipping VIP...`;
    return findings.error("invalid-value", option, message, "IPv6 has no broadcast");
  }
  if (text !== "+" && text !== "-" && readAddress(text)?.length !== 4) {
    const message = `VRRP is trying to assign invalid broadcast ${text}. skipping VIP...`;
    return findings.error("invalid-address", parameter, message, "an IPv4 address, + or -");
  }
  draft.broadcast = parameter;
  return null;
}

function checkBroadcast({ broadcast, peer, prefixLength }: AddressDraft, { findings }: Context): void {
  if (broadcast === null) return;
  if (peer) {
    const message = "Cannot specify broadcast and peer addresses - ignoring broadcast address";
    findings.error("invalid-value", broadcast, message);
  } else if (/^[+-]$/.test(broadcast.text) && prefixLength > 30) {
    const message = `Address prefix length ${prefixLength} too long for broadcast`;
    findings.error("invalid-value", broadcast, message, "write the address with its prefix length, as 10.0.1.50/24");
  }
}
