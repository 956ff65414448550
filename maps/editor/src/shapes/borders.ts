/**
 * The borders between units, found once from corners that neighbours share exactly. A border is drawn strong
 * where it parts two grids; painting a unit changes the strength of its own borders and no others.
 */

import type { Shapes } from "./shapes";

export interface Border {
  /** The lower unit. */
  readonly a: number;
  /** The higher unit, or -1 where nobody is on the other side. */
  readonly b: number;
  /** First of its sides, and one past the last. */
  readonly first: number;
  readonly end: number;
}

export interface Borders {
  readonly all: readonly Border[];
  /** Numbers of the borders of each unit. */
  readonly ofUnit: readonly (readonly number[])[];
  /** Both ends of each side in turn: x, y, x, y, in world coordinates. */
  readonly sides: Float64Array;
}

/** Sides that units have in common or alone: corner numbers of both ends, and who is beside. */
interface Sides {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly owner: Int32Array;
  readonly other: Int32Array;
  readonly count: number;
}

const NONE = -1;
const MIX = 0x9e3779b1; // the golden ratio in 32 bits, spreads numbers over a table

export function bordersOf(shapes: Shapes): Borders {
  const sides = sidesOf(shapes);
  const units = shapes.firstRing.length - 1;
  const ofUnit: number[][] = Array.from({ length: units }, () => []);
  const all: Border[] = [];
  const ends = new Float64Array(4 * sides.count);
  const order = byPair(sides, units);
  for (let at = 0; at < order.length; ) {
    const [a, b] = pairOf(sides, order[at]!);
    const first = at;
    for (; at < order.length && sameTwo(sides, order[at]!, a, b); at += 1) {
      const side = order[at]!;
      ends.set([...cornerAt(shapes, sides.from[side]!), ...cornerAt(shapes, sides.to[side]!)], 4 * at);
    }
    ofUnit[a]!.push(all.length);
    if (b !== NONE) ofUnit[b]!.push(all.length);
    all.push({ a, b, first, end: at });
  }
  return { all, ofUnit, sides: ends };
}

/** Whether a border parts two grids, or is the rim of everything. */
export function partsGrids(border: Pick<Border, "a" | "b">, gridOf: Int32Array): boolean {
  return border.b === NONE || gridOf[border.a] !== gridOf[border.b];
}

function sidesOf(shapes: Shapes): Sides {
  const most = shapes.corners.length / 2;
  const corner = sameCorners(shapes.corners);
  const table = new Int32Array(sizeFor(most)).fill(NONE);
  const [from, to, owner, other] = [0, 1, 2, 3].map(() => new Int32Array(most)) as [Int32Array, Int32Array, Int32Array, Int32Array];
  let count = 0;
  const see = (unit: number, p: number, q: number): void => {
    const [low, high] = p < q ? [p, q] : [q, p];
    let slot = Math.imul(Math.imul(low, MIX) ^ high, MIX) >>> table32(table);
    for (; table[slot] !== NONE; slot = (slot + 1) & (table.length - 1)) {
      const side = table[slot]!;
      if (Math.min(from[side]!, to[side]!) !== low || Math.max(from[side]!, to[side]!) !== high) continue;
      if (owner[side] !== unit) other[side] = unit;
      return;
    }
    table[slot] = count;
    [from[count], to[count], owner[count], other[count]] = [p, q, unit, NONE];
    count += 1;
  };
  for (let unit = 0; unit + 1 < shapes.firstRing.length; unit += 1) {
    for (let ring = shapes.firstRing[unit]!; ring < shapes.firstRing[unit + 1]!; ring += 1) {
      for (let i = shapes.ringStart[ring]!; i + 1 < shapes.ringStart[ring + 1]!; i += 1) see(unit, corner[i]!, corner[i + 1]!);
    }
  }
  return { from, to, owner, other, count };
}

/** For each corner the first one at the very same place. */
function sameCorners(corners: Float64Array): Int32Array {
  const bits = new Int32Array(corners.buffer, corners.byteOffset, 2 * corners.length);
  const first = new Int32Array(corners.length / 2);
  const table = new Int32Array(sizeFor(first.length)).fill(NONE);
  for (let i = 0; i < first.length; i += 1) {
    const mixed = Math.imul(Math.imul(bits[4 * i]! ^ Math.imul(bits[4 * i + 1]!, MIX), MIX) ^ bits[4 * i + 2]! ^ Math.imul(bits[4 * i + 3]!, MIX), MIX);
    let slot = mixed >>> table32(table);
    while (table[slot] !== NONE && !samePlace(corners, table[slot]!, i)) slot = (slot + 1) & (table.length - 1);
    if (table[slot] === NONE) table[slot] = i;
    first[i] = table[slot]!;
  }
  return first;
}

/** A power of two with room to spare. */
function sizeFor(count: number): number {
  return 2 ** Math.max(2, Math.ceil(Math.log2(2 * count + 1)));
}

/** How far a mixed number is shifted to point into a table. */
function table32(table: Int32Array): number {
  return Math.clz32(table.length - 1);
}

function samePlace(corners: Float64Array, i: number, j: number): boolean {
  return corners[2 * i] === corners[2 * j] && corners[2 * i + 1] === corners[2 * j + 1];
}

function cornerAt({ corners }: Shapes, corner: number): [number, number] {
  return [corners[2 * corner]!, corners[2 * corner + 1]!];
}

function pairOf({ owner, other }: Sides, side: number): [number, number] {
  const [p, q] = [owner[side]!, other[side]!];
  return q === NONE ? [p, NONE] : [Math.min(p, q), Math.max(p, q)];
}

function sameTwo(sides: Sides, side: number, a: number, b: number): boolean {
  const [p, q] = pairOf(sides, side);
  return p === a && q === b;
}

/** Numbers of sides sorted by the two units beside them, and then as they were walked. */
function byPair(sides: Sides, units: number): Int32Array {
  const next = new Int32Array(units + 1);
  for (let side = 0; side < sides.count; side += 1) next[pairOf(sides, side)[0] + 1]! += 1;
  for (let unit = 0; unit < units; unit += 1) next[unit + 1]! += next[unit]!;
  const order = new Int32Array(sides.count);
  for (let side = 0; side < sides.count; side += 1) order[next[pairOf(sides, side)[0]]!++] = side;
  let first = 0; // `next` points now behind the sides of each unit
  for (let unit = 0; unit < units; unit += 1) {
    order.subarray(first, next[unit]!).sort((p, q) => pairOf(sides, p)[1] - pairOf(sides, q)[1] || p - q);
    first = next[unit]!;
  }
  return order;
}
