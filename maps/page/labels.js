/* Labels of grids and names of communities, shown where they fit at this zoom. */
const CODE_FITS_PX = 12;
const COUNT_FITS_PX = 17;

function makeLabels() {
  layers.labels = L.layerGroup();
  layers.names = L.layerGroup();
  map.on("zoomend moveend", drawLabels);
}

function nameWidth(name) {
  return [...name].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 255 ? 14 : 7.6), 10);
}

function drawNames() {
  layers.names.clearLayers();
  if (!map.hasLayer(layers.communities)) return [];
  const taken = [];
  for (const area of page.areas) {
    const shape = area.shape.length ? L.latLngBounds(line(area.shape[0])) : null;
    if (!shape) continue;
    const width = nameWidth(area.name);
    const span = map.latLngToContainerPoint(shape.getNorthEast()).x - map.latLngToContainerPoint(shape.getSouthWest()).x;
    const at = map.latLngToContainerPoint(latLng(area.label));
    if (span < width * 0.8) continue;
    taken.push([at.x - width / 2, at.y - 10, at.x + width / 2, at.y + 10]);
    const text = el("span", {}, area.name);
    L.marker(latLng(area.label), { pane: "labels", interactive: false, keyboard: false, icon: L.divIcon({ className: "name", html: text, iconSize: [width, 20] }) }).addTo(layers.names);
  }
  return taken;
}

function drawLabels() {
  if (!layers.labels) return;
  layers.labels.clearLayers();
  const taken = drawNames();
  if (!map.hasLayer(layers.labels)) return;
  const scale = metresPerPixel();
  const view = map.getBounds().pad(0.1);
  for (const grid of page.grids) {
    const radius = grid.radius_m / scale;
    const place = latLng(grid.label);
    if (radius < CODE_FITS_PX || !view.contains(place) || grid.kind === "empty") continue;
    const at = map.latLngToContainerPoint(place);
    if (taken.some((box) => at.x + 14 > box[0] && at.x - 14 < box[2] && at.y + 12 > box[1] && at.y - 12 < box[3])) continue;
    const text = el("span", {}, el("b", {}, grid.short));
    if (radius >= COUNT_FITS_PX) text.append(el("br"), figure(grid.households));
    const dark = ["far_above", "far_below"].includes(grid.class) && colouring === "load" ? " dark" : "";
    L.marker(place, { pane: "labels", interactive: false, keyboard: false, icon: L.divIcon({ className: "label" + dark, html: text, iconSize: [52, 30] }) }).addTo(layers.labels);
  }
}
