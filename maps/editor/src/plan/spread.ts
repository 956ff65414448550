/** Flood fill: from a unit over open borders to neighbours that stand in its grid, up to barriers and other grids. */

import { pairKey } from "./area";
import type { Draft } from "./draft";

export function spreadFrom(draft: Draft, start: number): number[] {
  const grid = draft.gridOf[start]!;
  const { across, firstNeighbour, neighbours, unitIds } = draft.area;
  const seen = new Set([start]);
  const units = [start];
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at]!;
    for (let i = firstNeighbour[unit]!; i < firstNeighbour[unit + 1]!; i += 1) {
      const neighbour = neighbours[i]!;
      if (draft.gridOf[neighbour] !== grid || seen.has(neighbour)) continue;
      if (across.has(pairKey(unitIds.length, unit, neighbour))) continue;
      seen.add(neighbour);
      units.push(neighbour);
    }
  }
  return units.sort((a, b) => a - b);
}
