/** A checker while it is read. */
import type { IpAddress } from "../../../../text/ip-text.ts";
import { type Draft, newDraft } from "../keywords.ts";
import type { RealServerDraft } from "./servers.ts";

/** UDP_CHECK reads so many octets of a reply unless it says otherwise. */
const REPLY_OCTETS_MAX = 255;

export interface CheckerDraft extends Draft {
  /** Null where it does not matter. */
  readonly server: RealServerDraft | null;
  /** `connect_ip` and `bindto`. */
  readonly ends: Map<string, IpAddress>;
  hasInterface: boolean;
  /** The script, file, session or name that it is about. */
  target: string | null;
  /** Urls that have a path. */
  urls: number;
  minOctets: number;
  maxOctets: number;
}

export function newCheckerDraft(name: string, server: RealServerDraft | null = null): CheckerDraft {
  return {
    ...newDraft(name),
    server,
    ends: new Map(),
    hasInterface: false,
    target: null,
    urls: 0,
    minOctets: 0,
    maxOctets: REPLY_OCTETS_MAX,
  };
}
