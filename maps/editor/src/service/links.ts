/** Which units are neighbours: the study's pairs, with the links that planners made and cut. */

import { type Area, neighbourRows } from "../plan/area";
import type { LinkLine } from "./client";
import type { EditorDocument } from "./document";

type Known = Pick<EditorDocument, "unit_ids" | "pairs" | "links_added" | "links_removed">;
type Pair = readonly [number, number];

export class Links {
  private readonly document: Known;
  private readonly changed = new Map<string, { readonly pair: Pair; readonly joined: boolean }>();

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
      this.changed.set(pair.join(" "), { pair, joined });
    }
    return lines.length > 0;
  }

  /** Pairs that planners made (true) or cut (false), whether or not the study had them. */
  get changes(): ReadonlyArray<{ readonly pair: Pair; readonly joined: boolean }> {
    return [...this.changed.values()];
  }

  get rows(): Pick<Area, "firstNeighbour" | "neighbours"> {
    const { pairs: flat, unit_ids } = this.document;
    const pairs: Pair[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const [a, b] = [flat[i]!, flat[i + 1]!];
      if (this.changed.size === 0 || !this.changed.has(a < b ? `${a} ${b}` : `${b} ${a}`)) pairs.push([a, b]);
    }
    for (const { pair, joined } of this.changed.values()) if (joined) pairs.push(pair);
    return neighbourRows(unit_ids.length, pairs);
  }
}
