/**
 * What reads well and means something else. The parser reports nearly all of it: a `state` that is none (`invalid-value`, check 22), variables that are
 * not defined (`undefined-variable`, check 44), words behind a value or an address (`extra-words`, `unknown-option`, check 45) and keys given twice
 * (`duplicate-key`, check 46). Left are texts that keepalived takes as they are, as any text is the name of an interface.
 */
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import type { Position } from "../../text/config-error.ts";
import { VRRP_AUTH_OCTETS } from "../../wire/vrrp.ts";
import type { LintSeverity, Rule } from "../rule.ts";
import { allAddresses } from "./address-lists.ts";

/** A text in a configuration, and what it is. */
interface Written {
  readonly text: string;
  readonly what: string;
  readonly at: Position;
  readonly severity: LintSeverity;
  /** What it does there. */
  readonly why: string;
}

const NO_INTERFACE =
  "There is no interface of that name: keepalived ends when it starts, or with dynamic_interfaces waits in FAULT, and the node never takes over.";

function interfacesOf(instance: VrrpInstance): Written[] {
  const named = (text: string, what: string, at: Position) =>
    ({ text, what, at, severity: "error", why: NO_INTERFACE }) as const;
  const { interface: own, trackInterfaces } = instance;
  return [
    ...(own === null ? [] : [named(own, "interface", keyPlace(instance, "interface"))]),
    ...allAddresses(instance).flatMap(({ device, devicePosition }) =>
      device === null || devicePosition === null ? [] : [named(device, "dev", devicePosition)],
    ),
    ...trackInterfaces.map(({ name, position }) => named(name, "track_interface", position)),
  ];
}

/** As far as an advert carries it. */
function passwordOf(instance: VrrpInstance): Written[] {
  const { authPass } = instance;
  if (authPass === null) return [];
  const text = String.fromCharCode(...authPass.filter((octet) => octet !== 0));
  const why =
    "Adverts carry the name instead of the password: nodes on which the variable is defined drop them, and are masters too.";
  return [{ text, what: "auth_pass", at: keyPlace(instance, "auth_pass"), severity: "hint", why }];
}

/** Check 44 where a text is as good as any other. As a password it may be meant so, unless its name is all in capitals. */
const unexpandedVariable: Rule = {
  name: "unexpanded-variable",
  severity: "error",
  summary: "a $NAME that keepalived does not replace",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const instance of conf.instances)
        for (const { text, what, at, severity, why } of [...interfacesOf(instance), ...passwordOf(instance)]) {
          const variable = (what === "auth_pass" ? /^\$([A-Z_][A-Z_0-9]*)$/ : /\$([A-Za-z_]\w*)/).exec(text);
          if (variable === null) continue;
          const name = variable[1]!;
          const isCut = what === "auth_pass" && text.length === VRRP_AUTH_OCTETS;
          report({
            at,
            severity,
            message: `${what} is '${text}'${isCut ? " …" : ""} as it stands: $${name} is not defined, or something stands behind it`,
            why,
            fix: `\${${name}}, which is replaced anywhere, and before it a line $${name}=value`,
          });
        }
  },
};

/** Check 22 where a text is as good as any other. */
const trailingSemicolon: Rule = {
  name: "trailing-semicolon",
  severity: "error",
  summary: "a name with ; or , at its end, which keepalived takes as a part of it",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const instance of conf.instances)
        for (const { text, what, at, severity, why } of interfacesOf(instance)) {
          const bare = text.replace(/[;,]+$/, "");
          if (bare === text) continue;
          report({
            at,
            severity,
            message: `${what} is '${text}': keepalived ends a value at the end of its word, not at ${text.slice(bare.length)}`,
            why,
            fix: what === "track_interface" ? bare : `${what} ${bare}`,
          });
        }
  },
};

export const SYNTAX_RULES: readonly Rule[] = [unexpandedVariable, trailingSemicolon];
