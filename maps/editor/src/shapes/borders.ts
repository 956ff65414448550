/**
 * The borders between units, found once from corners that neighbours share exactly. A border is drawn strong
 * where it parts two grids; painting a unit changes the strength of its own borders and no others.
 */

import type { MultiPolygon, Polygon, Position } from "geojson";

export interface Border {
  /** The lower unit. */
  readonly a: number;
  /** The higher unit, or -1 where nobody is on the other side. */
  readonly b: number;
  readonly lines: readonly (readonly Position[])[];
}

export interface Borders {
  readonly all: readonly Border[];
  /** Numbers of the borders of each unit. */
  readonly ofUnit: readonly (readonly number[])[];
}

interface Side {
  readonly owner: number;
  readonly from: Position;
  readonly to: Position;
  other: number;
}

export function bordersOf(polygons: ReadonlyArray<Polygon | MultiPolygon>): Borders {
  const sides = new Map<string, Side>();
  polygons.forEach((polygon, unit) => {
    const parts = polygon.type === "Polygon" ? [polygon.coordinates] : polygon.coordinates;
    for (const ring of parts.flat()) {
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const [from, to] = [ring[i]!, ring[i + 1]!];
        const key = sideKey(from, to);
        const known = sides.get(key);
        if (known === undefined) sides.set(key, { owner: unit, from, to, other: -1 });
        else if (known.owner !== unit) known.other = unit;
      }
    }
  });
  return gathered([...sides.values()], polygons.length);
}

function sideKey(from: Position, to: Position): string {
  const [a, b] = [`${from[0]},${from[1]}`, `${to[0]},${to[1]}`];
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Put the sides of each pair of units together into lines, in the order they were walked. */
function gathered(sides: readonly Side[], units: number): Borders {
  const lines = new Map<string, { a: number; b: number; lines: Position[][] }>();
  for (const { owner, other, from, to } of sides) {
    const [a, b] = other === -1 ? [owner, -1] : [Math.min(owner, other), Math.max(owner, other)];
    const key = `${a} ${b}`;
    const border = lines.get(key) ?? { a, b, lines: [] };
    const last = border.lines.at(-1);
    if (last !== undefined && samePlace(last.at(-1)!, from)) last.push(to);
    else border.lines.push([from, to]);
    lines.set(key, border);
  }
  const all = [...lines.values()].sort((p, q) => p.a - q.a || p.b - q.b);
  const ofUnit: number[][] = Array.from({ length: units }, () => []);
  all.forEach((border, number) => {
    ofUnit[border.a]!.push(number);
    if (border.b !== -1) ofUnit[border.b]!.push(number);
  });
  return { all, ofUnit };
}

function samePlace(p: Position, q: Position): boolean {
  return p[0] === q[0] && p[1] === q[1];
}

/** Whether a border parts two grids, or is the rim of everything. */
export function partsGrids(border: Border, gridOf: Int32Array): boolean {
  return border.b === -1 || gridOf[border.a] !== gridOf[border.b];
}
