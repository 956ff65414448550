/** Line drawings of the tools, made as elements; they take the colour of the text beside them. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  brush: "M12 3l5 5-7 7H5v-5zM3 18h14",
  click: "M5 3l11 6-5 2 3 5-2 1-3-5-3 4z",
  box: "M4 4h3M9 4h2M13 4h3v3M16 9v2M16 13v3h-3M11 16H9M7 16H4v-3M4 11V9M4 7V4",
  lasso: "M10 4c4 0 7 2 7 4.5s-3 4.5-7 4.5-7-2-7-4.5S6 4 10 4zM6 12c-2 2 0 3 1 5",
  fill: "M8 3l7 7-6 6-6-6 5-5M16.5 13c1 1.5 1.5 2.5 0 3.5-1.5-1-1-2 0-3.5",
  erase: "M8 16L4 12l7-8 5 5-7 7zM5 17h11",
  merge: "M4 4v3c0 3 6 3 6 6v4M16 4v3c0 3-6 3-6 6M7 15l3 3 3-3",
  pan: "M10 2v16M2 10h16M8 4l2-2 2 2M8 16l2 2 2-2M4 8l-2 2 2 2M16 8l2 2-2 2",
  newGrid: "M4 4h12v12H4zM10 7v6M7 10h6",
  link: "M3 10a2 2 0 1 0 4 0a2 2 0 1 0-4 0M13 10a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 10h6",
  lock: "M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3",
  paintLock: "M8 10V4.5a1.5 1.5 0 0 1 3 0V9l4 1c1 .3 1.3 1 1 2l-1 6H9l-4-5c-1-1.5 1-2.5 2-1z",
  undo: "M4 8h8a4 4 0 0 1 0 8H8M7 5L4 8l3 3",
  redo: "M16 8H8a4 4 0 0 0 0 8h4M13 5l3 3-3 3",
} as const;

export type Icon = keyof typeof PATHS;

export function icon(name: Icon): SVGElement {
  const made = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" })) made.setAttribute(key, value);
  path.setAttribute("d", PATHS[name]);
  made.append(path);
  return made;
}
