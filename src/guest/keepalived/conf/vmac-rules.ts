/** What `use_vmac` and `vmac_xmit_base` come to, once the whole instance is read. */
import type { Context } from "./context.ts";
import { type InstanceDraft, placeOf } from "./instance-draft.ts";
import type { VrrpInstance } from "./model.ts";

type VmacDecision = Pick<VrrpInstance, "useVmac" | "vmacName" | "vmacAddress" | "vmacXmitBase" | "promoteSecondaries">;

export function decideVmac(draft: InstanceDraft, strict: boolean, context: Context): VmacDecision {
  const { name, useVmac, useIpvlan } = draft;
  const { findings } = context;
  const report = (key: string, message: string) => {
    findings.error("vmac-conflict", placeOf(draft, key), message);
  };
  let xmitBase = draft.vmacXmitBase;
  if (draft.unicastConfigured && (useVmac || useIpvlan) && !xmitBase) {
    report("use_vmac", `(${name}) unicast with use_vmac requires vmac_xmit_base - setting`);
    xmitBase = true;
  }
  if (useVmac && strict && xmitBase) {
    report("vmac_xmit_base", `(${name}) xmit_base is incompatible with strict mode - resetting`);
    xmitBase = false;
  }
  if (xmitBase && !useVmac) {
    if (draft.vmacXmitBase) report("vmac_xmit_base", `(${name}) vmac_xmit_base is only valid with a vmac`);
    xmitBase = false;
  }
  if (draft.promoteSecondaries && (useVmac || useIpvlan))
    report("promote_secondaries", `(${name}) promote_secondaries is automatically set for vmacs - ignoring`);
  if (useIpvlan && draft.family !== 6 && !draft.ipvlanAddress)
    report(
      "use_ipvlan",
      `(${name}) IPv4 ipvlan requires a source ip address to be configured. setting instance to fault state`,
    );
  if (!useVmac) return noVmac(draft);
  return {
    useVmac,
    vmacName: draft.vmacName ?? freeVmacName(draft, context),
    vmacAddress: withVrid(draft),
    vmacXmitBase: xmitBase,
    promoteSecondaries: true,
  };
}

function noVmac({ promoteSecondaries }: InstanceDraft): VmacDecision {
  return { useVmac: false, vmacName: null, vmacAddress: null, vmacXmitBase: false, promoteSecondaries };
}

/** A written address of five octets ends with the VRID. */
function withVrid({ vmacAddress, vrid }: InstanceDraft): Uint8Array | null {
  if (vmacAddress === null || vmacAddress.length === 6) return vmacAddress;
  return Uint8Array.of(...vmacAddress, vrid ?? 0);
}

/** One by one up to here; then a number that cannot be taken. */
const SEARCH_MAX = 100;

/** `vrrp.51`; if another instance has that, with the first free number behind the prefix, for IPv6 from 6 on. */
function freeVmacName({ name, vrid, family }: InstanceDraft, { vmacNames, globals }: Context): string {
  const free = (number: string) => {
    const candidate = `${globals.vmacPrefix}${number}.${vrid}`;
    if (vmacNames.has(candidate)) return null;
    vmacNames.set(candidate, name);
    return candidate;
  };
  let found = free("") ?? (family === 6 ? free("6") : null);
  for (let number = 1; found === null; number += number < SEARCH_MAX ? 1 : vmacNames.size) found = free(`${number}`);
  return found;
}
