import { expect, it } from "vitest";
import { GRIDS, strip6, strip6Draft } from "./fixtures";
import { Draft } from "./draft";
import { BINS, loadsOf } from "./loads";

it("counts grids below and above, and puts those inside into the middle third", () => {
  const draft = strip6Draft();
  draft.move(2, 0);
  draft.move(3, 0); // 400 | empty | 200
  const loads = loadsOf(draft, () => true);
  expect([loads.grids, loads.below, loads.above, loads.band]).toMatchObject([2, 0, 1, { minimum: 100, maximum: 300 }]);
  expect(loads.bins[20]).toBe(1);
  expect(loads.bins[12]).toBe(1);
  expect(loads.bins).toHaveLength(BINS);
});

it("holds every grid against its own community's band", () => {
  const area = strip6();
  const communities = [area.communities[0]!, { ...area.communities[1]!, band: { minimum: 250, target: 300, maximum: 350 } }];
  const loads = loadsOf(new Draft({ ...area, communities }, GRIDS, Int32Array.of(0, 0, 1, 1, 2, 2)), () => true);
  expect([loads.below, loads.band]).toEqual([1, null]);
});
