/**
 * Borders as lines for the graphics card, chunk by chunk. Within a chunk the strong lines stand first: a screen that
 * shows too much for weak ones draws only those. A border that changes has the lines of its own chunk put in order anew.
 */

import type { Borders } from "./borders";
import type { Mesh } from "./mesh";

export const WEAK = 0;
export const STRONG = 1;
export const CHOSEN = 2;
export type Strength = typeof WEAK | typeof STRONG | typeof CHOSEN;

/** x, y, x, y from the mesh's origin. */
export const END_NUMBERS = 4;

export interface LineChunk {
  /** First line of the chunk, the first weak one, and one past the last. */
  readonly first: number;
  readonly firstWeak: number;
  readonly end: number;
}

export class Lines {
  /** Both ends of each line. */
  readonly ends: Float32Array;
  /** The strength of each line. */
  readonly strengths: Uint8Array;
  readonly chunks: LineChunk[] = [];
  private readonly strength: Uint8Array;
  private readonly chunkOf: Int32Array;
  private readonly bordersIn: number[][];
  private readonly stale = new Set<number>();
  private readonly borders: Borders;
  private readonly mesh: Mesh;

  constructor(borders: Borders, mesh: Mesh) {
    this.borders = borders;
    this.mesh = mesh;
    this.strength = new Uint8Array(borders.all.length);
    this.ends = new Float32Array(borders.sides.length);
    this.strengths = new Uint8Array(borders.sides.length / END_NUMBERS);
    const ofUnit = new Int32Array(borders.ofUnit.length);
    mesh.chunks.forEach(({ units }, chunk) => units.forEach((unit) => (ofUnit[unit] = chunk)));
    this.chunkOf = Int32Array.from(borders.all, ({ a }) => ofUnit[a]!);
    this.bordersIn = mesh.chunks.map(() => []);
    this.chunkOf.forEach((chunk, border) => this.bordersIn[chunk]!.push(border));
    let first = 0;
    this.bordersIn.forEach((own, chunk) => {
      const end = own.reduce((sum, border) => sum + this.sidesOf(border), first);
      this.chunks.push({ first, firstWeak: first, end });
      this.stale.add(chunk);
      first = end;
    });
  }

  /** Give a border a strength; return whether that is news. */
  set(border: number, strength: Strength): boolean {
    if (this.strength[border] === strength) return false;
    this.strength[border] = strength;
    this.stale.add(this.chunkOf[border]!);
    return true;
  }

  /** Put what changed in order; return the chunks whose lines are new. */
  refresh(): LineChunk[] {
    const fresh = [...this.stale].map((chunk) => (this.chunks[chunk] = this.ordered(chunk)));
    this.stale.clear();
    return fresh;
  }

  private ordered(chunk: number): LineChunk {
    const { first, end } = this.chunks[chunk]!;
    let [strong, weak] = [first, end];
    for (const border of this.bordersIn[chunk]!) {
      const { first: from, end: to } = this.borders.all[border]!;
      for (let side = from; side < to; side += 1) this.write(this.strength[border] === WEAK ? --weak : strong++, side, this.strength[border]!);
    }
    return { first, firstWeak: strong, end };
  }

  private write(line: number, side: number, strength: number): void {
    const { origin } = this.mesh;
    for (let i = 0; i < END_NUMBERS; i += 1) this.ends[END_NUMBERS * line + i] = this.borders.sides[END_NUMBERS * side + i]! - origin[i % 2]!;
    this.strengths[line] = strength;
  }

  private sidesOf(border: number): number {
    const { first, end } = this.borders.all[border]!;
    return end - first;
  }
}
