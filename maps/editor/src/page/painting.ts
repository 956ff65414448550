/** What the map shows of the plan: colours of units, strong borders, the chosen grid. Only what changed is drawn. */

import type { MapAdapter } from "../map/adapter";
import { CHANGED, gridColours, loadColour, NOT_COUNTED, UNCHANGED } from "../plan/colours";
import type { Session } from "../session/session";
import { type Borders, partsGrids } from "../shapes/borders";

export type ColourBy = "load" | "grid" | "change";

export class Painting {
  by: ColourBy = "load";
  private colours: readonly string[] = [];
  private preview: ReadonlyMap<number, number> = new Map();
  private shown: Int32Array | null = null;
  private marked: ReadonlySet<number> = new Set();
  private readonly map: Pick<MapAdapter, "colour" | "border">;
  private readonly session: Session;
  private readonly borders: Borders;

  constructor(map: Pick<MapAdapter, "colour" | "border">, session: Session, borders: Borders) {
    this.map = map;
    this.session = session;
    this.borders = borders;
  }

  all(): void {
    if (this.by === "grid") this.colours = gridColours(this.session.draft);
    for (let unit = 0; unit < this.session.draft.gridOf.length; unit += 1) this.colour(unit);
    this.borders.all.forEach((_, border) => this.border(border));
  }

  /** Show units in other grids than they stand in, as a proposal or as somebody else's side; an empty map ends it. */
  show(preview: ReadonlyMap<number, number>): void {
    const units = [...this.preview.keys(), ...preview.keys()];
    this.preview = preview;
    this.shown = preview.size === 0 ? null : this.session.draft.gridOf.slice();
    for (const [unit, grid] of preview) this.shown![unit] = grid;
    for (const unit of units) {
      this.colour(unit);
      this.bordersOf(unit);
    }
  }

  /** Units moved: their borders, and the colour of every unit of the grids touched. */
  changed(units: readonly number[], grids: ReadonlySet<number>): void {
    if (this.shown !== null) for (const unit of units) this.shown[unit] = this.preview.get(unit) ?? this.session.draft.gridOf[unit]!;
    if (this.by === "grid" && this.colours.length < this.session.draft.grids.length) this.colours = gridColours(this.session.draft);
    for (const grid of grids) for (const unit of this.session.draft.unitsOf(grid)) this.colour(unit);
    for (const unit of units) this.bordersOf(unit);
  }

  /** Draw a strong border round these grids. */
  mark(grids: ReadonlySet<number>): void {
    const before = this.marked;
    this.marked = new Set(grids);
    for (const grid of new Set([...before, ...grids])) {
      if (before.has(grid) !== grids.has(grid)) for (const unit of this.session.draft.unitsOf(grid)) this.bordersOf(unit);
    }
  }

  private bordersOf(unit: number): void {
    for (const border of this.borders.ofUnit[unit]!) this.border(border);
  }

  private border(number: number): void {
    const border = this.borders.all[number]!;
    const gridOf = this.shown ?? this.session.draft.gridOf;
    const strong = partsGrids(border, gridOf);
    const beside = this.marked.has(gridOf[border.a]!) || (border.b !== -1 && this.marked.has(gridOf[border.b]!));
    this.map.border(number, strong, strong && beside);
  }

  private colour(unit: number): void {
    this.map.colour(unit, this.colourOf(unit));
  }

  private colourOf(unit: number): string {
    const { draft, baseOf } = this.session;
    const grid = draft.gridOf[unit]!;
    if (this.preview.has(unit) && this.preview.get(unit) !== grid) return CHANGED;
    if (this.by === "change") return baseOf[unit] === grid ? UNCHANGED : CHANGED;
    if (this.by === "grid") return this.colours[grid] ?? NOT_COUNTED;
    if (!this.session.codes.banded(grid)) return NOT_COUNTED;
    const { band } = draft.area.communities[draft.grids[grid]!.community]!;
    return loadColour((draft.numbersOf(grid).deviationShare + 1) * band.target, band);
  }
}
