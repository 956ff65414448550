// The one file that knows the map library: areas, labels and points on a map, the pointer, the view.
const { L } = globalThis;
const PLAIN = { weight: 1, color: "#6b7680", fillOpacity: 0.85 };
const HOT = { weight: 3, color: "#111" };
const CHOSEN = { weight: 5, color: "#111" };
const EDGE = 3; // pixels between a label and the edge of the map
const PADDING = [18, 18];

export class AreaMap {
  constructor(box, words) {
    this.map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 2, maxZoom: 20, zoomAnimation: false, renderer: L.svg({ padding: 0.3 }) });
    L.control.zoom({ position: "bottomleft", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(this.map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(this.map);
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", words.label);
    this.shown = new Map();
    this.marks = { chosen: null, hot: null };
    this.labels = L.layerGroup().addTo(this.map);
    this.points = L.layerGroup().addTo(this.map);
    this.over = L.layerGroup().addTo(this.map);
    this.texts = [];
    this.map.on("zoomend", () => this.name(this.texts));
  }

  // Show features as areas; `fill` (null: none) and `label` are asked by id, `chosen` and `hovered` are told ids.
  areas(features, { fill, label, chosen, hovered }) {
    this.fill = fill;
    this.layer?.remove();
    this.shown.clear();
    this.layer = L.geoJSON({ type: "FeatureCollection", features }, {
      style: (feature) => ({ ...PLAIN, ...this.inner(feature.id) }),
      onEachFeature: (feature, layer) => {
        this.shown.set(feature.id, layer);
        layer.bindTooltip(() => label(feature.id), { sticky: true });
        layer.on({ click: () => chosen?.(feature.id), mouseover: () => hovered?.(feature.id), mouseout: () => hovered?.(null) });
      },
    });
    if (this.map._loaded !== true) this.fit();
    this.layer.addTo(this.map);
    this.layer.bringToBack();
    this.restyle();
  }

  // Give every area its colour again, and the marked ones their border.
  restyle() {
    for (const id of this.shown.keys()) this.style(id);
    for (const id of [this.marks.hot, this.marks.chosen]) this.shown.get(id)?.bringToFront();
  }

  style(id) {
    const mark = id === this.marks.chosen ? CHOSEN : id === this.marks.hot ? HOT : PLAIN;
    this.shown.get(id)?.setStyle({ ...PLAIN, ...mark, ...this.inner(id) });
  }

  inner(id) {
    const fillColor = this.fill(id);
    return fillColor === null ? { fillOpacity: 0, dashArray: "4 3" } : { fillColor, dashArray: null };
  }

  // Mark one area as "chosen" or "hot"; null takes the mark away.
  mark(kind, id) {
    const before = this.marks[kind];
    this.marks[kind] = id;
    if (before !== null) this.style(before);
    if (id === null) return;
    this.style(id);
    this.shown.get(id)?.bringToFront();
  }

  // Write texts in the middle of some areas; one that would cover an earlier one waits for more room.
  name(texts) {
    this.texts = texts;
    this.labels.clearLayers();
    const taken = [];
    for (const [id, element] of texts) {
      const layer = this.shown.get(id);
      if (!layer) continue;
      const middle = layer.getBounds().getCenter();
      const label = L.tooltip({ permanent: true, direction: "center", className: "map-label" }).setLatLng(middle).setContent(element);
      this.labels.addLayer(label);
      label.getElement().removeAttribute("role"); // it is written on the map, not shown for the pointer
      this.pullIn(label, middle);
      const box = label.getElement().getBoundingClientRect();
      if (taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)) this.labels.removeLayer(label);
      else taken.push(box);
    }
  }

  // Move a label that the edge of the map would cut, while its place is in sight.
  pullIn(label, middle) {
    if (!this.map.getBounds().contains(middle)) return;
    const [box, frame] = [label.getElement().getBoundingClientRect(), this.map.getContainer().getBoundingClientRect()];
    const by = box.left < frame.left ? frame.left - box.left + EDGE : box.right > frame.right ? frame.right - box.right - EDGE : 0;
    if (by !== 0) label.setLatLng(this.map.layerPointToLatLng(this.map.latLngToLayerPoint(middle).add([by, 0])));
  }

  // Show point features, each with its radius and colours, and a text that the pointer finds.
  dots(features, { look, label }) {
    this.points.clearLayers();
    for (const feature of features) {
      const [lon, lat] = feature.geometry.coordinates;
      this.points.addLayer(L.circleMarker([lat, lon], look(feature)).bindTooltip(() => label(feature)));
    }
  }

  // Lay outlines over the areas; they take no pointer.
  overlay(features, style) {
    this.over.clearLayers();
    this.laid = L.geoJSON({ type: "FeatureCollection", features }, { style, interactive: false });
    this.over.addLayer(this.laid);
  }

  // Show what lies over the areas with its surroundings.
  fitOverlay() {
    const bounds = this.laid?.getBounds();
    if (bounds?.isValid()) this.map.fitBounds(bounds.pad(1.5), { maxZoom: 16, animate: false });
    else this.fit();
  }

  fit() {
    const bounds = this.layer.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds, { padding: PADDING, animate: false });
    else this.map.setView([0, 0], 2, { animate: false });
  }

  zoomTo(id) {
    const layer = this.shown.get(id);
    if (layer) this.map.fitBounds(layer.getBounds(), { padding: [60, 60], maxZoom: 17, animate: false });
  }

  has(id) {
    return this.shown.has(id);
  }

  // The view as a text for an address: zoom/latitude/longitude.
  get view() {
    const { lat, lng } = this.map.getCenter();
    return `${this.map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
  }

  look(text) {
    const [zoom, lat, lon] = (text ?? "").split("/").map(Number);
    if (![zoom, lat, lon].every(Number.isFinite)) return false;
    this.map.setView([lat, lon], zoom, { animate: false });
    return true;
  }

  moved(tell) {
    this.map.on("moveend", tell);
  }

  resized() {
    this.map.invalidateSize({ animate: false });
  }
}

// Keep two maps at the same view, whichever is moved.
export function together(...maps) {
  let leading = false;
  for (const one of maps) {
    one.map.on("move", () => {
      if (leading) return;
      leading = true;
      for (const other of maps) if (other !== one) other.map.setView(one.map.getCenter(), one.map.getZoom(), { animate: false });
      leading = false;
    });
  }
}
