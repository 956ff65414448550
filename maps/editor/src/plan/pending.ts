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
  /** The grid of each unit of `moves` in the version that the planner saw; drafts of an older editor have none. */
  readonly seen?: readonly string[];
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
  /** Units that differ, with the grid that each had in the version that the planner saw. */
  private readonly seen = new Map<number, number>();

  constructor(gridOf: Int32Array) {
    this.saved = gridOf.slice();
  }

  get size(): number {
    return this.seen.size;
  }

  get all(): number[] {
    return [...this.seen.keys()].sort((a, b) => a - b);
  }

  has(unit: number): boolean {
    return this.seen.has(unit);
  }

  /** Units that somebody else moved since the planner saw them: neither side is taken without a choice. */
  get contested(): number[] {
    return this.all.filter((unit) => this.seen.get(unit) !== this.saved[unit]);
  }

  /** Look again at units that moved in the draft. */
  note(draft: Draft, units: Iterable<number>): void {
    for (const unit of units) {
      if (draft.gridOf[unit] === this.saved[unit]) this.seen.delete(unit);
      else if (!this.seen.has(unit)) this.seen.set(unit, this.saved[unit]!);
    }
  }

  lines(draft: Draft): MoveLine[] {
    return this.all.map((unit) => ({ unit_id: draft.area.unitIds[unit]!, grid_id: draft.grids[draft.gridOf[unit]!]!.id }));
  }

  /** The codes of the grids that the units of `lines` were seen in; empty where that grid is not known any more. */
  seenCodes(draft: Draft): string[] {
    return this.all.map((unit) => draft.grids[this.seen.get(unit)!]?.id ?? "");
  }

  /** These units were painted when they stood in other grids than now; -1 is one that is gone. */
  sawIn(grids: ReadonlyMap<number, number>): void {
    for (const [unit, grid] of grids) if (this.seen.has(unit)) this.seen.set(unit, grid);
  }

  /** The planner knows where others put these units, and wants them where they are painted. */
  agree(units: Iterable<number>): void {
    for (const unit of units) if (this.seen.has(unit)) this.seen.set(unit, this.saved[unit]!);
  }

  /** Among these units, those that others moved and that stand again where the planner saw them: nothing is wanted of them. */
  letGo(draft: Draft, units: Iterable<number>): number[] {
    return [...units].filter((unit) => this.seen.get(unit) === draft.gridOf[unit]);
  }

  /** Grids that what is pending would break: it is kept, shown loudly, and not sent. */
  broken(draft: Draft): number[] {
    const touched = new Set<number>();
    for (const unit of this.all) touched.add(draft.gridOf[unit]!).add(this.saved[unit]!);
    return [...touched].filter((g) => piecesOf(draft.area, draft.unitsOf(g)).length > 1).sort((a, b) => a - b);
  }

  /** Others moved these units: take theirs, and return those of ours that they overruled. */
  others(draft: Draft, moves: ReadonlyArray<{ unit: number; grid: number }>): number[] {
    const overruled: number[] = [];
    for (const { unit, grid } of moves) {
      const mine = this.seen.has(unit) && draft.gridOf[unit] !== grid;
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
    const units = moves.map(({ unit }) => unit);
    this.note(draft, units);
    this.agree(units);
    return [];
  }
}
