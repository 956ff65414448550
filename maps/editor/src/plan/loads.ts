/** How the loads of grids lie, each against the band of its own community; kept up as grids change. */

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

type Band = NonNullable<Loads["band"]>;

export const BINS = 24;
const NONE = -1;

export class LoadTally implements Loads {
  grids = 0;
  below = 0;
  above = 0;
  readonly bins = new Array<number>(BINS).fill(0);
  readonly band: Band | null;
  private readonly placed: number[] = [];
  private readonly draft: Draft;
  private readonly banded: (grid: number) => boolean;

  /** `banded` tells which grids a band applies to. Bins reach one width of the band below it and above. */
  constructor(draft: Draft, banded: (grid: number) => boolean) {
    this.draft = draft;
    this.banded = banded;
    this.look(draft.grids.keys());
    this.band = this.sameBand();
  }

  /** Look again at grids that changed; the others cost nothing. */
  look(grids: Iterable<number>): void {
    for (const grid of grids) {
      const before = this.placed[grid] ?? NONE;
      const after = this.placeOf(grid);
      this.count(before, -1);
      this.count(after, 1);
      this.placed[grid] = after;
    }
  }

  private placeOf(grid: number): number {
    return this.banded(grid) && this.draft.unitsOf(grid).size > 0 ? binOf(this.draft.loadAt(grid), this.bandOf(grid)) : NONE;
  }

  private count(bin: number, sign: 1 | -1): void {
    if (bin === NONE) return;
    this.grids += sign;
    this.bins[bin]! += sign;
    if (bin < BINS / 3) this.below += sign;
    if (bin >= (2 * BINS) / 3) this.above += sign;
  }

  private bandOf(grid: number): Band {
    return this.draft.area.communities[this.draft.grids[grid]!.community]!.band;
  }

  private sameBand(): Band | null {
    let band: Band | null = null;
    for (const [grid, bin] of this.placed.entries()) {
      if (bin === NONE) continue;
      const own = this.bandOf(grid);
      if (band !== null && (band.minimum !== own.minimum || band.maximum !== own.maximum)) return null;
      band = own;
    }
    return band;
  }
}

function binOf(load: number, band: Band): number {
  const third = BINS / 3;
  const place = (load - band.minimum) / Math.max(band.maximum - band.minimum, 1e-9);
  if (place < 0) return Math.max(0, Math.min(third - 1, Math.floor((place + 1) * third)));
  if (place > 1) return Math.min(BINS - 1, Math.max(2 * third, Math.floor((place + 1) * third)));
  return Math.min(2 * third - 1, third + Math.floor(place * third));
}
