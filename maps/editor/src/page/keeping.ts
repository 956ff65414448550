/** What the browser keeps across a reload: drafts that could not be saved, each in a place of its own, and what was set aside. */

import type { KeptDraft, MoveLine } from "../plan/pending";

/** Changes that a planner set aside when somebody else's were kept. */
export interface SetAside {
  readonly at: string;
  readonly moves: readonly MoveLine[];
}

export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;
/** A shelf whose names can be listed. */
export type ListedShelf = Shelf & Pick<Storage, "key" | "length">;

const EMPTY: KeptDraft = { moves: [] };

/** Where the drafts of a plan are kept: the names of all its places begin with it. */
export function placesOf(plan: string): string {
  return `wangge-draft:${encodeURIComponent(plan)}:`;
}

/** Keep a draft in its place, or clear the place; return false where the browser has no room, and the steps or all of it are not kept. */
export function keep(shelf: Shelf, place: string, draft: KeptDraft): boolean {
  if (draft.moves.length === 0 && (draft.undone ?? []).length === 0) {
    shelf.removeItem(place);
    return true;
  }
  const { moves, seen = [] } = draft;
  return put(shelf, place, draft) || ((put(shelf, place, { moves, seen }) || put(shelf, place, { moves })) && false);
}

export function kept(shelf: Shelf, place: string): KeptDraft {
  const text = shelf.getItem(place);
  return text === null ? EMPTY : (JSON.parse(text) as KeptDraft);
}

/** The places of a plan that hold a draft. */
export function filledPlaces(shelf: ListedShelf, plan: string): string[] {
  const names = Array.from({ length: shelf.length }, (_, i) => shelf.key(i) ?? "");
  return names.filter((name) => name.startsWith(placesOf(plan)) || name === `wangge-draft:${plan}`).sort(); // the last: kept by an older editor
}

function put(shelf: Shelf, place: string, draft: KeptDraft): boolean {
  try {
    shelf.setItem(place, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** What was set aside, the newest first. */
export function asideOf(shelf: Shelf, plan: string): SetAside[] {
  const text = shelf.getItem(`wangge-aside:${plan}`);
  return text === null ? [] : (JSON.parse(text) as SetAside[]);
}

export function setAside(shelf: Shelf, plan: string, all: readonly SetAside[]): void {
  if (all.length === 0) shelf.removeItem(`wangge-aside:${plan}`);
  else shelf.setItem(`wangge-aside:${plan}`, JSON.stringify(all));
}
