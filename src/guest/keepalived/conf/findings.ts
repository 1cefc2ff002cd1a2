/** Collects what is wrong with a configuration. A mistake can turn out worse later: a lost VRID is fatal at the end. */

import type { Position } from "../../../text/config-error.ts";
import type { ConfDiagnostic, Severity } from "./model.ts";
import { positionOf } from "./statement.ts";

/** A reported mistake, held by whoever may have to say it better or raise its severity. */
export type Mistake = { -readonly [Field in keyof ConfDiagnostic]: ConfDiagnostic[Field] };

/** More than this in one configuration is noise; of what is fatal as many again are kept, as the last word on whether keepalived runs. */
const FINDINGS_MAX = 1000;

export class Findings {
  readonly #list: Mistake[] = [];
  /** What has been named once as not checked, or not simulated. */
  readonly #unchecked = new Set<string>();

  /** No further mistakes are kept: spare the work of explaining them. */
  get full(): boolean {
    return this.#list.length >= FINDINGS_MAX;
  }

  get list(): readonly ConfDiagnostic[] {
    return this.#list;
  }

  get hasFatal(): boolean {
    return this.#list.some(({ severity }) => severity === "fatal");
  }

  fatal(code: string, at: Position, message: string, hint?: string): Mistake {
    return this.#report("fatal", code, at, message, hint);
  }

  error(code: string, at: Position, message: string, hint?: string): Mistake {
    return this.#report("error", code, at, message, hint);
  }

  warning(code: string, at: Position, message: string, hint?: string): Mistake {
    return this.#report("warning", code, at, message, hint);
  }

  /** A part of keepalived that is checked and has no effect in the simulation; said once for each. */
  notPartOfSimulation(at: Position, part: string, hint: string): void {
    if (this.#unchecked.has(part)) return;
    this.#unchecked.add(part);
    this.#report("warning", "not-simulated", at, `${part}: checked, not simulated`, hint);
  }

  /** A keyword that keepalived obeys and the simulation does not. */
  notSimulated(at: Position, what: string, hint?: string): Mistake {
    return this.#report("warning", "not-simulated", at, `${what}: accepted, not simulated`, hint);
  }

  /** A block that keepalived judges line by line and that is passed over here; said once for each keyword. */
  notChecked(at: Position, keyword: string): void {
    if (this.#unchecked.has(keyword)) return;
    this.#unchecked.add(keyword);
    const hint = "what such a block contains has no effect here, and only keepalived -t can judge it";
    this.#report("warning", "not-checked", at, `${keyword}: accepted, not checked`, hint);
  }

  /** Takes a report back: a worse one about the same place follows. */
  withdraw(mistake: Mistake): void {
    const index = this.#list.indexOf(mistake);
    if (index >= 0) this.#list.splice(index, 1);
  }

  #report(severity: Severity, code: string, at: Position, message: string, hint: string | undefined): Mistake {
    const found: Mistake = { ...positionOf(at), severity, code, message, ...(hint === undefined ? {} : { hint }) };
    if (this.#list.length < (severity === "fatal" ? 2 : 1) * FINDINGS_MAX) this.#list.push(found);
    return found;
  }
}
