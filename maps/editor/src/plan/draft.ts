/**
 * The plan under the planner's hand: the grid of every unit, and sums that follow each move.
 * The cost of a move does not depend on the number of grids; pieces and hearts are found
 * again only for grids that were touched.
 */

import type { Area, Rows } from "./area";

export interface Grid {
  readonly id: string;
  readonly community: number;
  readonly locked: boolean;
  readonly name: string;
}

export interface GridNumbers {
  readonly units: number;
  readonly households: number;
  readonly residents: number;
  readonly workloadH: number;
  /** load / target - 1 */
  readonly deviationShare: number;
  readonly inBand: boolean;
}

/** One unit that changed its grid; enough to undo it. */
export interface Move {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}

export class Draft {
  private ground: Area;
  readonly gridOf: Int32Array;
  private readonly held: Grid[];
  private readonly members: Set<number>[];
  private readonly householdsOf: number[];
  private readonly residentsOf: number[];
  private readonly workloadOf: number[];
  private readonly loadOf: number[];

  constructor(area: Area, grids: readonly Grid[], gridOf: Int32Array) {
    this.ground = area;
    this.held = [...grids];
    this.gridOf = gridOf.slice();
    this.members = grids.map(() => new Set<number>());
    this.householdsOf = grids.map(() => 0);
    this.residentsOf = grids.map(() => 0);
    this.workloadOf = grids.map(() => 0);
    this.loadOf = grids.map(() => 0);
    for (let unit = 0; unit < gridOf.length; unit += 1) this.add(unit, gridOf[unit]!, 1);
  }

  get area(): Area {
    return this.ground;
  }

  /** Other neighbours hold from now on: a link was made or cut. */
  relink(rows: Rows): void {
    this.ground = { ...this.ground, ...rows };
  }

  get grids(): readonly Grid[] {
    return this.held;
  }

  unitsOf(grid: number): ReadonlySet<number> {
    return this.members[grid]!;
  }

  /** Add an empty grid and return its number. */
  addGrid(grid: Grid): number {
    this.held.push(grid);
    this.members.push(new Set());
    for (const sums of [this.householdsOf, this.residentsOf, this.workloadOf, this.loadOf]) sums.push(0);
    return this.held.length - 1;
  }

  describe(grid: number, facts: Pick<Grid, "locked" | "name">): void {
    this.held[grid] = { ...this.held[grid]!, locked: facts.locked, name: facts.name };
  }

  /** What a grid carries, in the quantity that the band is stated in. */
  loadAt(grid: number): number {
    return this.loadOf[grid]!;
  }

  /** Put a unit into another grid; return the move, or null where it is there already. */
  move(unit: number, to: number): Move | null {
    const from = this.gridOf[unit]!;
    if (from === to) return null;
    this.add(unit, from, -1);
    this.gridOf[unit] = to;
    this.add(unit, to, 1);
    return { unit, from, to };
  }

  numbersOf(grid: number): GridNumbers {
    const { band } = this.area.communities[this.held[grid]!.community]!;
    const load = this.loadOf[grid]!;
    return {
      units: this.members[grid]!.size,
      households: this.householdsOf[grid]!,
      residents: this.residentsOf[grid]!,
      workloadH: this.workloadOf[grid]!,
      deviationShare: load / band.target - 1,
      inBand: load >= band.minimum && load <= band.maximum,
    };
  }

  private add(unit: number, grid: number, sign: 1 | -1): void {
    if (sign === 1) this.members[grid]!.add(unit);
    else this.members[grid]!.delete(unit);
    this.householdsOf[grid]! += sign * this.area.households[unit]!;
    this.residentsOf[grid]! += sign * this.area.residents[unit]!;
    this.workloadOf[grid]! += sign * this.area.workloadH[unit]!;
    this.loadOf[grid]! += sign * this.area.load[unit]!;
  }
}
