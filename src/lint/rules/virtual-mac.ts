/** The MAC address of a virtual router with `use_vmac`. */
import type { VrrpInstance } from "../../guest/keepalived/conf/model.ts";

/** The written one, or 00:00:5e:00:01:VRID, for IPv6 …:02:VRID (RFC 9568 section 7.3). */
export function macOf({ vmacAddress, family, vrid }: VrrpInstance): Uint8Array {
  return vmacAddress ?? Uint8Array.of(0, 0, 0x5e, 0, family === 4 ? 1 : 2, vrid);
}
