/** Which grids the panel shows: those touched since the last stroke began; what hangs on their numbers follows at the next frame. */

import type { Names } from "./names";
import type { Panel } from "./panel";
import type { Workplace } from "./workplace";

const NOTHING_NEW: ReadonlySet<number> = new Set();
export const SAID_GRIDS = 3; // told to those who listen after a stroke

export interface NumbersShown {
  readonly panel: Panel;
  readonly names: Names;
  /** The chosen grid. */
  chosen(): number | null;
  /** Whether a stroke is being painted. */
  painting(): boolean;
  /** Draw again what is in hand. */
  draw(): void;
}

export class Numbers {
  private readonly touched = new Set<number>();
  private readonly moved = new Set<number>();
  private waiting = false;
  private readonly work: Workplace;
  private readonly shown: NumbersShown;

  constructor(work: Workplace, shown: NumbersShown) {
    this.work = work;
    this.shown = shown;
  }

  /** A stroke or a search begins: what was touched before goes. */
  begin(): void {
    this.touched.clear();
  }

  touch(grid: number): void {
    this.touched.add(grid);
    this.drawSoon();
  }

  /** Units moved or were locked; numbers of their grids follow at once. */
  changed(units: readonly number[], grids: ReadonlySet<number>): void {
    for (const grid of grids) {
      this.touched.add(grid);
      this.moved.add(grid);
    }
    this.shown.panel.show(this.present, this.shown.chosen(), grids);
    for (const unit of units) this.moved.add(this.work.session.draft.gridOf[unit]!); // its lock may have changed alone
    this.drawSoon();
  }

  /** A ring is pulled: the chosen grid and those that would change are shown, and no others. */
  only(grids: ReadonlySet<number>): void {
    this.touched.clear();
    for (const grid of [this.shown.chosen(), ...grids]) if (grid !== null) this.touched.add(grid);
    this.shown.panel.show(this.present, this.shown.chosen(), NOTHING_NEW);
  }

  /** A stroke is done: names are laid out, and those who listen hear the numbers. */
  settle(): void {
    this.shown.names.mark([...this.touched, ...this.moved]);
    this.shown.names.draw();
    this.tell();
  }

  /** Tell those who listen the numbers of the grids touched. */
  tell(): void {
    this.work.messages.announce(this.shown.panel.sentence(this.present.slice(0, SAID_GRIDS)));
  }

  draw(): void {
    const { panel, names } = this.shown;
    panel.show(this.present, this.shown.chosen());
    panel.drawLoads(this.moved);
    names.mark(this.moved);
    this.moved.clear();
    if (!this.shown.painting()) names.draw();
    this.shown.draw();
  }

  private drawSoon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  /** Grids touched that have units, or are about to be given up: the chosen one, then the others by their number. */
  private get present(): number[] {
    const { draft, codes } = this.work.session;
    const chosen = this.shown.chosen();
    const shown = [...this.touched].filter((g) => draft.unitsOf(g).size > 0 || codes.leaving(g));
    return shown.sort((a, b) => Number(b === chosen) - Number(a === chosen) || a - b);
  }
}
