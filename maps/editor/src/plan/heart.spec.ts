import { expect, it } from "vitest";
import { strip6 } from "./fixtures";
import { heartOf } from "./heart";
import { triangleOf, Walks } from "./walks";

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

/** Walks of a strip whose second unit stands behind a wall: 90 m from each other one; decimetres as the service packs them. */
const WALLED = { bits: 16, base64: "hAPIAIQDLAGEA2QA" };

it("follows the ways where the study measures them, and straight lines between communities", () => {
  const plain = strip6();
  const area = { ...plain, walks: new Walks(plain.communityOf, [WALLED, { bits: 32, base64: "cBEBAA==" }].map(triangleOf)) };
  expect(heartOf(plain, new Set([0, 1, 2]))).toEqual({ unit: 1, walkMeanM: 20 / 3 });
  expect(heartOf(area, new Set([0, 1, 2]))).toEqual({ unit: 0, walkMeanM: 110 / 3 });
  expect(heartOf(area, new Set([4, 5]))).toEqual({ unit: 4, walkMeanM: 7000 / 2 });
  expect(heartOf(area, new Set([2, 3, 4]))).toEqual({ unit: 3, walkMeanM: 20 / 3 });
});

it("has no heart where there are no units", () => {
  expect(heartOf(strip6(), new Set())).toBeNull();
});
