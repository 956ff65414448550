/* The public page: outlines, codes, whom to call, facilities. It holds no counts of people. */
const gridById = new Map(page.grids.map((grid) => [grid.id, grid]));
const areaById = new Map(page.areas.map((area) => [area.id, area]));
const panel = document.getElementById("panel");
const layers = {};
const gridPaths = new Map();
const on = new Set();
const CODE_FITS_PX = 12;
let framed = null;

addPane("grids", 400);
addPane("marked", 460, true);
addPane("labels", 640, true);

function codeName(gridId) {
  const grid = gridById.get(gridId);
  const area = areaById.get(grid.community_id);
  return grid.name || (area ? area.name + " " : "") + grid.short;
}

function card(grid) {
  const phone = grid.duty_phone ? el("a", { href: "tel:" + grid.duty_phone.replace(/[^0-9+-]/g, "") }, grid.duty_phone) : t("public.no_contact");
  return el("article", { class: "card", "data-grid": grid.id },
    el("header", {}, el("span", { class: "kind" }, t("grid")), el("strong", {}, grid.id), el("span", { class: "detail" }, codeName(grid.id))),
    el("table", {}, el("tbody", {},
      el("tr", {}, el("th", { scope: "row" }, t("public.responsible")), el("td", { "data-field": "duty_name" }, grid.duty_name || t("public.no_contact"))),
      el("tr", {}, el("th", { scope: "row" }, t("public.phone")), el("td", { "data-field": "duty_phone" }, phone)))));
}

function popupOptions() {
  return { maxWidth: Math.min(300, map.getSize().x - 110), minWidth: 200, autoPanPaddingTopLeft: [14, 14], autoPanPaddingBottomRight: [56, 14] };
}

function frame(grid) {
  if (framed) framed.remove();
  framed = grid ? polygonOf(grid.shape, { pane: "marked", fill: false, interactive: false, color: "#10202c", weight: 3.5 }).addTo(map) : null;
}

function makeLayers() {
  for (const grid of page.grids) {
    const path = polygonOf(grid.shape, { pane: "grids", className: "grid", color: "#39434b", weight: 1.4, fillColor: page.colours.tints[grid.tint], fillOpacity: 1 });
    path.on("add", () => path.getElement().setAttribute("data-grid", grid.id));
    path.bindPopup(() => card(grid), popupOptions()).on("popupopen", () => frame(grid)).on("popupclose", () => frame(null)).addTo(map);
    gridPaths.set(grid.id, path);
  }
  layers.labels = L.layerGroup().addTo(map);
  for (const kind of kinds) {
    const mine = page.facilities.filter((facility) => facility.kind === kind);
    layers["facility." + kind] = L.layerGroup(mine.map((facility) => {
      const icon = L.divIcon({ className: "facility", html: symbol(kind, "existing", 19), iconSize: [19, 19] });
      return L.marker(latLng(facility.place), { icon, title: facility.name || facility.id, alt: facility.name || facility.id })
        .bindPopup(() => el("article", { class: "card" }, el("header", {}, el("span", { class: "kind" }, t("facility." + kind)), el("strong", {}, facility.name || facility.id))), popupOptions());
    }));
  }
}

function drawLabels() {
  layers.labels.clearLayers();
  const scale = metresPerPixel();
  const view = map.getBounds().pad(0.1);
  for (const grid of page.grids) {
    const place = latLng(grid.label);
    if (grid.radius_m / scale < CODE_FITS_PX || !view.contains(place)) continue;
    const icon = L.divIcon({ className: "label", html: el("span", {}, el("b", {}, grid.short)), iconSize: [52, 30] });
    L.marker(place, { pane: "labels", interactive: false, keyboard: false, icon }).addTo(layers.labels);
  }
}

function showGrid(grid) {
  const bounds = gridPaths.get(grid.id).getBounds();
  showShape([grid.shape], () => gridPaths.get(grid.id).openPopup(L.latLng(bounds.getNorth(), latLng(grid.label).lng)));
}

function entries() {
  const list = page.grids.map((grid) => ({ text: grid.id, note: codeName(grid.id), kind: t("grid"), act: () => showGrid(grid) }));
  for (const area of page.areas) {
    const shapes = page.grids.filter((grid) => grid.community_id === area.id).map((grid) => grid.shape);
    if (shapes.length) list.push({ text: area.name, note: area.id, kind: t("community"), act: () => showShape(shapes) });
  }
  for (const facility of page.facilities) {
    list.push({ text: facility.name || facility.id, note: "", kind: t("facility." + facility.kind), act: () => { on.add(facility.kind); fill(); map.addLayer(layers["facility." + facility.kind]); showShape([facility.place]); } });
  }
  return list;
}
