/** `arping` of iputils: the announcements that it sends. */
import type { HostCommand } from "../../host/command.ts";
import { parseIp } from "../../text/ip-text.ts";
import { classFault } from "./address-class.ts";
import { type CommandPlace, knownNic } from "./command-place.ts";
import { quoted } from "./yaml-errors.ts";

const UNDERSTOOD = "understood: arping -U|-A -c COUNT -I NIC ADDRESS";
const COUNT_MAX = 1_000_000;

export function arping(run: string, words: readonly string[], place: CommandPlace): HostCommand | null {
  const refuse = (): null => place.fault(`${quoted(run)} is not understood here`, UNDERSTOOD);
  let form: "request" | "reply" | null = null;
  let count: number | null = null;
  let nic: string | null = null;
  let target: string | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "-U") form = "request";
    else if (word === "-A") form = "reply";
    else if (word === "-c") count = Number(words[++i]);
    else if (word === "-I") nic = words[++i] ?? null;
    else if (word.startsWith("-") || target !== null) return refuse();
    else target = word;
  }
  if (form === null || nic === null || target === null) return refuse();
  if (count === null) return place.fault(`${quoted(run)} would never end`, "-c 3 sends three");
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) return refuse();
  const address = parseIp(target);
  if (address === null || address.length !== 4)
    return place.fault(`${quoted(target)} is no IPv4 address`, "ARP is IPv4's: arping -U -c 3 -I eth0 10.0.1.50");
  const fault = classFault(address);
  if (fault !== null)
    return place.fault(
      `${fault}, and nobody's to announce`,
      "an address of the host: arping -U -c 3 -I eth0 10.0.1.50",
    );
  const known = knownNic(nic, place);
  return known === null ? null : { what: "arping", nic: known, address, form, count };
}
