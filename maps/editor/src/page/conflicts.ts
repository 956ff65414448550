/** The conflict in hand: units that somebody else changed too, shown on the map, until the planner has chosen. */

import { conflictCard, type Settled } from "./conflict";
import { element } from "./element";
import { asideOf, setAside } from "./keeping";
import type { Painting } from "./painting";
import { filled } from "./words";
import { gridName, type Workplace } from "./workplace";

const SHADE = 0.45;

export class Conflicts {
  readonly root = element("div", { id: "cards" });
  private contested: readonly number[] = [];
  private who: string;
  private readonly work: Workplace;
  private readonly painting: Painting;

  constructor(work: Workplace, painting: Painting) {
    this.work = work;
    this.painting = painting;
    this.who = work.words.somebody;
  }

  /** Whether a choice is waited for. */
  get open(): boolean {
    return this.root.childElementCount > 0;
  }

  /** Show both sides, and let the planner choose; the map stays in sight. `who` changed them last; null where that is not known now. */
  ask(all: readonly number[], who: string | null): void {
    const { session: { draft, pending }, words, map } = this.work;
    this.close();
    this.contested = all;
    this.who = who ?? this.who;
    for (const unit of all) map.shade(unit, SHADE);
    const name = (grid: number): string => gridName(this.work, grid);
    const card = conflictCard(words, this.who, all.map((unit) => ({ unit: draft.area.unitIds[unit]!, mine: name(draft.gridOf[unit]!), theirs: name(pending.saved[unit]!) })), {
      show: (side) => this.painting.show(side === "mine" ? new Map() : new Map(all.map((unit) => [unit, pending.saved[unit]!]))),
      settle: (choice) => this.settle(choice, all),
    });
    this.root.replaceChildren(card);
    card.querySelector("button")!.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  /** The choice is made, or there is nothing left to choose. */
  close(): void {
    if (!this.open) return;
    for (const unit of this.contested) this.work.map.shade(unit, 0);
    this.painting.show(new Map());
    this.root.replaceChildren();
  }

  private settle(choice: Settled, units: readonly number[]): void {
    const { session, words, messages } = this.work;
    const { draft, document: plan } = session;
    this.close();
    document.getElementById("map")?.focus();
    if (choice === "both") {
      const moves = units.map((unit) => ({ unit_id: draft.area.unitIds[unit]!, grid_id: draft.grids[draft.gridOf[unit]!]!.id }));
      setAside(localStorage, plan.plan, [{ at: new Date().toISOString(), moves }, ...asideOf(localStorage, plan.plan)]);
      messages.toast(filled(words.bothKept, { count: units.length }));
    }
    session.resolve(choice === "both" ? "theirs" : choice, units);
  }
}
