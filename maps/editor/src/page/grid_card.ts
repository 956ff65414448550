/** The grid in hand: what it is called, how its load lies in the band, and what can be done to it. */

import type { Band } from "../plan/area";
import { ABOVE, BAND, BELOW, INSIDE_BAR } from "../plan/colours";
import type { Session } from "../session/session";
import { ask, button, element } from "./element";
import { boxOf } from "./ground";
import { drawing, shape } from "./svg";
import { filled } from "./words";
import { gridName, type Workplace } from "./workplace";

const SPAN = 1.6; // the gauge reaches so far beyond the top of the band
const WIDE = 240;

export class GridCard {
  readonly root = element("section", { id: "grid-card", "aria-labelledby": "grid-title" });
  private readonly title = element("h2", { id: "grid-title" });
  private readonly facts = element("p", { id: "grid-facts" });
  private readonly gauge = drawing(`0 0 ${WIDE} 22`, "grid-facts");
  private readonly lock: HTMLButtonElement;
  private readonly work: Workplace;
  private grid: number | null = null;

  constructor(work: Workplace) {
    this.work = work;
    const { words } = work;
    this.lock = button(words.lock, { "data-act": "lock", "data-key": "K" }, () => this.toggleLock());
    this.root.append(this.title, this.facts, this.gauge, element("div", { class: "choices" },
      button(words.rename, { id: "rename", "data-key": "R" }, () => this.rename()),
      button(words.writeNote, { id: "note" }, () => this.note()),
      this.lock,
      button(words.zoomTo, { id: "zoom-to" }, () => this.zoom())));
    this.show(null);
  }

  show(grid: number | null): void {
    this.grid = grid;
    const { session, words } = this.work;
    this.root.hidden = grid === null || session.draft.unitsOf(grid).size === 0;
    if (grid === null || this.root.hidden) return;
    const { id, community, locked } = session.draft.grids[grid]!;
    const { name, band } = session.draft.area.communities[community]!;
    this.title.textContent = gridName(this.work, grid);
    this.title.classList.toggle("locked", locked);
    this.lock.textContent = locked ? words.unlock : words.lock;
    const facts = { code: id, community: name, minimum: Math.round(band.minimum), maximum: Math.round(band.maximum), load: Math.round(session.draft.loadAt(grid)) };
    const banded = session.codes.banded(grid);
    this.facts.textContent = filled(banded ? words.gridFacts : words.gridFactsFree, facts) + (locked ? ` · ${words.lockedMark}` : "");
    this.drawGauge(session.draft.loadAt(grid), banded ? band : null);
  }

  /** The load as a bar, with the band behind it. */
  private drawGauge(load: number, band: Band | null): void {
    this.gauge.classList.toggle("none", band === null);
    if (band === null) return this.gauge.replaceChildren();
    const x = (value: number): number => (WIDE * Math.min(value / (SPAN * band.maximum), 1));
    const fill = load < band.minimum ? BELOW : load > band.maximum ? ABOVE : INSIDE_BAR;
    const ends = [band.minimum, band.maximum];
    this.gauge.replaceChildren(
      shape("rect", { x: x(band.minimum), y: 0, width: x(band.maximum) - x(band.minimum), height: 11, fill: BAND }),
      shape("rect", { x: 0, y: 3, width: x(load), height: 5, fill }),
      ...ends.map((end) => shape("line", { x1: x(end), x2: x(end), y1: 0, y2: 12, stroke: "#333", "stroke-dasharray": "3 2" })),
      ...ends.map((end) => shape("text", { x: x(end), y: 21, "font-size": 8, "text-anchor": "middle", fill: "#333" }, Math.round(end).toLocaleString())));
  }

  toggleLock(): void {
    const { grid, work: { session } } = this;
    if (this.there(grid)) void session.setLocked(grid, !session.draft.grids[grid]!.locked);
  }

  rename(): void {
    const { grid, work: { session, words } } = this;
    if (!this.there(grid)) return;
    const name = element("input", { id: "grid-name", maxlength: "80" });
    name.value = session.draft.grids[grid]!.name;
    const label = element("label", { for: "grid-name" }, words.newName);
    ask(filled(words.renameTitle, { grid: session.draft.grids[grid]!.id }), [], [
      { id: "rename-it", text: words.rename, main: true, act: () => this.renamed(session, grid, name.value.trim()) },
      { id: "close", text: words.close, act: () => undefined },
    ], label, name);
  }

  note(): void {
    const { grid, work: { session, words } } = this;
    if (!this.there(grid)) return;
    const text = element("textarea", { id: "note-text", maxlength: "500", rows: "3" });
    const label = element("label", { for: "note-text" }, words.noteText);
    const send = (): void => {
      if (text.value.trim() !== "") void session.command("edits", { kind: "note", note: text.value.trim(), notes_on: [session.draft.grids[grid]!.id] });
    };
    ask(filled(words.noteTitle, { grid: gridName(this.work, grid) }), [], [
      { id: "note-it", text: words.writeNote, main: true, act: send },
      { id: "close", text: words.close, act: () => undefined },
    ], label, text);
  }

  private renamed(session: Session, grid: number, name: string): void {
    if (name !== session.draft.grids[grid]!.name) void session.rename(grid, name);
  }

  private zoom(): void {
    const { map, ground, session } = this.work;
    if (this.grid !== null) map.zoomTo(boxOf(ground, session.draft.unitsOf(this.grid)));
  }

  /** Say to choose a grid first where there is none. */
  private there(grid: number | null): grid is number {
    if (grid === null) this.work.messages.toast(this.work.words.chooseFirst);
    return grid !== null;
  }
}
