/** Names of grids on the map, and locks: laid out again where grids changed, and never while a stroke is painted. */

import { middlesOf, textsOf } from "../plan/naming";
import { unitAt } from "../shapes/pick";
import type { WorldPoint } from "../shapes/shapes";
import { type Label, Labels } from "./labels";
import type { Workplace } from "./workplace";

const PLACES_TRIED = 4; // for a name, before it is shortened or left out

export class Names {
  private readonly labels: Labels;
  private readonly labelOf: Array<Label | null> = [];
  private readonly stale = new Set<number>();
  private readonly work: Workplace;

  constructor(work: Workplace) {
    this.work = work;
    this.labels = new Labels(work.map, (grid, at) => {
      const unit = unitAt(work.ground.shapes, work.ground.buckets, at);
      return unit !== null && work.session.draft.gridOf[unit] === grid;
    });
  }

  get root(): HTMLElement {
    return this.labels.root;
  }

  /** What stands on the screen now, for a picture of it. */
  get standing(): Labels["standing"] {
    return this.labels.standing;
  }

  /** These grids changed: their names are laid out with the next drawing. */
  mark(grids: Iterable<number>): void {
    for (const grid of grids) this.stale.add(grid);
  }

  draw(): void {
    if (this.stale.size === 0) return;
    const { session: { draft }, ground } = this.work;
    for (const grid of this.stale) {
      const units = middlesOf(draft, grid, PLACES_TRIED);
      this.labelOf[grid] = units.length === 0 ? null : { grid, places: units.map((unit) => ground.places[unit]!), texts: textsOf(draft, grid), weight: draft.unitsOf(grid).size, locked: draft.grids[grid]!.locked };
    }
    this.stale.clear();
    this.labels.show(this.labelOf.filter((label) => label !== null && label !== undefined), this.locks());
  }

  private locks(): WorldPoint[] {
    return [...this.work.session.lockedUnits].map((unit) => this.work.ground.places[unit]!);
  }
}
