/** Strokes on the draft: painted, given up, undone and made again, while what is pending follows. */

import type { Draft, Move } from "./draft";
import { History, type Stroke } from "./history";
import type { MoveLine, Pending } from "./pending";
import { type Limits, refusalOf, type Refusal } from "./rules";

export interface Painted {
  readonly moved: readonly number[];
  readonly grids: ReadonlySet<number>;
  /** The first reason why a unit may not move. */
  readonly refusal: Refusal | null;
}

export class Strokes {
  private readonly draft: Draft;
  private readonly pending: Pending;
  private history = new History();
  private stroke: Move[] = [];
  /** Steps that the service took back since strokes were taken back here: they are made again before those. */
  behind = 0;

  constructor(draft: Draft, pending: Pending) {
    this.draft = draft;
    this.pending = pending;
  }

  /** Finished strokes, each as the grid of every unit it moved. */
  get lines(): MoveLine[][] {
    return this.history.strokes.map((stroke) => this.linesOf(stroke));
  }

  /** Strokes that were taken back, in the same form; the one made again first is last. */
  get undoneLines(): MoveLine[][] {
    return this.history.takenBack.map((stroke) => this.linesOf(stroke));
  }

  /** Have strokes to make again, each as the grid of every unit it moves. */
  bringBack(undone: ReadonlyArray<ReadonlyMap<number, number>>): void {
    const { gridOf } = this.draft;
    this.history.bringBack(undone.map((stroke) => ({ moves: [...stroke].map(([unit, to]) => ({ unit, from: gridOf[unit]!, to })) })));
  }

  paint(limits: Limits, units: readonly number[], gridFor: (unit: number) => number): Painted {
    const moves: Move[] = [];
    let refusal: Refusal | null = null;
    for (const unit of units) {
      const grid = gridFor(unit);
      const why: Refusal | null = grid < 0 ? { reason: "base-gone", unit } : refusalOf(this.draft, limits, unit, grid);
      refusal ??= why;
      const move = why === null ? this.draft.move(unit, grid) : null;
      if (move !== null) moves.push(move);
    }
    this.stroke.push(...moves);
    return this.noted(moves, refusal);
  }

  /** The stroke is done: it is one step. */
  seal(): void {
    if (this.stroke.length > 0) this.behind = 0;
    this.history.push(this.stroke);
    this.stroke = [];
  }

  /** Give the stroke up that is being painted. */
  drop(): Painted {
    const back = this.stroke.reverse().map(({ unit, from, to }) => ({ unit, from: to, to: from }));
    this.stroke = [];
    for (const { unit, to } of back) this.draft.move(unit, to);
    return this.noted(back, null);
  }

  /** Whether a step can be turned back here, before the service is asked. */
  can(way: "undo" | "redo", unsaved: number): boolean {
    return way === "undo" ? this.history.canUndo && unsaved > 0 : this.history.canRedo && this.behind === 0;
  }

  turn(way: "undo" | "redo", limits: Limits): Painted {
    const step = this.history[way](this.draft, limits);
    if (step === null) return this.noted([], null);
    if ("refusal" in step) return this.noted([], step.refusal);
    const { moved } = this.noted(step.moves, null);
    const theirs = this.pending.letGo(this.draft, moved).flatMap((unit) => this.draft.move(unit, this.pending.saved[unit]!) ?? []);
    return this.noted([...step.moves, ...theirs], null);
  }

  /** Put units back to where the service holds them; steps before are no longer known. */
  takeBack(units: readonly number[]): Painted {
    const moves = units.flatMap((unit) => this.draft.move(unit, this.pending.saved[unit]!) ?? []);
    this.pending.note(this.draft, units);
    this.history = new History();
    return this.noted(moves, null);
  }

  /** What was painted is saved: steps before are the service's. */
  settle(): void {
    this.history.settle();
  }

  private linesOf({ moves }: Stroke): MoveLine[] {
    const { area, grids } = this.draft;
    return moves.map((m) => ({ unit_id: area.unitIds[m.unit]!, grid_id: grids[m.to]!.id }));
  }

  private noted(moves: readonly Move[], refusal: Refusal | null): Painted {
    const moved = moves.map(({ unit }) => unit);
    this.pending.note(this.draft, moved);
    return { moved, grids: new Set(moves.flatMap(({ from, to }) => [from, to])), refusal };
  }
}
