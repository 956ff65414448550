/** The toolbar: tools, commands, colours, and the hint of the tool in hand. */

import { LOAD_KEY } from "./panel";
import { button, element } from "./element";
import type { ColourBy } from "./painting";
import type { Strings } from "./strings.zh";
import { type Tool, TOOLS } from "./tools";

export type Act = "newGrid" | "lock" | "undo" | "redo" | "find" | "smaller" | "larger" | "help" | "resume" | "step";

export interface Heard {
  tool(tool: Tool): void;
  act(act: Act): void;
  colourBy(by: ColourBy): void;
}

export interface Bar {
  readonly root: HTMLElement;
  readonly hint: HTMLElement;
  readonly key: HTMLElement;
  press(tool: Tool): void;
  size(pixels: number): void;
  lockText(locked: boolean): void;
  resumable(on: boolean): void;
  status(text: string, steps: boolean): void;
}

export function barOf(words: Strings, plan: { readonly plan: string; readonly name: string }, heard: Heard): Bar {
  const hint = element("p", { id: "hint", role: "status" });
  const tools = new Map(TOOLS.map((tool) => [tool, button(words[tool], { "data-tool": tool, "aria-pressed": "false" }, () => heard.tool(tool))]));
  const act = (name: Act, text: string): HTMLButtonElement => button(text, { "data-act": name }, () => heard.act(name));
  const lock = act("lock", words.lock);
  const resume = act("resume", words.resume);
  resume.hidden = true;
  const size = element("output", { "aria-label": words.brushSize }, "8");
  const smaller = act("smaller", "[ −");
  const larger = act("larger", "] +");
  smaller.setAttribute("aria-label", `${words.brushSize} −`);
  larger.setAttribute("aria-label", `${words.brushSize} +`);
  const colours = element("select", { id: "colour-by" },
    ...(["load", "grid", "change"] as const).map((by, i) => element("option", { value: by }, [words.byLoad, words.byGrid, words.byChange][i]!)));
  colours.addEventListener("change", () => heard.colourBy(colours.value as ColourBy));
  const step = act("step", "");
  const lang = document.documentElement.lang;
  const page = (name: string, text: string): HTMLElement => element("a", { href: `/${name}/${encodeURIComponent(plan.plan)}?lang=${lang}` }, text);
  const other = new URLSearchParams({ lang: lang === "zh" ? "en" : "zh" });
  const root = element("header", { role: "toolbar", "aria-label": words.tools },
    element("h1", {}, `${words.title} · ${plan.name}`),
    ...tools.values(), size, smaller, larger,
    element("span", { class: "gap" }),
    act("newGrid", words.newGrid), lock, act("undo", words.undo), act("redo", words.redo), act("find", words.find), resume,
    element("span", { class: "gap" }),
    element("label", { for: "colour-by" }, words.colourBy), colours,
    step, act("help", words.help),
    page("compare", words.compare), page("gaps", words.gaps),
    element("a", { href: `?${other}` }, words.other),
    element("a", { href: "/" }, words.toMap));
  return {
    root, hint, key: keyOf(words),
    press: (pressed) => {
      for (const [tool, made] of tools) made.setAttribute("aria-pressed", String(tool === pressed));
      hint.textContent = words[`${pressed}Hint`];
    },
    size: (pixels) => (size.textContent = String(pixels)),
    lockText: (locked) => (lock.textContent = locked ? words.unlock : words.lock),
    status: (text, steps) => {
      step.textContent = text;
      step.disabled = !steps;
    },
    resumable: (on) => (resume.hidden = !on),
  };
}

function keyOf(words: Strings): HTMLElement {
  const names = [words.below, "1/3", "2/3", "3/3", words.above];
  return element("ul", { class: "key" },
    ...LOAD_KEY.map((colour, i) => {
      const line = element("li", {}, names[i]!);
      line.style.setProperty("--colour", colour);
      return line;
    }));
}
