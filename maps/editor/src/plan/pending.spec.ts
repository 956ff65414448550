import { expect, it } from "vitest";
import { strip6Draft } from "./fixtures";
import { Pending } from "./pending";

it("holds what differs from the service, and no more", () => {
  const draft = strip6Draft();
  const pending = new Pending(draft.gridOf);
  draft.move(2, 0);
  pending.note(draft, [2]);
  expect(pending.lines(draft)).toEqual([{ unit_id: "u2", grid_id: "west001" }]);
  draft.move(2, 1);
  pending.note(draft, [2]);
  expect(pending.size).toBe(0);
});

it("names the grids that it would break", () => {
  const draft = strip6Draft();
  const pending = new Pending(draft.gridOf);
  draft.move(0, 1);
  pending.note(draft, [0]);
  expect(pending.broken(draft)).toEqual([1]);
});

it("takes what others did elsewhere and keeps what is ours", () => {
  const draft = strip6Draft();
  const pending = new Pending(draft.gridOf);
  draft.move(2, 0);
  pending.note(draft, [2]);
  expect(pending.others(draft, [{ unit: 3, grid: 0 }])).toEqual([]);
  expect([...draft.gridOf]).toEqual([0, 0, 0, 0, 2, 2]);
  expect(pending.size).toBe(1);
});

it("says where others overruled what is ours", () => {
  const draft = strip6Draft();
  const extra = draft.addGrid({ id: "west003", community: 0, locked: false, name: "" });
  const pending = new Pending(draft.gridOf);
  draft.move(2, 0);
  pending.note(draft, [2]);
  expect(pending.others(draft, [{ unit: 2, grid: extra }])).toEqual([2]);
  expect(draft.gridOf[2]).toBe(0);
  expect([pending.contested, pending.seenCodes(draft)]).toEqual([[2], ["west002"]]);
  pending.agree([2]);
  expect([pending.contested, pending.seenCodes(draft), pending.size]).toEqual([[], ["west003"], 1]);
});

it("has nothing to choose once others put a unit back, or where both want the same", () => {
  const draft = strip6Draft();
  const extra = draft.addGrid({ id: "west003", community: 0, locked: false, name: "" });
  const pending = new Pending(draft.gridOf);
  draft.move(2, 0);
  pending.note(draft, [2]);
  pending.others(draft, [{ unit: 2, grid: extra }]);
  pending.others(draft, [{ unit: 2, grid: 1 }]);
  expect([pending.contested, pending.size]).toEqual([[], 1]);
  pending.others(draft, [{ unit: 2, grid: 0 }]);
  expect([pending.contested, pending.size]).toEqual([[], 0]);
});

it("is empty when the service took it", () => {
  const draft = strip6Draft();
  const pending = new Pending(draft.gridOf);
  draft.move(2, 0);
  pending.note(draft, [2]);
  pending.accepted(draft, [{ unit: 2, grid: 0 }]);
  expect(pending.size).toBe(0);
});
