// All text of the pages, in both languages, and how numbers are written.
export const WORDS = {
  zh: {
    title: "网格方案", language: "English", loading: "正在载入……", api: "接口说明（OpenAPI）", back: "← 全部方案",
    map: "地图", edit: "在图上重划", gaps: "服务覆盖缺口", download: "下载表格（CSV）", service: "服务", level: "级别", basis: "统计口径",
    minUncovered: "未覆盖数不少于", none: "还没有载入方案。请运行：wangge load 输出文件夹", noRows: "没有符合条件的区域。",
    failed: "载入失败：", version: "版本", status: "状态", grid: "网格", community: "社区/村", subdistrict: "街道/乡镇",
    county: "县/区", residents: "居民", households: "户", buildings: "楼栋", area: "区域", total: "总数", covered: "已覆盖",
    uncovered: "未覆盖", rate: "覆盖率", target: "目标", shortfall: "缺额", farthest: "最远步行（米）", nearest: "最近设施",
    sites: "可补缺口的候选点", walkOf: "步行 {m} 米以内", units: "{units} 个基本单元，{households} 户，{residents} 人",
    worst: "{area}缺口最大：{uncovered} / {total} 未覆盖（{service}，步行 {m} 米以内）。", allCovered: "全部覆盖。",
    beyond: "超出测算范围", newly: "新增 {n}", metres: "{m} 米", noServices: "该方案没有设定服务标准。",
    draft: "草案", submitted: "已提交", reviewed: "已审核", filed: "已备案", public_notice: "公示中", in_force: "施行中", archived: "已归档",
  },
  en: {
    title: "Grid plans", language: "中文", loading: "Loading …", api: "API (OpenAPI)", back: "← All plans",
    map: "Map", edit: "Redraw on the map", gaps: "Coverage gaps", download: "Download the table (CSV)", service: "Service", level: "Level", basis: "Counted in",
    minUncovered: "Uncovered at least", none: "No plan is loaded yet. Run: wangge load OUTPUT_FOLDER", noRows: "No area matches.",
    failed: "Loading failed: ", version: "version", status: "status", grid: "Grid", community: "Community", subdistrict: "Subdistrict",
    county: "County", residents: "Residents", households: "Households", buildings: "Buildings", area: "Area", total: "Total", covered: "Covered",
    uncovered: "Uncovered", rate: "Rate", target: "Target", shortfall: "Shortfall", farthest: "Farthest walk (m)", nearest: "Nearest facility",
    sites: "Sites that would help", walkOf: "within a walk of {m} m", units: "{units} units, {households} households, {residents} residents",
    worst: "{area} has the largest gap: {uncovered} of {total} not covered ({service}, within a walk of {m} m).", allCovered: "All are covered.",
    beyond: "beyond what was measured", newly: "+{n}", metres: "{m} m", noServices: "The plan sets no service standards.",
    draft: "draft", submitted: "submitted", reviewed: "reviewed", filed: "filed", public_notice: "public notice", in_force: "in force", archived: "archived",
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
