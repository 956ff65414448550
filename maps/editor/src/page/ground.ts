/** The outlines of units where pointers look for them. */

import type { Box } from "../map/adapter";
import type { EditorDocument } from "../service/document";
import { Buckets } from "../shapes/buckets";
import { type Shapes, shapesOf, type WorldPoint } from "../shapes/shapes";

const EARTH_DEGREES = 360;

export interface Ground {
  readonly shapes: Shapes;
  readonly buckets: Buckets;
  /** A place of every unit, in the middle of its box. */
  readonly places: readonly WorldPoint[];
}

export function groundOf(document: EditorDocument): Ground {
  const shapes = shapesOf(document.polygons);
  const places = document.polygons.map((_, unit) => {
    const [west, north, east, south] = shapes.boxes.slice(4 * unit, 4 * unit + 4);
    return [(west! + east!) / 2, (north! + south!) / 2] as const;
  });
  return { shapes, buckets: new Buckets(shapes), places };
}

export function allUnits(ground: Ground): Iterable<number> {
  return ground.places.keys();
}

/** The box round units, in degrees. */
export function boxOf(ground: Ground, units: Iterable<number>): Box {
  const edge = { west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
  for (const unit of units) {
    const at = 4 * unit;
    edge.west = Math.min(edge.west, ground.shapes.boxes[at]!);
    edge.north = Math.min(edge.north, ground.shapes.boxes[at + 1]!);
    edge.east = Math.max(edge.east, ground.shapes.boxes[at + 2]!);
    edge.south = Math.max(edge.south, ground.shapes.boxes[at + 3]!);
  }
  const lon = (x: number): number => (x - 0.5) * EARTH_DEGREES;
  const lat = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return [lon(edge.west), lat(edge.south), lon(edge.east), lat(edge.north)];
}
