/** Somebody else changed the same units: both sides told, and the choice between them. Leaves the map in sight. */

import { button, element } from "./element";
import type { Strings } from "./strings.zh";
import { filled } from "./words";

export type Settled = "mine" | "theirs" | "both" | "later";

export interface Contested {
  readonly unit: string;
  readonly mine: string;
  readonly theirs: string;
}

const LINES_SHOWN = 8;

export function conflictCard(words: Strings, who: string, contested: readonly Contested[], heard: { settle(choice: Settled): void; show(side: "mine" | "theirs"): void }): HTMLElement {
  const side = (name: "mine" | "theirs", text: string): HTMLElement => {
    const box = element("input", { type: "radio", name: "side", id: `show-${name}`, ...(name === "mine" ? { checked: "" } : {}) });
    box.addEventListener("change", () => heard.show(name));
    return element("label", { for: `show-${name}`, class: "switch" }, box, text);
  };
  const choice = (name: Settled, text: string): HTMLButtonElement => button(text, { id: name }, () => heard.settle(name));
  const head = (text: string): HTMLElement => element("th", { scope: "col" }, text);
  const rows = contested.slice(0, LINES_SHOWN).map(({ unit, mine, theirs }) =>
    element("tr", {}, element("th", { scope: "row" }, unit), element("td", {}, mine), element("td", {}, theirs)));
  return element("section", { class: "card", role: "alertdialog", "aria-labelledby": "conflict-title", "aria-describedby": "conflict-text" },
    element("h2", { id: "conflict-title" }, filled(words.conflictTitle, { who })),
    element("p", { id: "conflict-text" }, filled(words.conflictText, { count: contested.length, who })),
    element("table", {}, element("thead", {}, element("tr", {}, head(words.unit), head(words.mySide), head(words.theirSide))), element("tbody", {}, ...rows)),
    side("mine", words.showMine), side("theirs", words.showTheirs),
    element("div", { class: "choices" }, choice("mine", words.mine), choice("theirs", words.theirs), choice("both", words.both), choice("later", words.later)));
}
