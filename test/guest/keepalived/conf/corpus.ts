/**
 * Small configurations with what keepalived 2.2.7 makes of them, checked against the daemon itself by
 * `real-daemon.test.ts`. One file a topic stands in `corpus/`.
 */
import { ADDRESSES } from "./corpus/addresses.ts";
import { GLOBALS } from "./corpus/globals.ts";
import { INCLUDES } from "./corpus/includes.ts";
import { INSTANCES } from "./corpus/instances.ts";
import { LINES } from "./corpus/lines.ts";
import { LVS_CHECKERS } from "./corpus/lvs-checkers.ts";
import { LVS_GROUPS } from "./corpus/lvs-groups.ts";
import { LVS_REAL_SERVERS } from "./corpus/lvs-real-servers.ts";
import { LVS_SERVERS } from "./corpus/lvs-servers.ts";
import type { Sample } from "./corpus/sample.ts";
import { SCRIPTS } from "./corpus/scripts.ts";
import { STRICT } from "./corpus/strict.ts";
import { TRACKING } from "./corpus/tracking.ts";

export type { Sample } from "./corpus/sample.ts";

export const CORPUS: readonly Sample[] = [
  ...LINES,
  ...INCLUDES,
  ...INSTANCES,
  ...ADDRESSES,
  ...STRICT,
  ...SCRIPTS,
  ...GLOBALS,
  ...TRACKING,
  ...LVS_SERVERS,
  ...LVS_GROUPS,
  ...LVS_REAL_SERVERS,
  ...LVS_CHECKERS,
];
