/** The corpus against keepalived itself: the verdict of `keepalived -t`, its words, and that it ends where we say so. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CORPUS, type Sample } from "./corpus.ts";

/** The host of `samples.ts` as a network namespace: two Ethernet pairs. */
const HOST_SCRIPT = `set -e
ip link set lo up
for i in 0 1; do
  ip link add eth$i type veth peer name far$i
  ip addr add 10.0.$((i+1)).11/24 dev eth$i
  ip link set eth$i up
  ip link set far$i up
done
ip addr add 2001:db8:1::11/64 dev eth0 nodad
`;

/** `$1` is the folder of samples; one that is fatal by our verdict also runs for real, to see how it ends. */
const RUN_SCRIPT = `${HOST_SCRIPT}
set +e
for folder in "$1"/*/; do
  cd "$folder"
  timeout 10 keepalived -t -i this-host -f keepalived.conf >test.out 2>&1
  echo $? >test.status
  if [ -f fatal ]; then
    timeout 5 keepalived -n -l -i this-host -f keepalived.conf -p parent.pid -r vrrp.pid -c check.pid -b bfd.pid >run.out 2>&1
    echo $? >run.status
  fi
done
`;

/** Whether scripts may run as root is the machine's business, not the configuration's. */
const MACHINE_NOISE = /^SECURITY VIOLATION/;

function whyNot(): string | null {
  try {
    const version = spawnSync("keepalived", ["--version"], { encoding: "utf8" });
    if (version.error !== undefined) return "keepalived is not installed";
    if (!version.stderr.includes("v2.2.7")) return "keepalived is of another version than 2.2.7";
    execFileSync("unshare", ["-n", "sh", "-c", HOST_SCRIPT], { stdio: "ignore" });
    return null;
  } catch {
    return "network namespaces cannot be made here (root is needed)";
  }
}

const reason = whyNot();
const demanded = process.env.VIPLANE_DEMAND_ALL === "1";

describe.skipIf(reason !== null && !demanded)(
  `keepalived -t over the corpus${reason === null ? "" : `: ${reason}`}`,
  () => {
    let folder = "";

    beforeAll(() => {
      if (reason !== null) throw new Error(reason);
      folder = mkdtempSync(join(tmpdir(), "viplane-conf-"));
      CORPUS.forEach((sample, index) => {
        writeSample(join(folder, `${index}`), sample);
      });
      // A namespace of processes, too: where the parent ends over a mistake, a child of it may stay behind.
      execFileSync("unshare", ["-n", "-p", "-f", "sh", "-c", RUN_SCRIPT, "sh", folder], { stdio: "ignore" });
    }, 120_000);

    afterAll(() => {
      if (folder !== "") rmSync(folder, { recursive: true });
    });

    it.each(CORPUS.map((sample, index) => ({ ...sample, index })))("$name: $verdict", ({ verdict, says, index }) => {
      const read = (name: string) => readFileSync(join(folder, `${index}`, name), "utf8");
      const status = Number(read("test.status"));
      const lines = read("test.out")
        .split("\n")
        .map((line) => line.replace(/^\((?:[^()]*: )?Line \d+\) /, ""))
        .filter((line) => line !== "" && !MACHINE_NOISE.test(line));
      const complains = status !== 0 && !(status === 6 && lines.length === 0);
      expect(complains, `${status}: ${lines.join("\n")}`).toBe(verdict !== "clean");
      if (says !== undefined) expect(lines).toContain(says);
      if (verdict === "fatal") expect([2, 6], read("run.out")).toContain(Number(read("run.status")));
    });
  },
);

function writeSample(folder: string, { text, files, verdict }: Sample): void {
  for (const [name, content] of Object.entries({ ...files, "keepalived.conf": text })) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  if (verdict === "fatal") writeFileSync(join(folder, "fatal"), "");
}
