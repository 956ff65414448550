/** Whether two grids are neighbours: a unit of one beside a unit of the other. */

import type { Draft } from "./draft";

export function touching(draft: Draft, grid: number, other: number): boolean {
  const { firstNeighbour, neighbours } = draft.area;
  for (const unit of draft.unitsOf(grid)) {
    for (let i = firstNeighbour[unit]!; i < firstNeighbour[unit + 1]!; i += 1) if (draft.gridOf[neighbours[i]!] === other) return true;
  }
  return false;
}
