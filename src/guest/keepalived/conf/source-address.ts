/** Addresses that an instance sends from, and the group that it sends to. */
import type { IpAddress } from "../../../text/ip-text.ts";
import { readAddress } from "./addresses.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import { type LineKeyword, value } from "./keywords.ts";

/** Drops the port range or the prefix that keepalived lets stand behind a plain address. */
export function plainAddress(text: string): IpAddress | null {
  return readAddress(text.replace(/[-/].*/, ""));
}

export function sourceAddress(field: "unicastSourceIp" | "mcastSourceIp"): LineKeyword<InstanceDraft> {
  return value((draft, words, { findings }) => {
    const word = words[1]!;
    if (field === "unicastSourceIp") draft.unicastConfigured = true;
    const address = plainAddress(word.text);
    if (address === null) {
      const message = `Configuration error: VRRP instance[${draft.name}] malformed src address[${word.text}]. Skipping...`;
      findings.error("invalid-address", word, message, "an address of this host");
      return;
    }
    const family = address.length === 4 ? 4 : 6;
    draft.family ||= family;
    if (draft.family === family) {
      draft[field] = address;
      draft.sourceIp = address;
      return;
    }
    draft.sourceIp = null;
    const message = `Configuration error: VRRP instance[${draft.name}] and src address[${word.text}] MUST be of the same family !!! Skipping...`;
    findings.error("wrong-family", word, message, `an IPv${draft.family} address, as those before it`);
  });
}

export const mcastDestination: LineKeyword<InstanceDraft> = value((draft, words, { findings }) => {
  const word = words[1]!;
  const address = plainAddress(word.text);
  if (address === null) {
    const message = `(${draft.name}) malformed mcast dest address ${word.text}. Skipping...`;
    findings.error("invalid-address", word, message, "as 224.0.0.18 or ff02::12");
    return;
  }
  const family = address.length === 4 ? 4 : 6;
  draft.family ||= family;
  const multicast = family === 4 ? address[0]! >> 4 === 14 : address[0] === 0xff && (address[1]! & 0x0f) === 2;
  if (draft.family !== family) {
    const message = `(${draft.name}) mcast dest address ${word.text} MUST match VRRP instance family. Skipping...`;
    findings.error("wrong-family", word, message);
  } else if (!multicast) {
    const message = `(${draft.name}) mcast_dst_ip ${word.text} not${family === 6 ? " link-local" : ""} multicast. Skipping...`;
    findings.error("invalid-address", word, message, "as 224.0.0.18 or ff02::12");
  } else draft.mcastDestination = address;
});
