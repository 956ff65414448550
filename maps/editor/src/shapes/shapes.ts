/**
 * The outlines of units in Web Mercator, flat in memory, with a bucket grid over them: what lies
 * under a brush is found in time that does not grow with the number of units.
 */

import type { MultiPolygon, Polygon } from "geojson";

/** Half the width of the Web Mercator square is 1: coordinates lie in 0..1 as in tiles. */
export type WorldPoint = readonly [x: number, y: number];

export interface Shapes {
  /** Corners of all rings, x and y in turn. */
  readonly corners: Float64Array;
  /** First corner of each ring, and one past the last. */
  readonly ringStart: Int32Array;
  /** First ring of each unit, and one past the last. */
  readonly firstRing: Int32Array;
  /** 1 for a ring that begins a part, 0 for a hole in the part before. */
  readonly outer: Uint8Array;
  /** west, south, east, north of each unit, in world coordinates (y grows to the south). */
  readonly boxes: Float64Array;
}

export function worldPoint(lon: number, lat: number): WorldPoint {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

export function shapesOf(polygons: ReadonlyArray<Polygon | MultiPolygon>): Shapes {
  const corners: number[] = [];
  const ringStart: number[] = [0];
  const firstRing: number[] = [0];
  const outer: number[] = [];
  const boxes = new Float64Array(4 * polygons.length);
  polygons.forEach((polygon, unit) => {
    const parts = polygon.type === "Polygon" ? [polygon.coordinates] : polygon.coordinates;
    const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const part of parts) outer.push(...part.map((_, i) => (i === 0 ? 1 : 0)));
    for (const ring of parts.flat()) {
      for (const [lon, lat] of ring) {
        const [x, y] = worldPoint(lon!, lat!);
        corners.push(x, y);
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      ringStart.push(corners.length / 2);
    }
    firstRing.push(ringStart.length - 1);
    boxes.set(box, 4 * unit);
  });
  return {
    corners: Float64Array.from(corners),
    ringStart: Int32Array.from(ringStart),
    firstRing: Int32Array.from(firstRing),
    outer: Uint8Array.from(outer),
    boxes,
  };
}

/** Whether the unit holds the point, by the even-odd rule over all its rings. */
export function holdsPoint(shapes: Shapes, unit: number, [px, py]: WorldPoint): boolean {
  let inside = false;
  forEachSide(shapes, unit, (ax, ay, bx, by) => {
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** Whether a disc touches the unit: its middle lies inside, or a side comes within the radius. */
export function touchesDisc(shapes: Shapes, unit: number, middle: WorldPoint, radius: number): boolean {
  if (holdsPoint(shapes, unit, middle)) return true;
  let near = false;
  forEachSide(shapes, unit, (ax, ay, bx, by) => {
    near ||= squaredDistance(middle, ax, ay, bx, by) <= radius * radius;
  });
  return near;
}

function forEachSide(shapes: Shapes, unit: number, see: (ax: number, ay: number, bx: number, by: number) => void): void {
  const { corners, ringStart, firstRing } = shapes;
  for (let ring = firstRing[unit]!; ring < firstRing[unit + 1]!; ring += 1) {
    for (let i = ringStart[ring]!; i < ringStart[ring + 1]! - 1; i += 1) {
      see(corners[2 * i]!, corners[2 * i + 1]!, corners[2 * i + 2]!, corners[2 * i + 3]!);
    }
  }
}

function squaredDistance([px, py]: WorldPoint, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length2));
  return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
}
