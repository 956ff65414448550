/**
 * Units as triangles, ready for the graphics card: near units lie together in chunks, so that only what the screen
 * shows is drawn. Corners are counted from an origin in the middle, where 32 bits are enough for millimetres.
 */

import earcut from "earcut";
import type { Shapes, WorldPoint } from "./shapes";

const UNITS_PER_CHUNK = 128;

/** A run of units that lie together, and what of the mesh is theirs. */
export interface Chunk {
  /** west, north, east, south in world coordinates. */
  readonly box: readonly [number, number, number, number];
  readonly units: readonly number[];
  readonly firstIndex: number;
  readonly endIndex: number;
}

export interface Mesh {
  readonly origin: WorldPoint;
  /** x and y from the origin, and the number of the unit, for each corner. */
  readonly corners: Float32Array;
  readonly triangles: Uint32Array;
  readonly chunks: readonly Chunk[];
}

export function meshOf(shapes: Shapes): Mesh {
  const origin = middleOf(shapes);
  const corners = new Float32Array((shapes.corners.length / 2) * 3);
  const triangles: number[] = [];
  const chunks = chunksOf(shapes).map((units) => {
    const firstIndex = triangles.length;
    for (const unit of units) addUnit(shapes, unit, origin, corners, triangles);
    return { box: boxOf(shapes, units), units, firstIndex, endIndex: triangles.length };
  });
  return { origin, corners, triangles: Uint32Array.from(triangles), chunks };
}

function middleOf({ boxes }: Shapes): WorldPoint {
  return boxes.length === 0 ? [0.5, 0.5] : [(boxes[0]! + boxes[2]!) / 2, (boxes[1]! + boxes[3]!) / 2];
}

function addUnit(shapes: Shapes, unit: number, origin: WorldPoint, corners: Float32Array, triangles: number[]): void {
  const { ringStart, firstRing, outer } = shapes;
  const last = firstRing[unit + 1]!;
  for (let ring = firstRing[unit]!; ring < last; ) {
    let end = ring + 1;
    while (end < last && outer[end] === 0) end += 1;
    const start = ringStart[ring]!;
    const flat: number[] = [];
    for (let i = start; i < ringStart[end]!; i += 1) {
      const [x, y] = [shapes.corners[2 * i]! - origin[0], shapes.corners[2 * i + 1]! - origin[1]];
      corners.set([x, y, unit], 3 * i);
      flat.push(x, y);
    }
    const holes: number[] = [];
    for (let hole = ring + 1; hole < end; hole += 1) holes.push(ringStart[hole]! - start);
    for (const corner of earcut(flat, holes)) triangles.push(start + corner);
    ring = end;
  }
}

/** Units in squares of a checkerboard, row by row. */
function chunksOf(shapes: Shapes): number[][] {
  const count = shapes.boxes.length / 4;
  const [west, north, east, south] = boxOf(shapes, Array.from({ length: count }, (_, unit) => unit));
  const side = Math.max(1, Math.ceil(Math.sqrt(count / UNITS_PER_CHUNK)));
  const cells: number[][] = Array.from({ length: side * side }, () => []);
  const cell = (value: number, low: number, high: number): number => Math.min(side - 1, Math.floor((side * (value - low)) / Math.max(high - low, 1e-12)));
  for (let unit = 0; unit < count; unit += 1) {
    const box = shapes.boxes.subarray(4 * unit, 4 * unit + 4);
    cells[cell((box[1]! + box[3]!) / 2, north, south) * side + cell((box[0]! + box[2]!) / 2, west, east)]!.push(unit);
  }
  return cells.filter((units) => units.length > 0);
}

function boxOf({ boxes }: Shapes, units: readonly number[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const unit of units) {
    box[0] = Math.min(box[0], boxes[4 * unit]!);
    box[1] = Math.min(box[1], boxes[4 * unit + 1]!);
    box[2] = Math.max(box[2], boxes[4 * unit + 2]!);
    box[3] = Math.max(box[3], boxes[4 * unit + 3]!);
  }
  return box;
}
