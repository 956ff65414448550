import { expect, it } from "vitest";
import { en } from "./strings.en";
import { zh } from "./strings.zh";
import { filled, languageOf, wordFor } from "./words";

it("says the same facts in both languages", () => {
  for (const key of Object.keys(zh) as Array<keyof typeof zh>) {
    const facts = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    expect(facts(en[key]), key).toEqual(facts(zh[key]));
    expect(en[key].split("|").length, key).toBe(zh[key].split("|").length);
  }
});

it("speaks the language asked for, else the browser's, else Chinese", () => {
  expect(languageOf("?lang=en", ["zh-CN"])).toBe("en");
  expect(languageOf("", ["fr", "en-GB", "zh"])).toBe("en");
  expect(languageOf("", ["fr"])).toBe("zh");
});

it("fills facts in and leaves what it does not know", () => {
  expect(filled("{a} of {b}", { a: 1 })).toBe("1 of {b}");
});

it("counts one and many", () => {
  const count = (n: number): string => filled("{n} {n:unit was/units were} moved", { n });
  expect([count(0), count(1), count(2)]).toEqual(["0 units were moved", "1 unit was moved", "2 units were moved"]);
});

it("has a word for every kind of edit, and leaves an unknown one as it is", () => {
  expect(wordFor("accept", zh.editKinds)).toBe("采用建议");
  expect(wordFor("accept", en.editKinds)).toBe("proposal accepted");
  expect(wordFor("something", en.editKinds)).toBe("something");
});
