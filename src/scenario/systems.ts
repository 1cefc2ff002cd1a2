/** What a report says of hosts that run something else than a present Linux: which system, and what of it nobody has confirmed. */
import { LINUX } from "../host/systems.ts";
import type { Style } from "../text/style.ts";
import type { Scenario } from "./model.ts";
import type { Report } from "./report.ts";

/** For the report. */
export function systemsOf({ hosts }: Scenario): Pick<Report, "systems"> {
  const systems = hosts
    .filter(({ system }) => system !== LINUX)
    .map(({ name, system }) => ({ host: name, system: system.name, unconfirmed: system.unconfirmed }));
  return systems.length === 0 ? {} : { systems };
}

/** For people: a line for each host, and behind `[?]` what is not confirmed. */
export function systemRows({ hosts }: Scenario, style: Style): string[] {
  const others = hosts.filter(({ system }) => system !== LINUX);
  if (others.length === 0) return [];
  const rows = others.flatMap(({ name, system }) => [
    `  ${style.bold(name)}  ${system.name}: ${system.title}`,
    ...system.unconfirmed.map((what) => style.dim(`    [?] ${what}`)),
  ]);
  return [style.bold("Hosts that run something else ([?]: not confirmed)"), ...rows, ""];
}
