/* The sheet on small screens, flying to a place, and the buttons on the map. */
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const small = window.matchMedia("(max-width: 760px)");

function openSheet(open) {
  document.body.classList.toggle("sheet-open", open);
  handle.setAttribute("aria-expanded", String(open));
  handle.textContent = t(open ? "panel.close" : "panel.open");
}

let arriving = null;

function showShape(shapes, then) {
  const bounds = L.latLngBounds(shapes.flatMap((shape) => (typeof shape[0] === "number" ? [latLng(shape)] : shape.flatMap((steps) => (typeof steps[0] === "number" && steps.length > 2 ? line(steps) : [latLng(steps)])))));
  if (small.matches) openSheet(false);
  map.closePopup();
  map.invalidateSize();
  if (arriving) map.off("moveend", arriving);
  arriving = then;
  if (then) map.once("moveend", then);
  const options = { paddingTopLeft: [60, Math.min(330, map.getSize().y * 0.45)], paddingBottomRight: [60, 40], maxZoom: 17.5 };
  if (still) map.fitBounds(bounds, Object.assign({ animate: false }, options));
  else map.flyToBounds(bounds, Object.assign({ duration: 0.6 }, options));
}

const controls = [];

function addButton(code, sign, act) {
  const button = el("a", { href: "#", role: "button", click: (event) => { event.preventDefault(); act(); } }, sign);
  controls.push([button, code]);
  const Control = L.Control.extend({ onAdd: () => { const box = el("div", { class: "leaflet-bar" }, button); L.DomEvent.disableClickPropagation(box); return box; } });
  new Control({ position: "topright" }).addTo(map);
}

function nameControls() {
  for (const [button, code] of controls) {
    button.title = t(code);
    button.setAttribute("aria-label", t(code));
  }
  openSheet(document.body.classList.contains("sheet-open"));
}

function showAll() {
  map.fitBounds(L.latLngBounds(page.bounds.map(latLng)), { padding: [12, 12], animate: false });
}

const handle = el("button", { type: "button", id: "handle", "aria-controls": "panel", click: () => openSheet(!document.body.classList.contains("sheet-open")) });
document.body.append(handle);
if (map.attributionControl) map.attributionControl.setPrefix(false);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
