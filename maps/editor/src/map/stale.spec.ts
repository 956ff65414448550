import { expect, it } from "vitest";
import { Stale } from "./stale";

it("keeps places far apart in boxes of their own, and joins what meets", () => {
  const stale = new Stale();
  stale.add([0, 0, 1, 1]);
  stale.add([8, 8, 9, 9]);
  stale.add([1, 0, 2, 1]);
  expect(stale.boxes).toEqual([[0, 0, 2, 1], [8, 8, 9, 9]]);
  stale.clear();
  expect(stale.boxes).toEqual([]);
});

it("keeps a few boxes, however many places change", () => {
  const stale = new Stale();
  for (let i = 0; i < 20; i += 1) stale.add([2 * i, 0, 2 * i + 1, 1]);
  expect(stale.boxes.length).toBeLessThan(8);
  expect(stale.boxes[0]).toEqual(expect.arrayContaining([0, 0, 1]));
  expect(Math.max(...stale.boxes.map((box) => box[2]))).toBe(39);
});
