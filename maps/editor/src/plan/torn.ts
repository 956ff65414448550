/** Which grids are in pieces, looked at again only where something changed. */

import type { Draft } from "./draft";
import { piecesOf } from "./pieces";

export class Torn {
  private readonly torn = new Set<number>();
  private readonly draft: Draft;

  constructor(draft: Draft) {
    this.draft = draft;
    this.look(draft.grids.keys());
  }

  look(grids: Iterable<number>): void {
    for (const grid of grids) {
      if (piecesOf(this.draft.area, this.draft.unitsOf(grid)).length > 1) this.torn.add(grid);
      else this.torn.delete(grid);
    }
  }

  has(grid: number): boolean {
    return this.torn.has(grid);
  }

  get all(): number[] {
    return [...this.torn].sort((a, b) => a - b);
  }
}
