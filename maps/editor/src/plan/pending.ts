/** What was painted and is not saved yet: where the draft differs from what the service holds. */

import type { Draft } from "./draft";
import { piecesOf } from "./pieces";

export interface MoveLine {
  readonly unit_id: string;
  readonly grid_id: string;
}

/** What was painted and is not saved, as it is kept across a reload. */
export interface KeptDraft {
  readonly moves: readonly MoveLine[];
  /** The same, stroke by stroke: each is a step to undo. */
  readonly strokes?: ReadonlyArray<readonly MoveLine[]>;
  /** Strokes that were taken back, the one made again first last. */
  readonly undone?: ReadonlyArray<readonly MoveLine[]>;
  /** Steps that the service took back since: they are made again before those. */
  readonly behind?: number;
}

export class Pending {
  /** Grid of each unit as the service holds it. */
  readonly saved: Int32Array;
  private readonly units = new Set<number>();

  constructor(gridOf: Int32Array) {
    this.saved = gridOf.slice();
  }

  get size(): number {
    return this.units.size;
  }

  get all(): ReadonlySet<number> {
    return this.units;
  }

  /** Look again at units that moved in the draft. */
  note(draft: Draft, units: Iterable<number>): void {
    for (const unit of units) {
      if (draft.gridOf[unit] === this.saved[unit]) this.units.delete(unit);
      else this.units.add(unit);
    }
  }

  lines(draft: Draft): MoveLine[] {
    return [...this.units]
      .sort((a, b) => a - b)
      .map((unit) => ({ unit_id: draft.area.unitIds[unit]!, grid_id: draft.grids[draft.gridOf[unit]!]!.id }));
  }

  /** Grids that what is pending would break: it is kept, shown loudly, and not sent. */
  broken(draft: Draft): number[] {
    const touched = new Set<number>();
    for (const unit of this.units) touched.add(draft.gridOf[unit]!).add(this.saved[unit]!);
    return [...touched].filter((g) => piecesOf(draft.area, draft.unitsOf(g)).length > 1).sort((a, b) => a - b);
  }

  /** Others moved these units: take theirs, and return those of ours that they overruled. */
  others(draft: Draft, moves: ReadonlyArray<{ unit: number; grid: number }>): number[] {
    const overruled: number[] = [];
    for (const { unit, grid } of moves) {
      const mine = this.units.has(unit) && draft.gridOf[unit] !== grid;
      this.saved[unit] = grid;
      if (mine) overruled.push(unit);
      else draft.move(unit, grid);
      this.note(draft, [unit]);
    }
    return overruled;
  }

  /** The service took these moves: they are saved, and overrule nothing of ours. What was moved on since stays pending. */
  accepted(draft: Draft, moves: ReadonlyArray<{ unit: number; grid: number }>): number[] {
    for (const { unit, grid } of moves) this.saved[unit] = grid;
    this.note(draft, moves.map(({ unit }) => unit));
    return [];
  }
}
