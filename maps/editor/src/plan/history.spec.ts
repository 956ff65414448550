import { describe, expect, it } from "vitest";
import type { Draft, Move } from "./draft";
import { strip6Draft } from "./fixtures";
import { History, STEPS_KEPT } from "./history";
import { NO_LIMITS } from "./rules";

function paint(draft: Draft, history: History, unit: number, grid: number): void {
  const move = draft.move(unit, grid);
  history.push(move === null ? [] : [move]);
}

describe("history", () => {
  it("undoes and redoes a stroke as a whole", () => {
    const draft = strip6Draft();
    const history = new History();
    history.push([draft.move(2, 0), draft.move(3, 0)].filter((m): m is Move => m !== null));
    history.undo(draft, NO_LIMITS);
    expect([...draft.gridOf]).toEqual([0, 0, 1, 1, 2, 2]);
    history.redo(draft, NO_LIMITS);
    expect([...draft.gridOf]).toEqual([0, 0, 0, 0, 2, 2]);
  });

  it("forgets what was undone when something new is painted", () => {
    const draft = strip6Draft();
    const history = new History();
    paint(draft, history, 2, 0);
    history.undo(draft, NO_LIMITS);
    paint(draft, history, 1, 1);
    expect(history.canRedo).toBe(false);
  });

  it("honours a lock that came after the stroke, and leaves everything as it was", () => {
    const draft = strip6Draft();
    const history = new History();
    paint(draft, history, 2, 0);
    const step = history.undo(draft, { ...NO_LIMITS, lockedUnits: new Set([2]) });
    expect(step).toEqual({ refusal: { reason: "unit-locked", unit: 2 } });
    expect(draft.gridOf[2]).toBe(0);
    expect(history.canUndo).toBe(true);
  });

  it("keeps the last steps and no more", () => {
    const draft = strip6Draft();
    const history = new History();
    for (let i = 0; i < STEPS_KEPT + 20; i += 1) paint(draft, history, 2, i % 2);
    expect(history.strokes).toHaveLength(STEPS_KEPT);
  });

  it("does nothing when there is nothing to undo", () => {
    expect(new History().undo(strip6Draft(), NO_LIMITS)).toBeNull();
  });
});
