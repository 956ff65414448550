/** The unit in hand: what it is, its lock, and its neighbours to be joined or cut. */

import { button, element } from "./element";
import { filled } from "./words";
import { gridName, unitName, type Workplace } from "./workplace";

export class UnitCard {
  readonly root = element("section", { id: "unit-card", "aria-labelledby": "unit-title" });
  private readonly title = element("h2", { id: "unit-title" });
  private readonly facts = element("p", { id: "unit-facts" });
  private readonly lock: HTMLButtonElement;
  private readonly work: Workplace;
  private held: number | null = null;

  constructor(work: Workplace, join: (unit: number) => void) {
    this.work = work;
    const { words } = work;
    this.lock = button(words.lockUnit, { id: "unit-lock", "data-key": "U" }, () => this.toggleLock());
    const link = button(words.neighbours, { id: "unit-link", "data-key": "J" }, () => this.held !== null && join(this.held));
    const close = button("×", { class: "close", "aria-label": words.close }, () => this.show(null));
    this.root.append(close, this.title, this.facts, element("div", { class: "choices" }, this.lock, link));
    this.show(null);
  }

  get unit(): number | null {
    return this.held;
  }

  show(unit: number | null): void {
    this.held = unit;
    this.root.hidden = unit === null;
    if (unit === null) return;
    const { session, words } = this.work;
    const { area, gridOf } = session.draft;
    const locked = session.lockedUnits.has(unit);
    this.title.textContent = filled(words.unitTitle, { unit: unitName(this.work, unit) });
    this.title.classList.toggle("locked", locked);
    this.lock.textContent = locked ? words.unlockUnit : words.lockUnit;
    const facts = { grid: gridName(this.work, gridOf[unit]!), households: area.households[unit]!.toLocaleString(), residents: area.residents[unit]!.toLocaleString() };
    this.facts.textContent = filled(words.unitFacts, facts) + (locked ? ` · ${words.lockedMark}` : "");
  }

  toggleLock(): void {
    const { session, words, messages } = this.work;
    if (this.held === null) return messages.toast(words.inspectFirst);
    if (session.document.study_locked.includes(this.held)) return messages.toast(filled(words.studyLocked, { unit: unitName(this.work, this.held) }));
    void session.setUnitLocked(this.held, !session.lockedUnits.has(this.held));
  }
}
