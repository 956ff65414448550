/** Colours that a colour-blind eye tells apart: blue below the band, pale inside, orange above. */

import type { Draft } from "./draft";

export const BELOW = "#2c7fb8";
export const INSIDE = ["#d9e8d3", "#eef0dc", "#f3e7cf"] as const;
/** Bars of loads inside the band; darker than areas, so that they stand out on white. */
export const INSIDE_BAR = "#5f8f55";
export const ABOVE = "#d9601a";
export const NOT_COUNTED = "#d5d5d5";
export const CHANGED = "#8856a7";
export const UNCHANGED = "#ececec";
/** Tints of the palette of Okabe and Ito, which colour-blind eyes tell apart. */
const GRID_COLOURS = ["#f0c566", "#9fd4f2", "#66c5ab", "#f6ee8e", "#7fb3d6", "#e79e66", "#e0afca", "#c9c9c9"] as const;

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
