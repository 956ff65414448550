// A table that sorts by its heads, and marks rows: one row an item, one column a way to show it.
import { lang, make } from "/assets/words.js";

export class SortedTable {
  // columns: { key, head, value(item), cell(item), text }; told: ordered(order), chosen(id), hovered(id)
  constructor(table, columns, { idOf, order, ordered, chosen, hovered }) {
    Object.assign(this, { table, columns, idOf, order, ordered, chosen, hovered });
    this.items = [];
    this.rows = new Map();
    this.head = make("tr");
    this.body = make("tbody");
    const head = make("thead");
    head.append(this.head);
    table.append(head, this.body);
    this.body.addEventListener("click", (event) => this.tell(chosen, event));
    this.body.addEventListener("mouseover", (event) => this.tell(hovered, event));
    this.body.addEventListener("mouseleave", () => hovered?.(null));
  }

  show(items) {
    this.items = items;
    this.draw();
  }

  draw() {
    this.head.replaceChildren(...this.columns.map((column) => this.headOf(column)));
    this.rows.clear();
    const sorted = [...this.items].sort((a, b) => this.compare(a, b));
    this.body.replaceChildren(...sorted.map((item) => this.rowOf(item)));
    this.table.hidden = this.items.length === 0;
  }

  mark(kind, id) {
    for (const row of this.body.querySelectorAll(`.${kind}`)) {
      row.classList.remove(kind);
      if (kind === "chosen") row.querySelector("th button")?.removeAttribute("aria-current");
    }
    const row = this.rows.get(id);
    row?.classList.add(kind);
    if (kind === "chosen") row?.querySelector("th button")?.setAttribute("aria-current", "true");
  }

  reveal(id) {
    this.rows.get(id)?.scrollIntoView({ block: "nearest" });
  }

  tell(heard, event) {
    const row = event.target.closest("tr");
    if (row) heard?.(row.dataset.id);
  }

  headOf(column) {
    const head = make("th", null, { scope: "col", class: column.text ? "text" : "" });
    if (column.key === this.order.key) head.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
    const button = make("button", column.head(), { type: "button" });
    button.addEventListener("click", () => {
      this.order = { key: column.key, down: this.order.key === column.key ? !this.order.down : !column.text };
      this.draw();
      this.head.children[this.columns.indexOf(column)].firstChild.focus();
      this.ordered?.(this.order);
    });
    head.append(button);
    return head;
  }

  rowOf(item) {
    const id = this.idOf(item);
    const row = make("tr", null, { "data-id": id });
    row.append(...this.columns.map((column) => column.cell(item)));
    this.rows.set(id, row);
    return row;
  }

  compare(a, b) {
    const { value } = this.columns.find((c) => c.key === this.order.key) ?? this.columns[0];
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    const way = typeof x === "string" ? x.localeCompare(y, lang) : x - y;
    return (this.order.down ? -way : way) || this.idOf(a).localeCompare(this.idOf(b));
  }
}

// An order as a text for an address, and back; a leading minus is downwards.
export function orderText({ key, down }) {
  return `${down ? "-" : ""}${key}`;
}

export function orderOf(text, otherwise) {
  const found = /^(-?)(\w+)$/.exec(text ?? "");
  return found ? { key: found[2], down: found[1] === "-" } : otherwise;
}
