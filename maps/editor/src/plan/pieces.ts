/** The connected pieces of a set of units, the largest first; equal ones by their smallest unit. */

import type { Area } from "./area";

export function piecesOf(area: Area, units: ReadonlySet<number>): number[][] {
  const unseen = new Set(units);
  const pieces: number[][] = [];
  for (const start of units) {
    if (!unseen.delete(start)) continue;
    const piece = [start];
    for (let at = 0; at < piece.length; at += 1) {
      const unit = piece[at]!;
      for (let i = area.firstNeighbour[unit]!; i < area.firstNeighbour[unit + 1]!; i += 1) {
        const neighbour = area.neighbours[i]!;
        if (unseen.delete(neighbour)) piece.push(neighbour);
      }
    }
    pieces.push(piece.sort((a, b) => a - b));
  }
  return pieces.sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}
