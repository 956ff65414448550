/** What lies under a click, a brush, a box or a lasso. */

import type { Buckets } from "./buckets";
import { holdsPoint, type Shapes, touchesDisc, type WorldPoint } from "./shapes";

export function unitAt(shapes: Shapes, buckets: Buckets, at: WorldPoint): number | null {
  return buckets.within(at[0], at[1], at[0], at[1]).find((unit) => holdsPoint(shapes, unit, at)) ?? null;
}

/** Units touched by a disc that is pulled from one point to another. */
export function unitsUnderBrush(
  shapes: Shapes,
  buckets: Buckets,
  from: WorldPoint,
  to: WorldPoint,
  radius: number,
): number[] {
  const found = new Set<number>();
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const steps = Math.max(1, Math.ceil(length / Math.max(radius, 1e-9)));
  for (let step = 0; step <= steps; step += 1) {
    const x = from[0] + ((to[0] - from[0]) * step) / steps;
    const y = from[1] + ((to[1] - from[1]) * step) / steps;
    for (const unit of buckets.within(x - radius, y - radius, x + radius, y + radius)) {
      if (!found.has(unit) && touchesDisc(shapes, unit, [x, y], radius)) found.add(unit);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** Units whose place lies in a closed ring of points (a lasso, or a box given by its corners); only those near it are looked at. */
export function unitsInRing(ring: readonly WorldPoint[], buckets: Buckets, places: readonly WorldPoint[]): number[] {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) [west, north, east, south] = [Math.min(west, x), Math.min(north, y), Math.max(east, x), Math.max(south, y)];
  return buckets.within(west, north, east, south).filter((unit) => ringHolds(ring, places[unit]!));
}

function ringHolds(ring: readonly WorldPoint[], [px, py]: WorldPoint): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [ring[i]!, ring[j]!];
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
