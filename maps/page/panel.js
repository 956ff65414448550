/* The panel: what must be known first, then search, colours, gaps and layers. Built again on a change of language. */
const panel = document.getElementById("panel");
const on = new Set(page.layers_on);

function statement(number, className, title, headline, detail, act) {
  return el("button", { type: "button", class: "statement " + className, click: act, disabled: !act },
    el("span", { class: "number", "aria-hidden": "true" }, number),
    el("span", { class: "what" }, el("small", {}, title), el("strong", {}, headline), el("span", {}, detail)));
}

function codeName(gridId) {
  const grid = gridById.get(gridId);
  const area = areaById.get(grid.community_id);
  return grid.name || (area ? area.name + " " : "") + grid.short;
}

function findings() {
  const made = [];
  const most = page.headline.most_loaded;
  if (most) {
    const facts = { load: figure(most.load), unit: loadUnit(), over: figure(most.over), maximum: figure(most.maximum) };
    made.push(statement("1", "loaded", t("most_loaded"), codeName(most.grid_id),
      t(most.over > 0 ? "most_loaded.over" : "most_loaded.inside", facts), () => showGrid(gridById.get(most.grid_id))));
  }
  const worst = page.headline.worst_gap;
  if (worst) {
    const line = t("worst_gap.line", {
      count: figure(worst.uncovered), whole: figure(worst.total), share: Math.round(100 * worst.uncovered / worst.total) });
    const most = t("worst_gap.most", { grid: codeName(worst.grid_id), count: figure(worst.grid_uncovered) });
    made.push(statement("2", "gapped", t("worst_gap"), serviceName(worst.service), line + t("clause") + most, () => showWorstGap(worst.service)));
  } else if (page.services.length) {
    made.push(statement("2", "gapped", t("worst_gap"), t("worst_gap.none"), "", null));
  }
  return el("section", { class: "findings", "aria-label": t("most_loaded") + t("list") + t("worst_gap") }, ...made);
}

function tile(value, name, field) {
  return el("div", { class: "tile" }, el("strong", { "data-number": field }, value), el("span", {}, name));
}

function numbers() {
  const n = page.headline.counts;
  return el("section", { class: "numbers" },
    tile(figure(n.grids), t("grids"), "grids"),
    tile(figure(n.households), t("households"), "households"),
    tile(figure(n.residents), t("residents"), "residents"),
    tile(t("of", { part: figure(page.headline.in_band), whole: figure(page.headline.general) }), t("in_band"), "in_band"),
    tile(figure(page.headline.walk_mean_m) + " " + t("unit.m"), t("walk_mean"), "walk_mean_m"),
    tile(figure(n.workers), t("workers"), "workers"));
}

function swatch(look) {
  const fill = look.startsWith("#") ? look : "url(#" + look + ")";
  return svg("svg", { width: 26, height: 16, class: "swatch", "aria-hidden": "true" },
    svg("rect", { x: 0.7, y: 0.7, width: 24.6, height: 14.6, fill, stroke: "#39434b", "stroke-width": 1.2 }));
}

function legend() {
  return el("ul", { class: "legend" }, ...legendRows().map(([look, text, count]) =>
    el("li", {}, swatch(look), el("span", {}, text), count === undefined ? null : el("em", {}, figure(count)))));
}

function shadesText() {
  if (!page.band) return t("legend.shades.mixed");
  return t("legend.shades", { low: figure(page.band[0]), high: figure(page.band[2]), unit: loadUnit() });
}

const hintOf = { load: shadesText, walk: () => t("walks." + page.walk_basis), proof: () => t("legend.proof_hint") };

function colourSection() {
  const choose = el("select", { id: "colouring", change: (event) => { colouring = event.target.value; recolour(); fill(); drawLabels(); document.getElementById("colouring").focus(); } },
    ...["load", "walk", "proof"].map((name) => el("option", { value: name, selected: name === colouring }, t("colour." + name))));
  return el("section", {}, el("h2", {}, el("label", { for: "colouring" }, t("colour_by"))), choose, legend(), hintOf[colouring] ? el("p", { class: "hint" }, hintOf[colouring]()) : null);
}

function gapRow(id, name, count) {
  const input = el("input", { type: "radio", name: "gap", value: id, checked: shownGap === id, change: () => showGap(id) });
  return el("label", { class: "layer" }, input, id ? swatch("hatch-gap") : el("span", { class: "swatch" }), el("span", {}, name), count === null ? null : el("em", {}, count));
}

function gapSection() {
  if (!page.services.length) return null;
  return el("section", {}, el("h2", {}, t("gaps")),
    el("div", { role: "radiogroup", "aria-label": t("gaps") }, gapRow("", t("gaps.off"), null),
      ...page.services.map((service) => gapRow(service.id, serviceName(service.id), figure(service.uncovered)))),
    el("p", { class: "hint" }, t("gaps.hint")));
}

function layerRow(name, text, look, count) {
  const input = el("input", { type: "checkbox", "data-layer": name, checked: on.has(name), change: (event) => {
    if (event.target.checked) on.add(name); else on.delete(name);
    toggle(name, event.target.checked);
  } });
  return el("label", { class: "layer" }, input, el("span", { class: "swatch" }, look || ""), el("span", {}, text), count === undefined ? null : el("em", {}, figure(count)));
}

function stroke(kind) {
  const style = BARRIER_LINES[kind];
  return svg("svg", { width: 26, height: 10, "aria-hidden": "true" }, svg("line", {
    x1: 1, y1: 5, x2: 25, y2: 5, stroke: kind === "border" ? "#22303a" : page.colours.barrier[kind],
    "stroke-width": style ? style.weight : 2.4, "stroke-dasharray": style ? style.dashArray || "" : "9 4", "stroke-linecap": (style && style.lineCap) || "butt",
  }));
}

function group(name, ...rows) {
  const shown = rows.filter(Boolean);
  return shown.length ? el("fieldset", {}, el("legend", {}, t(name)), ...shown) : null;
}

function barrierKinds() {
  return [...new Set(page.barriers.map((barrier) => barrier.kind))].filter((kind) => kind !== "crossing").sort();
}

function layerSection() {
  const cuts = barrierKinds();
  const present = (name) => layers[name] && layers[name].getLayers().length > 0;
  return el("section", {}, el("h2", {}, t("layers")),
    group("layers.plan",
      layerRow("grids", t("grids"), swatch(page.colours.load.in_band), page.grids.length),
      layerRow("labels", t("layer.labels")), layerRow("marks", t("layer.marks")),
      page.units.length ? layerRow("units", t("layer.units"), svg("svg", { width: 26, height: 14 }, svg("rect", { x: 1, y: 1, width: 24, height: 12, fill: "none", stroke: "#5d6a73", "stroke-dasharray": "2 2" })), page.units.length) : null,
      present("workers") ? layerRow("workers", t("layer.workers"), el("i", { class: "worker" }, "1"), page.headline.counts.workers) : null),
    group("layers.ground",
      layerRow("communities", t("layer.communities"), stroke("border"), page.areas.length),
      cuts.length ? layerRow("barriers", cuts.map((kind) => t("barrier." + kind)).join(t("list")), stroke(cuts[0])) : null,
      present("crossings") ? layerRow("crossings", t("layer.crossings"), stroke("crossing")) : null),
    group("layers.facilities",
      present("chosen") ? layerRow("chosen", t("status.chosen"), symbol(page.facilities.find((f) => f.status === "chosen").kind, "chosen", 18), layers.chosen.getLayers().length) : null,
      ...kinds.filter((kind) => present("facility." + kind)).map((kind) =>
        layerRow("facility." + kind, t("facility." + kind), symbol(kind, "existing", 17), layers["facility." + kind].getLayers().length)),
      present("candidates") ? layerRow("candidates", t("status.candidate"), symbol(page.facilities.find((f) => f.status === "candidate").kind, "candidate", 16), layers.candidates.getLayers().length) : null));
}

function header() {
  return el("header", {},
    el("h1", {}, t("title", { name: page.name })),
    el("button", { type: "button", class: "language", lang: lang === "zh" ? "en" : "zh", click: switchLanguage }, t("switch_language")));
}

function notes() {
  const left = page.units_left_out ? el("p", {}, t("units_left_out", { count: figure(page.units_left_out), limit: figure(page.polygon_limit) })) : null;
  return el("footer", {}, left, el("p", {}, t("walks." + page.walk_basis)), el("p", {}, t("walks.facilities")),
    el("p", {}, t("made_how", { engine: page.engine, seed: page.rng_seed, digest: page.plan_digest.slice(0, 12) })),
    page.credits ? el("p", { class: "credits" }, t("credits"), t("colon"), page.credits) : null,
    el("button", { type: "button", class: "link", click: () => window.print() }, t("print")));
}

function fill() {
  const notice = page["notice_" + lang];
  const at = panel.scrollTop;
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = t("title", { name: page.name });
  panel.replaceChildren(header(),
    notice ? el("p", { class: "notice", role: "note" }, el("b", {}, t("notice")), t("colon"), notice) : "",
    findings(), searchSection(), numbers(), colourSection(), gapSection() || "", layerSection(), notes());
  panel.scrollTop = at;
}

function switchLanguage() {
  lang = lang === "zh" ? "en" : "zh";
  map.closePopup();
  fill();
  nameControls();
  drawMarks();
  drawLabels();
  panel.querySelector(".language").focus();
}
