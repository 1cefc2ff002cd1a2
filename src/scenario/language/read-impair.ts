/** An `impair` step: which link, which way, and how much is lost. */
import { parseDuration } from "../../text/duration.ts";
import { parsePercent } from "../../text/quantity.ts";
import type { ImpairAction } from "../model.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import type { Draft, ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

type ImpairDraft = Draft<NonNullable<NonNullable<NonNullable<ScenarioDraft["timeline"]>[number]>["impair"]>>;

/** Null: broken. */
export function readImpair(network: Network, path: Path, draft: ImpairDraft): ImpairAction | null {
  const { judge } = network;
  const isBroken = (key: "direction" | "for") => judge.isRefused([...path, key], draft[key]);
  const at = draft.on === undefined ? null : readPlace(network, [...path, "on"], draft.on);
  if (at === null || draft.loss === undefined || isBroken("direction") || isBroken("for")) return null;
  const { direction = "both" } = draft;
  if (direction !== "both" && at.end === null)
    return judge.error(
      [...path, "direction"],
      `${direction} of a link is seen from one of its ends, and none is named`,
      `on: ${at.ends.join(", or on: ")}`,
    );
  const loss = draft.loss === 0 ? 0 : parsePercent(draft.loss);
  const forNs = draft.for === undefined ? null : parseDuration(draft.for);
  if (loss === null || (draft.for !== undefined && forNs === null)) return null;
  if (forNs === 0) return judge.error([...path, "for"], "an impairment of no time impairs nothing", "for: 300ms");
  const impaired = { verb: "impair", link: at.link, direction, loss, forNs } as const;
  if (direction === "both") return { ...impaired, end: null, way: null };
  const far = at.between.find((end) => end !== at.end) ?? at.end!;
  const way = direction === "out" ? { from: at.end!, to: far } : { from: far, to: at.end! };
  return { ...impaired, end: at.end, way };
}

interface ImpairedPlace {
  readonly link: string;
  /** The switch that is named; null: none is. */
  readonly end: string | null;
  /** Both ends as they could be named. */
  readonly ends: readonly string[];
  readonly between: readonly string[];
}

/** `uplink-1`, or one end of it: `core:uplink-1`. Null: broken. */
function readPlace({ judge, machines, links, subnets }: Network, path: Path, text: string): ImpairedPlace | null {
  const colon = text.indexOf(":");
  const name = text.slice(colon + 1);
  if (links.get(name) === undefined && machines.get(name.replace(/\..*$/, "")) !== undefined)
    return judge.error(
      path,
      `${quoted(name)} is a host's, and only links between switches can be impaired yet`,
      links.names.length > 0 ? `links: ${links.names.join(", ")}` : "the file declares none",
    );
  const link = links.find(judge, path, name);
  if (link === null || subnets.values.length < subnets.names.length) return null;
  const { between } = link;
  const ends = [...new Set(between)].map((end) => `${end}:${name}`);
  const end = colon < 0 ? null : text.slice(0, colon);
  if (end === null || between.includes(end)) return { link: name, end, ends, between };
  return judge.error(path, `link ${quoted(name)} does not end at ${quoted(end)}`, `its ends: ${ends.join(", ")}`);
}
