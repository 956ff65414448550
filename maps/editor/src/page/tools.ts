/** What the pointer does to the plan: one small tool a gesture. */

import { spreadFrom } from "../plan/spread";
import { touching } from "../plan/touching";
import type { Session } from "../session/session";
import { unitAt, unitsInRing, unitsUnderBrush } from "../shapes/pick";
import type { WorldPoint } from "../shapes/shapes";
import type { Ground } from "./ground";

export const TOOLS = ["brush", "click", "box", "lasso", "fill", "erase", "merge", "pan"] as const;
export type Tool = (typeof TOOLS)[number];

export interface Hand {
  tool: Tool;
  chosen: number | null;
  /** A stroke of the brush begins a new grid, as long as there is none. */
  newGrid: boolean;
  brushPixels: number;
  /** The next press picks a place instead of painting. */
  picking: ((unit: number | null, at: WorldPoint) => void) | null;
}

export interface Said {
  chosen(grid: number): void;
  /** The new grid that was asked for is there. */
  begun(): void;
  /** Two grids that do not touch cannot be merged. */
  apart(grid: number, into: number): void;
  /** A grid joins the selection, or leaves it. */
  selected(grid: number): void;
  /** A unit was looked at. */
  inspected(unit: number): void;
  chooseFirst(): void;
  sketch(ring: readonly WorldPoint[]): void;
  /** A ring is pulled: these grids would change. */
  ringed(grids: ReadonlySet<number>): void;
  worldLength(pixels: number): number;
}

export class Gesture {
  private last: WorldPoint | null = null;
  private ring: WorldPoint[] = [];
  private inside = new Set<number>();
  private target: number | null = null;
  private readonly session: Session;
  private readonly ground: Ground;
  private readonly hand: Hand;
  private readonly said: Said;

  constructor(session: Session, ground: Ground, hand: Hand, said: Said) {
    this.session = session;
    this.ground = ground;
    this.hand = hand;
    this.said = said;
  }

  down(at: WorldPoint, event: { readonly altKey: boolean; readonly shiftKey: boolean }): void {
    const unit = this.unitAt(at);
    const { picking } = this.hand;
    if (picking !== null) {
      this.hand.picking = null;
      this.last = null;
      return picking(unit, at);
    }
    if (event.shiftKey && unit !== null) return this.said.selected(this.session.draft.gridOf[unit]!);
    this.last = at;
    [this.ring, this.inside] = [[at], new Set()];
    if (this.hand.tool === "brush") {
      this.target = this.targetOf(unit);
      if (this.target !== null) this.said.chosen(this.target);
      this.pull(at);
    } else if (this.hand.tool === "erase") this.pull(at);
    else if (unit !== null) this.click(unit, event.altKey);
  }

  /** Whether a stroke is being painted. */
  get painting(): boolean {
    return this.last !== null;
  }

  /** A finger touched a unit while fingers move the map. */
  tap(at: WorldPoint): void {
    const { tool, picking } = this.hand;
    if (picking !== null || tool === "click" || tool === "fill" || tool === "merge") {
      this.down(at, { altKey: false, shiftKey: false });
      this.up();
    } else {
      const unit = this.unitAt(at);
      if (unit !== null) this.look(unit);
    }
  }

  /** Choose the grid of a unit, and look at the unit. */
  look(unit: number): void {
    this.said.chosen(this.session.draft.gridOf[unit]!);
    this.said.inspected(unit);
  }

  /** Give up the stroke that is being painted; tell whether there was one. */
  drop(): boolean {
    const { painting } = this;
    [this.last, this.target, this.ring] = [null, null, []];
    this.said.sketch([]);
    this.session.endPreview();
    if (painting) this.session.dropStroke();
    return painting;
  }

  move(at: WorldPoint): void {
    if (this.last === null) return;
    if (this.hand.tool === "brush" || this.hand.tool === "erase") this.pull(at);
    else if (this.hand.tool === "box") this.pullBox(at);
    else if (this.hand.tool === "lasso") this.pullLasso(at);
  }

  up(): void {
    if (this.last === null) return;
    this.session.endPreview();
    if ((this.hand.tool === "box" || this.hand.tool === "lasso") && this.ring.length > 2) this.into(this.unitsIn(this.ring));
    if (this.ring.length > 1) this.said.sketch([]);
    this.last = null;
    this.target = null;
    this.session.endStroke();
  }

  /** Do at a unit what the tool in hand does there, by the keyboard; a brush, a box and a lasso put it into the chosen grid. */
  press(unit: number): void {
    const { tool, picking } = this.hand;
    if (picking !== null) {
      this.hand.picking = null;
      return picking(unit, this.ground.places[unit]!);
    }
    if (tool === "pan") return this.look(unit);
    if (tool === "brush" && this.hand.newGrid) this.begin(unit);
    else if (tool === "erase") this.session.paint([unit], (each) => this.session.baseGrid(each));
    else if (tool === "click" || tool === "fill" || tool === "merge") this.click(unit, false);
    else this.into([unit]);
    this.session.endStroke();
  }

  /** Put units into the chosen grid. */
  into(units: readonly number[]): void {
    const { chosen } = this.hand;
    if (chosen === null) this.said.chooseFirst();
    else this.session.paint(units, () => chosen);
  }

  private targetOf(unit: number | null): number | null {
    if (unit === null) return null;
    return this.hand.newGrid ? this.session.newGrid(unit) : this.session.draft.gridOf[unit]!;
  }

  /** Begin the new grid with a unit alone. */
  private begin(unit: number): void {
    const grid = this.targetOf(unit)!;
    this.said.chosen(grid);
    this.session.paint([unit], () => grid);
    this.begun(grid);
  }

  /** The new grid that was asked for is there once it has a unit. */
  private begun(grid: number): void {
    if (!this.hand.newGrid || this.session.draft.unitsOf(grid).size === 0) return;
    this.hand.newGrid = false;
    this.said.begun();
  }

  private pullBox(at: WorldPoint): void {
    const [x, y] = this.ring[0]!;
    this.ring = [[x, y], [at[0], y], at, [x, at[1]]];
    this.ringed(new Set(this.unitsIn(this.ring)));
  }

  /** A point more turns inside out what lies between it, the point before and the beginning. */
  private pullLasso(at: WorldPoint): void {
    for (const unit of this.unitsIn([this.ring[0]!, this.ring.at(-1)!, at])) if (!this.inside.delete(unit)) this.inside.add(unit);
    this.ring.push(at);
    this.ringed(this.inside);
  }

  /** Show the ring, and the numbers of what would be painted. */
  private ringed(units: ReadonlySet<number>): void {
    this.said.sketch(this.ring);
    const { chosen } = this.hand;
    if (chosen !== null) this.said.ringed(this.session.previewInto(units, chosen));
  }

  private unitsIn(ring: readonly WorldPoint[]): number[] {
    return unitsInRing(ring, this.ground.buckets, this.ground.places);
  }

  private pull(at: WorldPoint): void {
    const radius = this.said.worldLength(this.hand.brushPixels);
    const units = unitsUnderBrush(this.ground.shapes, this.ground.buckets, this.last ?? at, at, radius);
    this.last = at;
    const { target, session } = this;
    if (this.hand.tool === "erase") session.paint(units, (unit) => session.baseGrid(unit));
    else if (target !== null) {
      session.paint(units, () => target);
      this.begun(target);
    }
  }

  private unitAt(at: WorldPoint): number | null {
    return unitAt(this.ground.shapes, this.ground.buckets, at);
  }

  private click(unit: number, choose: boolean): void {
    const { draft } = this.session;
    const grid = draft.gridOf[unit]!;
    if (this.hand.tool === "click" && (choose || this.hand.chosen === null || this.hand.chosen === grid)) this.look(unit);
    else if (this.hand.tool === "click") this.into([unit]);
    else if (this.hand.tool === "fill") this.into(spreadFrom(draft, unit));
    else if (this.hand.tool === "merge") this.merge(grid);
  }

  /** Put a whole grid into the chosen one; where they do not touch, only if grids may be in pieces for now. */
  private merge(grid: number): void {
    const { draft, allowsPieces } = this.session;
    const { chosen } = this.hand;
    const inOne = chosen !== null && chosen !== grid && draft.grids[chosen]!.community === draft.grids[grid]!.community;
    if (inOne && !allowsPieces && !touching(draft, grid, chosen)) return this.said.apart(grid, chosen);
    this.into([...draft.unitsOf(grid)]);
  }
}
