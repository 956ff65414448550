/** Which language the page speaks, and sentences with their facts filled in. */

import { en } from "./strings.en";
import { type Strings, zh } from "./strings.zh";

export type Language = "zh" | "en";

export function languageOf(query: string, preferred: readonly string[]): Language {
  const asked = new URLSearchParams(query).get("lang");
  if (asked === "zh" || asked === "en") return asked;
  return preferred.find((tag) => /^(zh|en)\b/i.test(tag))?.toLowerCase().startsWith("en") ? "en" : "zh";
}

export function wordsOf(language: Language): Strings {
  return language === "zh" ? zh : en;
}

/** Fill facts in: `{count}` is the fact itself, `{count:unit/units}` the word that goes with it, for one and for any other number. */
export function filled(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)(?::([^/}]*)\/([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const fact = facts[name];
    return fact === undefined ? whole : one === undefined ? String(fact) : Number(fact) === 1 ? one : many!;
  });
}

/** The word for a name, of a list such as "move=units moved|undo=undone"; the name itself where it has none. */
export function wordFor(name: string, list: string): string {
  const line = list.split("|").find((each) => each.startsWith(`${name}=`));
  return line === undefined ? name : line.slice(name.length + 1);
}

/** A moment as people here write it: day and minute, in the time of this place. */
export function momentOf(stamp: string): string {
  return new Date(stamp).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}
