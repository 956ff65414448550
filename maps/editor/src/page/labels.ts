/** Labels over the map: names of grids where they fit, and a lock on what is locked. No glyph server is asked. */

import type { MapAdapter } from "../map/adapter";
import { fitting } from "../shapes/thin";
import type { WorldPoint } from "../shapes/shapes";
import { element } from "./element";

const MOST_LOCKS = 300; // drawn at once; more would hide the map

export interface Label {
  readonly at: WorldPoint;
  readonly texts: readonly string[];
  readonly weight: number;
  readonly locked: boolean;
}

export class Labels {
  readonly root = element("div", { class: "labels", "aria-hidden": "true" });
  private labels: readonly Label[] = [];
  private shown: Array<{ readonly at: WorldPoint; readonly text: string; readonly made: HTMLElement }> = [];
  private locks: readonly WorldPoint[] = [];
  private readonly map: Pick<MapAdapter, "project" | "size" | "onView">;
  private waiting = false;

  constructor(map: Pick<MapAdapter, "project" | "size" | "onView">) {
    this.map = map;
    map.onView(() => this.follow(), () => this.thin());
  }

  /** Show names, and locks at the places of locked units. */
  show(labels: readonly Label[], locks: readonly WorldPoint[]): void {
    this.labels = labels;
    this.locks = locks;
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.thin();
    });
  }

  /** What stands on the screen now, for a picture of it. */
  get standing(): ReadonlyArray<{ readonly text: string; readonly x: number; readonly y: number }> {
    return this.shown.map(({ at, text }) => {
      const [x, y] = this.map.project(at);
      return { text, x, y };
    });
  }

  private thin(): void {
    const asked = this.labels.flatMap((label) => {
      const [x, y] = this.map.project(label.at);
      return this.inside(x, y) ? [{ x, y, weight: label.weight, texts: label.texts, at: label.at, locked: label.locked }] : [];
    });
    const locks = this.locks.filter((at) => this.inside(...this.map.project(at))).slice(0, MOST_LOCKS);
    this.shown = [
      ...fitting(asked).map(({ label, text }) => ({ at: asked[label]!.at, text, made: element("span", asked[label]!.locked ? { class: "locked" } : {}, text) })),
      ...locks.map((at) => ({ at, text: "", made: element("span", { class: "locked unit" }) })),
    ];
    this.root.replaceChildren(...this.shown.map(({ made }) => made));
    this.follow();
  }

  private inside(x: number, y: number): boolean {
    const [width, height] = this.map.size();
    return x >= 0 && y >= 0 && x <= width && y <= height;
  }

  private follow(): void {
    for (const { at, made } of this.shown) {
      const [x, y] = this.map.project(at);
      made.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    }
  }
}
