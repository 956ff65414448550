/** What was painted and could not be saved, kept in the browser across a reload. */

export interface KeptMoves {
  readonly moves: ReadonlyArray<{ readonly unit_id: string; readonly grid_id: string }>;
  /** The same, stroke by stroke, so that undo survives a reload. */
  readonly strokes?: ReadonlyArray<KeptMoves["moves"]>;
}

/** Changes that a planner set aside when somebody else's were kept. */
export interface SetAside {
  readonly at: string;
  readonly moves: KeptMoves["moves"];
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function keep(shelf: Shelf, plan: string, moves: KeptMoves["moves"], strokes: ReadonlyArray<KeptMoves["moves"]> = []): void {
  if (moves.length === 0) shelf.removeItem(`wangge-draft:${plan}`);
  else shelf.setItem(`wangge-draft:${plan}`, JSON.stringify({ moves, strokes }));
}

export function kept(shelf: Shelf, plan: string): KeptMoves {
  const text = shelf.getItem(`wangge-draft:${plan}`);
  return text === null ? { moves: [], strokes: [] } : (JSON.parse(text) as KeptMoves);
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

/** Who edits: a name of this browser that tells nobody's name. Undo takes back one's own edits. */
export function authorOf(shelf: Shelf): string {
  const known = shelf.getItem("wangge-author");
  if (known !== null) return known;
  const made = `planner-${crypto.randomUUID().slice(0, 8)}`;
  shelf.setItem("wangge-author", made);
  return made;
}
