/** Small drawings in the panel. */

const SVG = "http://www.w3.org/2000/svg";

export function drawing(viewBox: string, labelledBy: string): SVGElement {
  return shape("svg", { viewBox, role: "img", "aria-labelledby": labelledBy });
}

export function shape(name: string, attributes: Readonly<Record<string, string | number>>, text = ""): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}
