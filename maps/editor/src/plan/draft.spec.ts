import { describe, expect, it } from "vitest";
import { strip6Draft } from "./fixtures";

describe("a draft", () => {
  it("keeps the sums of both grids when a unit moves", () => {
    const draft = strip6Draft();
    expect(draft.move(2, 0)).toEqual({ unit: 2, from: 1, to: 0 });
    expect(draft.numbersOf(0)).toEqual({
      units: 3,
      households: 300,
      residents: 900,
      workloadH: 30,
      deviationShare: 0.5,
      inBand: true,
    });
    expect(draft.numbersOf(1).households).toBe(100);
  });

  it("knows that the ends belong to the band", () => {
    const draft = strip6Draft();
    draft.move(2, 0);
    draft.move(3, 0);
    expect(draft.numbersOf(0).inBand).toBe(false);
    expect(draft.numbersOf(1)).toMatchObject({ units: 0, households: 0, inBand: false });
  });

  it("has nothing to say about a move that moves nothing", () => {
    expect(strip6Draft().move(0, 0)).toBeNull();
  });

  it("never changes the assignment it was given", () => {
    const given = Int32Array.of(0, 0, 1, 1, 2, 2);
    const draft = strip6Draft();
    draft.move(0, 1);
    expect(given[0]).toBe(0);
  });

  it("takes a new grid", () => {
    const draft = strip6Draft();
    const grid = draft.addGrid({ id: "west003", community: 0, locked: false, name: "" });
    draft.move(0, grid);
    expect(draft.numbersOf(grid).households).toBe(100);
    expect([...draft.unitsOf(0)]).toEqual([1]);
  });

  it("agrees with sums made anew after any walk of moves", () => {
    const draft = strip6Draft();
    let state = 7;
    for (let i = 0; i < 500; i += 1) {
      state = (state * 1103515245 + 12345) % 2147483648;
      draft.move(state % 4, (state >> 8) % 2);
    }
    for (const grid of [0, 1]) {
      const units = [...draft.gridOf].flatMap((g, u) => (g === grid ? [u] : []));
      expect(draft.numbersOf(grid).households).toBe(100 * units.length);
      expect([...draft.unitsOf(grid)].sort()).toEqual(units);
    }
  });
});
