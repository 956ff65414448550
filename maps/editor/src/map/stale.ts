/** Which parts of the world are to be drawn again: a few boxes, so that two places far apart do not take all between them. */

import { overlaps, type WorldBox } from "./view";

const MOST_BOXES = 6;

export class Stale {
  private held: WorldBox[] = [];

  get boxes(): readonly WorldBox[] {
    return this.held;
  }

  /** Add a box; it joins one that it meets. */
  add(box: WorldBox): void {
    const met = this.held.findIndex((other) => overlaps(other, box, 0));
    if (met >= 0) this.held[met] = around(this.held[met]!, box);
    else if (this.held.push(box) > MOST_BOXES) this.held = [this.held.reduce(around)];
  }

  clear(): void {
    this.held = [];
  }
}

function around(a: WorldBox, b: WorldBox): WorldBox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}
