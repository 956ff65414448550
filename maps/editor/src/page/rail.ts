/** The tools, in a rail beside the map: one in hand, with the size of the brush, and what a finger does. */

import { button, element } from "./element";
import { type Icon, icon } from "./icons";
import type { Strings } from "./strings.zh";
import { type Tool, TOOLS } from "./tools";

export const BRUSH_PIXELS = [2, 8, 16, 28, 44, 64, 96] as const;

const KEYS: Readonly<Record<Tool | "newGrid", string>> = { brush: "B", click: "V", box: "X", lasso: "L", fill: "F", erase: "E", merge: "M", pan: "H", newGrid: "N" };

export interface RailHeard {
  tool(tool: Tool): void;
  newGrid(): void;
  resize(step: -1 | 1): void;
  paintLock(on: boolean): void;
}

export class Rail {
  readonly root: HTMLElement;
  readonly paintLock: HTMLButtonElement;
  private readonly tools: ReadonlyMap<Tool, HTMLButtonElement>;
  private readonly fresh: HTMLButtonElement;
  private readonly size = element("output", { id: "brush-size" });

  constructor(words: Strings, heard: RailHeard) {
    const made = (name: Icon, text: string, attributes: Readonly<Record<string, string>>, act: () => void): HTMLButtonElement => {
      const each = button("", { "aria-pressed": "false", ...attributes }, act);
      each.append(icon(name), element("span", {}, text));
      return each;
    };
    this.tools = new Map(TOOLS.map((tool) => [tool, made(tool, words[tool], { "data-tool": tool, "data-key": KEYS[tool], title: words[`${tool}Hint`] }, () => heard.tool(tool))]));
    this.fresh = made("newGrid", words.newGrid, { "data-act": "newGrid", "data-key": KEYS.newGrid, title: words.newGridArmed }, () => heard.newGrid());
    this.paintLock = made("paintLock", words.paintLock, { id: "paintLock", title: words.paintLockHint }, () => heard.paintLock(this.paintLock.getAttribute("aria-pressed") !== "true"));
    const sized = (act: string, text: string, key: string, step: -1 | 1): HTMLButtonElement =>
      button(text, { "data-act": act, "data-key": key, "aria-label": `${words.brushSize} ${text}` }, () => heard.resize(step));
    this.size.setAttribute("aria-label", words.brushSize);
    this.root = element("nav", { id: "rail", role: "toolbar", "aria-label": words.tools, "aria-orientation": "vertical" },
      this.paintLock, ...this.tools.values(), this.fresh,
      element("span", { class: "sizes" }, sized("smaller", "−", "[", -1), this.size, sized("larger", "+", "]", 1)));
    this.root.addEventListener("keydown", (event) => this.walk(event));
    this.root.addEventListener("focusin", (event) => event.target instanceof HTMLButtonElement && this.rest(event.target));
    this.root.addEventListener("click", (event) => {
      if (event.detail > 0 && (event.target as HTMLElement).closest("[data-tool]") !== null) document.getElementById("map")?.focus();
    });
  }

  press(pressed: Tool): void {
    for (const [tool, made] of this.tools) made.setAttribute("aria-pressed", String(tool === pressed));
    this.fresh.setAttribute("aria-pressed", "false");
    if (!this.root.contains(document.activeElement)) this.rest(this.tools.get(pressed)!);
  }

  arm(): void {
    this.fresh.setAttribute("aria-pressed", "true");
  }

  fingers(paint: boolean): void {
    this.paintLock.setAttribute("aria-pressed", String(paint));
  }

  sized(pixels: number): void {
    this.size.textContent = String(pixels);
  }

  /** Arrows walk through the rail; Tab comes to one of its buttons and leaves it again. */
  private walk(event: KeyboardEvent): void {
    const all = this.all;
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (step === undefined) return;
    all[(step + all.length) % all.length]!.focus();
    event.preventDefault();
  }

  /** The button that Tab comes to. */
  private rest(on: HTMLButtonElement): void {
    for (const each of this.root.querySelectorAll("button")) each.tabIndex = each === on ? 0 : -1;
  }

  /** The buttons in sight. */
  private get all(): HTMLButtonElement[] {
    return [...this.root.querySelectorAll("button")].filter((each) => each.offsetParent !== null);
  }
}
