/** Items of `unicast_peer`: `ADDRESS [min_ttl N] [max_ttl N]`. */
import type { Context } from "./context.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import { plainAddress } from "./source-address.ts";
import { positionOf, type Word } from "./statement.ts";
import { readUnsigned } from "./values.ts";

const TTL_MAX = 255;

export function readUnicastPeer(draft: InstanceDraft, words: readonly Word[], { findings }: Context): void {
  const item = words[0]!;
  const address = plainAddress(item.text);
  if (address === null) {
    const message = `Configuration error: VRRP instance[${draft.name}] malformed unicast peer address[${item.text}]. Skipping...`;
    const hint = "as 10.0.1.12; one peer stands on a line";
    draft.mistakes.set("unicast_peer", findings.error("invalid-address", item, message, hint));
    return;
  }
  const family = address.length === 4 ? 4 : 6;
  draft.family ||= family;
  if (draft.family !== family) {
    const message = `Configuration error: VRRP instance[${draft.name}] and unicast peer address[${item.text}] MUST be of the same family !!! Skipping...`;
    const hint = `an IPv${draft.family} address, as those before it`;
    draft.mistakes.set("unicast_peer", findings.error("wrong-family", item, message, hint));
    return;
  }
  const limits = { min_ttl: 0, max_ttl: TTL_MAX };
  for (let i = 1; i < words.length; i += 2) {
    const option = words[i]!;
    const ttl = words[i + 1];
    if (ttl === undefined) {
      const message = `(${draft.name}) ${option.text} is missing a value`;
      findings.error("missing-parameter", option, message, "min_ttl N, max_ttl N; one peer stands on a line");
      break;
    }
    const { value, problem } = readUnsigned(ttl.text, 0, TTL_MAX, false);
    if (problem !== null) {
      findings.error("invalid-number", ttl, problem, `0 to ${TTL_MAX}`);
      continue;
    }
    if (option.text !== "min_ttl" && option.text !== "max_ttl") {
      const message = `(${draft.name}) unknown unicast_peer option ${option.text}`;
      findings.error("unknown-option", option, message, "min_ttl N, max_ttl N");
      break;
    }
    limits[option.text] = value;
    draft.checkUnicastSource = true;
  }
  if (limits.min_ttl > limits.max_ttl) {
    const message = `(${draft.name}) min_ttl ${limits.min_ttl} > max_ttl ${limits.max_ttl} - all packets will be discarded`;
    findings.error("invalid-number", item, message);
  }
  draft.unicastPeers.push({
    address,
    minTtl: limits.min_ttl,
    maxTtl: limits.max_ttl,
    position: positionOf(item),
  });
}
