/**
 * How a finding about a keepalived configuration is shown. keepalived reports some lines as errors although they change nothing: those are
 * warnings here, so that a healthy configuration passes.
 */
import type { Finding } from "../../../text/config-error.ts";
import type { ConfDiagnostic } from "./model.ts";

/** Codes of what keepalived complains about and does all the same. */
const HARMLESS: ReadonlySet<string> = new Set(["own-interface-tracked"]);

export function toFinding({ file, line, column, severity, code, message, hint }: ConfDiagnostic): Finding {
  return {
    file,
    line,
    column,
    severity: severity === "warning" || HARMLESS.has(code) ? "warning" : "error",
    message: severity === "fatal" ? `${message} (keepalived would not run)` : message,
    ...(hint === undefined ? {} : { hint }),
  };
}
