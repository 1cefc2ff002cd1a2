/** What all virtual routers of one run of the daemon share. */
import type { AnnouncementPace } from "./announcement-pace.ts";
import type { KeepalivedObserver } from "./observer.ts";
import type { KeepalivedVersion } from "./version.ts";

export interface SharedByRouters {
  readonly version: KeepalivedVersion;
  readonly pace: AnnouncementPace;
  readonly observer: KeepalivedObserver;
  /** End of `vrrp_startup_delay`, ns; 0 without it. */
  readonly startupEndsNs: number;
}
