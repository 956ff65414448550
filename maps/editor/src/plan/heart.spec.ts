import { expect, it } from "vitest";
import { strip6 } from "./fixtures";
import { heartOf } from "./heart";

it("puts the heart in the middle of a row", () => {
  expect(heartOf(strip6(), new Set([0, 1, 2]))).toEqual({ unit: 1, walkMeanM: 20 / 3 });
});

it("takes the lower unit where two are equally good", () => {
  expect(heartOf(strip6(), new Set([3, 2]))?.unit).toBe(2);
});

it("follows the households, not the units", () => {
  const area = strip6();
  area.households[3] = 1000;
  expect(heartOf(area, new Set([0, 1, 2, 3]))?.unit).toBe(3);
});

it("has no heart where there are no units", () => {
  expect(heartOf(strip6(), new Set())).toBeNull();
});
