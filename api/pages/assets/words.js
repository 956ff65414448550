// All text of the pages, in both languages, and how numbers are written.
export const WORDS = {
  zh: {
    title: "网格方案", language: "English", loading: "正在载入……", api: "接口说明（OpenAPI）", back: "← 全部方案",
    map: "地图", edit: "在图上重划", gaps: "服务覆盖缺口", service: "服务", level: "级别", basis: "统计口径",
    minUncovered: "未覆盖数不少于", none: "还没有载入方案", noneText: "在装有 wangge 的机器上运行下面的命令，再回到这里。", noneDemo: "先用随附的真实城区试一试：", noneOwn: "用您自己的数据：",
    noneOwnText: "init 查看文件夹里的文件，问清不明白的，写出 study.toml；load 划定网格并放入本服务。", lookAgain: "再看一次", noRows: "没有未覆盖数这么多的区域。",
    failed: "载入失败：", version: "版本", status: "状态", grid: "网格", community: "社区/村", subdistrict: "街道/乡镇",
    county: "县/区", residents: "居民", households: "户", buildings: "楼栋", area: "区域", total: "总数", covered: "已覆盖",
    uncovered: "未覆盖", rate: "覆盖率", target: "目标", shortfall: "缺额", farthest: "最远步行（米）", nearest: "最近设施",
    sites: "可补缺口的候选点", walkOf: "步行 {m} 米以内", units: "{units} 个基本单元，{households} 户，{residents} 人",
    worst: "{area}缺口最大：{uncovered} / {total} 未覆盖（{service}，步行 {m} 米以内）。", allCovered: "全部覆盖。",
    beyond: "超出测算范围", newly: "新增 {n}", metres: "{m} 米", noServices: "该方案没有设定服务标准。请在 study.toml 中加一段 [[services]]（id、kind、max_walk_m），重新运行 wangge plan 并载入。",
    draft: "草案", submitted: "已提交", reviewed: "已审核", filed: "已备案", public_notice: "公示中", in_force: "施行中", archived: "已归档",
    downloads: "下载：", copyLink: "复制链接", copied: "链接已复制，打开它就是现在的画面。", copyYourself: "请复制这个链接：", within: "范围", everywhere: "全部",
    zoomIn: "放大", zoomOut: "缩小", mapLabel: "缺口地图。表格中有同样的内容。", gapTable: "缺口表", showAll: "显示全部区域",
    keyTitle: "未覆盖比例", shade0: "无缺口", shade1: "10% 以下", shade2: "10%–25%", shade3: "25%–50%", shade4: "50% 以上", nobody: "无人居住",
    facilityKey: "现有设施", siteKey: "可补缺口的候选点", areaHint: "未覆盖 {uncovered} / {total}，覆盖率 {rate}", rateOfTarget: "{rate}（目标 {target}）",
    noSites: "没有能减少缺口的候选点。请在设施表中加入状态为 candidate 的候选点，再重新测算。",
    bestSite: "最能补缺口的候选点", noAreas: "这一级没有区域。请换一个级别。", compare: "比较方案", oldSide: "原方案", newSide: "新方案", show: "显示", swipe: "卷帘", beside: "并排",
    swipeLabel: "卷帘位置", diffTable: "变化的网格", oldMap: "原方案地图", newMap: "新方案地图", change: "户数增减", deviation: "偏差",
    workload: "工作量（时/年）", walk: "平均步行（米）", pieces: "块数", unitsIn: "单元数", isNew: "新设", isRetired: "撤销",
    gridHint: "{households} 户，偏差 {deviation}", keyBelow: "低于下限", keyInside: "区间内", keyAbove: "高于上限", keyNone: "不计", keyMoved: "换了网格的单元",
    diffHeadline: "{change} 户更换网格，住在 {units} 个单元；{grids} 个网格有变化，新设 {fresh} 个，撤销 {retired} 个。",
    noDifference: "两个版本的网格划分完全相同。", sameChosen: "两边选的是同一个版本，请换一个。",
    oneVersion: "这个方案只有一个版本，还没有可比较的。请先在图上重划，或再载入一个方案：wangge load 输出文件夹",
    versionOf: "第 {version} 版 · {kind} · {at} · {plan}", edit_draw: "划定", edit_move: "移动", edit_new_grid: "新设网格", edit_merge: "合并", edit_rename: "改名",
    edit_undo: "撤销", edit_redo: "重做", edit_lock: "锁定", edit_unlock: "解锁", edit_status: "流转", edit_accept: "采用建议", edit_restore: "恢复", edit_note: "备注", edit_link: "连接",
  },
  en: {
    title: "Grid plans", language: "中文", loading: "Loading …", api: "API (OpenAPI)", back: "← All plans",
    map: "Map", edit: "Redraw on the map", gaps: "Coverage gaps", service: "Service", level: "Level", basis: "Counted in",
    minUncovered: "Uncovered at least", none: "No plan is loaded yet", noneText: "Run these commands on the machine that has wangge, then come back here.", noneDemo: "To try it on the real town that travels along:", noneOwn: "With your own data:",
    noneOwnText: "init looks at the files in a folder, asks what it cannot tell and writes study.toml; load draws the grids and puts them into this service.", lookAgain: "Look again", noRows: "No area has so many uncovered.",
    failed: "Loading failed: ", version: "version", status: "status", grid: "Grid", community: "Community", subdistrict: "Subdistrict",
    county: "County", residents: "Residents", households: "Households", buildings: "Buildings", area: "Area", total: "Total", covered: "Covered",
    uncovered: "Uncovered", rate: "Rate", target: "Target", shortfall: "Shortfall", farthest: "Farthest walk (m)", nearest: "Nearest facility",
    sites: "Sites that would help", walkOf: "within a walk of {m} m", units: "{units} units, {households} households, {residents} residents",
    worst: "{area} has the largest gap: {uncovered} of {total} not covered ({service}, within a walk of {m} m).", allCovered: "All are covered.",
    beyond: "beyond what was measured", newly: "+{n}", metres: "{m} m", noServices: "The plan sets no service standard. Add a [[services]] table (id, kind, max_walk_m) to study.toml, run wangge plan again and load it.",
    draft: "draft", submitted: "submitted", reviewed: "reviewed", filed: "filed", public_notice: "public notice", in_force: "in force", archived: "archived",
    downloads: "Download:", copyLink: "Copy link", copied: "The link is copied; it opens just this view.", copyYourself: "Please copy this link:", within: "Within", everywhere: "everywhere",
    zoomIn: "Zoom in", zoomOut: "Zoom out", mapLabel: "Map of gaps. The table holds the same.", gapTable: "Table of gaps", showAll: "Show all areas",
    keyTitle: "Share not covered", shade0: "no gap", shade1: "below 10 %", shade2: "10–25 %", shade3: "25–50 %", shade4: "above 50 %", nobody: "nobody lives here",
    facilityKey: "existing facility", siteKey: "site that would help", areaHint: "{uncovered} of {total} not covered, rate {rate}", rateOfTarget: "{rate} (target {target})",
    noSites: "No candidate site would make this gap smaller. Add sites with status candidate to the facilities table and measure again.",
    bestSite: "Site that would help most", noAreas: "There is no area at this level. Choose another level.", compare: "Compare", oldSide: "Old", newSide: "New", show: "Show", swipe: "Swipe", beside: "Side by side",
    swipeLabel: "Place of the divider", diffTable: "Grids that differ", oldMap: "Map of the old plan", newMap: "Map of the new plan", change: "Households ±", deviation: "Deviation",
    workload: "Hours a year", walk: "Mean walk (m)", pieces: "Pieces", unitsIn: "Units", isNew: "new", isRetired: "given up",
    gridHint: "{households} households, deviation {deviation}", keyBelow: "below the band", keyInside: "in the band", keyAbove: "above the band", keyNone: "not counted", keyMoved: "unit that changed grid",
    diffHeadline: "{change} households change grid, in units: {units}. Grids changed: {grids}, new: {fresh}, given up: {retired}.",
    noDifference: "Both versions draw the same grids.", sameChosen: "Both sides show the same version. Choose another.",
    oneVersion: "This plan has one version only: there is nothing to compare yet. Redraw it on the map, or load another plan: wangge load OUTPUT_FOLDER",
    versionOf: "Version {version} · {kind} · {at} · {plan}", edit_draw: "drawn", edit_move: "moved", edit_new_grid: "new grid", edit_merge: "merged", edit_rename: "renamed",
    edit_undo: "undone", edit_redo: "redone", edit_lock: "locked", edit_unlock: "unlocked", edit_status: "status", edit_accept: "proposal accepted", edit_restore: "brought back", edit_note: "note", edit_link: "link",
  },
};

const asked = new URLSearchParams(location.search).get("lang");
export const lang = asked === "en" || asked === "zh" ? asked : (navigator.language || "zh").startsWith("en") ? "en" : "zh";

export function say(key, facts = {}) {
  return (WORDS[lang][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(facts[name] ?? ""));
}

export function number(value, digits = 0) {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString(lang === "zh" ? "zh-CN" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percent(share) {
  return share === null || share === undefined ? "–" : `${number(share * 100, 1)} %`;
}

// The name of the kind of facility of a service.
export function kindName(service) {
  return (lang === "zh" ? service.name_zh : service.name_en) || service.kind;
}

export function serviceName(service) {
  return `${kindName(service)} · ${say("walkOf", { m: number(service.max_walk_m) })}`;
}

// A time as day and minute.
export function stamp(at) {
  return new Date(at).toLocaleString(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
}

export function sayAll() {
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  const button = document.getElementById("language");
  button.textContent = say("language");
  button.addEventListener("click", () => {
    const address = new URL(location.href);
    address.searchParams.set("lang", lang === "zh" ? "en" : "zh");
    location.assign(address);
  });
}

// Make an element; text only ever becomes a text node.
export function make(name, text, attributes = {}) {
  const element = document.createElement(name);
  if (text !== undefined && text !== null) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export async function ask(address) {
  const answer = await fetch(address, { headers: { "Accept-Language": lang, Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error([body.title, body.detail].filter(Boolean).join(" "));
  return body;
}
