/* Words and elements. Text from a study enters the page only through textContent. */
let lang = page.lang;

function t(code, facts) {
  const text = page.strings[lang][code];
  if (text === undefined) return code.slice(code.lastIndexOf(".") + 1);
  return facts ? text.replace(/\{(\w+)\}/g, (whole, key) => (key in facts ? String(facts[key]) : whole)) : text;
}

function figure(value, digits = 0) {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace(/,/g, "\u00a0");
}

function percent(share, digits = 1) {
  return share === null || share === undefined ? "–" : (share * 100).toFixed(digits) + "\u00a0%";
}

/* el("p", {class: "x", "data-field": "y"}, "text", child): attributes that are functions become listeners. */
function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function serviceName(id) {
  const standard = page.services.find((service) => service.id === id);
  if (!standard || !standard.kind) return id;
  return t("service_name", { kind: t("facility." + standard.kind), metres: figure(standard.max_walk_m) });
}

function loadUnit() {
  return t("unit." + page.balance_on);
}
