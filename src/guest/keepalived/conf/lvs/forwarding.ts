/** `lb_kind` and `lvs_method`: how packets are handed to real servers, `NAT`, `DR` or `TUN [type T] [port P] [csum | nocsum | remcsum]`. */
import type { Context } from "../context.ts";
import type { Word } from "../statement.ts";
import { type Forwarding, readPort } from "./servers.ts";

const TUNNELS = ["ipip", "gue", "gre"];
const CHECKSUMS = ["nocsum", "csum", "remcsum"];

/** Null if keepalived ignores the line; `who` is `virtual`, `real` or `sorry`. */
export function readForwarding(words: readonly Word[], who: string, { findings }: Context): Forwarding | null {
  const [, method, ...options] = words;
  const refuse = (at: Word, message: string, hint = "TUN type gue port 5000") => {
    findings.error("invalid-value", at, message, hint);
    return null;
  };
  const forwarding = (["NAT", "DR", "TUN"] as const).find((known) => known === method!.text);
  if (forwarding === undefined)
    return refuse(method!, `PARSER : unknown [${method!.text}] routing method for ${who} server.`, "NAT, DR or TUN");
  let type = "ipip";
  let checksum = "nocsum";
  let hasPort = false;
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!;
    const value = options[i + 1];
    if (option.text === "type") {
      if (value === undefined) return refuse(option, `Missing tunnel type for ${who} server.`, TUNNELS.join(", "));
      if (!TUNNELS.includes(value.text))
        return refuse(value, `Unknown tunnel type ${value.text} for ${who} server.`, TUNNELS.join(", "));
      type = value.text;
      i++;
    } else if (option.text === "port") {
      if (value === undefined) return refuse(option, `Missing port for ${who} server gue tunnel.`);
      if (readPort(value.text) === null)
        return refuse(value, `Invalid gue tunnel port ${value.text} for ${who} server.`);
      hasPort = true;
      i++;
    } else if (CHECKSUMS.includes(option.text)) checksum = option.text;
    else return refuse(option, `Invalid tunnel option ${option.text} for ${who} server.`);
  }
  if ((type === "gue") !== hasPort) return refuse(method!, "gue tunnels require port, otherwise cannot have port.");
  if (type === "ipip" && checksum !== "nocsum")
    return refuse(method!, "ipip tunnels do not support checksum option.", "type gue or gre");
  if (type === "gre" && checksum === "remcsum")
    return refuse(method!, "gre tunnels do not support remote checksum option.", "csum");
  return forwarding;
}
