/** What people call the switches that there are profiles of, besides the profiles' own names. */

/** By what is left of a word without its case, and without blanks and signs: who it is, in words. */
const ALIASES: Readonly<Record<string, string>> = {
  openvswitch: "Open vSwitch is ovs",
  vswitch: "Open vSwitch is ovs",
  bridge: "a Linux bridge is linux",
  linuxbridge: "a Linux bridge is linux",
  vdeswitch: "vde_switch is vde",
  vde2: "vde_switch is vde",
  gns3: "GNS3's built-in switch is dynamips",
  omnet: "OMNeT++'s relay unit is inet",
  inet4: "OMNeT++'s relay unit is inet",
  omnetpp: "OMNeT++'s relay unit is inet",
};

/** `Open vSwitch is ovs` for `openvswitch`; null if no profile is known by that word. */
export function profileAlias(word: string): string | null {
  return ALIASES[word.toLowerCase().replace(/[^a-z0-9]/g, "")] ?? null;
}
