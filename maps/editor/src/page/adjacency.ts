/** Lines between the neighbours on the screen, drawn on demand. */

import type { LinkDrawn, MapAdapter } from "../map/adapter";
import type { Session } from "../session/session";
import type { Ground } from "./ground";

const MOST_LINES = 20_000;

export class Adjacency {
  private on = false;
  private readonly map: Pick<MapAdapter, "links" | "view" | "onView">;
  private readonly session: Session;
  private readonly ground: Ground;

  constructor(map: Pick<MapAdapter, "links" | "view" | "onView">, session: Session, ground: Ground) {
    this.map = map;
    this.session = session;
    this.ground = ground;
    map.onView(() => undefined, () => this.draw());
  }

  show(on: boolean): void {
    this.on = on;
    if (on) this.draw();
    else this.map.links([]);
  }

  draw(): void {
    if (!this.on) return;
    const { area } = this.session.draft;
    const { places, buckets } = this.ground;
    const [[west, north], [east, south]] = this.map.view();
    const made = new Set(this.session.links.changes.filter((c) => c.joined).map((c) => c.pair.join(" ")));
    const lines: LinkDrawn[] = [];
    for (const unit of buckets.within(west, north, east, south)) {
      for (let i = area.firstNeighbour[unit]!; i < area.firstNeighbour[unit + 1]! && lines.length < MOST_LINES; i += 1) {
        const other = area.neighbours[i]!;
        if (other > unit) lines.push({ from: places[unit]!, to: places[other]!, kind: made.has(`${unit} ${other}`) ? "made" : "plain" });
      }
    }
    for (const { pair, joined } of this.session.links.changes) if (!joined) lines.push({ from: places[pair[0]]!, to: places[pair[1]]!, kind: "cut" });
    this.map.links(lines);
  }
}
