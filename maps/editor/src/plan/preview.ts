/** What a ring that is still being pulled would move: units stand in their new grid for now, and nothing of it is pending. */

import type { Draft } from "./draft";
import type { Pending } from "./pending";
import { type Limits, refusalOf } from "./rules";

export interface Previewed {
  /** Units that stand elsewhere than at the last look, and the grids that differ for it. */
  readonly moved: readonly number[];
  readonly grids: ReadonlySet<number>;
}

export class Preview {
  private readonly draft: Draft;
  private readonly pending: Pending;
  private readonly from = new Map<number, number>();
  private into = -1;

  constructor(draft: Draft, pending: Pending) {
    this.draft = draft;
    this.pending = pending;
  }

  get on(): boolean {
    return this.from.size > 0;
  }

  /** Grids that units come from or go to. */
  get touched(): ReadonlySet<number> {
    return this.on ? new Set([this.into, ...this.from.values()]) : new Set();
  }

  /** Put these units into a grid for now, and back what is no longer among them; what may not move stays. */
  show(limits: Limits, units: ReadonlySet<number>, grid: number): Previewed {
    const { draft, from } = this;
    const [moved, grids] = [[] as number[], new Set<number>()];
    for (const unit of [...from.keys()]) if (grid !== this.into || !units.has(unit)) this.putBack(unit, moved, grids);
    this.into = grid;
    for (const unit of units) {
      if (from.has(unit) || draft.gridOf[unit] === grid || refusalOf(draft, limits, unit, grid) !== null) continue;
      from.set(unit, draft.gridOf[unit]!);
      this.put(unit, grid, moved, grids);
    }
    return { moved, grids };
  }

  /** Put all back. */
  end(): Previewed {
    const [moved, grids] = [[] as number[], new Set<number>()];
    for (const unit of [...this.from.keys()]) this.putBack(unit, moved, grids);
    return { moved, grids };
  }

  /** A unit that others moved meanwhile stays where they put it. */
  private putBack(unit: number, moved: number[], grids: Set<number>): void {
    const from = this.from.get(unit)!;
    this.from.delete(unit);
    if (this.draft.gridOf[unit] !== this.into) return;
    this.put(unit, this.pending.has(unit) ? from : this.pending.saved[unit]!, moved, grids);
    this.pending.note(this.draft, [unit]);
  }

  private put(unit: number, grid: number, moved: number[], grids: Set<number>): void {
    const move = this.draft.move(unit, grid);
    if (move === null) return;
    moved.push(unit);
    grids.add(move.from).add(move.to);
  }
}
