/** What follows the pointer: a ring as wide as the brush, and the unit under it in words. */

import { unitAt } from "../shapes/pick";
import { element } from "./element";
import type { Hand } from "./tools";
import { filled } from "./words";
import { gridName, unitName, type Workplace } from "./workplace";

export class PointerTrace {
  readonly ring = element("div", { id: "ring", "aria-hidden": "true" });
  readonly readout = element("span", { id: "readout" });
  private readonly work: Workplace;
  private readonly hand: Hand;
  private at: readonly [number, number] | null = null;
  private waiting = false;

  constructor(work: Workplace, hand: Hand, box: HTMLElement) {
    this.work = work;
    this.hand = hand;
    box.addEventListener("pointermove", (event) => this.follow(event));
    box.addEventListener("pointerdown", (event) => this.follow(event));
    box.addEventListener("pointerleave", () => this.leave());
  }

  /** The unit under the pointer, or null. */
  get unit(): number | null {
    const { map, ground } = this.work;
    return this.at === null ? null : unitAt(ground.shapes, ground.buckets, map.placeAt(this.at));
  }

  /** The tool or the size of the brush changed. */
  refresh(): void {
    const round = this.at !== null && (this.hand.tool === "brush" || this.hand.tool === "erase");
    this.ring.hidden = !round;
    if (!round) return;
    const box = this.work.map.frame();
    const radius = this.hand.brushPixels;
    this.ring.style.width = this.ring.style.height = `${2 * radius}px`;
    this.ring.style.transform = `translate(${this.at![0] - box.left - radius}px, ${this.at![1] - box.top - radius}px)`;
  }

  private follow(event: PointerEvent): void {
    this.at = [event.clientX, event.clientY];
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.refresh();
      this.readout.textContent = this.words();
    });
  }

  private leave(): void {
    this.at = null;
    this.refresh();
    this.readout.textContent = "";
  }

  private words(): string {
    const { session, words } = this.work;
    const unit = this.unit;
    if (unit === null) return "";
    const { area, gridOf, grids } = session.draft;
    const locked = session.lockedUnits.has(unit) || grids[gridOf[unit]!]!.locked;
    const facts = { unit: unitName(this.work, unit), grid: gridName(this.work, gridOf[unit]!), households: area.households[unit]! };
    return filled(words.cursorAt, facts) + (locked ? ` · ${words.lockedMark}` : "");
  }
}
