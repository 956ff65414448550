// The columns of the gap table: what each sorts by and how it is shown.
import { make, number, percent, say } from "/assets/words.js";

export function nearest(area) {
  const near = area.nearest_facility;
  return near ? `${near.name || near.facility_id} · ${say("metres", { m: number(near.walk_m) })}` : "–";
}

export function rateText(area) {
  return area.target_share === null ? percent(area.rate_share) : say("rateOfTarget", { rate: percent(area.rate_share), target: percent(area.target_share) });
}

const plain = (key, show) => (area) => make("td", show(area), { "data-number": key });

function areaCell(area) {
  const cell = make("th", null, { scope: "row", class: "text" });
  cell.append(make("button", area.name || area.area_id, { type: "button" }));
  if (area.name) cell.append(make("div", area.area_id, { class: "soft" }));
  return cell;
}

function rateCell(area) {
  const cell = make("td", null, { "data-number": "rate" });
  if (area.rate_share !== null) cell.append(make("meter", null, { min: 0, max: 1, value: area.rate_share, "aria-hidden": "true" }));
  cell.append(document.createTextNode(percent(area.rate_share)));
  return cell;
}

// The site that would help most; the card of the area names the others.
function siteText(area) {
  const [best] = area.sites;
  return best ? `${best.name || best.facility_id} ${say("newly", { n: number(best.newly_covered) })}` : "–";
}

export function gapColumns(level) {
  const column = (key, value, show) => ({ key, head: () => say(key), value, cell: plain(key, show) });
  return [
    { key: "area", head: () => say(level()), text: true, value: (a) => a.name || a.area_id, cell: areaCell },
    column("uncovered", (a) => a.uncovered, (a) => number(a.uncovered)),
    { key: "rate", head: () => say("rate"), value: (a) => a.rate_share, cell: rateCell },
    column("target", (a) => a.target_share, (a) => percent(a.target_share)),
    column("shortfall", (a) => a.shortfall, (a) => number(a.shortfall)),
    column("farthest", (a) => (a.beyond_reach ? Infinity : a.farthest_walk_m), (a) => (a.beyond_reach ? say("beyond") : number(a.farthest_walk_m))),
    { key: "nearest", head: () => say("nearest"), text: true, value: (a) => a.nearest_facility?.walk_m ?? null, cell: (a) => make("td", nearest(a), { class: "text", "data-number": "nearest" }) },
    { key: "sites", head: () => say("bestSite"), text: true, value: (a) => -(a.sites[0]?.newly_covered ?? 0), cell: (a) => make("td", siteText(a), { class: "text", "data-number": "sites" }) },
    column("covered", (a) => a.covered, (a) => number(a.covered)),
    column("total", (a) => a.total, (a) => number(a.total)),
  ];
}
