import { expect, it } from "vitest";
import { ended, type JobTold, pairsOf } from "./job";

const grid = (grid_id: string, households: number) => ({ grid_id, name: "", households, deviation_share: 0, walk_mean_m: 1 });

it("puts old and new numbers side by side, new and retired grids too", () => {
  const pairs = pairsOf({ moves: [], old_grids: [grid("b", 1), grid("a", 2)], grids: [grid("b", 3), grid("c", 4)], households_moved: 0 });
  expect(pairs.map((p) => [p.id, p.old?.households, p.now?.households])).toEqual([["a", 2, undefined], ["b", 1, 3], ["c", undefined, 4]]);
});

it("knows when a job has ended", () => {
  const states = ["queued", "running", "done", "failed", "cancelled"] as const;
  expect(states.map((state) => ended({ state } as JobTold))).toEqual([false, false, true, true, true]);
});
