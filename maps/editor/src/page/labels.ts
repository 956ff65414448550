/**
 * Labels over the map: names of grids where they fit, and a lock on what is locked. No glyph server is asked. While the view
 * stays, only labels that are new are looked at: a label whose grid did not change is the same object.
 */

import type { MapAdapter } from "../map/adapter";
import { fitting, type LabelAsked, type Pixel, wordingsOf } from "../shapes/thin";
import type { WorldPoint } from "../shapes/shapes";
import { element } from "./element";

const MOST_LOCKS = 300; // drawn at once; more would hide the map

export interface Label {
  readonly grid: number;
  /** Where it may stand, the best place first. */
  readonly places: readonly WorldPoint[];
  readonly texts: readonly string[];
  readonly weight: number;
  readonly locked: boolean;
}

/** A label on the screen as it is now. */
interface Seen extends LabelAsked {
  readonly label: Label;
  readonly places: readonly Pixel[];
}

export class Labels {
  readonly root = element("div", { class: "labels", "aria-hidden": "true" });
  private labels: readonly Label[] = [];
  private shown: Array<{ readonly at: WorldPoint; readonly text: string; readonly made: HTMLElement }> = [];
  private locks: readonly WorldPoint[] = [];
  private readonly map: Pick<MapAdapter, "project" | "size" | "onView" | "worldLength">;
  private readonly holds: (grid: number, at: WorldPoint) => boolean;
  private waiting = false;
  /** What was found out about labels in this view; null where one is not on the screen. */
  private seen = new WeakMap<Label, Seen | null>();

  constructor(map: Labels["map"], holds: Labels["holds"]) {
    [this.map, this.holds] = [map, holds];
    const anew = (draw: () => void) => () => {
      this.seen = new WeakMap();
      draw();
    };
    map.onView(anew(() => this.follow()), anew(() => this.thin()));
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
    const asked = this.labels.flatMap((label) => this.seenOf(label) ?? []);
    const pixel = this.map.worldLength(1);
    const holds = (number: number, [x, y]: Pixel): boolean => {
      const { label: { places: [at], grid }, places: [from] } = asked[number]!;
      return this.inside(x, y) && this.holds(grid, [at![0] + (x - from![0]) * pixel, at![1] + (y - from![1]) * pixel]);
    };
    const locks = this.locks.filter((at) => this.inside(...this.map.project(at))).slice(0, MOST_LOCKS);
    this.shown = [
      ...fitting(asked, holds).map(({ label: number, place, text }) => {
        const { label } = asked[number]!;
        return { at: label.places[place]!, text, made: element("span", label.locked ? { class: "locked" } : {}, text) };
      }),
      ...locks.map((at) => ({ at, text: "", made: element("span", { class: "locked unit" }) })),
    ];
    this.root.replaceChildren(...this.shown.map(({ made }) => made));
    this.follow();
  }

  private seenOf(label: Label): Seen | null {
    let seen = this.seen.get(label);
    if (seen === undefined) {
      const places = label.places.map((at) => this.map.project(at));
      seen = places.some(([x, y]) => this.inside(x, y)) ? { label, places, weight: label.weight, wordings: wordingsOf(label.texts, places) } : null;
      this.seen.set(label, seen);
    }
    return seen;
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
