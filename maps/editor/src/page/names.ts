/** Names of grids on the map, and locks: laid out again where grids changed, and never while a stroke is painted. */

import { middleOf, textsOf } from "../plan/naming";
import type { WorldPoint } from "../shapes/shapes";
import { type Label, Labels } from "./labels";
import type { Workplace } from "./workplace";

export class Names {
  private readonly labels: Labels;
  private readonly labelOf: Array<Label | null> = [];
  private readonly stale = new Set<number>();
  private readonly work: Workplace;

  constructor(work: Workplace) {
    this.work = work;
    this.labels = new Labels(work.map);
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
      const unit = middleOf(draft, grid);
      this.labelOf[grid] = unit === null ? null : { at: ground.places[unit]!, texts: textsOf(draft, grid), weight: draft.unitsOf(grid).size, locked: draft.grids[grid]!.locked };
    }
    this.stale.clear();
    this.labels.show(this.labelOf.filter((label) => label !== null && label !== undefined), this.locks());
  }

  private locks(): WorldPoint[] {
    return [...this.work.session.lockedUnits].map((unit) => this.work.ground.places[unit]!);
  }
}
