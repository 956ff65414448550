/** What was painted and could not be saved, kept in the browser across a reload. */

export interface KeptMoves {
  readonly moves: ReadonlyArray<{ readonly unit_id: string; readonly grid_id: string }>;
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function keep(shelf: Shelf, plan: string, moves: KeptMoves["moves"]): void {
  if (moves.length === 0) shelf.removeItem(`wangge-draft:${plan}`);
  else shelf.setItem(`wangge-draft:${plan}`, JSON.stringify({ moves }));
}

export function kept(shelf: Shelf, plan: string): KeptMoves["moves"] {
  const text = shelf.getItem(`wangge-draft:${plan}`);
  return text === null ? [] : (JSON.parse(text) as KeptMoves).moves;
}

/** Who edits: a name of this browser that tells nobody's name. Undo takes back one's own edits. */
export function authorOf(shelf: Shelf): string {
  const known = shelf.getItem("wangge-author");
  if (known !== null) return known;
  const made = `planner-${crypto.randomUUID().slice(0, 8)}`;
  shelf.setItem("wangge-author", made);
  return made;
}
