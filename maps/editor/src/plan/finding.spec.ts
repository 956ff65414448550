import { expect, it } from "vitest";
import { nextOf, troubleOf } from "./finding";
import { strip6Draft } from "./fixtures";

it("tells broken before out of band", () => {
  const draft = strip6Draft();
  draft.move(0, 1);
  expect(troubleOf(draft, 1, true)).toBe("broken");
});

it("tells which end of the band is missed", () => {
  const draft = strip6Draft();
  for (const unit of [0, 1]) draft.move(unit, 1);
  expect(troubleOf(draft, 1, true)).toBe("above");
  expect(troubleOf(draft, 1, false)).toBeNull();
  expect(troubleOf(draft, 0, true)).toBeNull();
});

it("steps on and wraps", () => {
  expect(nextOf([2, 5, 9], 2)).toEqual({ grid: 5, place: 2 });
  expect(nextOf([2, 5, 9], 9)).toEqual({ grid: 2, place: 1 });
  expect(nextOf([2, 5, 9], null)).toEqual({ grid: 2, place: 1 });
  expect(nextOf([], 1)).toBeNull();
});
