/** What is known while a configuration is read: the reader, the findings, and all blocks read before. */
import type { KeepalivedVersion } from "../version.ts";
import type { Findings } from "./findings.ts";
import type { GarpGroupDraft } from "./garp-group.ts";
import type { GlobalDraft } from "./globals.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import type { VirtualServerDraft, VirtualServerGroup } from "./lvs/servers.ts";
import type { LinkDelay, TrackBfd, TrackFile, TrackProcess, VirtualAddress, VrrpScript } from "./model.ts";
import type { ConfReader } from "./reader.ts";
import type { SyncGroupDraft } from "./sync-group.ts";
import type { StaticItem, TrackGroupDraft } from "./track-group.ts";

export interface Context {
  /** Who reads. */
  readonly version: KeepalivedVersion;
  readonly reader: ConfReader;
  readonly findings: Findings;
  /** The tables of the blocks around the current one, outermost first. */
  readonly enclosing: ReadonlyMap<string, { readonly kind: "line" | "items" | "block" }>[];
  /** Every keyword and the block that it belongs in. */
  readonly vocabulary: ReadonlyMap<string, string>;
  readonly globals: GlobalDraft;
  readonly scripts: Map<string, VrrpScript>;
  /** Scripts that some instance or group tracks. */
  readonly scriptsInUse: Set<string>;
  readonly trackFiles: Map<string, TrackFile>;
  readonly trackProcesses: Map<string, TrackProcess>;
  readonly trackBfds: Map<string, TrackBfd>;
  /** Neighbour and source of the sessions so far. */
  readonly bfdPairs: Set<string>;
  /** By interface. */
  readonly linkDelays: Map<string, LinkDelay>;
  readonly serverGroups: Map<string, VirtualServerGroup>;
  readonly virtualServers: VirtualServerDraft[];
  readonly trackGroups: Map<string, TrackGroupDraft>;
  readonly staticItems: StaticItem[];
  /**
   * `vrrp_script NAME` and its like that came to nothing, which is reported: that they are not found is not
   * reported again. The keyword alone stands for a block without a name, which could be any.
   */
  readonly lost: Set<string>;
  readonly staticAddresses: VirtualAddress[];
  readonly instances: Map<string, InstanceDraft>;
  /** Names that `use_vmac` took, and the instance. */
  readonly vmacNames: Map<string, string>;
  readonly syncGroups: Map<string, SyncGroupDraft>;
  /** By interface. */
  readonly garpGroups: Map<string, GarpGroupDraft>;
}
