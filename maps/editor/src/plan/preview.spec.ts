import { expect, it } from "vitest";
import { strip6Draft } from "./fixtures";
import { Pending } from "./pending";
import { Preview } from "./preview";
import { NO_LIMITS } from "./rules";

it("moves only what comes into the ring or leaves it, and has nothing pending", () => {
  const draft = strip6Draft();
  const pending = new Pending(draft.gridOf);
  const preview = new Preview(draft, pending);
  expect(preview.show(NO_LIMITS, new Set([2]), 0).moved).toEqual([2]);
  expect(preview.show(NO_LIMITS, new Set([2, 3, 4]), 0)).toEqual({ moved: [3], grids: new Set([1, 0]) }); // 4 lies in another community
  expect(preview.show(NO_LIMITS, new Set([3, 4]), 0).moved).toEqual([2]);
  expect([[...draft.gridOf], pending.size, [...preview.touched].sort()]).toEqual([[0, 0, 1, 0, 2, 2], 0, [0, 1]]);
  preview.end();
  expect([[...draft.gridOf], pending.size, preview.on]).toEqual([[0, 0, 1, 1, 2, 2], 0, false]);
});

it("leaves what others moved where they put it, and what was saved meanwhile where it was saved", () => {
  const draft = strip6Draft();
  const pending = new Pending(draft.gridOf);
  const preview = new Preview(draft, pending);
  draft.move(1, 1);
  pending.note(draft, [1]);
  preview.show(NO_LIMITS, new Set([1, 2, 3]), 0);
  pending.others(draft, [{ unit: 2, grid: 2 }]);
  pending.accepted(draft, [{ unit: 1, grid: 1 }]);
  preview.end();
  expect([[...draft.gridOf], pending.size]).toEqual([[0, 1, 2, 1, 2, 2], 0]);
});

it("keeps away from what may not move", () => {
  const draft = strip6Draft();
  const preview = new Preview(draft, new Pending(draft.gridOf));
  expect(preview.show({ ...NO_LIMITS, lockedUnits: new Set([2]) }, new Set([2, 3]), 0).moved).toEqual([3]);
});
