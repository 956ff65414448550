import type { Polygon } from "geojson";
import { expect, it } from "vitest";
import { bordersOf, partsGrids } from "./borders";
import { shapesOf, worldPoint } from "./shapes";

/** Two squares side by side; the left one has a corner in the middle of the shared side. */
const LEFT: Polygon = { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 0.5], [1, 1], [0, 1], [0, 0]]] };
const RIGHT: Polygon = { type: "Polygon", coordinates: [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0.5], [1, 0]]] };

it("finds one border between neighbours and a rim for each", () => {
  const { all, ofUnit, sides } = bordersOf(shapesOf([LEFT, RIGHT]));
  expect(all.map(({ a, b }) => [a, b])).toEqual([[0, -1], [0, 1], [1, -1]]);
  const shared = [[1, 0], [1, 0.5], [1, 0.5], [1, 1]].flatMap(([lon, lat]) => worldPoint(lon!, lat!));
  expect([...sides.slice(4 * all[1]!.first, 4 * all[1]!.end)]).toEqual(shared);
  expect(ofUnit).toEqual([[0, 1], [1, 2]]);
});

it("is strong where it parts grids, and at the rim", () => {
  const { all } = bordersOf(shapesOf([LEFT, RIGHT]));
  expect(all.map((border) => partsGrids(border, Int32Array.of(0, 0)))).toEqual([true, false, true]);
  expect(all.map((border) => partsGrids(border, Int32Array.of(0, 1)))).toEqual([true, true, true]);
});
