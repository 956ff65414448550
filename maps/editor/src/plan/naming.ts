/** What a grid is called on the map, and where its name stands. */

import type { Draft } from "./draft";

/** The fullest wording first: the name, or the code; then the tail of the code that parts it from its community's others. */
export function textsOf(draft: Draft, grid: number): string[] {
  const { id, name, community } = draft.grids[grid]!;
  const head = draft.area.communities[community]!.id;
  const tail = id.startsWith(head) && id.length > head.length ? [id.slice(head.length)] : [];
  return name === "" ? [id, ...tail] : [name, ...tail];
}

/** The unit of a grid that lies nearest to the middle of its units, so that the name never stands outside. */
export function middleOf(draft: Draft, grid: number): number | null {
  const { placesM } = draft.area;
  const units = [...draft.unitsOf(grid)];
  let [x, y] = [0, 0];
  for (const unit of units) [x, y] = [x + placesM[2 * unit]! / units.length, y + placesM[2 * unit + 1]! / units.length];
  let best: number | null = null;
  let bestM = Infinity;
  for (const unit of units) {
    const metres = Math.hypot(placesM[2 * unit]! - x, placesM[2 * unit + 1]! - y);
    if (metres < bestM || (metres === bestM && unit < best!)) [best, bestM] = [unit, metres];
  }
  return best;
}
