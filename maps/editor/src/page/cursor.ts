/** The keyboard's cursor on the map: a unit that arrows move, told to those who listen. */

import type { Area } from "../plan/area";
import type { Session } from "../session/session";
import { boxOf } from "./ground";
import { filled } from "./words";
import { gridName, unitName, type Workplace } from "./workplace";

const SHADE = 0.45;
const LEAST_COSINE = 0.3; // a neighbour lies in a direction within about 70 degrees of it
const FAR_COSINE = 0.7; // and what is no neighbour within 45

export class Cursor {
  private at: number | null = null;
  private readonly work: Workplace;

  constructor(work: Workplace) {
    this.work = work;
  }

  get unit(): number | null {
    return this.at;
  }

  /** Go to the neighbour that lies that way; the first time, to the unit in the middle of the screen or the first one. */
  towards(east: number, north: number, start: () => number | null): void {
    const next = this.at === null ? (start() ?? 0) : neighbourTowards(this.work.session, this.at, east, north);
    if (next !== null) this.put(next);
  }

  put(unit: number): void {
    const { map, words, session, messages, ground } = this.work;
    if (this.at !== null) map.shade(this.at, 0);
    this.at = unit;
    map.shade(unit, SHADE);
    if (!map.sees(ground.places[unit]!)) map.zoomTo(boxOf(ground, [unit]));
    const { area, gridOf, grids } = session.draft;
    const locked = session.lockedUnits.has(unit) || grids[gridOf[unit]!]!.locked;
    const facts = { unit: unitName(this.work, unit), grid: gridName(this.work, gridOf[unit]!), households: area.households[unit]! };
    messages.announce(filled(words.cursorAt, facts) + (locked ? ` · ${words.lockedMark}` : ""));
  }
}

/** The neighbour that lies most nearly in a direction (metres, y to the north), or else the nearest unit that way, over water and rails. */
export function neighbourTowards(session: Pick<Session, "draft">, unit: number, east: number, north: number): number | null {
  const { area } = session.draft;
  let best: number | null = null;
  let bestCosine = LEAST_COSINE;
  for (let i = area.firstNeighbour[unit]!; i < area.firstNeighbour[unit + 1]!; i += 1) {
    const other = area.neighbours[i]!;
    const { cosine } = bearing(area, unit, other, east, north);
    if (cosine > bestCosine) [best, bestCosine] = [other, cosine];
  }
  return best ?? nearestTowards(area, unit, east, north);
}

function nearestTowards(area: Area, unit: number, east: number, north: number): number | null {
  let best: number | null = null;
  let bestM = Infinity;
  for (let other = 0; other < area.unitIds.length; other += 1) {
    const { cosine, metres } = bearing(area, unit, other, east, north);
    if (cosine > FAR_COSINE && metres < bestM) [best, bestM] = [other, metres];
  }
  return best;
}

/** How nearly another unit lies in a direction (1: right there), and how far. */
function bearing(area: Area, unit: number, other: number, east: number, north: number): { readonly cosine: number; readonly metres: number } {
  const dx = area.placesM[2 * other]! - area.placesM[2 * unit]!;
  const dy = area.placesM[2 * other + 1]! - area.placesM[2 * unit + 1]!;
  const metres = Math.hypot(dx, dy);
  return { cosine: (dx * east + dy * north) / Math.max(metres, 1e-9), metres };
}
