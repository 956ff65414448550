/** What to look at next: grids that are broken, overloaded or too small, in their order. */

import type { Draft } from "./draft";

export type Trouble = "broken" | "above" | "below";
/** Which troubles are looked for: all, those out of the band, or one of them; `unassigned` are units without a grid. */
export const SOUGHT = ["any", "unassigned", "broken", "outOfBand", "above", "below"] as const;
export type Sought = (typeof SOUGHT)[number];

/** What is known of grids beside the draft. */
export interface Known {
  inPieces(grid: number): boolean;
  /** Whether a band applies to the grid; where none does, it can only be broken. */
  banded(grid: number): boolean;
}

/** Why a grid wants attention; null where it is well. */
export function troubleOf(draft: Draft, grid: number, known: Known): Trouble | null {
  if (draft.unitsOf(grid).size === 0) return null;
  if (known.inPieces(grid)) return "broken";
  const numbers = draft.numbersOf(grid);
  if (!known.banded(grid) || numbers.inBand) return null;
  return numbers.deviationShare > 0 ? "above" : "below";
}

/** Grids with a trouble that is looked for, by their number. */
export function troubled(draft: Draft, sought: Sought, known: Known): number[] {
  return draft.grids.flatMap((_, grid) => {
    const trouble = troubleOf(draft, grid, known);
    if (trouble === null || sought === "unassigned") return [];
    return sought === "any" || sought === trouble || (sought === "outOfBand" && trouble !== "broken") ? [grid] : [];
  });
}

/** Units that stand in no grid. The rules leave none; this counts instead of believing so. */
export function unassigned(draft: Draft): number[] {
  const found: number[] = [];
  draft.gridOf.forEach((grid, unit) => grid < 0 && found.push(unit));
  return found;
}

/** Step through a list, onwards or back, and wrap at its ends; `from` need not be in it. */
export function nextOf(list: readonly number[], from: number | null, step: 1 | -1 = 1): { item: number; place: number } | null {
  if (list.length === 0) return null;
  const beyond = step === 1 ? list.findIndex((each) => from === null || each > from) : list.findLastIndex((each) => from === null || each < from);
  const place = beyond !== -1 ? beyond : step === 1 ? 0 : list.length - 1;
  return { item: list[place]!, place: place + 1 };
}
