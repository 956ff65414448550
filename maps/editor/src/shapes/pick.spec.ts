import type { Polygon } from "geojson";
import { describe, expect, it } from "vitest";
import { Buckets } from "./buckets";
import { unitAt, unitsInRing, unitsUnderBrush } from "./pick";
import { shapesOf, type WorldPoint, worldPoint } from "./shapes";

const SIDE = 0.001;

function square(column: number, row: number): Polygon {
  const [w, s] = [column * SIDE, row * SIDE];
  return {
    type: "Polygon",
    coordinates: [[[w, s], [w + SIDE, s], [w + SIDE, s + SIDE], [w, s + SIDE], [w, s]]],
  };
}

/** A lattice of 20 x 20 squares; unit = 20 * row + column. */
const shapes = shapesOf(Array.from({ length: 400 }, (_, i) => square(i % 20, Math.floor(i / 20))));
const buckets = new Buckets(shapes);
const middle = (column: number, row: number): WorldPoint => worldPoint((column + 0.5) * SIDE, (row + 0.5) * SIDE);
const SIDE_WORLD = SIDE / 360;

describe("picking", () => {
  it("finds the unit under a click and none outside", () => {
    expect(unitAt(shapes, buckets, middle(3, 2))).toBe(43);
    expect(unitAt(shapes, buckets, middle(-2, 2))).toBeNull();
  });

  it("finds what a small brush touches", () => {
    expect(unitsUnderBrush(shapes, buckets, middle(3, 2), middle(3, 2), 0.1 * SIDE_WORLD)).toEqual([43]);
    expect(unitsUnderBrush(shapes, buckets, middle(3, 2), middle(3, 2), 0.6 * SIDE_WORLD)).toEqual([23, 42, 43, 44, 63]);
  });

  it("leaves no hole when the pointer jumps", () => {
    const row = unitsUnderBrush(shapes, buckets, middle(0, 5), middle(19, 5), 0.1 * SIDE_WORLD);
    expect(row).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i));
  });

  it("agrees with looking at every unit", () => {
    const at = middle(7, 11);
    const radius = 2.2 * SIDE_WORLD;
    const near = unitsUnderBrush(shapes, buckets, at, at, radius);
    const boxes = Array.from({ length: 400 }, (_, u) => u).filter((u) => {
      const [w, n, e, s] = shapes.boxes.slice(4 * u, 4 * u + 4) as unknown as [number, number, number, number];
      const dx = Math.max(w - at[0], 0, at[0] - e);
      const dy = Math.max(n - at[1], 0, at[1] - s);
      return dx * dx + dy * dy <= radius * radius;
    });
    expect(near).toEqual(boxes);
  });

  it("takes units whose place lies in the lasso", () => {
    const places = Array.from({ length: 400 }, (_, i) => middle(i % 20, Math.floor(i / 20)));
    const ring = [middle(-1, -1), middle(1.4, -1), middle(1.4, 1.4), middle(-1, 1.4)];
    expect(unitsInRing(ring, buckets, places)).toEqual([0, 1, 20, 21]);
  });

  it("sees the hole in a unit", () => {
    const holed: Polygon = { type: "Polygon", coordinates: [...square(0, 0).coordinates, [[0.0004, 0.0004], [0.0006, 0.0004], [0.0006, 0.0006], [0.0004, 0.0006], [0.0004, 0.0004]]] };
    const one = shapesOf([holed]);
    expect(unitAt(one, new Buckets(one), middle(0, 0))).toBeNull();
    expect(unitAt(one, new Buckets(one), worldPoint(0.0001, 0.0001))).toBe(0);
  });
});
