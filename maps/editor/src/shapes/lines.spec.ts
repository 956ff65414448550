import type { Polygon } from "geojson";
import { expect, it } from "vitest";
import { bordersOf } from "./borders";
import { END_NUMBERS, Lines, STRONG, WEAK } from "./lines";
import { meshOf } from "./mesh";
import { shapesOf } from "./shapes";

const row = Array.from({ length: 600 }, (_, i): Polygon => ({ type: "Polygon", coordinates: [[[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]].map(([x, y]) => [x! / 1000, y! / 1000])] }));
const shapes = shapesOf(row);
const borders = bordersOf(shapes);

function linesOf(): Lines {
  return new Lines(borders, meshOf(shapes));
}

it("makes only the chunk of a border anew, with the strong lines first", () => {
  const lines = linesOf();
  expect(lines.refresh()).toHaveLength(lines.chunks.length);
  expect(lines.set(0, STRONG)).toBe(true);
  expect(lines.set(0, STRONG)).toBe(false);
  const fresh = lines.refresh();
  expect(fresh).toHaveLength(1);
  const [{ first, firstWeak }] = fresh as [(typeof fresh)[number]];
  expect(firstWeak - first).toBe(borders.all[0]!.end - borders.all[0]!.first);
  expect(lines.strengths[first]).toBe(STRONG);
  expect(lines.strengths[firstWeak]).toBe(WEAK);
});

it("draws each side once", () => {
  const lines = linesOf();
  lines.refresh();
  const drawn = new Set<string>();
  for (let i = 0; i < lines.ends.length; i += END_NUMBERS) drawn.add(lines.ends.slice(i, i + END_NUMBERS).join());
  expect(drawn.size).toBe(borders.sides.length / 4);
  expect(lines.chunks.at(-1)!.end).toBe(drawn.size);
});
