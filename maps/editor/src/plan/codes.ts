/** Grids by their codes: numbers for ids, codes that were ever used, and what a grid's kind asks for. */

import type { Draft } from "./draft";

export interface KnownGrid {
  readonly id: string;
  readonly kind: string;
  readonly fixed_h: number;
}

export class Codes {
  private readonly draft: Draft;
  private readonly numbers: Map<string, number>;
  private readonly used: Set<string>;
  /** Codes of grids that the service holds. */
  private readonly there: Set<string>;
  /** Codes of grids that were there; they are never given again. */
  private readonly retired = new Set<string>();
  private readonly known: ReadonlyMap<string, KnownGrid>;
  private readonly patrolH: readonly number[];

  constructor(draft: Draft, known: readonly KnownGrid[], used: readonly string[], patrolH: readonly number[]) {
    this.draft = draft;
    this.numbers = new Map(draft.grids.map((g, i) => [g.id, i]));
    this.there = new Set(this.numbers.keys());
    this.used = new Set(used);
    this.known = new Map(known.map((grid) => [grid.id, grid]));
    this.patrolH = patrolH;
  }

  /** The number of a grid; null where the code is not known. */
  find(id: string): number | null {
    return this.numbers.get(id) ?? null;
  }

  /** Whether a grid was there and is gone. */
  gone(grid: number): boolean {
    return this.retired.has(this.draft.grids[grid]!.id);
  }

  /** The number of a grid, which is made where it is not there. */
  numberOf(id: string, community: number): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const grid = this.draft.addGrid({ id, community, locked: false, name: "" });
    this.numbers.set(id, grid);
    this.used.add(id);
    return grid;
  }

  /** Make an empty grid with a code that was never used. */
  make(community: number): number {
    const { id } = this.draft.area.communities[community]!;
    let highest = 0;
    for (const code of this.used) {
      const tail = code.startsWith(id) ? code.slice(id.length) : "";
      if (/^\d+$/.test(tail)) highest = Math.max(highest, Number(tail));
    }
    return this.numberOf(`${id}${String(highest + 1).padStart(3, "0")}`, community);
  }

  /** The service holds these grids, and no longer those. */
  held(present: readonly string[], retired: readonly string[]): void {
    for (const id of present) {
      this.there.add(id);
      this.retired.delete(id);
    }
    for (const id of retired) {
      this.there.delete(id);
      this.retired.add(id);
    }
  }

  /** Codes among these that the service does not hold yet. */
  fresh(ids: readonly string[]): string[] {
    return [...new Set(ids)].filter((id) => !this.there.has(id));
  }

  /** Whether a grid that the service holds has no unit left in the draft. */
  get emptied(): boolean {
    return [...this.there].some((id) => this.leaving(this.numbers.get(id)!));
  }

  /** Whether the service holds a grid that has no unit left in the draft: saved like this, it is given up. */
  leaving(grid: number): boolean {
    return this.there.has(this.draft.grids[grid]!.id) && this.draft.unitsOf(grid).size === 0;
  }

  /** Whether a band applies to the grid. */
  banded(grid: number): boolean {
    return (this.known.get(this.draft.grids[grid]!.id)?.kind ?? "general") === "general";
  }

  /** Hours that a grid needs whoever lives there. */
  fixedH(grid: number): number {
    const { id, community } = this.draft.grids[grid]!;
    return this.known.get(id)?.fixed_h ?? this.patrolH[community]!;
  }
}
