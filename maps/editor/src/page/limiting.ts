/** Keep painting to a part of the map, and darken the rest. */

import { communityLimit, type LimitedArea, viewLimit } from "../plan/limit";
import { allUnits } from "./ground";
import { filled } from "./words";
import type { Workplace } from "./workplace";

/** Limit to a community by its number, to the view, or to nothing; return whether it is so: where no units are, nothing is limited. */
export function limitTo(work: Workplace, to: string): boolean {
  const { session, words, ground, map, messages } = work;
  const limit = limitOf(work, to);
  const empty = limit !== null && limit.units.size === 0;
  if (empty) messages.toast(filled(words.limitEmpty, { area: limit.name }));
  session.limit = empty ? null : limit;
  for (const unit of allUnits(ground)) map.dim(unit, session.limit !== null && !session.limit.units.has(unit));
  if (session.limit !== null) messages.toast(filled(words.limitedTo, { area: session.limit.name }));
  return !empty;
}

function limitOf({ session, words, ground, map }: Workplace, to: string): LimitedArea | null {
  if (to === "") return null;
  if (to !== "view") return communityLimit(session.draft.area, Number(to));
  const [[west, north], [east, south]] = map.view();
  return viewLimit(words.limitView, ground.places, { west, north, east, south });
}
