/** What other switches did with given steps: the recordings of `test/recordings/switch-profiles`, as the README there describes them. */
import { readdirSync, readFileSync } from "node:fs";

/** `at` is in seconds since the beginning; ports count from 0. */
export type ProfileStep =
  | {
      readonly at: number;
      readonly port: number;
      readonly to: string;
      readonly from: string;
      readonly out: readonly number[];
    }
  /** Rows `MAC PORT KIND`, sorted. */
  | { readonly at: number; readonly table: readonly string[] }
  /** `MAC PORT KIND`. */
  | { readonly at: number; readonly set: string }
  | { readonly at: number; readonly remove: string }
  | { readonly at: number; readonly flush: true }
  | { readonly at: number; readonly down: number }
  | { readonly at: number; readonly up: number };

export interface ProfileRecording {
  readonly name: string;
  readonly why: string;
  readonly profile: string;
  readonly made: string;
  readonly ports: number;
  /** The profile's, if missing. */
  readonly ageingSeconds?: number;
  readonly entriesMax?: number;
  /** Which of several equally full ports gave way was chance. */
  readonly tiesAreOpen?: true;
  readonly steps: readonly ProfileStep[];
}

const FOLDER = new URL("../recordings/switch-profiles/", import.meta.url);

export function profileRecordings(): ProfileRecording[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as ProfileRecording);
}
