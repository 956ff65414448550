/** Find what wants attention: which kind, how many, and one after the other with a zoom to each. */

import { nextOf, SOUGHT, type Sought, troubled, troubleOf, unassigned } from "../plan/finding";
import { piecesOf } from "../plan/pieces";
import { button, element } from "./element";
import { boxOf } from "./ground";
import { filled } from "./words";
import { gridName, type Workplace } from "./workplace";

export class Finder {
  readonly root = element("span", { class: "finder", role: "group" });
  private readonly kinds = element("select", { id: "find-kind" });
  private readonly count = element("output", { id: "find-count", "aria-live": "off" });
  private readonly work: Workplace;
  private readonly chosen: (grid: number) => void;
  private readonly say: (text: string) => void;
  private last: number | null = null;

  constructor(work: Workplace, chosen: (grid: number) => void, say: (text: string) => void) {
    this.work = work;
    this.chosen = chosen;
    this.say = say;
    const { words } = work;
    this.root.setAttribute("aria-label", words.find);
    this.kinds.setAttribute("aria-label", words.findKind);
    this.kinds.append(...SOUGHT.map((kind) => element("option", { value: kind })));
    this.kinds.addEventListener("change", () => this.choose());
    const step = (id: string, text: string, name: string, key: string, by: 1 | -1): HTMLButtonElement =>
      button(text, { "data-act": id, "data-key": key, "aria-label": name, title: name }, () => this.step(by));
    this.root.append(this.kinds, step("findBack", "‹", words.findBack, "⇧+G", -1), this.count, step("find", "›", words.find, "G", 1));
    this.tally();
  }

  private get sought(): Sought {
    return this.kinds.value as Sought;
  }

  private choose(): void {
    this.last = null;
    this.tally();
  }

  /** Count again what there is of every kind. */
  tally(): void {
    const { words } = this.work;
    for (const option of this.kinds.options) {
      const count = this.list(option.value as Sought).length;
      option.textContent = `${words[`find_${option.value as Sought}`]} (${count})`;
    }
    const list = this.list(this.sought);
    this.count.textContent = `${this.last === null ? "–" : list.indexOf(this.last) + 1 || "–"} / ${list.length}`;
  }

  step(by: 1 | -1): void {
    const { words, messages, map, ground, session } = this.work;
    const list = this.list(this.sought);
    const found = nextOf(list, this.last, by);
    if (found === null) return messages.toast(this.sought === "unassigned" ? words.noUnassigned : words.noTroubles);
    this.last = found.item;
    this.tally();
    if (this.sought === "unassigned") return map.zoomTo(boxOf(ground, [found.item]));
    this.chosen(found.item);
    map.zoomTo(boxOf(ground, session.draft.unitsOf(found.item)));
    this.say(filled(words.troubles, { place: found.place, count: list.length, grid: gridName(this.work, found.item), why: this.why(found.item) }));
  }

  private list(sought: Sought): number[] {
    const { draft } = this.work.session;
    return sought === "unassigned" ? unassigned(draft) : troubled(draft, sought, this.known);
  }

  private get known() {
    const { session } = this.work;
    return { inPieces: (grid: number) => session.torn.has(grid), banded: (grid: number) => session.codes.banded(grid) };
  }

  private why(grid: number): string {
    const { words, session: { draft } } = this.work;
    return filled(words[troubleOf(draft, grid, this.known)!], { pieces: piecesOf(draft.area, draft.unitsOf(grid)).length });
  }
}
