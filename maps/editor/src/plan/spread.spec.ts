import { expect, it } from "vitest";
import { neighbourRows } from "./area";
import { strip6Draft } from "./fixtures";
import { spreadFrom } from "./spread";

it("fills the grid of the unit and no other", () => {
  expect(spreadFrom(strip6Draft(), 2)).toEqual([2, 3]);
});

it("fills only the piece it starts in", () => {
  const draft = strip6Draft();
  draft.move(1, 1);
  draft.move(2, 0);
  expect(spreadFrom(draft, 0)).toEqual([0]);
});

it("stops at neighbours that only a crossing or a link joins", () => {
  const draft = strip6Draft();
  for (const unit of [2, 3]) draft.move(unit, 0);
  draft.relink(neighbourRows(6, [[0, 1], [1, 2], [2, 3], [0, 3]], [[1, 2], [0, 3]]));
  expect([spreadFrom(draft, 0), spreadFrom(draft, 3)]).toEqual([[0, 1], [2, 3]]);
});
