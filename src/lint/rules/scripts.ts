/** Tracked scripts that do something else than their lines seem to say, or nothing at all. */

import { formatSeconds, secondsFromNs } from "../../base/units.ts";
import { splitCommand } from "../../guest/keepalived/conf/command.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { KeepalivedConf, VrrpInstance, VrrpScript } from "../../guest/keepalived/conf/model.ts";
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { intendedRouters } from "./intended-router.ts";
import { farewellNs, highestOf } from "./priorities.ts";
import { trackersOf } from "./tracked.ts";

/** An instance that follows `script`, by itself or with its sync group, and the weight that counts there. */
interface Follower {
  readonly instance: VrrpInstance;
  readonly weight: number;
}

function followers(conf: KeepalivedConf, { name }: VrrpScript): Follower[] {
  return conf.instances.flatMap((instance) =>
    trackersOf(conf, instance, "trackScripts")
      .filter((tracker) => tracker.name === name)
      .map(({ weight }) => ({ instance, weight })),
  );
}

/** With `nopreempt` somewhere weight 0 is the one that works, and no word is said of it. */
const scriptWithoutWeight: Rule = {
  name: "script-without-weight",
  severity: "hint",
  summary: "a script of weight 0, the default: its failure is a FAULT and lowers no priority",
  check(cluster, report) {
    const routers = intendedRouters(cluster);
    for (const node of cluster.nodes)
      for (const script of node.conf.scripts.filter(({ weight }) => weight === 0)) {
        const found = followers(node.conf, script)
          .filter(({ weight }) => weight === 0)
          .map(({ instance }) => ({ node, instance }))
          .map((member) => routers.find((router) => router.some(isSame(member))) ?? [member])
          .find((router) => router.every(({ instance }) => !instance.nopreempt));
        if (found === undefined) continue;
        const { name, reverse } = script;
        const master = found.find((member) => member.node === node)!;
        report({
          at: keyPlace(script, "weight"),
          message: `${name} has weight 0, which is the default: its ${reverse ? "success" : "failure"} is a FAULT of ${master.instance.name} and lowers no priority`,
          why: `${takeover(master, found)}, faster than for any weight. Where that happens on every node, nobody holds the address.`,
          fix: "weight -20, or another that is larger than the difference of the priorities, if a node that fails should still serve where no other can",
        });
      }
  },
};

function isSame({ instance }: Member): (other: Member) => boolean {
  return (other) => other.instance === instance;
}

/** How soon another node takes over after such a FAULT. */
function takeover(master: Member, router: readonly Member[]): string {
  if (router.length === 1)
    return "The master says that it leaves, and a backup takes over in less than an advertisement interval";
  const heir = highestOf(router.filter((other) => other !== master));
  const soon = formatSeconds(farewellNs(heir, master));
  return `${master.node.name} says that it leaves, and ${heir.node.name} takes over ${soon} after the failure is known`;
}

const scriptTimeoutOverInterval: Rule = {
  name: "script-timeout-over-interval",
  severity: "warning",
  summary: "a script may run longer than until its next run",
  check(cluster, report) {
    for (const { conf } of cluster.nodes)
      for (const script of conf.scripts) {
        const { name, timeoutNs, intervalNs, fall } = script;
        if (timeoutNs <= intervalNs) continue;
        const [timeout, interval] = [timeoutNs, intervalNs].map(secondsFromNs);
        const knownNs = fall * intervalNs + timeoutNs;
        report({
          at: keyPlace(script, "timeout"),
          message: `${name} may run for ${timeout} s (timeout) and is due every ${interval} s (interval)`,
          why: `A check that hangs still runs when the next is due: keepalived logs "skipping run" and up to 2.3.2 starts another beside it. A hanging service is known after up to ${secondsFromNs(knownNs)} s (fall ${fall}), and only then the failover begins.`,
          fix: `timeout ${interval}, or interval ${timeout}`,
        });
      }
  },
};

const scriptNotRunnable: Rule = {
  name: "script-not-runnable",
  severity: "error",
  summary: "a tracked script whose file is missing or not executable",
  check(cluster, report) {
    for (const { name: node, conf, scriptState } of cluster.nodes)
      for (const script of conf.scripts) {
        const path = programOf(script);
        const [follower] = followers(conf, script);
        const state = path === null || follower === undefined ? undefined : scriptState?.(path);
        if (path === null || state === undefined || state === "executable") continue;
        const isMissing = state === "missing";
        report({
          at: keyPlace(script, "script"),
          message: `${script.name} cannot run: ${path} is ${isMissing ? "not there" : "not executable"}`,
          why: `keepalived disables the script, and ${follower!.instance.name} goes on without it: ${node} stays the master when the service fails.`,
          fix: isMissing ? 'script "…" with the path of a program on this host' : `chmod +x ${path}`,
        });
      }
  },
};

/** The program of a script, if it is named by its absolute path: others are found along PATH, or by a shell. */
function programOf({ command }: VrrpScript): string | null {
  const words = splitCommand(command);
  const program = typeof words === "string" ? undefined : words[0];
  return program?.startsWith("/") ? program : null;
}

const initFailNoEffect: Rule = {
  name: "init-fail-no-effect",
  severity: "hint",
  summary: "init_fail, which has no effect",
  check(cluster, report) {
    for (const { conf } of cluster.nodes)
      for (const script of conf.scripts) {
        const { name, initFail, rise } = script;
        if (!initFail) continue;
        const again = rise > 1 ? `, without waiting for ${rise} successes (rise)` : "";
        report({
          at: keyPlace(script, "init_fail"),
          message: `init_fail of ${name} has no effect`,
          why: `keepalived sets the state anew when an instance takes the script up: the first result decides${again}.`,
          fix: "no init_fail",
        });
      }
  },
};

export const SCRIPT_RULES: readonly Rule[] = [
  scriptWithoutWeight,
  scriptTimeoutOverInterval,
  scriptNotRunnable,
  initFailNoEffect,
];
