/** What the map shows of the plan: colours of units, strong borders, the chosen grid. Only what changed is drawn. */

import type { MapAdapter } from "../map/adapter";
import { CHANGED, gridColour, loadColour, NOT_COUNTED, UNCHANGED } from "../plan/colours";
import type { Session } from "../session";
import { type Borders, partsGrids } from "../shapes/borders";

export type ColourBy = "load" | "grid" | "change";

export class Painting {
  by: ColourBy = "load";
  private chosen: number | null = null;
  private readonly map: Pick<MapAdapter, "colour" | "border">;
  private readonly session: Session;
  private readonly borders: Borders;

  constructor(map: Pick<MapAdapter, "colour" | "border">, session: Session, borders: Borders) {
    this.map = map;
    this.session = session;
    this.borders = borders;
  }

  all(): void {
    for (let unit = 0; unit < this.session.draft.gridOf.length; unit += 1) this.colour(unit);
    this.borders.all.forEach((_, border) => this.border(border));
  }

  /** Units moved: their borders, and the colour of every unit of the grids touched. */
  changed(units: readonly number[], grids: ReadonlySet<number>): void {
    for (const grid of grids) for (const unit of this.session.draft.unitsOf(grid)) this.colour(unit);
    for (const unit of units) this.bordersOf(unit);
  }

  choose(grid: number | null): void {
    const before = this.chosen;
    this.chosen = grid;
    for (const each of [before, grid]) {
      if (each !== null) for (const unit of this.session.draft.unitsOf(each)) this.bordersOf(unit);
    }
  }

  private bordersOf(unit: number): void {
    for (const border of this.borders.ofUnit[unit]!) this.border(border);
  }

  private border(number: number): void {
    const border = this.borders.all[number]!;
    const { gridOf } = this.session.draft;
    const strong = partsGrids(border, gridOf);
    const beside = gridOf[border.a] === this.chosen || (border.b !== -1 && gridOf[border.b] === this.chosen);
    this.map.border(number, strong, strong && beside);
  }

  private colour(unit: number): void {
    this.map.colour(unit, this.colourOf(unit));
  }

  private colourOf(unit: number): string {
    const { draft, baseOf } = this.session;
    const grid = draft.gridOf[unit]!;
    if (this.by === "change") return baseOf[unit] === grid ? UNCHANGED : CHANGED;
    if (this.by === "grid") return gridColour(grid);
    if (!this.session.banded(grid)) return NOT_COUNTED;
    const { band } = draft.area.communities[draft.grids[grid]!.community]!;
    return loadColour((draft.numbersOf(grid).deviationShare + 1) * band.target, band);
  }
}
