/** The heart of a grid: the unit from which its households are nearest on average, by the metres of the study. */

import type { Area } from "./area";

const DM_A_M = 10;

export interface Heart {
  readonly unit: number;
  /** Household-weighted mean metres to the heart; 0 for a grid without households. */
  readonly walkMeanM: number;
}

export function heartOf(area: Area, units: ReadonlySet<number>): Heart | null {
  const members = [...units].sort((a, b) => a - b);
  let best: number | null = null;
  let bestSum = Number.POSITIVE_INFINITY;
  let households = 0;
  for (const unit of members) households += area.households[unit]!;
  const apart = apartIn(area);
  for (const candidate of members) {
    let sum = 0;
    for (const unit of members) {
      sum += area.households[unit]! * apart(candidate, unit);
      if (sum >= bestSum) break;
    }
    if (sum < bestSum) [best, bestSum] = [candidate, sum];
  }
  const sumHm = area.walks === null ? bestSum : bestSum / DM_A_M;
  return best === null ? null : { unit: best, walkMeanM: households > 0 ? sumHm / households : 0 };
}

/** How far two units are apart: straight metres, or decimetres on foot, whose sums are exact. */
function apartIn(area: Area): (a: number, b: number) => number {
  const { walks } = area;
  if (walks === null) return (a, b) => straightM(area, a, b);
  return (a, b) => walks.decimetres(a, b) ?? DM_A_M * straightM(area, a, b);
}

function straightM(area: Area, a: number, b: number): number {
  return Math.hypot(area.placesM[2 * a]! - area.placesM[2 * b]!, area.placesM[2 * a + 1]! - area.placesM[2 * b + 1]!);
}
