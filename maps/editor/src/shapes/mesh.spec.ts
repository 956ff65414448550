import type { MultiPolygon, Polygon } from "geojson";
import { expect, it } from "vitest";
import { meshOf } from "./mesh";
import { shapesOf } from "./shapes";

const ring = (west: number, south: number, side: number): number[][] => [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]];
const RING: Polygon = { type: "Polygon", coordinates: [ring(0, 0, 0.004), ring(0.001, 0.001, 0.002)] };
const TWO: MultiPolygon = { type: "MultiPolygon", coordinates: [[ring(0.01, 0, 0.001)], [ring(0.02, 0, 0.002)]] };

/** Twice the area of a unit's triangles, in degrees near the equator. */
function areaOf(polygons: ReadonlyArray<Polygon | MultiPolygon>, unit: number): number {
  const { corners, triangles } = meshOf(shapesOf(polygons));
  let sum = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => corners.subarray(3 * triangles[i + k]!, 3 * triangles[i + k]! + 3)) as [Float32Array, Float32Array, Float32Array];
    if (a[2] === unit) sum += Math.abs((b[0]! - a[0]!) * (c[1]! - a[1]!) - (c[0]! - a[0]!) * (b[1]! - a[1]!)) / 2;
  }
  return sum * 360 * 360;
}

it("leaves holes open and fills every part", () => {
  expect(areaOf([RING, TWO], 0)).toBeCloseTo(0.004 ** 2 - 0.002 ** 2, 9);
  expect(areaOf([RING, TWO], 1)).toBeCloseTo(0.001 ** 2 + 0.002 ** 2, 9);
});

it("puts every unit into one chunk, whose box holds it", () => {
  const many = Array.from({ length: 1000 }, (_, i): Polygon => ({ type: "Polygon", coordinates: [ring((i % 40) / 100, Math.floor(i / 40) / 100, 0.01)] }));
  const { chunks, triangles } = meshOf(shapesOf(many));
  expect(chunks.flatMap(({ units }) => units).sort((a, b) => a - b)).toEqual(many.map((_, i) => i));
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.at(-1)!.endIndex).toBe(triangles.length);
});
