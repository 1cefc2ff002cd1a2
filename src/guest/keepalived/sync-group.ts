/**
 * `vrrp_sync_group`: virtual routers of one daemon that change state together (keepalived 2.2.7, `vrrp_sync.c`, and as observed).
 *
 *   MASTER   when the waits of all members are over; who is ready earlier waits again. So the slowest one decides.
 *   BACKUP   all leave MASTER when one of them does, without a farewell
 *   FAULT    all when one of them is; those that were MASTER say farewell once
 *   back     when the last fault of any member is gone: all BACKUP, all with their full wait
 *
 * A lower advert heard by one makes all announce their addresses again. An address that somebody takes off one makes all say farewell, and
 * try again after their skew.
 */
import type { SyncGroup as SyncGroupConf, Tracker, VrrpInstance } from "./conf/model.ts";
import type { VirtualRouter } from "./virtual-router.ts";

export class SyncGroup {
  readonly name: string;
  /** In the order of the group. */
  readonly members: VirtualRouter[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Every member has waited long enough to be master. */
  get isReady(): boolean {
    return this.members.every(({ wantsMaster }) => wantsMaster);
  }

  /** Names of members that wait beyond this moment; empty if there are none. */
  get waitedFor(): string {
    return this.members
      .filter(({ wantsMaster, deadline }) => !wantsMaster && deadline.isLater)
      .map(({ conf }) => conf.name)
      .join(", ");
  }

  get hasOnlyOwners(): boolean {
    return this.members.every(({ isOwner }) => isOwner);
  }

  /** A member that may not take part; null: all may. */
  get faulty(): VirtualRouter | null {
    return this.members.find(({ hindrances }) => hindrances.fault !== null) ?? null;
  }

  /** Some member waits for the first result of a script. */
  get isWaiting(): boolean {
    return this.members.some(({ hindrances }) => hindrances.isWaiting);
  }

  /** The others go where `leader` has gone. */
  follow(leader: VirtualRouter): void {
    const { state } = leader;
    if (state !== "MASTER" && state !== "BACKUP" && state !== "FAULT") return;
    const why = `sync group ${this.name}: ${WHY[state](leader.conf.name)}`;
    for (const member of this.members) if (member !== leader) member.follow(state, why);
  }

  /** `leader`, a master, has lost an address to somebody: the others say farewell too, and wait for their skew. */
  giveUp(leader: VirtualRouter): void {
    const why = `sync group ${this.name}: ${leader.conf.name} has lost an address`;
    for (const member of this.members) if (member !== leader) member.giveUp("sync-group", why);
  }

  /** `leader`, a master, has heard a lower advert. */
  heardLower(leader: VirtualRouter): void {
    for (const member of this.members) if (member !== leader) member.announceAgain();
  }
}

const WHY = {
  MASTER: (leader: string) => `every member's wait is over, last that of ${leader}`,
  BACKUP: (leader: string) => `${leader} is a backup`,
  FAULT: (leader: string) => `${leader} is in FAULT`,
} as const;

/** The instance with the trackers of its group, which apply to every member. What both track counts as the group has it. */
export function withTrackersOf(group: SyncGroupConf | undefined, instance: VrrpInstance): VrrpInstance {
  if (group === undefined) return instance;
  const joined = (own: readonly Tracker[], ofGroup: readonly Tracker[]) => [
    ...own.filter(({ name }) => !ofGroup.some((tracker) => tracker.name === name)),
    ...ofGroup,
  ];
  return {
    ...instance,
    trackInterfaces: joined(instance.trackInterfaces, group.trackInterfaces),
    trackScripts: joined(instance.trackScripts, group.trackScripts),
    trackFiles: joined(instance.trackFiles, group.trackFiles),
    trackProcesses: joined(instance.trackProcesses, group.trackProcesses),
    trackBfds: joined(instance.trackBfds, group.trackBfds),
  };
}
