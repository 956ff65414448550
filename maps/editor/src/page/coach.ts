/** First steps: what a newcomer does once, each ticked when it was done; put away when it is not wanted. */

import { button, element } from "./element";
import type { Strings } from "./strings.zh";

export const LESSONS = ["paint", "lock", "undo", "even", "accept", "compare", "submit"] as const;
export type Lesson = (typeof LESSONS)[number];

/** What each lesson is about, on the page. */
const PLACES: Readonly<Record<Lesson, string>> = {
  paint: "#map", lock: "[data-act=lock]", undo: "[data-act=undo]", even: "[data-act=rebalanceAround]", accept: "#accept", compare: "[data-act=compare]", submit: "[data-act=step]",
};
const POINTED_MS = 4000;

type Shelf = Pick<Storage, "getItem" | "setItem">;

const AWAY = "wangge-hints";
const DONE = "wangge-lessons";

export class Coach {
  readonly root = element("section", { id: "coach", "aria-labelledby": "coach-title" });
  private readonly shelf: Shelf;
  private readonly lines = new Map<Lesson, HTMLElement>();
  private readonly done: Set<Lesson>;
  private readonly where: HTMLButtonElement;
  private readonly missing: (text: string) => void;
  private readonly words: Strings;

  /** `missing` says why a place cannot be shown yet. */
  constructor(words: Strings, shelf: Shelf, missing: (text: string) => void) {
    [this.shelf, this.words, this.missing] = [shelf, words, missing];
    this.where = button(words.showWhere, { id: "show-where" }, () => this.point());
    this.done = new Set((shelf.getItem(DONE) ?? "").split(" ").filter((name): name is Lesson => (LESSONS as readonly string[]).includes(name)));
    const texts = words.lessons.split("|");
    LESSONS.forEach((lesson, i) => this.lines.set(lesson, element("li", { "data-lesson": lesson }, texts[i]!)));
    this.root.append(element("h2", { id: "coach-title" }, words.hintsTitle), element("p", { class: "touch" }, words.touchFirst), element("ol", {}, ...this.lines.values()),
      element("div", { class: "choices" }, this.where, button(words.hintsAway, { id: "begin" }, () => this.away())));
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

  /** Bring what the next lesson is about into sight, and mark it for a while. */
  private point(): void {
    const lesson = this.next ?? "submit";
    const place = document.querySelector<HTMLElement>(PLACES[lesson]);
    if (place === null || place.offsetParent === null) return this.missing(lesson === "accept" ? this.words.proposeFirst : this.words.paintFirst);
    for (const before of document.querySelectorAll(".pointed")) before.classList.remove("pointed");
    place.scrollIntoView({ block: "nearest", inline: "nearest" });
    place.classList.add("pointed");
    setTimeout(() => place.classList.remove("pointed"), POINTED_MS);
    place.focus({ preventScroll: true });
  }

  private get next(): Lesson | undefined {
    return LESSONS.find((lesson) => !this.done.has(lesson));
  }

  private away(): void {
    this.root.hidden = true;
    this.shelf.setItem(AWAY, "seen");
    document.getElementById("map")?.focus();
  }

  /** Mark what is done, and the first that is not. */
  private draw(): void {
    const { next } = this;
    this.where.disabled = next === undefined;
    for (const [lesson, line] of this.lines) {
      line.classList.toggle("done", this.done.has(lesson));
      if (lesson === next) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    }
  }
}
