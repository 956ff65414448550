import { expect, it } from "vitest";
import { strip6Draft } from "./fixtures";
import { NO_LIMITS, refusalOf } from "./rules";

it("lets a unit move inside its community", () => {
  expect(refusalOf(strip6Draft(), NO_LIMITS, 2, 0)).toBeNull();
});

it("refuses a grid of another community, and names both", () => {
  expect(refusalOf(strip6Draft(), NO_LIMITS, 3, 2)).toEqual({ reason: "other-community", unit: 3, grid: 2 });
});

it("refuses a locked unit", () => {
  const limits = { ...NO_LIMITS, lockedUnits: new Set([2]) };
  expect(refusalOf(strip6Draft(), limits, 2, 0)).toEqual({ reason: "unit-locked", unit: 2 });
});

it("refuses to take from and to give to a locked grid", () => {
  const draft = strip6Draft();
  draft.describe(1, { locked: true, name: "" });
  expect(refusalOf(draft, NO_LIMITS, 2, 0)).toEqual({ reason: "grid-locked", grid: 1 });
  expect(refusalOf(draft, NO_LIMITS, 1, 1)).toEqual({ reason: "grid-locked", grid: 1 });
});

it("refuses what lies outside the limited area", () => {
  const limits = { ...NO_LIMITS, onlyUnits: new Set([0, 1]) };
  expect(refusalOf(strip6Draft(), limits, 2, 0)).toEqual({ reason: "outside-limit", unit: 2 });
});
it("refuses every change of a plan that is no draft", () => {
  expect(refusalOf(strip6Draft(), { ...NO_LIMITS, editable: false }, 2, 0)).toEqual({ reason: "not-draft" });
});
