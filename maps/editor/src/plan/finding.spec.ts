import { expect, it } from "vitest";
import { nextOf, troubled, troubleOf, unassigned } from "./finding";
import { strip6Draft } from "./fixtures";
import { Torn } from "./torn";

function known(draft = strip6Draft(), banded = true) {
  const torn = new Torn(draft);
  return { inPieces: (grid: number) => torn.has(grid), banded: () => banded };
}

it("tells broken before out of band", () => {
  const draft = strip6Draft();
  draft.move(0, 1);
  expect(troubleOf(draft, 1, known(draft))).toBe("broken");
});

it("tells which end of the band is missed", () => {
  const draft = strip6Draft();
  for (const unit of [0, 1]) draft.move(unit, 1);
  expect(troubleOf(draft, 1, known(draft))).toBe("above");
  expect(troubleOf(draft, 1, known(draft, false))).toBeNull();
  expect(troubleOf(draft, 0, known(draft))).toBeNull();
});

it("looks for one kind of trouble, or for all", () => {
  const draft = strip6Draft();
  for (const unit of [0, 1]) draft.move(unit, 1); // nothing | 400 | 200
  const found = (sought: Parameters<typeof troubled>[1]) => troubled(draft, sought, known(draft));
  expect([found("any"), found("above"), found("outOfBand"), found("below"), found("broken")]).toEqual([[1], [1], [1], [], []]);
  expect(unassigned(draft)).toEqual([]);
});

it("steps on and back, and wraps", () => {
  expect(nextOf([2, 5, 9], 2)).toEqual({ item: 5, place: 2 });
  expect(nextOf([2, 5, 9], 9)).toEqual({ item: 2, place: 1 });
  expect(nextOf([2, 5, 9], null)).toEqual({ item: 2, place: 1 });
  expect(nextOf([2, 5, 9], 2, -1)).toEqual({ item: 9, place: 3 });
  expect(nextOf([2, 5, 9], 9, -1)).toEqual({ item: 5, place: 2 });
  expect(nextOf([], 1)).toBeNull();
});
