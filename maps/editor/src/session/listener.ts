/** What a session tells the page. */

import type { Refusal } from "../plan/rules";
import type { EditAnswer } from "../service/client";

/** `pieces`: saved, but grids are in pieces, which was allowed for now. */
export type SaveState = "saved" | "saving" | "broken" | "pieces" | "offline" | "conflict";

export interface Listener {
  /** These units moved, or the locks, names or pieces of these grids changed. */
  changed(units: readonly number[], grids: ReadonlySet<number>): void;
  saveState(state: SaveState, broken: readonly number[]): void;
  refused(refusal: Refusal): void;
  told(text: string): void;
  /** Somebody else moved units that were painted here to other grids; by this edit, where it is known. */
  conflict(units: readonly number[], answer: EditAnswer | null): void;
  /** Somebody else edited; so many of the units moved are not merged, but wait for a choice. */
  others(answer: EditAnswer, contested: number): void;
  /** An edit of one's own was accepted. */
  accepted(answer: EditAnswer): void;
  /** A command was not carried out, because the plan moved on just before. */
  overtaken(): void;
  /** The plan took a step of its workflow. */
  stepped(): void;
}
