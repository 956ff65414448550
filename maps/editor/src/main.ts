/** Start: which plan, which language, and the page. */

import { element } from "./page/element";
import { Editor } from "./page/editor";
import "./page/page.css";
import { languageOf, wordsOf } from "./page/words";
import { Client } from "./service/client";

async function start(root: HTMLElement): Promise<void> {
  const language = languageOf(location.search, navigator.languages);
  const words = wordsOf(language);
  document.documentElement.lang = language;
  document.title = words.title;
  root.replaceChildren(element("p", { role: "status" }, words.loading));
  const client = new Client(decodeURIComponent(location.pathname.split("/").at(-1) ?? ""), language);
  try {
    const plan = await client.document();
    await new Editor(plan, client, words).open(root, client);
  } catch (error) {
    root.replaceChildren(element("p", { role: "alert" }, words.failed + (error instanceof Error ? error.message : String(error))));
    throw error;
  }
}

void start(document.getElementById("app")!);
