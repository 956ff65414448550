import { expect, it } from "vitest";
import { strip6Draft } from "./fixtures";
import { Workers } from "./workers";

const BASE = { base_grids: ["west001", "west002", "east001"], base_of: [0, 0, 1, 1, 2, 2] };

it("counts households that come to another worker, and none where one worker has both grids", () => {
  const draft = strip6Draft();
  draft.move(2, 0);
  expect(new Workers({ ...BASE, base_leads: [0, 1, 2] }).householdsThatChange(draft, 0)).toBe(100);
  expect(new Workers({ ...BASE, base_leads: [0, 0, 2] }).householdsThatChange(draft, 0)).toBe(0);
  expect(new Workers({ ...BASE, base_leads: [-1, -1, -1] }).householdsThatChange(draft, 0)).toBe(100);
});

it("counts all households of a grid that the base did not have", () => {
  const draft = strip6Draft();
  const grid = draft.addGrid({ id: "west003", community: 0, locked: false, name: "" });
  draft.move(0, grid);
  expect(new Workers({ ...BASE, base_leads: [0, 1, 2] }).householdsThatChange(draft, grid)).toBe(100);
});
