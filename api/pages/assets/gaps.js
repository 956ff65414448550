// The page of coverage gaps: what is asked, the table and the map of the answer, and the area in hand.
import { AreaMap } from "/assets/area_map.js";
import { copyButton, keepInAddress } from "/assets/link.js";
import { gapColumns, nearest, rateText } from "/assets/gap_columns.js";
import { orderOf, orderText, SortedTable } from "/assets/table.js";
import { ask, kindName, lang, make, number, percent, say, sayAll, serviceName } from "/assets/words.js";

const byId = (id) => document.getElementById(id);
const plan = decodeURIComponent(location.pathname.split("/").pop());
const given = new URLSearchParams(location.search);
const CHOICES = ["service", "level", "basis", "area", "min_uncovered"];
const LEVELS = ["community", "subdistrict", "county", "grid"];
const ABOVE = { community: ["subdistrict"], grid: ["subdistrict", "community"], subdistrict: [], county: [] };
const BASES = ["residents", "households", "buildings"];
const SHADES = ["#f3f6f4", "#f3c3d6", "#e08fb3", "#bf4a80", "#7a0d42"]; // pale to dark: also in grey, also colour-blind
const STEPS = [0.1, 0.25, 0.5];
const NOBODY = null; // without a fill, and a broken outline
const NAMED = 4;

let services = [];
let facilities = [];
let shapes = [];
let shapesOf = "";
let areas = new Map();
let chosen = given.get("at");
let asking = 0;
let map = null;

const table = new SortedTable(byId("table"), gapColumns(() => byId("level").value), {
  idOf: (area) => area.area_id,
  order: orderOf(given.get("sort"), { key: "uncovered", down: true }),
  ordered: (order) => { keepInAddress({ sort: orderText(order) }); mark(); },
  chosen: (id) => choose(id, "table"),
  hovered: (id) => hover(id),
});

function shadeOf(area) {
  if (!area || area.total === 0) return NOBODY;
  if (area.uncovered === 0) return SHADES[0];
  const share = area.uncovered / area.total;
  return SHADES[1 + STEPS.filter((step) => share >= step).length];
}

function fill(select, values, names, wanted) {
  select.replaceChildren(...values.map((value, i) => make("option", names[i], { value })));
  if (values.includes(wanted)) select.value = wanted;
}

function query(format) {
  const asked = new URLSearchParams({ plan });
  for (const id of CHOICES) if (byId(id).value !== "") asked.set(id, byId(id).value);
  if (format) asked.set("format", format);
  if (format === "xlsx") asked.set("lang", lang);
  return `/v1/coverage/gaps?${asked}`;
}

const title = (area) => area.name || area.area_id;

function headline(answer) {
  const worst = answer.areas[0];
  if (!worst) return "";
  if (worst.uncovered === 0) return say("allCovered");
  return say("worst", { area: title(worst), uncovered: number(worst.uncovered), total: `${number(worst.total)} ${say(answer.basis).toLowerCase()}`, service: serviceOf(answer.service), m: number(answer.standard_m) });
}

function serviceOf(id) {
  const found = services.find((s) => s.service_id === id);
  return found ? kindName(found) : id;
}

function hover(id) {
  map?.mark("hot", id);
  table.mark("hot", id);
}

function choose(id, from) {
  if (!areas.has(id)) return;
  chosen = id;
  keepInAddress({ at: id });
  mark();
  drawCard();
  drawDots();
  if (from === "map") table.reveal(id);
  if (from === "table" && map?.has(id)) map.zoomTo(id);
}

function mark() {
  table.mark("chosen", chosen);
  map?.mark("chosen", chosen);
}

function hint(id) {
  const area = areas.get(id);
  if (!area) return make("span", id);
  const box = make("span");
  box.append(make("strong", title(area)), make("br"), document.createTextNode(say("areaHint", { uncovered: number(area.uncovered), total: number(area.total), rate: percent(area.rate_share) })));
  return box;
}

function fact(name, value) {
  const box = make("div");
  box.append(make("dt", name), make("dd", value));
  return box;
}

// Everything about the area in hand, in words.
function drawCard() {
  const area = areas.get(chosen);
  byId("card").hidden = !area;
  if (!area) return;
  const facts = make("dl", null, { class: "facts" });
  facts.append(
    fact(say("uncovered"), `${number(area.uncovered)} / ${number(area.total)}`), fact(say("rate"), rateText(area)),
    fact(say("shortfall"), number(area.shortfall)), fact(say("farthest"), area.beyond_reach ? say("beyond") : number(area.farthest_walk_m)),
    fact(say("nearest"), nearest(area)),
  );
  const parts = [make("h2", title(area)), facts];
  if (area.sites.length) {
    const list = make("ul", null, { class: "sites" });
    for (const site of area.sites) {
      const line = make("li");
      const button = make("button", site.name || site.facility_id, { type: "button" });
      button.addEventListener("click", () => map?.look(placeOf(site.facility_id)));
      line.append(button, document.createTextNode(" "), make("span", say("newly", { n: number(site.newly_covered) })));
      list.append(line);
    }
    parts.push(make("h3", say("sites")), list);
  } else if (area.uncovered > 0) parts.push(make("p", say("noSites"), { class: "soft" }));
  byId("card").replaceChildren(...parts);
}

function placeOf(id) {
  const found = facilities.find((f) => f.id === id);
  return found ? `16/${found.geometry.coordinates[1]}/${found.geometry.coordinates[0]}` : null;
}

// Facilities of the service, and the sites that would help the area in hand.
function drawDots() {
  if (!map) return;
  const kind = services.find((s) => s.service_id === byId("service").value)?.kind;
  const helping = new Set((areas.get(chosen)?.sites ?? []).map((s) => s.facility_id));
  const there = (f) => f.properties.status === "existing" && f.properties.kind === kind;
  map.dots(facilities.filter((f) => there(f) || helping.has(f.id)), {
    look: (f) => helping.has(f.id)
      ? { radius: 9, color: "#0b5d3b", weight: 3, fillColor: "#fff", fillOpacity: 1, dashArray: "4 3" }
      : { radius: 4, color: "#fff", weight: 1, fillColor: "#12395c", fillOpacity: 1 },
    label: (f) => make("span", `${f.properties.name || f.id} · ${say(helping.has(f.id) ? "siteKey" : "facilityKey")}`),
  });
}

function drawKey() {
  const names = [say("shade0"), say("shade1"), say("shade2"), say("shade3"), say("shade4")];
  const line = (text, kind, colour) => {
    const item = make("li", text, { class: kind });
    if (colour) item.style.setProperty("--colour", colour);
    return item;
  };
  byId("key").replaceChildren(
    make("li", say("keyTitle"), { class: "title" }), ...SHADES.map((colour, i) => line(names[i], "swatch", colour)),
    ...[...areas.values()].some((area) => shadeOf(area) === NOBODY) ? [line(say("nobody"), "nobody")] : [],
    line(say("facilityKey"), "dot"), line(say("siteKey"), "ring"),
  );
}

async function drawMap(answer) {
  if (shapesOf !== answer.level) {
    const whole = new URLSearchParams({ plan, service: answer.service, level: answer.level, format: "geojson" });
    shapes = (await ask(`/v1/coverage/gaps?${whole}`)).features.filter((f) => f.geometry);
    shapesOf = answer.level;
  }
  const first = map === null;
  map ??= new AreaMap(byId("map"), { label: say("mapLabel"), zoomIn: say("zoomIn"), zoomOut: say("zoomOut") });
  const around = map.layer ? map.view : null;
  const shown = shapes.filter((f) => areas.has(f.id));
  map.areas(shown, { fill: (id) => shadeOf(areas.get(id)), label: hint, chosen: (id) => choose(id, "map"), hovered: hover });
  if (first) {
    if (!map.look(given.get("view"))) map.fit();
    map.moved(() => keepInAddress({ view: map.view }));
  } else if (around === null) map.fit();
  const top = answer.areas.filter((a) => a.uncovered > 0).slice(0, NAMED);
  map.name(top.map((a) => [a.area_id, make("span", `${title(a)} ${number(a.uncovered)}`)]));
}

async function fillWithin(service, level, wanted) {
  const found = [];
  for (const above of ABOVE[level]) {
    const answer = await ask(`/v1/coverage/gaps?${new URLSearchParams({ plan, service, level: above })}`);
    found.push(...answer.areas.map((a) => [a.area_id, title(a)]).sort((a, b) => a[1].localeCompare(b[1], lang)));
  }
  fill(byId("area"), ["", ...found.map((f) => f[0])], [say("everywhere"), ...found.map((f) => f[1])], wanted);
}

async function refresh() {
  const mine = ++asking;
  try {
    await fillWithin(byId("service").value, byId("level").value, byId("area").value || given.get("area"));
    given.delete("area");
    const answer = await ask(query());
    if (mine !== asking) return;
    keepInAddress(Object.fromEntries(CHOICES.map((id) => [id, byId(id).value])));
    for (const form of ["xlsx", "geojson", "csv"]) byId(form).href = query(form);
    areas = new Map(answer.areas.map((a) => [a.area_id, a]));
    if (!areas.has(chosen)) chosen = answer.areas[0]?.area_id ?? null;
    byId("headline").textContent = headline(answer);
    byId("message").textContent = areas.size ? "" : say(Number(byId("min_uncovered").value) > 0 ? "noRows" : "noAreas");
    byId("empty").hidden = areas.size > 0 || Number(byId("min_uncovered").value) === 0;
    byId("view").hidden = areas.size === 0;
    table.show(answer.areas);
    if (areas.size) await drawMap(answer);
    if (mine !== asking) return;
    drawKey();
    drawDots();
    drawCard();
    mark();
    document.body.dataset.ready = String(mine);
  } catch (error) {
    if (mine === asking) byId("message").textContent = say("failed") + error.message;
  }
}

function setUp(study) {
  fill(byId("service"), services.map((s) => s.service_id), services.map((s) => serviceName(s)), given.get("service"));
  fill(byId("level"), LEVELS, LEVELS.map((l) => say(l)), given.get("level"));
  fill(byId("basis"), BASES, BASES.map((b) => say(b)), given.get("basis"));
  if (/^\d+$/.test(given.get("min_uncovered") ?? "")) byId("min_uncovered").value = given.get("min_uncovered");
  byId("choice").addEventListener("change", refresh);
  byId("choice").addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", () => {
    byId("min_uncovered").value = "0";
    byId("min_uncovered").focus();
    refresh();
  });
  copyButton(byId("copy"), byId("told"));
  document.title = byId("heading").textContent = `${study.name || plan} · ${say("gaps")}`;
}

async function start() {
  sayAll();
  byId("choice").setAttribute("aria-label", say("service"));
  byId("map-link").href = `/map/${encodeURIComponent(plan)}?lang=${lang}`;
  byId("back").href = `/?lang=${lang}`;
  byId("view").hidden = true;
  try {
    const about = await ask(`/v1/plans/${encodeURIComponent(plan)}`);
    const [study, points] = await Promise.all([
      ask(`/v1/studies/${encodeURIComponent(about.study_id)}`), ask(`/v1/plans/${encodeURIComponent(plan)}/facilities`),
    ]);
    services = study.services;
    facilities = points.features.filter((f) => f.geometry);
    const notice = lang === "zh" ? about.notice_zh : about.notice_en;
    byId("notice").textContent = notice;
    byId("notice").hidden = !notice;
    setUp(about);
    if (services.length) await refresh();
    else {
      byId("choice").hidden = true;
      byId("message").textContent = say("noServices");
    }
  } catch (error) {
    byId("message").textContent = say("failed") + error.message;
  }
}

start();
