/**
 * The ground a plan is drawn on: units, their neighbours and the bands of their communities.
 * Nothing here changes while a planner paints; ids became small numbers once, at the door.
 */

import type { Walks } from "./walks";

export interface Band {
  readonly minimum: number;
  readonly target: number;
  readonly maximum: number;
}

export interface Community {
  readonly id: string;
  readonly name: string;
  readonly band: Band;
}

export interface Area {
  readonly unitIds: readonly string[];
  readonly communities: readonly Community[];
  /** Number of the community of each unit. */
  readonly communityOf: Int32Array;
  readonly households: Float64Array;
  readonly residents: Float64Array;
  readonly workloadH: Float64Array;
  /** The quantity that the band is stated in; one of the three above. */
  readonly load: Float64Array;
  /** Place of each unit in metres: x of unit u at 2u, y at 2u + 1. */
  readonly placesM: Float64Array;
  /** Walking metres between units; null where the study measures straight ones. */
  readonly walks: Walks | null;
  /** Neighbours of unit u: neighbours[firstNeighbour[u]] up to neighbours[firstNeighbour[u + 1] - 1]. */
  readonly firstNeighbour: Int32Array;
  readonly neighbours: Int32Array;
  /** Keys of neighbours that a crossing or a link joins: between them lies a barrier, or other ground. */
  readonly across: ReadonlySet<number>;
}

export type Pair = readonly [number, number];

/** One number for two units, in either order. */
export function pairKey(units: number, a: number, b: number): number {
  return Math.min(a, b) * units + Math.max(a, b);
}

/** What is known of neighbours. */
export type Rows = Pick<Area, "firstNeighbour" | "neighbours" | "across">;

/** Turn pairs of neighbouring units into rows of neighbours, each row sorted; `across` are those of the pairs without an open border. */
export function neighbourRows(units: number, pairs: readonly Pair[], across: readonly Pair[] = []): Rows {
  const firstNeighbour = new Int32Array(units + 1);
  for (const [a, b] of pairs) {
    firstNeighbour[a + 1]! += 1;
    firstNeighbour[b + 1]! += 1;
  }
  for (let u = 0; u < units; u += 1) firstNeighbour[u + 1]! += firstNeighbour[u]!;
  const next = firstNeighbour.slice(0, units);
  const neighbours = new Int32Array(2 * pairs.length);
  for (const [a, b] of pairs) {
    neighbours[next[a]!++] = b;
    neighbours[next[b]!++] = a;
  }
  for (let u = 0; u < units; u += 1) {
    neighbours.subarray(firstNeighbour[u]!, firstNeighbour[u + 1]!).sort();
  }
  return { firstNeighbour, neighbours, across: new Set(across.map(([a, b]) => pairKey(units, a, b))) };
}
