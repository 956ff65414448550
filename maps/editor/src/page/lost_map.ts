/** The graphics card took the map away: what is kept, and what to do until it is drawn again. */

import { button, element } from "./element";
import type { Workplace } from "./workplace";

export class LostMap {
  readonly root = element("div", { id: "lost", role: "alert" });

  constructor() {
    this.root.hidden = true;
  }

  /** Begin to watch a map that is drawn. */
  watch({ map, words }: Pick<Workplace, "map" | "words">): void {
    map.onLost(() => {
      this.root.replaceChildren(element("p", {}, words.mapLost), button(words.reload, { id: "reload" }, () => location.reload()));
      this.root.hidden = false;
    }, () => {
      this.root.replaceChildren();
      this.root.hidden = true;
    });
  }
}
