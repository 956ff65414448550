/** Start: which plan, which language, and the page. */

import { canDraw } from "./map/adapter";
import { button, element } from "./page/element";
import { Editor } from "./page/editor";
import "./page/page.css";
import type { Strings } from "./page/strings.zh";
import { languageOf, wordsOf } from "./page/words";
import { Client, NoPlanError } from "./service/client";

/** What to do where there is nothing to edit, or no way to. */
function elsewhere(words: Strings, text: string, attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  return element("main", { id: "empty" }, element("h1", {}, words.title), element("p", attributes, text),
    element("div", { class: "choices" }, button(words.again, { id: "again" }, () => location.reload()), element("a", { class: "button", href: `/?lang=${document.documentElement.lang}` }, words.toMap)));
}

async function start(root: HTMLElement): Promise<void> {
  const language = languageOf(location.search, navigator.languages);
  const words = wordsOf(language);
  document.documentElement.lang = language;
  document.title = words.title;
  root.replaceChildren(element("p", { role: "status" }, words.loading));
  const client = new Client(decodeURIComponent(location.pathname.split("/").at(-1) ?? ""), language);
  const asked = client.document(); // on its way while the graphics are tried
  asked.catch(() => undefined);
  if (!canDraw()) return root.replaceChildren(elsewhere(words, words.noGraphics, { role: "alert" }));
  try {
    const plan = await asked;
    if (plan.unit_ids.length === 0) root.replaceChildren(elsewhere(words, words.empty));
    else await new Editor(root, plan, client, words).open(root);
  } catch (error) {
    root.replaceChildren(elsewhere(words, words.failed + (error instanceof Error ? error.message : String(error)), { role: "alert" }));
    if (!(error instanceof NoPlanError)) throw error;
  }
}

void start(document.getElementById("app")!);
