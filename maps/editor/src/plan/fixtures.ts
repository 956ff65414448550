/** Six units in a row, two communities, three grids: numbers that add up in the head. */

import { type Area, neighbourRows } from "./area";
import { Draft, type Grid } from "./draft";

const PAIRS: ReadonlyArray<readonly [number, number]> = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [4, 5],
];

/** Units 0-3 in community 0, 4-5 in community 1; 100 households each, 10 m apart; band 100/200/300. */
export function strip6(): Area {
  const band = { minimum: 100, target: 200, maximum: 300 };
  const households = new Float64Array(6).fill(100);
  return {
    unitIds: ["u0", "u1", "u2", "u3", "u4", "u5"],
    communities: [
      { id: "west", name: "West", band },
      { id: "east", name: "East", band },
    ],
    communityOf: Int32Array.of(0, 0, 0, 0, 1, 1),
    households,
    residents: households.map((h) => 3 * h),
    workloadH: households.map((h) => h / 10),
    load: households,
    placesM: Float64Array.from([0, 0, 10, 0, 20, 0, 30, 0, 40, 0, 50, 0]),
    walks: null,
    ...neighbourRows(6, PAIRS),
  };
}

export const GRIDS: readonly Grid[] = [
  { id: "west001", community: 0, locked: false, name: "" },
  { id: "west002", community: 0, locked: false, name: "" },
  { id: "east001", community: 1, locked: false, name: "" },
];

/** u0 u1 | u2 u3 | u4 u5 */
export function strip6Draft(): Draft {
  return new Draft(strip6(), GRIDS, Int32Array.of(0, 0, 1, 1, 2, 2));
}
