/** First steps: what a newcomer does once, each ticked when it was done; put away when it is not wanted. */

import { button, element } from "./element";
import type { Strings } from "./strings.zh";

export const LESSONS = ["paint", "lock", "undo", "even", "accept", "compare", "submit"] as const;
export type Lesson = (typeof LESSONS)[number];

type Shelf = Pick<Storage, "getItem" | "setItem">;

const AWAY = "wangge-hints";
const DONE = "wangge-lessons";

export class Coach {
  readonly root = element("section", { id: "coach", "aria-labelledby": "coach-title" });
  private readonly shelf: Shelf;
  private readonly lines = new Map<Lesson, HTMLElement>();
  private readonly done: Set<Lesson>;

  constructor(words: Strings, shelf: Shelf) {
    this.shelf = shelf;
    this.done = new Set((shelf.getItem(DONE) ?? "").split(" ").filter((name): name is Lesson => (LESSONS as readonly string[]).includes(name)));
    const texts = words.lessons.split("|");
    LESSONS.forEach((lesson, i) => this.lines.set(lesson, element("li", { "data-lesson": lesson }, texts[i]!)));
    this.root.append(element("h2", { id: "coach-title" }, words.hintsTitle), element("p", { class: "touch" }, words.touchFirst), element("ol", {}, ...this.lines.values()),
      button(words.hintsAway, { id: "begin" }, () => this.away()));
    this.root.hidden = shelf.getItem(AWAY) !== null;
    this.draw();
  }

  tick(lesson: Lesson): void {
    if (this.done.has(lesson)) return;
    this.done.add(lesson);
    this.shelf.setItem(DONE, [...this.done].join(" "));
    this.draw();
  }

  show(): void {
    this.root.hidden = false;
    this.root.scrollIntoView({ block: "nearest" });
  }

  private away(): void {
    this.root.hidden = true;
    this.shelf.setItem(AWAY, "seen");
    document.getElementById("map")?.focus();
  }

  /** Mark what is done, and the first that is not. */
  private draw(): void {
    const next = LESSONS.find((lesson) => !this.done.has(lesson));
    for (const [lesson, line] of this.lines) {
      line.classList.toggle("done", this.done.has(lesson));
      if (lesson === next) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    }
  }
}
