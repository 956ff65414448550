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

  /** Strokes that were taken back; the one made again first is last. */
  get takenBack(): readonly Stroke[] {
    return this.undone;
  }

  /** What was done is known elsewhere from now on; what was taken back can still be made again. */
  settle(): void {
    this.done = [];
  }

  /** Have strokes to make again, as they were taken back before. */
  bringBack(undone: readonly Stroke[]): void {
    this.undone = undone.filter(({ moves }) => moves.length > 0).slice(-STEPS_KEPT);
  }

  /** Remember a stroke; an empty one is nothing. What was undone before is gone. */
  push(moves: readonly Move[]): void {
    if (moves.length === 0) return;
    this.done.push({ moves });
    if (this.done.length > STEPS_KEPT) this.done.shift();
    this.undone = [];
  }

  undo(draft: Draft, limits: Limits): Step | null {
    return this.step(draft, limits, this.done, this.undone, turned);
  }

  redo(draft: Draft, limits: Limits): Step | null {
    return this.step(draft, limits, this.undone, this.done, (moves) => moves);
  }

  /** Carry out a stroke in one direction, and remember what it changed; a lock that came in between refuses the whole of it. */
  private step(draft: Draft, limits: Limits, from: Stroke[], to: Stroke[], way: (moves: readonly Move[]) => readonly Move[]): Step | null {
    const stroke = from.at(-1);
    if (stroke === undefined) return null;
    const asked = way(stroke.moves);
    for (const move of asked) {
      const refusal = refusalOf(draft, limits, move.unit, move.to);
      if (refusal !== null) return { refusal };
    }
    from.pop();
    const moves = asked.flatMap((move) => draft.move(move.unit, move.to) ?? []);
    to.push({ moves: way(moves) });
    return { moves };
  }
}

function turned(moves: readonly Move[]): readonly Move[] {
  return moves.map(({ unit, from, to }) => ({ unit, from: to, to: from }));
}
