/** `use_vmac [NAME] [MAC]`: the virtual router has an interface and a MAC address of its own (RFC 5798 section 7.3). */
import { INTERFACE_NAME_MAX } from "./addresses.ts";
import type { Context } from "./context.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import type { Word } from "./statement.ts";

const MAC_OCTETS = 6;

export function readVmac(draft: InstanceDraft, words: readonly Word[], context: Context): void {
  draft.useVmac = true;
  for (const word of words.slice(1, 3))
    if (word.text.includes(":")) readMac(draft, word, context);
    else readName(draft, word, context);
}

/** Six octets, or five: the VRID is the last one then. */
function readMac(draft: InstanceDraft, word: Word, { findings }: Context): void {
  const error = (message: string) => findings.error("invalid-value", word, message, "as 02:00:5e:10:00:01");
  if (draft.vmacAddress !== null) {
    error("VMAC interface address already specified");
    return;
  }
  if (!/^[0-9A-Fa-f:]*$/.test(word.text)) {
    error(`VMAC invalid MAC address ${word.text}`);
    return;
  }
  const octets = word.text.replace(/:$/, "").split(":");
  if (
    octets.length < MAC_OCTETS - 1 ||
    octets.length > MAC_OCTETS ||
    octets.some((octet) => !/^\w{1,2}$/.test(octet))
  ) {
    error(`VMAC invalid MAC address ${word.text} - ignored`);
    return;
  }
  const address = new Uint8Array(octets.map((octet) => Number.parseInt(octet, 16)));
  if ((address[0]! & 1) === 1) error(`VMAC MAC address is multicast ${word.text} - ignoring`);
  else if (/^0?0:0?0:5e:0?0:0?[12]\b/i.test(word.text))
    error(`VMAC MAC address not allowed to be RFC5798 address (${word.text}) - ignoring`);
  else draft.vmacAddress = address;
}

function readName(draft: InstanceDraft, word: Word, { vmacNames, findings }: Context): void {
  const error = (message: string) => findings.error("invalid-value", word, message, "as vrrp.51");
  if (draft.vmacName !== null) error("VMAC interface name already specified");
  else if (word.text.length > INTERFACE_NAME_MAX || /^\.{0,2}$|[/\s]/.test(word.text))
    error(`VMAC interface name '${word.text}' too long or invalid characters - ignoring`);
  else {
    const owner = vmacNames.get(word.text);
    if (owner === undefined) {
      draft.vmacName = word.text;
      vmacNames.set(word.text, draft.name);
    } else error(`(${draft.name}) VRRP instance ${owner} is already using ${word.text} - ignoring name`);
  }
}
