/* The panel of the public page, and its first view. */
function facilityRow(kind) {
  const name = "facility." + kind;
  const input = el("input", { type: "checkbox", "data-layer": name, checked: on.has(kind), change: (event) => {
    if (event.target.checked) on.add(kind); else on.delete(kind);
    if (event.target.checked) map.addLayer(layers[name]); else map.removeLayer(layers[name]);
  } });
  return el("label", { class: "layer" }, input, el("span", { class: "swatch" }, symbol(kind, "existing", 17)), el("span", {}, t(name)), el("em", {}, figure(layers[name].getLayers().length)));
}

function rateRow(rate) {
  const area = areaById.get(rate.area_id);
  return el("tr", {}, el("th", { scope: "row" }, serviceName(rate.service) + (area ? " · " + area.name : "")), el("td", {}, percent(rate.rate_share, 0)));
}

function fill() {
  const notice = page["notice_" + lang];
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = t("public.title", { name: page.name });
  panel.replaceChildren(
    el("header", {}, el("h1", {}, t("public.title", { name: page.name })),
      el("button", { type: "button", class: "language", lang: lang === "zh" ? "en" : "zh", click: switchLanguage }, t("switch_language"))),
    notice ? el("p", { class: "notice", role: "note" }, el("b", {}, t("notice")), t("colon"), notice) : "",
    searchSection(),
    el("section", {}, el("p", { class: "hint" }, t("public.hint")), el("p", { class: "hint" }, t("public.legend"))),
    kinds.length ? el("section", {}, el("h2", {}, t("facilities")), ...kinds.map(facilityRow)) : "",
    page.rates.length ? el("section", { class: "card" }, el("h2", {}, t("public.rates")), el("table", {}, el("tbody", {}, ...page.rates.map(rateRow)))) : "",
    el("footer", {}, el("p", {}, page["rounding_" + lang]), page.credits ? el("p", { class: "credits" }, t("credits"), t("colon"), page.credits) : null));
}

function switchLanguage() {
  lang = lang === "zh" ? "en" : "zh";
  map.closePopup();
  fill();
  nameControls();
  panel.querySelector(".language").focus();
}

L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
addButton("zoom_in", "+", () => map.zoomIn());
addButton("zoom_out", "−", () => map.zoomOut());
addButton("zoom_all", "⤢", showAll);
showAll();
makeLayers();
map.on("zoomend moveend", drawLabels);
fill();
nameControls();
drawLabels();
window.addEventListener("resize", () => map.invalidateSize());
document.body.dataset.ready = "true";
