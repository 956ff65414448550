// The columns of the comparison: every number of a grid, old and new.
import { make, number, percent, say } from "/assets/words.js";

export function headline(diff) {
  const grids = diff.grids.length;
  return say("diffHeadline", {
    change: number(diff.households_that_change_grid), units: number(diff.units.filter((unit) => unit.changes_grid).length),
    grids: number(grids), fresh: number(diff.new.length), retired: number(diff.retired.length),
  });
}

const change = (pair) => (pair.new?.households ?? 0) - (pair.old?.households ?? 0);
const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));

function gridCell(pair) {
  const cell = make("th", null, { scope: "row", class: "text" });
  const { name } = pair.new ?? pair.old;
  cell.append(make("button", name || pair.grid_id, { type: "button" }));
  if (name) cell.append(make("div", pair.grid_id, { class: "soft" }));
  if (!pair.old) cell.append(make("div", say("isNew"), { class: "tag" }));
  if (!pair.new) cell.append(make("div", say("isRetired"), { class: "tag" }));
  return cell;
}

function both(key, show) {
  return (pair) => {
    const [old, now] = [pair.old, pair.new].map((grid) => (grid ? show(grid) : "–"));
    const cell = make("td", null, { "data-number": key });
    if (old === now) cell.append(make("span", now, { class: "same" }));
    else cell.append(make("span", old, { class: "was" }), make("span", ` → `, { "aria-hidden": "true" }), make("strong", now));
    return cell;
  };
}

export function diffColumns() {
  const pair = (key, field, show) => ({ key, head: () => say(key), value: (p) => p.new?.[field] ?? p.old?.[field] ?? null, cell: both(key, show) });
  return [
    { key: "grid", head: () => say("grid"), text: true, value: (p) => p.grid_id, cell: gridCell },
    { key: "change", head: () => say("change"), value: (p) => Math.abs(change(p)), cell: (p) => make("td", signed(change(p)), { "data-number": "change" }) },
    pair("households", "households", (g) => number(g.households)),
    pair("deviation", "deviation_share", (g) => percent(g.deviation_share)),
    pair("residents", "residents", (g) => number(g.residents)),
    pair("workload", "workload_h", (g) => number(g.workload_h)),
    pair("walk", "walk_mean_m", (g) => number(g.walk_mean_m, 1)),
    pair("pieces", "pieces", (g) => number(g.pieces)),
    pair("unitsIn", "units", (g) => number(g.units)),
  ];
}
