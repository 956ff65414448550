/** Flood fill: from a unit over neighbours that still stand in its grid, up to barriers and other grids. */

import type { Draft } from "./draft";

export function spreadFrom(draft: Draft, start: number): number[] {
  const grid = draft.gridOf[start]!;
  const seen = new Set([start]);
  const units = [start];
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at]!;
    for (let i = draft.area.firstNeighbour[unit]!; i < draft.area.firstNeighbour[unit + 1]!; i += 1) {
      const neighbour = draft.area.neighbours[i]!;
      if (draft.gridOf[neighbour] !== grid || seen.has(neighbour)) continue;
      seen.add(neighbour);
      units.push(neighbour);
    }
  }
  return units.sort((a, b) => a - b);
}
