/** Marks on the map where open comments are about a place. */

import type { MapAdapter } from "../map/adapter";
import type { WorldPoint } from "../shapes/shapes";
import { element } from "./element";

export class Pins {
  readonly root = element("div", { class: "pins", "aria-hidden": "true" });
  private shown: ReadonlyArray<{ readonly at: WorldPoint; readonly made: HTMLElement }> = [];
  private readonly map: Pick<MapAdapter, "project" | "onView">;

  constructor(map: Pins["map"]) {
    this.map = map;
    map.onView(() => this.follow(), () => this.follow());
  }

  show(places: readonly WorldPoint[]): void {
    this.shown = places.map((at) => ({ at, made: element("span") }));
    this.root.replaceChildren(...this.shown.map(({ made }) => made));
    this.follow();
  }

  private follow(): void {
    for (const { at, made } of this.shown) {
      const [x, y] = this.map.project(at);
      made.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }
  }
}
