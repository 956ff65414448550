/** Colours that every eye tells apart, with all cones or two kinds of them (held by tests/maps/test_sight.py): blue below the band, pale inside, orange above. */

import type { Draft } from "./draft";

export const BELOW = "#2c7fb8";
/** Cool in the lower third of the band, neutral, warm in the upper. */
export const INSIDE = ["#d6e5ec", "#efeadf", "#f6dfbf"] as const;
/** Bars of loads inside the band; darker than areas, so that they stand out. */
export const INSIDE_BAR = "#555555";
/** The band behind bars. */
export const BAND = "#ece7da";
export const ABOVE = "#d9601a";
export const NOT_COUNTED = "#b9b9b9";
export const CHANGED = "#4a1a6b";
export const UNCHANGED = "#ececec";
export const GRID_COLOURS = ["#70b0f0", "#f0d080", "#b0b090", "#b0f0f0", "#a0b0b0", "#e0f0d0"] as const;

/** Which third of the band a load lies in, or outside of it. */
export function loadColour(load: number, band: { minimum: number; maximum: number }): string {
  if (load < band.minimum) return BELOW;
  if (load > band.maximum) return ABOVE;
  const third = Math.floor((3 * (load - band.minimum)) / Math.max(band.maximum - band.minimum, 1e-9));
  return INSIDE[Math.min(third, 2)]!;
}

/** Colours of grids, so that neighbours differ wherever the palette reaches. */
export function gridColours(draft: Draft): string[] {
  const { area, gridOf } = draft;
  const beside: Array<Set<number>> = draft.grids.map(() => new Set());
  for (let unit = 0; unit < gridOf.length; unit += 1) {
    for (let i = area.firstNeighbour[unit]!; i < area.firstNeighbour[unit + 1]!; i += 1) {
      const other = gridOf[area.neighbours[i]!]!;
      if (other !== gridOf[unit]) beside[gridOf[unit]!]!.add(other);
    }
  }
  const given: number[] = [];
  beside.forEach((others, grid) => {
    const used = new Map<number, number>();
    for (const other of others) if (given[other] !== undefined) used.set(given[other], (used.get(given[other]) ?? 0) + 1);
    const order = GRID_COLOURS.map((_, i) => (i + grid) % GRID_COLOURS.length);
    given.push(order.reduce((best, colour) => ((used.get(colour) ?? 0) < (used.get(best) ?? 0) ? colour : best)));
  });
  return given.map((colour) => GRID_COLOURS[colour]!);
}
