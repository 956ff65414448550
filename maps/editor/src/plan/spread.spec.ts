import { expect, it } from "vitest";
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
