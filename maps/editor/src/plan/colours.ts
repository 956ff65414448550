/** Colours that a colour-blind eye tells apart: blue below the band, pale inside, orange above. */

export const BELOW = "#2c7fb8";
export const INSIDE = ["#d9e8d3", "#eef0dc", "#f3e7cf"] as const;
export const ABOVE = "#d9601a";
export const NOT_COUNTED = "#d5d5d5";
export const CHANGED = "#8856a7";
export const UNCHANGED = "#ececec";
const GRID_COLOURS = ["#8dd3c7", "#ffffb3", "#bebada", "#fdb462", "#80b1d3", "#fccde5", "#b3de69", "#d9d9d9"] as const;

/** Which third of the band a load lies in, or outside of it. */
export function loadColour(load: number, band: { minimum: number; maximum: number }): string {
  if (load < band.minimum) return BELOW;
  if (load > band.maximum) return ABOVE;
  const third = Math.floor((3 * (load - band.minimum)) / Math.max(band.maximum - band.minimum, 1e-9));
  return INSIDE[Math.min(third, 2)]!;
}

export function gridColour(grid: number): string {
  return GRID_COLOURS[(grid * 5) % GRID_COLOURS.length]!;
}
