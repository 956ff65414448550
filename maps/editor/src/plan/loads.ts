/** How the loads of grids lie, each against the band of its own community. */

import type { Draft } from "./draft";

export interface Loads {
  readonly grids: number;
  readonly below: number;
  readonly above: number;
  /** How many grids lie in each bin; the band fills the middle third. */
  readonly bins: readonly number[];
  /** The band where all grids have the same one, else null. */
  readonly band: { readonly minimum: number; readonly maximum: number } | null;
}

export const BINS = 24;

/** `banded` tells which grids a band applies to. Bins reach one width of the band below it and above. */
export function loadsOf(draft: Draft, banded: (grid: number) => boolean): Loads {
  const bins = new Array<number>(BINS).fill(0);
  let same = true;
  let [grids, below, above] = [0, 0, 0];
  let band: Loads["band"] = null as Loads["band"];
  for (let grid = 0; grid < draft.grids.length; grid += 1) {
    if (!banded(grid) || draft.unitsOf(grid).size === 0) continue;
    const own = draft.area.communities[draft.grids[grid]!.community]!.band;
    same &&= band === null || (band.minimum === own.minimum && band.maximum === own.maximum);
    band = own;
    const load = draft.loadAt(grid);
    grids += 1;
    if (load < own.minimum) below += 1;
    if (load > own.maximum) above += 1;
    bins[binOf(load, own)]! += 1;
  }
  return { grids, below, above, bins, band: same ? band : null };
}

function binOf(load: number, band: { readonly minimum: number; readonly maximum: number }): number {
  const third = BINS / 3;
  const place = (load - band.minimum) / Math.max(band.maximum - band.minimum, 1e-9);
  if (place < 0) return Math.max(0, Math.min(third - 1, Math.floor((place + 1) * third)));
  if (place > 1) return Math.min(BINS - 1, Math.max(2 * third, Math.floor((place + 1) * third)));
  return Math.min(2 * third - 1, third + Math.floor(place * third));
}
