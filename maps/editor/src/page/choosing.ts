/** What is in hand: one grid that paint goes into, more that are selected, and the unit looked at. */

import type { GridCard } from "./grid_card";
import type { Painting } from "./painting";
import type { Proposing } from "./proposing";
import type { Hand } from "./tools";
import type { UnitCard } from "./unit_card";
import type { Workplace } from "./workplace";

export class Choosing {
  private readonly selected = new Set<number>();
  private readonly work: Workplace;
  private readonly hand: Hand;
  private readonly shown: { readonly painting: Painting; readonly proposing: Proposing; readonly grid: GridCard; readonly unit: UnitCard };

  constructor(work: Workplace, hand: Hand, shown: Choosing["shown"]) {
    this.work = work;
    this.hand = hand;
    this.shown = shown;
  }

  get grid(): number | null {
    return this.hand.chosen;
  }

  /** Choose a grid; what was selected beside another one is let go. */
  choose(grid: number): void {
    if (this.hand.chosen !== grid) this.selected.clear();
    this.hand.chosen = grid;
    this.draw();
  }

  /** Take a grid into the selection, or leave it out. */
  select(grid: number): void {
    if (this.hand.chosen !== null) this.selected.add(this.hand.chosen);
    if (!this.selected.delete(grid)) this.selected.add(grid);
    this.hand.chosen = this.selected.has(grid) ? grid : ([...this.selected].at(-1) ?? null);
    this.draw();
  }

  /** Take the neighbours of what is selected into the selection, inside the community. */
  widen(): readonly number[] {
    const { draft } = this.work.session;
    const { area, gridOf, grids } = draft;
    const found = new Set(this.all);
    for (const grid of this.all) {
      for (const unit of draft.unitsOf(grid)) {
        for (let i = area.firstNeighbour[unit]!; i < area.firstNeighbour[unit + 1]!; i += 1) {
          const other = gridOf[area.neighbours[i]!]!;
          if (grids[other]!.community === grids[grid]!.community && !grids[other]!.locked) found.add(other);
        }
      }
    }
    for (const grid of found) this.selected.add(grid);
    this.draw();
    return this.all;
  }

  /** Draw again what is in hand: it moved, or was locked or named. */
  draw(): void {
    const { chosen } = this.hand;
    this.shown.grid.show(chosen);
    this.shown.unit.show(this.shown.unit.unit);
    this.shown.painting.mark(new Set(this.all));
    this.shown.proposing.select(this.all);
  }

  /** Every grid in hand. */
  get all(): number[] {
    const { draft } = this.work.session;
    const all = new Set(this.selected);
    if (this.hand.chosen !== null) all.add(this.hand.chosen);
    return [...all].filter((grid) => draft.unitsOf(grid).size > 0).sort((a, b) => a - b);
  }
}
