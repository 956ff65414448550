/** What to look at next: grids that are broken, overloaded or too small, in their order. */

import type { Draft } from "./draft";
import { piecesOf } from "./pieces";

export type Trouble = "broken" | "above" | "below";

/** Why a grid wants attention; null where it is well. Grids that no band applies to can only be broken. */
export function troubleOf(draft: Draft, grid: number, banded: boolean): Trouble | null {
  const units = draft.unitsOf(grid);
  if (units.size === 0) return null;
  if (piecesOf(draft.area, units).length > 1) return "broken";
  const numbers = draft.numbersOf(grid);
  if (!banded || numbers.inBand) return null;
  return numbers.deviationShare > 0 ? "above" : "below";
}

/** Step through a list and wrap at its end; `from` need not be in it. */
export function nextOf(grids: readonly number[], from: number | null): { grid: number; place: number } | null {
  if (grids.length === 0) return null;
  const after = from === null ? -1 : grids.findIndex((g) => g > from);
  const place = after === -1 ? 0 : after;
  return { grid: grids[place]!, place: place + 1 };
}
