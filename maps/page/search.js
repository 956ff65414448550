/* Search by code or name; works on what the page holds. */
const MOST_FOUND = 12;

/* Where the text begins with what is sought counts more than where it holds it; then the panel's own order. */
function found(list, sought) {
  const wanted = sought.trim().toLowerCase();
  if (!wanted) return [];
  const rank = (entry) => {
    const own = entry.text.toLowerCase();
    if (own === wanted) return 0;
    if (own.startsWith(wanted)) return 1;
    return own.includes(wanted) ? 2 : entry.note.toLowerCase().includes(wanted) ? 3 : 9;
  };
  return list.map((entry, i) => [rank(entry), i, entry]).filter(([at]) => at < 9)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, MOST_FOUND).map(([, , entry]) => entry);
}

function searchSection() {
  const list = entries();
  let hits = [];
  let at = -1;
  let typing = false;
  const options = el("ul", { id: "found", role: "listbox", "aria-label": t("search"), hidden: true });
  const input = el("input", {
    id: "search", type: "search", role: "combobox", autocomplete: "off", placeholder: t("search"), "aria-label": t("search"),
    "aria-controls": "found", "aria-expanded": "false", "aria-autocomplete": "list",
    input: () => { typing = true; hits = found(list, input.value); at = -1; show(); },
    keydown: (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (hits.length) at = (at + (event.key === "ArrowDown" ? 1 : hits.length - (at < 0 ? 0 : 1))) % hits.length;
        show();
      } else if (event.key === "Enter" && hits.length) {
        choose(hits[Math.max(at, 0)]);
      } else if (event.key === "Escape") {
        hits = [];
        typing = false;
        show();
      }
    },
  });
  function choose(entry) {
    hits = [];
    typing = false;
    input.value = entry.text;
    show();
    entry.act();
  }
  function show() {
    const none = typing && input.value.trim() && !hits.length;
    options.hidden = !hits.length && !none;
    input.setAttribute("aria-expanded", String(!options.hidden));
    input.setAttribute("aria-activedescendant", at >= 0 ? "found-" + at : "");
    options.replaceChildren(...(none ? [el("li", { class: "none" }, t("search.none"))] : hits.map((entry, i) =>
      el("li", { id: "found-" + i, role: "option", "aria-selected": String(i === at), mousedown: (event) => { event.preventDefault(); choose(entry); } },
        el("strong", {}, entry.text), el("span", {}, entry.note), el("em", {}, entry.kind)))));
    if (at >= 0) options.children[at].scrollIntoView({ block: "nearest" });
  }
  input.addEventListener("blur", () => { hits = []; typing = false; options.hidden = true; });
  return el("section", { class: "search", role: "search" }, input, options);
}
