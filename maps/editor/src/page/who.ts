/** Who works here: a name that is asked for once, beside the map, and can be changed later. */

import { LONGEST_NAME, type Planner } from "../session/planner";
import { ask, button, element } from "./element";
import type { Strings } from "./strings.zh";

export class Who {
  readonly root = element("section", { id: "who", "aria-labelledby": "who-title" });
  private readonly planner: Planner;
  private readonly words: Strings;

  constructor(planner: Planner, words: Strings) {
    this.planner = planner;
    this.words = words;
    const name = nameField(planner);
    const keep = element("button", { id: "who-keep", type: "submit", class: "main" }, words.keepName);
    const form = element("form", {}, element("h2", { id: "who-title" }, words.whoTitle), element("p", {}, words.whoText), labelOf(words), name,
      element("div", { class: "choices" }, keep, button(words.notNow, { id: "who-later" }, () => this.done(""))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.done(name.value);
    });
    this.root.append(form);
    this.root.hidden = planner.asked;
  }

  /** Ask for another name. */
  change(): void {
    const { words, planner } = this;
    const name = nameField(planner);
    ask(words.whoTitle, [words.whoText], [
      { id: "who-change", text: words.keepName, main: true, act: () => this.done(name.value) },
      { id: "close", text: words.close, act: () => undefined },
    ], labelOf(words), name);
  }

  private done(name: string): void {
    this.planner.name = name;
    if (this.root.contains(document.activeElement)) document.getElementById("map")?.focus();
    this.root.hidden = true;
  }
}

/** A line for the name, filled with what is known; `labelOf` belongs before it. */
export function nameField(planner: Planner): HTMLInputElement {
  const field = element("input", { id: "planner-name", maxlength: String(LONGEST_NAME), autocomplete: "name" });
  field.value = planner.name;
  return field;
}

export function labelOf(words: Strings): HTMLElement {
  return element("label", { for: "planner-name" }, words.yourName);
}
