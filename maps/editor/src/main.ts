/** Start: which plan, which language, and the page. */

import { element } from "./page/element";
import { Editor } from "./page/editor";
import "./page/page.css";
import type { Strings } from "./page/strings.zh";
import { languageOf, wordsOf } from "./page/words";
import { Client } from "./service/client";

/** What to do where there is nothing to edit. */
function emptyPage(words: Strings): HTMLElement {
  return element("main", { id: "empty" }, element("h1", {}, words.title), element("p", {}, words.empty), element("a", { class: "button", href: `/?lang=${document.documentElement.lang}` }, words.toMap));
}

async function start(root: HTMLElement): Promise<void> {
  const language = languageOf(location.search, navigator.languages);
  const words = wordsOf(language);
  document.documentElement.lang = language;
  document.title = words.title;
  root.replaceChildren(element("p", { role: "status" }, words.loading));
  const client = new Client(decodeURIComponent(location.pathname.split("/").at(-1) ?? ""), language);
  try {
    const plan = await client.document();
    if (plan.unit_ids.length === 0) root.replaceChildren(emptyPage(words));
    else await new Editor(root, plan, client, words).open(root);
  } catch (error) {
    root.replaceChildren(element("p", { role: "alert" }, words.failed + (error instanceof Error ? error.message : String(error))));
    throw error;
  }
}

void start(document.getElementById("app")!);
