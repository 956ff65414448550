/** Which units are neighbours: the study's pairs, with the links that planners made and cut. */

import { neighbourRows, type Pair, pairKey, type Rows } from "../plan/area";
import type { LinkLine } from "./client";
import type { EditorDocument } from "./document";

type Known = Pick<EditorDocument, "unit_ids" | "pairs" | "pairs_across" | "links_added" | "links_removed">;

export class Links {
  private readonly document: Known;
  private readonly changed = new Map<number, { readonly pair: Pair; readonly joined: boolean }>();

  constructor(document: Known) {
    this.document = document;
    if (document.links_added.length + document.links_removed.length === 0) return;
    const unitNumber = new Map(document.unit_ids.map((id, i) => [id, i]));
    const lines = (pairs: Known["links_added"], joined: boolean): LinkLine[] => pairs.map(([unit_a, unit_b]) => ({ unit_a, unit_b, joined }));
    this.take([...lines(document.links_added, true), ...lines(document.links_removed, false)], unitNumber);
  }

  /** Bring in links of an edit; tell whether there were any. */
  take(lines: readonly LinkLine[], unitNumber: ReadonlyMap<string, number>): boolean {
    for (const { unit_a, unit_b, joined } of lines) {
      const [a, b] = [unitNumber.get(unit_a)!, unitNumber.get(unit_b)!];
      const pair: Pair = a < b ? [a, b] : [b, a];
      this.changed.set(this.key(pair), { pair, joined });
    }
    return lines.length > 0;
  }

  /** Pairs that planners made (true) or cut (false), whether or not the study had them. */
  get changes(): ReadonlyArray<{ readonly pair: Pair; readonly joined: boolean }> {
    return [...this.changed.values()];
  }

  /** Neighbours as they are now. A link that planners made joins across, unless the study has an open border there. */
  get rows(): Rows {
    const { pairs: flat, pairs_across, unit_ids } = this.document;
    const closed = new Set(pairs_across);
    const open = new Set<number>();
    const [pairs, across]: [Pair[], Pair[]] = [[], []];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const pair: Pair = [flat[i]!, flat[i + 1]!];
      const changed = this.changed.size > 0 && this.changed.has(this.key(pair));
      if (changed && !closed.has(i / 2)) open.add(this.key(pair));
      if (changed) continue;
      pairs.push(pair);
      if (closed.has(i / 2)) across.push(pair);
    }
    for (const [key, { pair, joined }] of this.changed) {
      if (joined) pairs.push(pair);
      if (joined && !open.has(key)) across.push(pair);
    }
    return neighbourRows(unit_ids.length, pairs, across);
  }

  private key([a, b]: Pair): number {
    return pairKey(this.document.unit_ids.length, a, b);
  }
}
