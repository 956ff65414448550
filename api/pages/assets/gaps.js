import { ask, lang, make, number, percent, say, sayAll } from "/assets/words.js";

const byId = (id) => document.getElementById(id);
const plan = decodeURIComponent(location.pathname.split("/").pop());
const CHOICES = ["service", "level", "basis", "min_uncovered"];
const LEVELS = ["community", "subdistrict", "county", "grid"];
const BASES = ["residents", "households", "buildings"];
const COLUMNS = [
  { key: "area", value: (a) => a.name || a.area_id, text: true, cell: areaCell },
  { key: "uncovered", value: (a) => a.uncovered, show: (a) => number(a.uncovered) },
  { key: "covered", value: (a) => a.covered, show: (a) => number(a.covered) },
  { key: "total", value: (a) => a.total, show: (a) => number(a.total) },
  { key: "rate", value: (a) => a.rate_share, cell: rateCell },
  { key: "target", value: (a) => a.target_share, show: (a) => percent(a.target_share) },
  { key: "shortfall", value: (a) => a.shortfall, show: (a) => number(a.shortfall) },
  { key: "farthest", value: (a) => (a.beyond_reach ? Infinity : a.farthest_walk_m), show: farthest },
  { key: "nearest", value: (a) => a.nearest_facility?.walk_m ?? null, text: true, show: nearest },
  { key: "sites", value: (a) => a.sites[0]?.newly_covered ?? 0, text: true, cell: sitesCell },
];
let areas = [];
let order = { key: "uncovered", down: true };
let asking = 0;

function farthest(area) {
  return area.beyond_reach ? say("beyond") : number(area.farthest_walk_m);
}

function nearest(area) {
  const near = area.nearest_facility;
  return near ? `${near.name || near.facility_id} · ${say("metres", { m: number(near.walk_m) })}` : "–";
}

function areaCell(area) {
  const cell = make("td", area.name || area.area_id, { class: "text" });
  if (area.name) cell.append(make("div", area.area_id, { class: "soft" }));
  return cell;
}

function rateCell(area) {
  const cell = make("td");
  if (area.rate_share !== null) cell.append(make("meter", null, { min: 0, max: 1, value: area.rate_share, "aria-hidden": "true" }));
  cell.append(document.createTextNode(percent(area.rate_share)));
  return cell;
}

function sitesCell(area) {
  const cell = make("td", area.sites.length ? null : "–", { class: "text" });
  if (area.sites.length) {
    const list = make("ul");
    for (const site of area.sites) list.append(make("li", `${site.name || site.facility_id} · ${say("newly", { n: number(site.newly_covered) })}`));
    cell.append(list);
  }
  return cell;
}

function fill(select, values, names, chosen) {
  select.replaceChildren(...values.map((value, i) => make("option", names[i], { value })));
  if (values.includes(chosen)) select.value = chosen;
}

function query() {
  const asked = new URLSearchParams({ plan });
  for (const id of CHOICES) asked.set(id, byId(id).value || "0");
  return asked;
}

function compare(a, b) {
  const { value } = COLUMNS.find((c) => c.key === order.key);
  const [x, y] = [value(a), value(b)];
  if (x === null || y === null) return (x === null) - (y === null);
  const way = typeof x === "string" ? x.localeCompare(y, lang) : x - y;
  return (order.down ? -way : way) || a.area_id.localeCompare(b.area_id);
}

function drawHead() {
  byId("head").replaceChildren(
    ...COLUMNS.map((column) => {
      const head = make("th", null, { scope: "col", class: column.text ? "text" : "" });
      if (column.key === order.key) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      const button = make("button", say(column.key === "area" ? byId("level").value : column.key), { type: "button" });
      button.addEventListener("click", () => {
        order = { key: column.key, down: order.key === column.key ? !order.down : !column.text };
        drawTable();
        byId("head").children[COLUMNS.indexOf(column)].firstChild.focus();
      });
      head.append(button);
      return head;
    }),
  );
}

function drawTable() {
  drawHead();
  const worst = Math.max(0, ...areas.map((a) => a.uncovered));
  byId("rows").replaceChildren(
    ...[...areas].sort(compare).map((area) => {
      const row = make("tr", null, worst > 0 && area.uncovered === worst ? { class: "worst" } : {});
      row.append(...COLUMNS.map((c) => (c.cell ? c.cell(area) : make("td", c.show(area), { class: c.text ? "text" : "" }))));
      return row;
    }),
  );
  byId("table").hidden = areas.length === 0;
}

function headline(answer) {
  const worst = answer.areas[0];
  if (!worst) return "";
  if (worst.uncovered === 0) return say("allCovered");
  return say("worst", {
    area: worst.name || worst.area_id, uncovered: number(worst.uncovered), total: `${number(worst.total)} ${say(answer.basis)}`,
    service: answer.service, m: number(answer.standard_m),
  });
}

async function refresh() {
  const mine = ++asking;
  const asked = query();
  const address = new URL(location.href);
  for (const id of CHOICES) address.searchParams.set(id, asked.get(id));
  history.replaceState(null, "", address);
  byId("download").href = `/v1/coverage/gaps?${asked}&format=csv`;
  try {
    const answer = await ask(`/v1/coverage/gaps?${asked}`);
    if (mine !== asking) return;
    areas = answer.areas;
    byId("message").textContent = areas.length ? "" : say("noRows");
    byId("headline").textContent = headline(answer);
    drawTable();
  } catch (error) {
    if (mine === asking) byId("message").textContent = say("failed") + error.message;
  }
}

async function start() {
  sayAll();
  byId("map").href = `/map/${encodeURIComponent(plan)}?lang=${lang}`;
  try {
    const about = await ask(`/v1/plans/${encodeURIComponent(plan)}`);
    const study = await ask(`/v1/studies/${encodeURIComponent(about.study_id)}`);
    byId("heading").textContent = `${about.name || plan} · ${say("gaps")}`;
    document.title = byId("heading").textContent;
    const notice = lang === "zh" ? about.notice_zh : about.notice_en;
    byId("notice").textContent = notice;
    byId("notice").hidden = !notice;
    const given = new URLSearchParams(location.search);
    const ids = study.services.map((s) => s.service_id);
    fill(byId("service"), ids, study.services.map((s) => `${s.service_id} · ${say("walkOf", { m: number(s.max_walk_m) })}`), given.get("service"));
    fill(byId("level"), LEVELS, LEVELS.map((l) => say(l)), given.get("level"));
    fill(byId("basis"), BASES, BASES.map((b) => say(b)), given.get("basis"));
    if (/^\d+$/.test(given.get("min_uncovered") ?? "")) byId("min_uncovered").value = given.get("min_uncovered");
    if (!ids.length) {
      byId("message").textContent = say("noServices");
      return;
    }
    byId("choice").addEventListener("change", refresh);
    byId("choice").addEventListener("submit", (event) => event.preventDefault());
    await refresh();
  } catch (error) {
    byId("message").textContent = say("failed") + error.message;
  }
}

start();
