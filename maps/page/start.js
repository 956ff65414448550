/* Puts the page together, and flies to what is asked for. */
function ensure(name) {
  if (map.hasLayer(layers[name])) return;
  on.add(name);
  toggle(name, true);
  fill();
}

function showGrid(grid) {
  ensure("grids");
  showShape([grid.shape], () => gridPaths.get(grid.id).openPopup(topOf(grid)));
}

/* A popup there leaves the grid below it in sight. */
function topOf(grid) {
  return L.latLng(gridPaths.get(grid.id).getBounds().getNorth(), latLng(grid.label).lng);
}

function showUnit(unit) {
  if (unit.shape) ensure("units");
  const place = latLng(unit.place);
  showShape([unit.shape || [unit.place]], () => map.openPopup(unitPopup(unit), place, popupOptions()));
}

function showFacility(facility) {
  ensure(facility.status === "existing" ? "facility." + facility.kind : facility.status === "chosen" ? "chosen" : "candidates");
  const place = latLng(facility.place);
  showShape([facility.place], () => map.openPopup(facilityPopup(facility), place, Object.assign(popupOptions(), { offset: [0, -6] })));
}

function showWorstGap(serviceId) {
  const service = page.services.find((one) => one.id === serviceId);
  showGap(serviceId);
  fill();
  showGrid(gridById.get(service.worst_grid));
}

function drawMarks() {
  layers.marks.clearLayers();
  const most = page.headline.most_loaded;
  const worst = page.headline.worst_gap;
  const together = most && worst && most.grid_id === worst.grid_id;
  const add = (number, className, gridId, title, left) => {
    if (!gridId) return;
    const grid = gridById.get(gridId);
    polygonOf(grid.shape, { pane: "marked", fill: false, interactive: false, className: "flagged " + className, weight: 3 }).addTo(layers.marks);
    const icon = L.divIcon({ className: "mark " + className, html: el("span", {}, el("b", {}, number)), iconSize: [26, 34], iconAnchor: [together ? left : 13, 48] });
    L.marker(latLng(grid.label), { icon, title, alt: title, keyboard: true, zIndexOffset: 1000 }).on("click", () => showGrid(grid)).addTo(layers.marks);
  };
  add("1", "loaded", most && most.grid_id, t("most_loaded"), 28);
  add("2", "gapped", worst && worst.grid_id, t("worst_gap"), -2);
}

function showSettled() {
  map.fitBounds(L.latLngBounds(page.settled_bounds.map(latLng)), { padding: [16, 16], animate: false });
}

const FAR_M_PER_PX = 4;
const FARTHER_M_PER_PX = 12;

/* Far out, symbols are small, so that they do not hide the grids. */
function sizeSymbols() {
  const scale = metresPerPixel();
  map.getContainer().classList.toggle("far", scale > FAR_M_PER_PX);
  map.getContainer().classList.toggle("farther", scale > FARTHER_M_PER_PX);
}

addPatterns();
makeGrids();
makeUnits();
makeCommunities();
makeBarriers();
makeFacilities();
makeWorkers();
makeGaps();
makeLabels();
layers.marks = L.layerGroup();
map.addLayer(layers.names);
L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
addButton("zoom_in", "+", () => map.zoomIn());
addButton("zoom_out", "−", () => map.zoomOut());
addButton("zoom_all", "⤢", showAll);
map.on("zoomend", sizeSymbols);
map.on("zoomend", sizeDots);
showSettled();
sizeSymbols();
for (const name of on) if (layers[name]) map.addLayer(layers[name]);
drawMarks();
fill();
nameControls();
drawLabels();
window.addEventListener("resize", () => map.invalidateSize());
window.addEventListener("beforeprint", () => { map.invalidateSize(); showAll(); });
document.body.dataset.ready = "true";
