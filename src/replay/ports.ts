/**
 * Which interfaces of a capture are ports with one host behind. Where several MACs come in lie other switches, or a trunk: no host. What comes in
 * there has mostly come in elsewhere before, and is a copy; who has no port of his own behind it is told by MAC.
 *
 * A capture that does not say whether frames came in or left shows every frame at every port of a bridge. There a MAC lives where its
 * frames are seen first: a bridge passes them on microseconds later.
 */
import { homeOf, type Source, type Survey } from "./survey.ts";

/** Indexes of the interfaces that are a host's port. */
export function portsOf(survey: Survey): Set<number> {
  const indexes = new Set<number>();
  const entering = new Map<number, number>();
  const living = new Map<number, number>();
  for (const source of survey.sources.values()) {
    const home = homeOf(source);
    for (const index of source.firsts.keys())
      if (survey.hasDirections || index === home || source.isVirtual) indexes.add(index);
    if (source.isVirtual) continue;
    for (const index of source.interfaces) entering.set(index, (entering.get(index) ?? 0) + 1);
    living.set(home, (living.get(home) ?? 0) + 1);
  }
  const senders = survey.hasDirections ? entering : living;
  return new Set([...indexes].filter((index) => (senders.get(index) ?? 0) <= 1));
}

/** MACs that live at an interface. A virtual router's MAC may live at several: wherever one of its routers is. */
export function livingAt(sources: readonly Source[], index: number): Source[] {
  return sources.filter((source) => (source.isVirtual ? source.firsts.has(index) : homeOf(source) === index));
}
