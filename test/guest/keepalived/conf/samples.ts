/** The host on which the corpus is judged, and files in memory. */

import { present } from "../../../../src/base/assert.ts";
import type { ConfFiles } from "../../../../src/guest/keepalived/conf/files.ts";
import type { ConfHost } from "../../../../src/guest/keepalived/conf/host.ts";
import { parseIp } from "../../../../src/text/ip-text.ts";

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  lo: ["127.0.0.1"],
  eth0: ["10.0.1.11", "2001:db8:1::11", "fe80::11"],
  eth1: ["10.0.2.11", "fe80::12"],
};

export const HOST: ConfHost = {
  interfaces: Object.keys(ADDRESSES),
  addresses: (name) => (ADDRESSES[name] ?? []).map((text) => present(parseIp(text), text)),
};

/** Files in one folder; `*` in a pattern stands for any characters. */
export function inMemory(files: Readonly<Record<string, string>> = {}): ConfFiles {
  return {
    read: (path) => files[path] ?? null,
    glob: (pattern) => {
      const parts = pattern.split("*");
      return Object.keys(files)
        .filter((path) =>
          parts.length === 1 ? path === pattern : path.startsWith(parts[0]!) && path.endsWith(parts.at(-1)!),
        )
        .sort();
    },
  };
}
