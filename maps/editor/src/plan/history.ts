/** Undo and redo over strokes: a stroke is what one pull of the brush, one box or one command moved. */

import type { Draft, Move } from "./draft";
import { type Limits, refusalOf, type Refusal } from "./rules";

export const STEPS_KEPT = 500;

export interface Stroke {
  readonly moves: readonly Move[];
}

export type Step = { readonly moves: readonly Move[] } | { readonly refusal: Refusal };

export class History {
  private done: Stroke[] = [];
  private undone: Stroke[] = [];

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  get strokes(): readonly Stroke[] {
    return this.done;
  }

  /** Remember a stroke; an empty one is nothing. What was undone before is gone. */
  push(moves: readonly Move[]): void {
    if (moves.length === 0) return;
    this.done.push({ moves });
    if (this.done.length > STEPS_KEPT) this.done.shift();
    this.undone = [];
  }

  undo(draft: Draft, limits: Limits): Step | null {
    return this.step(draft, limits, this.done, this.undone, (m) => ({ unit: m.unit, from: m.to, to: m.from }));
  }

  redo(draft: Draft, limits: Limits): Step | null {
    return this.step(draft, limits, this.undone, this.done, (m) => m);
  }

  /** Carry out a stroke in one direction; a lock that came in between refuses the whole of it. */
  private step(draft: Draft, limits: Limits, from: Stroke[], to: Stroke[], turned: (m: Move) => Move): Step | null {
    const stroke = from.at(-1);
    if (stroke === undefined) return null;
    const moves = stroke.moves.map(turned);
    for (const move of moves) {
      const refusal = refusalOf(draft, limits, move.unit, move.to);
      if (refusal !== null) return { refusal };
    }
    from.pop();
    to.push(stroke);
    for (const move of moves) draft.move(move.unit, move.to);
    return { moves };
  }
}
