import { expect, it } from "vitest";
import { GRIDS, strip6, strip6Draft } from "./fixtures";
import { Draft } from "./draft";
import { BINS, LoadTally } from "./loads";

it("counts grids below and above, and puts those inside into the middle third", () => {
  const draft = strip6Draft();
  draft.move(2, 0);
  draft.move(3, 0); // 400 | empty | 200
  const loads = new LoadTally(draft, () => true);
  expect([loads.grids, loads.below, loads.above, loads.band]).toMatchObject([2, 0, 1, { minimum: 100, maximum: 300 }]);
  expect(loads.bins[20]).toBe(1);
  expect(loads.bins[12]).toBe(1);
  expect(loads.bins).toHaveLength(BINS);
});

it("follows the grids that changed, and is then what a new count would be", () => {
  const draft = strip6Draft();
  const loads = new LoadTally(draft, () => true);
  draft.move(2, 0);
  draft.move(3, 0);
  const grid = draft.addGrid({ id: "east002", community: 1, locked: false, name: "" });
  draft.move(4, grid);
  loads.look([0, 1, 2, grid]);
  const again = new LoadTally(draft, () => true);
  expect([loads.grids, loads.below, loads.above, loads.bins]).toEqual([again.grids, again.below, again.above, again.bins]);
});

it("holds every grid against its own community's band", () => {
  const area = strip6();
  const communities = [area.communities[0]!, { ...area.communities[1]!, band: { minimum: 250, target: 300, maximum: 350 } }];
  const loads = new LoadTally(new Draft({ ...area, communities }, GRIDS, Int32Array.of(0, 0, 1, 1, 2, 2)), () => true);
  expect([loads.below, loads.band]).toEqual([1, null]);
});
