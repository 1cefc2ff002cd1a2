/** Names that the timeline's verbs are used on: hosts, servers and links share one name space, so that `crash: x` means one thing. */
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import { quoted } from "./yaml-errors.ts";

export class NameBook {
  readonly #owners = new Map<string, { what: string; line: number }>();
  readonly #judge: Judge;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** Notes the name at the end of `path`, of `what` (`a host`); whether it was free. If not, there is a finding. */
  claim(path: Path, what: string): boolean {
    const name = String(path.at(-1));
    const owner = this.#owners.get(name);
    if (owner === undefined) {
      this.#owners.set(name, { what, line: this.#judge.places.ofKey(path).line });
      return true;
    }
    this.#judge.errorAtKey(
      path,
      `${quoted(name)} is the name of ${owner.what} already (line ${owner.line})`,
      "hosts, servers and links share their names: steps of the timeline call them by name",
    );
    return false;
  }
}
