/**
 * How a finding about a keepalived configuration is shown. keepalived reports some lines as errors although they change nothing: those are
 * warnings here, so that a healthy configuration passes.
 */
import type { Finding } from "../../../text/config-error.ts";
import type { ConfDiagnostic } from "./model.ts";

/** Codes of what keepalived complains about and does all the same. */
const HARMLESS: ReadonlySet<string> = new Set(["own-interface-tracked"]);

/** keepalived's own word for the severity, at the beginning or behind the instance that it speaks of. */
const OWN_SEVERITY = /^(\([^()]*\):? )?warning - /i;

export function toFinding({ file, line, column, severity, code, message: said, hint }: ConfDiagnostic): Finding {
  const message = said.replace(OWN_SEVERITY, "$1");
  return {
    file,
    line,
    column,
    severity: severity === "warning" || HARMLESS.has(code) ? "warning" : "error",
    message: severity === "fatal" ? `${message} (keepalived would not run)` : message,
    ...(hint === undefined ? {} : { hint }),
  };
}
