/** The toolbar: tools, commands, colours, and the hint of the tool in hand. */

import { LOAD_KEY } from "./panel";
import { CHANGED, UNCHANGED } from "../plan/colours";
import { menuOf, switchOf } from "./menu";
import { button, element } from "./element";
import type { ColourBy } from "./painting";
import type { Strings } from "./strings.zh";
import { type Tool, TOOLS } from "./tools";

export type Act = "newGrid" | "lock" | "undo" | "redo" | "find" | "smaller" | "larger" | "help" | "resume" | "step" | "print" | "paintAside" | "history" | "comments";
export type Switch = "adjacency" | "paintLock" | "allowPieces";

export interface Heard {
  tool(tool: Tool): void;
  act(act: Act): void;
  colourBy(by: ColourBy): void;
  switched(name: Switch, on: boolean): void;
  /** A community by its number, the view, or nothing. */
  limit(to: string): void;
}

export interface Bar {
  readonly root: HTMLElement;
  readonly hint: HTMLElement;
  readonly key: HTMLElement;
  legend(by: ColourBy): void;
  allowing(on: boolean): void;
  press(tool: Tool): void;
  size(pixels: number): void;
  lockText(locked: boolean): void;
  resumable(on: boolean): void;
  status(text: string, steps: boolean): void;
}

export interface BarPlan {
  readonly plan: string;
  readonly name: string;
  readonly communities: ReadonlyArray<{ readonly id: string; readonly name: string }>;
}

const KEYS: Readonly<Record<string, string>> = {
  brush: "B", click: "V", box: "X", lasso: "L", fill: "F", erase: "E", merge: "M", pan: "H", newGrid: "N", lock: "K", find: "G", undo: "Ctrl+Z", redo: "Ctrl+⇧+Z", help: "?", smaller: "[", larger: "]",
};

export function barOf(words: Strings, plan: BarPlan, heard: Heard): Bar {
  const hint = element("p", { id: "hint", role: "status" });
  const tools = new Map(TOOLS.map((tool) => [tool, button(words[tool], { "data-tool": tool, "data-key": KEYS[tool]!, "aria-pressed": "false" }, () => heard.tool(tool))]));
  const act = (name: Act, text: string): HTMLButtonElement => button(text, { "data-act": name, ...(KEYS[name] === undefined ? {} : { "data-key": KEYS[name] }) }, () => heard.act(name));
  const lock = act("lock", words.lock);
  const resume = act("resume", words.resume);
  resume.hidden = true;
  const size = element("output", { "aria-label": words.brushSize }, "8");
  const smaller = act("smaller", "−");
  const larger = act("larger", "+");
  smaller.setAttribute("aria-label", `${words.brushSize} −`);
  larger.setAttribute("aria-label", `${words.brushSize} +`);
  const colours = element("select", { id: "colour-by" },
    ...(["load", "grid", "change"] as const).map((by, i) => element("option", { value: by }, [words.byLoad, words.byGrid, words.byChange][i]!)));
  colours.addEventListener("change", () => heard.colourBy(colours.value as ColourBy));
  const limit = element("select", { id: "limit" },
    element("option", { value: "" }, words.noLimit), element("option", { value: "view" }, words.limitView),
    ...plan.communities.map(({ id, name }, i) => element("option", { value: String(i) }, name || id)));
  limit.addEventListener("change", () => heard.limit(limit.value));
  const switched = (name: Switch): ReturnType<typeof switchOf> => switchOf(words[name], name, (on) => heard.switched(name, on));
  const switches = { adjacency: switched("adjacency"), allowPieces: switched("allowPieces"), paintLock: switched("paintLock") };
  const key = element("ul", { class: "key" });
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
    element("label", { for: "colour-by", class: "hidden" }, words.colourBy), colours,
    step, act("help", words.help),
    menuOf(words.more, "more",
      element("label", { for: "limit" }, words.limit), limit,
      ...(["adjacency", "allowPieces", "paintLock"] as const).map((name) => switches[name].line),
      act("history", words.history), act("comments", words.comments), act("paintAside", words.paintAside), act("print", words.print),
      page("compare", words.compare), page("gaps", words.gaps), element("a", { href: `?${other}` }, words.other), element("a", { href: "/" }, words.toMap)));
  root.addEventListener("click", (event) => {
    if (event.detail > 0 && (event.target as HTMLElement).dataset["tool"] !== undefined) document.getElementById("map")?.focus();
  });
  return {
    root, hint, key,
    legend: (by) => key.replaceChildren(...keyOf(words, by)),
    allowing: (on) => (switches.allowPieces.box.checked = on),
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

function keyOf(words: Strings, by: ColourBy): HTMLElement[] {
  const names = [words.below, "1/3", "2/3", "3/3", words.above];
  const lines: Record<ColourBy, ReadonlyArray<readonly [string, string]>> = {
    load: LOAD_KEY.map((colour, i) => [colour, names[i]!]),
    grid: [["linear-gradient(90deg, #9fd4f2 50%, #f0c566 50%)", words.keyGrid]],
    change: [[CHANGED, words.keyChanged], [UNCHANGED, words.keySame]],
  };
  return lines[by].map(([colour, name]) => {
    const line = element("li", {}, name);
    line.style.setProperty("--colour", colour);
    return line;
  });
}
