/** Passwords of version 2. What differs is compared as it goes out, its first 8 octets, and never shown. */

import { formatSeconds } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { intendedRouters } from "./intended-router.ts";
import { oddOnes } from "./one-router.ts";
import { takeoverNs } from "./priorities.ts";

/** What decides whether two members accept each other's adverts. The key of AH is not compared: it is not simulated either. */
function authenticationOf({ instance }: Member): string {
  if (instance.authAh) return "AH";
  return instance.authPass === null ? "none" : `PASS ${instance.authPass.join(" ")}`;
}

function typeOf(member: Member): string {
  return authenticationOf(member).split(" ")[0]!;
}

/** An authentication block that came to nothing, of which the parser has told. */
function isIgnored(member: Member): boolean {
  return authenticationOf(member) === "none" && member.instance.keys.has("authentication");
}

const authenticationDiffers: Rule = {
  name: "authentication-differs",
  severity: "error",
  summary: "members of one virtual router with different passwords or kinds of authentication",
  check(cluster, report) {
    for (const router of intendedRouters(cluster)) {
      const members = router.filter((member) => member.instance.version === 2 && !isIgnored(member));
      for (const { odd, usual } of oddOnes(members, authenticationOf)) {
        const [here, there] = [typeOf(odd), typeOf(usual)];
        const [node, other] = [odd.node.name, usual.node.name];
        const same = here === there;
        report({
          at: keyPlace(odd.instance, ...KEYS),
          message: same
            ? `auth_pass of ${node} is not that of ${other}: their first 8 characters differ`
            : `${node} ${sends(here)}, and ${other} ${sends(there)}`,
          why: `Each drops the other's adverts: ${formatSeconds(takeoverNs(odd, odd))} after its start ${node} is master beside ${other}, and both hold the address.`,
          fix: same
            ? `the same auth_pass on ${node} and ${other}, of 8 characters at most`
            : there === "none"
              ? `no authentication on ${node}, or the same on ${other}`
              : `authentication { auth_type ${there}, auth_pass as on ${other} }, each on a line of its own`,
          related: [{ ...keyPlace(usual.instance, ...KEYS), message: `${other} ${sends(there)}` }],
        });
      }
    }
  },
};

function sends(type: string): string {
  return type === "none" ? "has no authentication" : `has auth_type ${type}`;
}

/** The line that says most of it. */
const KEYS = ["auth_pass", "auth_type", "authentication"];

const QUOTE = "'".charCodeAt(0);

const passwordQuoted: Rule = {
  name: "password-quoted",
  severity: "warning",
  summary: "single quotes around auth_pass, which are part of the password",
  check(cluster, report) {
    for (const { conf } of cluster.nodes)
      for (const instance of conf.instances) {
        const { name, authPass } = instance;
        // Where the closing quote is missing, the password ends at a blank, and the parser tells of the words behind it.
        const end = authPass?.findLast((octet) => octet !== 0);
        const isFull = authPass?.at(-1) !== 0;
        if (authPass?.[0] !== QUOTE || (end !== QUOTE && !isFull) || authPass[1] === 0) continue;
        report({
          at: keyPlace(instance, "auth_pass"),
          message: `The single quotes around auth_pass of ${name} are part of the password`,
          why: "keepalived knows only double quotes here. A node whose password is written without quotes, or in double ones, has another one and drops the adverts of this one: both hold the address. The quotes take two of the 8 characters, too.",
          fix: 'auth_pass "…", in double quotes or in none, on every node',
        });
      }
  },
};

export const AUTHENTICATION_RULES: readonly Rule[] = [authenticationDiffers, passwordQuoted];
