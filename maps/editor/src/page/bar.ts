/** The bar above the map: steps back, what the colours mean, what to look for, the plan's way, and the rest in a menu. */

import { ABOVE, BELOW, CHANGED, GRID_COLOURS, INSIDE, NOT_COUNTED, UNCHANGED } from "../plan/colours";
import { menuOf, switchOf } from "./menu";
import { button, element } from "./element";
import { icon, type Icon } from "./icons";
import type { ColourBy } from "./painting";
import type { Strings } from "./strings.zh";

export type Act = "undo" | "redo" | "help" | "hints" | "who" | "resume" | "step" | "print" | "paintAside" | "history" | "comments" | "links" | "compare";
export type Switch = "adjacency" | "allowPieces" | "basemap";

export interface Heard {
  act(act: Act): void;
  colourBy(by: ColourBy): void;
  switched(name: Switch, on: boolean): void;
  /** A community by its number, the view, or nothing. */
  limit(to: string): void;
}

export interface Bar {
  readonly root: HTMLElement;
  readonly key: HTMLElement;
  /** The menu that is shown at every width. */
  readonly limitTo: HTMLSelectElement;
  /** What the colours mean; `unbanded` where there are grids without a band. */
  legend(by: ColourBy, unbanded: boolean): void;
  allowing(on: boolean): void;
  resumable(on: boolean): void;
  /** There is a base map, and it is shown. */
  withBasemap(): void;
  status(text: string, steps: boolean): void;
}

export interface BarPlan {
  readonly plan: string;
  readonly name: string;
  readonly communities: ReadonlyArray<{ readonly id: string; readonly name: string }>;
}

const KEYS: Readonly<Partial<Record<Act, string>>> = { undo: "Ctrl+Z", redo: "Ctrl+⇧+Z", help: "?", links: "J" };

export function barOf(words: Strings, plan: BarPlan, heard: Heard, finder: HTMLElement): Bar {
  const act = (name: Act, text: string, drawn?: Icon): HTMLButtonElement => {
    const made = button(drawn === undefined ? text : "", { "data-act": name, ...(KEYS[name] === undefined ? {} : { "data-key": KEYS[name] }) }, () => heard.act(name));
    if (drawn !== undefined) made.append(icon(drawn), element("span", {}, text));
    return made;
  };
  const [resume, step] = [act("resume", words.resume), act("step", "")];
  resume.hidden = true;
  const colours = element("select", { id: "colour-by" },
    ...(["load", "grid", "change"] as const).map((by, i) => element("option", { value: by }, [words.byLoad, words.byGrid, words.byChange][i]!)));
  colours.addEventListener("change", () => heard.colourBy(colours.value as ColourBy));
  const limit = limitOf(words, plan, heard);
  const switches = { adjacency: switchOf(words.adjacency, "adjacency", (on) => heard.switched("adjacency", on)), allowPieces: switchOf(words.allowPieces, "allowPieces", (on) => heard.switched("allowPieces", on)) };
  const paper = switchOf(words.basemap, "basemap", (on) => heard.switched("basemap", on));
  paper.line.hidden = true;
  const key = element("ul", { class: "key" });
  const lang = document.documentElement.lang;
  const other = (where: string): HTMLAnchorElement =>
    element("a", { class: `button ${where}`, lang: lang === "zh" ? "en" : "zh", href: `?${new URLSearchParams({ lang: lang === "zh" ? "en" : "zh" })}` }, words.other);
  const page = (name: string, text: string): HTMLAnchorElement => element("a", { class: "button", href: `/${name}/${encodeURIComponent(plan.plan)}?lang=${lang}` }, text);
  const compare = page("compare", words.compare);
  compare.dataset["act"] = "compare";
  compare.addEventListener("click", () => heard.act("compare"));
  const root = element("header", {},
    element("h1", {}, element("a", { href: `/?lang=${lang}`, title: words.toMap }, plan.name), element("span", { class: "hidden" }, ` · ${words.title}`)),
    act("undo", words.undo, "undo"), act("redo", words.redo, "redo"), resume,
    element("label", { for: "colour-by" }, words.colourBy), colours, finder,
    element("span", { class: "gap" }),
    step, compare, other("wide"), act("help", words.help),
    menuOf(words.more, "more",
      element("label", { for: "limit" }, words.limit), limit, switches.adjacency.line, switches.allowPieces.line, paper.line,
      act("links", words.neighbours), act("history", words.history), act("comments", words.comments), act("paintAside", words.paintAside),
      act("print", words.print), act("who", words.nameMenu), act("hints", words.hintsTitle), page("gaps", words.gaps), page("map", words.planMap), other("narrow")));
  return {
    root, key, limitTo: limit,
    legend: (by, unbanded) => key.replaceChildren(...keyOf(words, by, unbanded)),
    allowing: (on) => (switches.allowPieces.box.checked = on),
    status: (text, steps) => {
      step.textContent = text;
      step.disabled = !steps;
    },
    withBasemap: () => {
      paper.box.checked = true;
      paper.line.hidden = false;
    },
    resumable: (on) => (resume.hidden = !on),
  };
}

function limitOf(words: Strings, plan: BarPlan, heard: Heard): HTMLSelectElement {
  const limit = element("select", { id: "limit" },
    element("option", { value: "" }, words.noLimit), element("option", { value: "view" }, words.limitView),
    ...plan.communities.map(({ id, name }, i) => element("option", { value: String(i) }, name || id)));
  limit.addEventListener("change", () => heard.limit(limit.value));
  return limit;
}

function keyOf(words: Strings, by: ColourBy, unbanded: boolean): HTMLElement[] {
  const lines: Record<ColourBy, ReadonlyArray<readonly [string, string]>> = {
    load: [[BELOW, words.below], [`linear-gradient(90deg, ${INSIDE.join(", ")})`, words.inside], [ABOVE, words.above], ...(unbanded ? [[NOT_COUNTED, words.keyNotCounted] as const] : [])],
    grid: [[`linear-gradient(90deg, ${GRID_COLOURS[0]} 50%, ${GRID_COLOURS[1]} 50%)`, words.keyGrid]],
    change: [[CHANGED, words.keyChanged], [UNCHANGED, words.keySame]],
  };
  return lines[by].map(([colour, name]) => {
    const line = element("li", {}, name);
    line.style.setProperty("--colour", colour);
    return line;
  });
}
