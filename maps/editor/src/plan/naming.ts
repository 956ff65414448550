/** What a grid is called on the map, and where its name stands. */

import type { Draft } from "./draft";

/** The fullest wording first: the name, or the code; then the tail of the code that parts it from its community's others. */
export function textsOf(draft: Draft, grid: number): string[] {
  const { id, name, community } = draft.grids[grid]!;
  const head = draft.area.communities[community]!.id;
  const tail = id.startsWith(head) && id.length > head.length ? [id.slice(head.length)] : [];
  return name === "" ? [id, ...tail] : [name, ...tail];
}

/** Units of a grid where its name may stand, those nearest to the middle first, so that the name never stands outside. */
export function middlesOf(draft: Draft, grid: number, most: number): number[] {
  const { placesM } = draft.area;
  const units = [...draft.unitsOf(grid)];
  let [x, y] = [0, 0];
  for (const unit of units) [x, y] = [x + placesM[2 * unit]! / units.length, y + placesM[2 * unit + 1]! / units.length];
  const metres = new Map(units.map((unit) => [unit, Math.hypot(placesM[2 * unit]! - x, placesM[2 * unit + 1]! - y)]));
  return units.sort((a, b) => metres.get(a)! - metres.get(b)! || a - b).slice(0, most);
}
