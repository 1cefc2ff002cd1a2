/**
 * What a person may set on an interface: `net.ipv4.conf.NIC.*` and `net.ipv6.conf.NIC.*`, as far as it changes what a host does on
 * layer 2, with the kernel's defaults. The host has one more of each, `all`, which counts together with an interface's own: the higher value of the
 * two holds, unless it says otherwise here (Linux: IN_DEV_MAXCONF, IN_DEV_ORCONF, IN_DEV_ANDCONF).
 */
export class Ipv4Settings {
  /** Frames that come from one of the host's own addresses are believed. */
  acceptLocal = 0;
  /** Who may get an entry by an announcement: 0 nobody, 1 everybody, 2 who is in a subnet of the interface. */
  arpAccept = 0;
  /** The source of questions: 0 that of the packet that waits, 1 only if the asked one is in its subnet, 2 always the first that fits. */
  arpAnnounce = 0;
  /** Losing the carrier empties the cache, unless this or `all` is 0. */
  arpEvictNocarrier = 1;
  /** 1: answers only where the way back to the asker leads. */
  arpFilter = 0;
  /**
   * Which questions are answered: 0 for any address of the host, 1 for those of the interface, 2 for those and askers in their
   * subnet, 3 as 0 (but for addresses of scope host, which there are none of here), 8 none.
   */
  arpIgnore = 0;
  /** 1: every address is announced when the interface comes up or changes its MAC. */
  arpNotify = 0;
  /** 1: gratuitous frames are dropped unseen. */
  dropGratuitousArp = 0;
  /** Secondary addresses of a subnet stay when the primary one goes. */
  promoteSecondaries = 0;
  /** Who is believed to send: 0 everybody, 1 whom the way back over this interface leads to, 2 whom any way leads to. */
  rpFilter = 0;
}

export class Ipv6Settings {
  /** Duplicate addresses are looked for, unless this and `all` are 0. */
  acceptDad = 1;
  /** Advertisements of unknown neighbours make an entry where `forwarding` is 1: 0 never, 1 always, 2 from senders in a subnet of the interface. */
  acceptUntrackedNa = 0;
  /** How often a new address is asked for before it is used. `all` does not count. */
  dadTransmits = 1;
  /** 1: advertisements that nobody asked for are dropped. `all` does not count. */
  dropUnsolicitedNa = 0;
  /** 1: it advertises itself as a router. Packets are not forwarded here. `all` does not count. */
  forwarding = 0;
  /** Losing the carrier empties the cache, unless this or `all` is 0. */
  ndiscEvictNocarrier = 1;
  /** 1: every address is advertised when it becomes usable, and when the interface changes its MAC. */
  ndiscNotify = 0;
}
