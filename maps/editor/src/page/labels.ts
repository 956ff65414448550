/** Labels over the map: names of grids where they fit, and pins that can be pressed. No glyph server is asked. */

import type { MapAdapter } from "../map/adapter";
import { fitting } from "../shapes/thin";
import type { WorldPoint } from "../shapes/shapes";
import { button, element } from "./element";

export interface Label {
  readonly at: WorldPoint;
  readonly texts: readonly string[];
  readonly weight: number;
}

export interface Pin {
  readonly at: WorldPoint;
  readonly text: string;
  readonly title: string;
  readonly act: () => void;
}

export class Labels {
  readonly root = element("div", { class: "labels", "aria-hidden": "true" });
  readonly pinRoot = element("div", { class: "labels" });
  private labels: readonly Label[] = [];
  private shown: Array<{ readonly at: WorldPoint; readonly text: string; readonly made: HTMLElement }> = [];
  private pins: Array<{ readonly at: WorldPoint; readonly made: HTMLElement }> = [];
  private readonly map: Pick<MapAdapter, "project" | "size" | "onView">;
  private waiting = false;

  constructor(map: Pick<MapAdapter, "project" | "size" | "onView">) {
    this.map = map;
    map.onView(() => this.follow(), () => this.thin());
  }

  show(labels: readonly Label[]): void {
    this.labels = labels;
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.thin();
    });
  }

  showPins(pins: readonly Pin[]): void {
    this.pins = pins.map(({ at, text, title, act }) => ({ at, made: button(text, { class: "pin", "aria-label": title, title }, act) }));
    this.pinRoot.replaceChildren(...this.pins.map(({ made }) => made));
    this.follow();
  }

  /** What stands on the screen now, for a picture of it. */
  get standing(): ReadonlyArray<{ readonly text: string; readonly x: number; readonly y: number }> {
    return this.shown.map(({ at, text }) => {
      const [x, y] = this.map.project(at);
      return { text, x, y };
    });
  }

  private thin(): void {
    const [width, height] = this.map.size();
    const asked = this.labels.flatMap((label) => {
      const [x, y] = this.map.project(label.at);
      return x < 0 || y < 0 || x > width || y > height ? [] : [{ x, y, weight: label.weight, texts: label.texts, at: label.at }];
    });
    this.shown = fitting(asked).map(({ label, text }) => ({ at: asked[label]!.at, text, made: element("span", {}, text) }));
    this.root.replaceChildren(...this.shown.map(({ made }) => made));
    this.follow();
  }

  private follow(): void {
    for (const { at, made } of [...this.shown, ...this.pins]) {
      const [x, y] = this.map.project(at);
      made.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    }
  }
}
