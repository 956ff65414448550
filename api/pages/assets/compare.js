// Two versions or plans: two maps that move together, and the grids with old and new numbers.
import { AreaMap, together } from "/assets/area_map.js";
import { diffColumns, headline } from "/assets/diff_columns.js";
import { copyButton, keepInAddress } from "/assets/link.js";
import { orderOf, orderText, SortedTable } from "/assets/table.js";
import { ask, lang, make, number, percent, say, sayAll, stamp } from "/assets/words.js";

const byId = (id) => document.getElementById(id);
const plan = decodeURIComponent(location.pathname.split("/").pop());
const given = new URLSearchParams(location.search);
const BELOW = "#7db8dc"; // as in the editor: blue has too few, orange too many, and grey tells them apart
const ABOVE = "#f4a259";
const INSIDE = "#efe9dc";
const NOT_COUNTED = "#bfbfae";
const MOST_NAMED = 80; // grids with their names on the map; more would cover it
const MOVED = { color: "#8f1450", weight: 2, fillColor: "#8f1450", fillOpacity: 0.6 };

let asking = 0;
const side = { old: null, new: null };
const grids = { old: new Map(), new: new Map() };

const table = new SortedTable(byId("table"), diffColumns(), {
  idOf: (pair) => pair.grid_id,
  order: orderOf(given.get("sort"), { key: "change", down: true }),
  ordered: (order) => keepInAddress({ sort: orderText(order) }),
  chosen: choose,
  hovered: hover,
});

function hover(id) {
  for (const map of Object.values(side)) map?.mark("hot", id);
  table.mark("hot", id);
}

function choose(id) {
  for (const map of Object.values(side)) map?.mark("chosen", id);
  table.mark("chosen", id);
  table.reveal(id);
  (side.new.has(id) ? side.new : side.old).zoomTo(id);
  keepInAddress({ at: id });
}

function fillOf(grid) {
  if (!grid || grid.in_band === null) return NOT_COUNTED;
  if (grid.in_band) return INSIDE;
  return grid.deviation_share < 0 ? BELOW : ABOVE;
}

function hint(which) {
  return (id) => {
    const grid = grids[which].get(id);
    const box = make("span");
    box.append(make("strong", grid?.name || id), make("br"), document.createTextNode(say("gridHint", { households: number(grid?.households), deviation: percent(grid?.deviation_share ?? null) })));
    return box;
  };
}

const [OLD, NEW] = ["old", "new"];

function sideOf(text) {
  const [name, version] = [text.slice(0, text.lastIndexOf("@")), text.slice(text.lastIndexOf("@") + 1)];
  return { name, version };
}

function diffAddress(form) {
  const now = sideOf(byId("now").value);
  const asked = new URLSearchParams({ base: byId("base").value, version: now.version });
  if (form) asked.set("format", form);
  if (form === "xlsx") asked.set("lang", lang);
  return `/v1/plans/${encodeURIComponent(now.name)}/diff?${asked}`;
}

async function drawSide(which, text) {
  const { name, version } = sideOf(text);
  const answer = await ask(`/v1/plans/${encodeURIComponent(name)}/grids?version=${version}`);
  grids[which] = new Map(answer.features.map((f) => [f.id, f.properties]));
  const first = side[which] === null;
  side[which] ??= new AreaMap(byId(`${which}-map`), { label: say(which === OLD ? "oldMap" : "newMap"), zoomIn: say("zoomIn"), zoomOut: say("zoomOut") });
  side[which].areas(answer.features.filter((f) => f.geometry), { fill: (id) => fillOf(grids[which].get(id)), label: hint(which), chosen: choose, hovered: hover });
  if (first) side[which].fit();
}

// Write on each map what the grids that differ are called there, those with most households first.
function nameGrids(pairs) {
  for (const which of [OLD, NEW]) {
    const there = pairs.map((pair) => pair[which]).filter((grid) => grid).sort((a, b) => b.households - a.households).slice(0, MOST_NAMED);
    side[which].name(there.map((grid) => [grid.grid_id, make("span", grid.name || grid.grid_id)]));
  }
}

function setMode(mode) {
  byId("maps").className = `maps ${mode === "beside" ? "beside" : "swiping"}`;
  byId("swipe").hidden = mode === "beside";
  byId("divider").hidden = mode === "beside";
  divide();
  for (const map of Object.values(side)) map?.resized();
}

function divide() {
  byId("maps").style.setProperty("--at", `${byId("divide").value}%`);
}

function dragDivider() {
  const [handle, maps] = [byId("divider"), byId("maps")];
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const frame = maps.getBoundingClientRect();
    byId("divide").value = String(Math.round((100 * (event.clientX - frame.left)) / frame.width));
    divide();
  });
}

function drawKey() {
  const line = (text, colour, kind = "swatch") => {
    const item = make("li", text, { class: kind });
    item.style.setProperty("--colour", colour);
    return item;
  };
  byId("key").replaceChildren(line(say("keyBelow"), BELOW), line(say("keyInside"), INSIDE), line(say("keyAbove"), ABOVE), line(say("keyNone"), NOT_COUNTED), line(say("keyMoved"), "#b0567f"));
}

async function refresh() {
  const mine = ++asking;
  const [base, now] = [byId("base").value, byId("now").value];
  byId("message").textContent = say("loading");
  try {
    const [diff, moved] = await Promise.all([ask(diffAddress()), ask(diffAddress("geojson"))]);
    if (mine !== asking) return;
    byId("view").hidden = false;
    await drawSide(OLD, base);
    await drawSide(NEW, now);
    if (mine !== asking) return;
    keepInAddress({ base, now });
    for (const form of ["xlsx", "geojson"]) byId(form).href = diffAddress(form);
    for (const map of Object.values(side)) map.overlay(moved.features.filter((f) => f.geometry && f.properties.changes_grid), MOVED);
    nameGrids(diff.grids);
    const same = diff.units.length === 0 && diff.grids.length === 0;
    byId("message").textContent = same ? say(base === now ? "sameChosen" : "noDifference") : "";
    byId("headline").textContent = same ? "" : headline(diff);
    byId("old-badge").textContent = `${say("oldSide")} · ${badge(base)}`;
    byId("new-badge").textContent = `${say("newSide")} · ${badge(now)}`;
    table.show(diff.grids);
    if (!document.body.dataset.ready) {
      together(side.old, side.new);
      if (!side.new.look(given.get("view"))) side.new.fitOverlay();
      side.new.moved(() => keepInAddress({ view: side.new.view }));
    }
    document.body.dataset.ready = String(mine);
  } catch (error) {
    if (mine === asking) byId("message").textContent = say("failed") + error.message;
  }
}

function badge(text) {
  const { name, version } = sideOf(text);
  return `${name === plan ? "" : `${name} · `}${say("version")} ${version}`;
}

// Every version of every plan of the study, the youngest plan first.
async function versions(plans) {
  const found = [];
  for (const one of [...plans].reverse()) {
    const { edits } = await ask(`/v1/plans/${encodeURIComponent(one.plan_id)}/history`);
    for (const edit of [...edits].reverse()) {
      found.push([`${one.plan_id}@${edit.version}`, say("versionOf", { plan: one.plan_id, version: edit.version, kind: say(`edit_${edit.kind}`), at: stamp(edit.at) })]);
    }
  }
  return found;
}

function fill(select, found, wanted) {
  select.replaceChildren(...found.map(([value, text]) => make("option", text, { value })));
  if (found.some(([value]) => value === wanted)) select.value = wanted;
}

async function start() {
  sayAll();
  byId("back").href = `/?lang=${lang}`;
  byId("edit-link").href = `/edit/${encodeURIComponent(plan)}?lang=${lang}`;
  byId("view").hidden = true;
  try {
    const about = await ask(`/v1/plans/${encodeURIComponent(plan)}`);
    const study = await ask(`/v1/studies/${encodeURIComponent(about.study_id)}`);
    document.title = byId("heading").textContent = `${about.name || plan} · ${say("compare")}`;
    const notice = lang === "zh" ? about.notice_zh : about.notice_en;
    byId("notice").textContent = notice;
    byId("notice").hidden = !notice;
    const found = await versions(study.plans);
    const others = study.plans.filter((p) => p.plan_id !== plan);
    const before = about.version > 1 || others.length === 0 ? `${plan}@1` : `${others.at(-1).plan_id}@${others.at(-1).version}`;
    fill(byId("now"), found, given.get("now") ?? `${plan}@${about.version}`);
    fill(byId("base"), found, given.get("base") ?? before);
    drawKey();
    dragDivider();
    copyButton(byId("copy"), byId("told"));
    for (const id of ["base", "now"]) byId(id).addEventListener("change", refresh);
    byId("divide").addEventListener("input", divide);
    for (const radio of document.querySelectorAll("input[name=mode]")) {
      radio.checked = radio.value === (given.get("mode") ?? (innerWidth < 720 ? "swipe" : "beside"));
      radio.addEventListener("change", () => {
        setMode(radio.value);
        keepInAddress({ mode: radio.value });
      });
    }
    setMode(document.querySelector("input[name=mode]:checked")?.value ?? "swipe");
    if (found.length < 2) {
      byId("choice").hidden = true;
      byId("message").textContent = say("oneVersion");
      return;
    }
    await refresh();
    if (given.get("at") && table.rows.has(given.get("at"))) table.mark("chosen", given.get("at"));
  } catch (error) {
    byId("message").textContent = say("failed") + error.message;
  }
}

start();
