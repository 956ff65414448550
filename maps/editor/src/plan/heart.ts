/** The heart of a grid: the unit from which its households are nearest on average, in straight metres. */

import type { Area } from "./area";

export interface Heart {
  readonly unit: number;
  /** Household-weighted mean metres to the heart; 0 for a grid without households. */
  readonly walkMeanM: number;
}

export function heartOf(area: Area, units: ReadonlySet<number>): Heart | null {
  const members = [...units].sort((a, b) => a - b);
  let best: number | null = null;
  let bestHm = Number.POSITIVE_INFINITY;
  let households = 0;
  for (const unit of members) households += area.households[unit]!;
  for (const candidate of members) {
    let sumHm = 0;
    for (const unit of members) {
      sumHm += area.households[unit]! * metresBetween(area, candidate, unit);
      if (sumHm >= bestHm) break;
    }
    if (sumHm < bestHm) [best, bestHm] = [candidate, sumHm];
  }
  return best === null ? null : { unit: best, walkMeanM: households > 0 ? bestHm / households : 0 };
}

function metresBetween(area: Area, a: number, b: number): number {
  return Math.hypot(area.placesM[2 * a]! - area.placesM[2 * b]!, area.placesM[2 * a + 1]! - area.placesM[2 * b + 1]!);
}
