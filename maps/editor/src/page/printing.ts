/** The plan on paper: title, version, a picture of the map, the key, and the numbers of every grid. */

import { element } from "./element";
import type { Names } from "./names";
import type { Panel } from "./panel";
import { filled, momentOf } from "./words";
import type { Workplace } from "./workplace";

export interface PrintAsked {
  readonly title: string;
  readonly lines: readonly string[];
  readonly picture: string;
  readonly pictureText: string;
  readonly key: Node;
  readonly heads: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** Fill the page on every print, however it was asked for, and leave nothing behind. */
export function printable(root: HTMLElement, asked: () => PrintAsked): void {
  addEventListener("beforeprint", () => root.replaceChildren(pageOf(asked())));
  addEventListener("afterprint", () => root.replaceChildren());
}

function pageOf(asked: PrintAsked): HTMLElement {
  return element("section", { id: "print" },
    element("h1", {}, asked.title),
    ...asked.lines.map((line) => element("p", {}, line)),
    element("img", { src: asked.picture, alt: asked.pictureText }),
    asked.key,
    element("table", {},
      element("thead", {}, element("tr", {}, ...asked.heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...asked.rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell)))))));
}

/** What the plan is on paper, and since when it stands there: the picture is of what the screen shows. */
export function paperOf({ session, words, map }: Workplace, parts: { readonly names: Names; readonly panel: Panel; readonly key: HTMLElement; readonly status: string }): PrintAsked {
  const { notice_zh, notice_en, name, plan } = session.document;
  const version = filled(words.printed, { plan, version: session.version, status: parts.status, at: momentOf(new Date().toISOString()) });
  const unsaved = session.pending.size === 0 ? "" : filled(words.printedUnsaved, { count: session.pending.size });
  return {
    title: name || plan, lines: [version, unsaved, document.documentElement.lang === "zh" ? notice_zh : notice_en].filter((line) => line !== ""),
    picture: map.picture(parts.names.standing), pictureText: words.mapLabel, key: parts.key.cloneNode(true), heads: parts.panel.heads, rows: parts.panel.rows(),
  };
}
