/** "Limit to this area": the units that may change, and what the area is called. */

import type { Area } from "./area";

export interface LimitedArea {
  readonly name: string;
  readonly units: ReadonlySet<number>;
}

/** The units of one community. */
export function communityLimit(area: Area, community: number): LimitedArea {
  const units = new Set<number>();
  area.communityOf.forEach((c, unit) => c === community && units.add(unit));
  const { id, name } = area.communities[community]!;
  return { name: name || id, units };
}

/** The units whose places lie inside a box of the map. */
export function viewLimit(
  name: string,
  places: ReadonlyArray<readonly [number, number]>,
  box: { readonly west: number; readonly north: number; readonly east: number; readonly south: number },
): LimitedArea {
  const inside = ([x, y]: readonly [number, number]): boolean => x >= box.west && x <= box.east && y >= box.north && y <= box.south;
  return { name, units: new Set(places.flatMap((place, unit) => (inside(place) ? [unit] : []))) };
}
