/* The layers, by name. Each is a Leaflet group that the panel adds and removes. */
const layers = {};
const gridPaths = new Map();
let shownGap = "";
let marked = null;

addPane("grids", 400);
addPane("units", 410);
addPane("gaps", 420);
addPane("borders", 430, true);
addPane("barriers", 440);
addPane("gapdots", 450);
addPane("marked", 460, true);
addPane("labels", 640, true);

function bind(path, content) {
  path.bindPopup(() => content(), popupOptions());
  return path;
}

function popupOptions() {
  const size = map.getSize();
  return { maxWidth: Math.min(320, size.x - 110), minWidth: 200, maxHeight: Math.max(180, size.y * 0.66), autoPanPaddingTopLeft: [14, 14], autoPanPaddingBottomRight: [56, 14] };
}

function gridStyle(grid) {
  return { color: "#39434b", weight: 1.4, opacity: 0.9, fillColor: fillOf(grid), fillOpacity: 1 };
}

function makeGrids() {
  layers.grids = L.layerGroup(page.grids.map((grid) => {
    const path = bind(polygonOf(grid.shape, Object.assign({ pane: "grids", className: "grid" }, gridStyle(grid))), () => gridPopup(grid));
    path.on("add", () => path.getElement() && path.getElement().setAttribute("data-grid", grid.id));
    path.on("mouseover", () => path.setStyle({ weight: 2.6, color: "#10202c" }).bringToFront());
    path.on("mouseout", () => path.setStyle({ weight: 1.4, color: "#39434b" }));
    path.on("popupopen", () => mark(grid));
    path.on("popupclose", unmark);
    gridPaths.set(grid.id, path);
    return path;
  }));
}

/* The grid whose popup is open is framed above every other layer. */
function mark(grid) {
  unmark();
  const frame = { pane: "marked", fill: false, interactive: false };
  marked = L.layerGroup([
    polygonOf(grid.shape, Object.assign({ color: "#ffd84d", weight: 8, opacity: 0.9 }, frame)),
    polygonOf(grid.shape, Object.assign({ color: "#10202c", weight: 3 }, frame)),
  ]).addTo(map);
}

function unmark() {
  if (marked) marked.remove();
  marked = null;
}

function recolour() {
  for (const grid of page.grids) gridPaths.get(grid.id).setStyle({ fillColor: fillOf(grid) });
}

function makeUnits() {
  layers.units = L.layerGroup(page.units.filter((unit) => unit.shape).map((unit) =>
    bind(polygonOf(unit.shape, { pane: "units", className: "unit", color: "#5d6a73", weight: 0.7, opacity: 0.75, dashArray: "2 2", fillOpacity: 0 }),
      () => unitPopup(unit))));
}

function makeCommunities() {
  const casing = { pane: "borders", fill: false, interactive: false, color: "#ffffff", weight: 5, opacity: 0.85 };
  const border = { pane: "borders", fill: false, interactive: false, className: "community", color: "#22303a", weight: 2.4, dashArray: "9 4" };
  layers.communities = L.layerGroup(page.areas.flatMap((area) => [polygonOf(area.shape, casing)]).concat(
    page.areas.map((area) => polygonOf(area.shape, border))));
}

const BARRIER_LINES = {
  river: { weight: 5, opacity: 0.8 },
  railway: { weight: 3, dashArray: "8 5" },
  expressway: { weight: 4.5, opacity: 0.85 },
  arterial: { weight: 4, opacity: 0.75 },
  wall: { weight: 2.5, dashArray: "1 5" },
  crossing: { weight: 4, lineCap: "round" },
  boundary: { weight: 2.5, dashArray: "10 3 2 3" },
};

function makeBarriers() {
  const draw = (barrier) => {
    const style = Object.assign({ pane: "barriers", color: page.colours.barrier[barrier.kind] || "#6b6b6b", className: "barrier" }, BARRIER_LINES[barrier.kind]);
    const made = barrier.closed
      ? polygonOf(barrier.shape, Object.assign(style, { weight: 1, fillOpacity: 0.55 }))
      : L.polyline(barrier.shape.map(line), style);
    return made.bindTooltip(() => el("span", {}, [t("barrier." + barrier.kind), barrier.name].filter(Boolean).join(" · ")), { sticky: true });
  };
  layers.barriers = L.layerGroup(page.barriers.filter((barrier) => barrier.kind !== "crossing").map(draw));
  layers.crossings = L.layerGroup(page.barriers.filter((barrier) => barrier.kind === "crossing").map(draw));
}

function pin(place, className, content, size, options) {
  const icon = L.divIcon({ className, html: content, iconSize: [size, size] });
  return L.marker(latLng(place), Object.assign({ icon, keyboard: true, riseOnHover: true }, options));
}

function makeFacilities() {
  const group = (name, facilities, size) => {
    layers[name] = L.layerGroup(facilities.map((facility) =>
      bind(pin(facility.place, "facility " + facility.status, symbol(facility.kind, facility.status, size), size,
        { title: facility.name || facility.id, alt: facility.name || facility.id, zIndexOffset: facility.status === "chosen" ? 500 : 0 }),
      () => facilityPopup(facility))));
  };
  for (const kind of kinds) {
    group("facility." + kind, page.facilities.filter((f) => f.kind === kind && f.status === "existing"), 19);
  }
  group("chosen", page.facilities.filter((f) => f.status === "chosen"), 26);
  group("candidates", page.facilities.filter((f) => f.status === "candidate"), 16);
}

function makeWorkers() {
  layers.workers = L.layerGroup(page.grids.filter((grid) => grid.vacant || Object.keys(grid.roles).length).map((grid) => {
    const count = Object.values(grid.roles).reduce((sum, n) => sum + n, 0);
    const look = grid.vacant ? " vacant" : grid.overload_h ? " overloaded" : "";
    const text = el("span", {}, grid.vacant ? "!" : String(count));
    return bind(pin(grid.heart, "worker" + look, text, 18, { title: grid.id, alt: t("workers") + " " + grid.id }), () => workerPopup(grid));
  }));
}

/* Far out, circles shrink together, so that they do not run into one. */
function dotRadius(residents) {
  const shrink = Math.min(1, Math.max(0.18, 3 / metresPerPixel()));
  return Math.max(1.8, Math.sqrt(residents) * 0.55 * shrink);
}

function sizeDots() {
  if (!shownGap) return;
  layers["gap." + shownGap].eachLayer((made) => made.options.residents && made.setRadius(dotRadius(made.options.residents)));
}

function dot(place, residents, popup) {
  return bind(L.circleMarker(latLng(place), { pane: "gapdots", className: "gapdot", radius: 3.5, residents, color: "#ffffff", weight: 1.2, fillColor: page.colours.gap, fillOpacity: 0.78 }), popup);
}

function makeGaps() {
  const unitById = new Map(page.units.map((unit) => [unit.id, unit]));
  for (const service of page.services) {
    const gap = page.gaps[service.id] || { units: {}, grids: {} };
    const made = [];
    if (page.units.length) {
      for (const [unitId, [residents, walk]] of Object.entries(gap.units)) {
        const unit = unitById.get(unitId);
        const popup = () => gapPopup(service.id, unitId, residents, walk);
        if (unit.shape) made.push(bind(polygonOf(unit.shape, { pane: "gaps", className: "gap", color: page.colours.gap, weight: 0.6, opacity: 0.7, fillColor: "url(#hatch-gap)", fillOpacity: 1 }), popup));
        made.push(dot(unit.place, residents, popup));
      }
    } else {
      for (const [gridId, [uncovered]] of Object.entries(gap.grids)) {
        const grid = gridById.get(gridId);
        if (uncovered && grid) made.push(dot(grid.heart, uncovered, () => gapPopup(service.id, gridId, uncovered)));
      }
    }
    layers["gap." + service.id] = L.layerGroup(made);
  }
}

function showGap(service) {
  if (shownGap) map.removeLayer(layers["gap." + shownGap]);
  shownGap = service;
  if (service) map.addLayer(layers["gap." + service]);
  sizeDots();
}

function toggle(name, on) {
  if (on) map.addLayer(layers[name]);
  else map.removeLayer(layers[name]);
  drawLabels();
}
