/* What a click shows. Every figure carries its exact value in data-value beside the text. */
function row(field, name, value, text) {
  return el("tr", {}, el("th", { scope: "row" }, name),
    el("td", { "data-field": field, "data-value": value === null || value === undefined ? "" : value }, text));
}

function heading(kind, title, detail) {
  return el("header", {}, el("span", { class: "kind" }, kind), el("strong", {}, title), detail ? el("span", { class: "detail" }, detail) : null);
}

function rolesText(grid) {
  return Object.keys(grid.roles).sort().map((role) => t("role." + role) + " " + grid.roles[role]).join(t("list"));
}

function classText(grid) {
  return t("in_band." + (grid.class === "in_band" ? "true" : grid.class));
}

function bandText(grid) {
  const band = page.bands[grid.community_id];
  return band ? figure(band[0]) + "–" + figure(band[2]) + " " + loadUnit() : "";
}

function placeName(grid, area) {
  const community = area ? area.name : grid.community_id;
  return grid.name && grid.name.includes(community) ? grid.name : [grid.name, community].filter(Boolean).join(" · ");
}

function gridPopup(grid) {
  const area = areaById.get(grid.community_id);
  const loaded = grid.kind === "general";
  const rows = [
    row("households", t("households"), grid.households, figure(grid.households)),
    row("residents", t("residents"), grid.residents, figure(grid.residents)),
    row("workload_h", t("workload_h"), grid.workload_h, figure(grid.workload_h, 1) + " " + t("unit.h")),
    row("units", t("units"), grid.units, figure(grid.units)),
  ];
  if (loaded) {
    rows.push(
      row("deviation_share", t("deviation_share"), grid.deviation_share, (grid.deviation_share > 0 ? "+" : "") + percent(grid.deviation_share)),
      row("walk_mean_m", t("walk_mean_m"), grid.walk_mean_m, figure(grid.walk_mean_m, 1) + " " + t("unit.m")),
      row("posted", t("posted"), Object.values(grid.roles).reduce((sum, n) => sum + n, 0), grid.vacant ? t("vacant") : rolesText(grid) || t("none")));
  }
  if (colouring === "proof" && grid.gap_share !== null) {
    rows.push(row("gap_share", t("proof_gap"), grid.gap_share, percent(grid.gap_share, 2)));
  }
  const open = [];
  for (const service of page.services) {
    const count = (page.gaps[service.id] || { grids: {} }).grids[grid.id];
    if (count && count[1] > 0) {
      open.push(row("gap." + service.id, serviceName(service.id), count[0], figure(count[0])));
    }
  }
  if (open.length) rows.push(el("tr", { class: "part" }, el("th", { colspan: 2, scope: "rowgroup" }, t("gap.uncovered"))), ...open);
  const reason = grid["reason_" + lang];
  return el("article", { class: "card", "data-grid": grid.id },
    heading(t("grid"), grid.id, placeName(grid, area)),
    el("p", { class: "badge " + grid.class }, classText(grid), loaded ? " (" + bandText(grid) + ")" : ""),
    grid.overload_h ? el("p", { class: "badge warn" }, t("overload", { hours: figure(grid.overload_h) })) : null,
    reason ? el("p", { class: "reason" }, t("reason") + t("colon") + reason) : null,
    el("table", {}, el("tbody", {}, ...rows)),
    grid["sides_" + lang] ? el("p", { class: "sides" }, t("sides") + t("colon") + grid["sides_" + lang]) : null);
}

function unitPopup(unit) {
  const rows = [
    row("households", t("households"), unit.households, figure(unit.households)),
    row("residents", t("residents"), unit.residents, figure(unit.residents)),
    row("workload_h", t("workload_h"), unit.workload_h, figure(unit.workload_h, 1) + " " + t("unit.h")),
    row("area_m2", t("area_m2"), unit.area_m2, figure(unit.area_m2) + " " + t("unit.m2")),
  ];
  const grid = gridById.get(unit.grid_id);
  return el("article", { class: "card", "data-unit": unit.id },
    heading(t("unit"), unit.id, unit.compound || ""),
    el("table", {}, el("tbody", {}, ...rows)),
    grid ? el("button", { type: "button", class: "link", click: () => showGrid(grid) }, t("grid") + " " + grid.id + " ›") : null);
}

function facilityPopup(facility) {
  const rows = [];
  if (facility.floor_area_m2 !== null) {
    rows.push(row("floor_area_m2", t("floor_area_m2"), facility.floor_area_m2, figure(facility.floor_area_m2) + " " + t("unit.m2")));
  }
  if (facility.capacity_residents !== null) {
    rows.push(row("capacity_residents", t("capacity_residents"), facility.capacity_residents, figure(facility.capacity_residents) + " " + t("unit.residents")));
  }
  if (facility.gain !== null) {
    rows.push(row("gain", t(facility.gain_spared ? "gain.spared" : "gain"), facility.gain, figure(facility.gain) + " " + (facility["gain_of_" + lang] || "")));
  }
  return el("article", { class: "card", "data-facility": facility.id },
    heading(t("facility." + facility.kind), facility.name || facility.id, t("status." + facility.status)),
    el("table", {}, el("tbody", {}, ...rows)));
}

function gapPopup(service, placeId, residents, walk) {
  return el("article", { class: "card", "data-gap": placeId },
    heading(serviceName(service), placeId, ""),
    el("table", {}, el("tbody", {},
      row("uncovered", t("gap.uncovered"), residents, figure(residents)),
      walk === undefined ? "" : row("walk_m", t("gap.nearest"), walk, walk === null ? t("gap.unreachable") : t("gap.far", { metres: figure(walk) })))));
}

function workerPopup(grid) {
  const rows = Object.keys(grid.roles).sort().map((role) => row(role, t("role." + role), grid.roles[role], figure(grid.roles[role])));
  return el("article", { class: "card", "data-workers": grid.id },
    heading(t("workers"), grid.id, t("heart")),
    grid.vacant ? el("p", { class: "badge warn" }, t("vacant")) : null,
    grid.overload_h ? el("p", { class: "badge warn" }, t("overload", { hours: figure(grid.overload_h) })) : null,
    el("table", {}, el("tbody", {}, ...rows)));
}
