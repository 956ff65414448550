import { expect, it } from "vitest";
import { fitting, widthOf, wordingsOf } from "./thin";

it("lets the heavier label stand and shortens the other, or leaves it out", () => {
  const at = (x: number, weight: number, y = 0) => ({ weight, wordings: wordingsOf(["610001001", "001"], [[x, y]]) });
  const anywhere = (): boolean => true;
  expect(fitting([at(0, 1), at(60, 5)], anywhere)).toEqual([{ label: 1, place: 0, text: "610001001" }, { label: 0, place: 0, text: "001" }]);
  expect(fitting([at(0, 1), at(20, 5)], anywhere)).toEqual([{ label: 1, place: 0, text: "610001001" }]);
  expect(fitting([at(0, 1), at(0, 1, 40)], anywhere)).toHaveLength(2);
});

it("keeps a label inside what it names: at another place, shortened, or not at all", () => {
  const label = () => ({ weight: 1, wordings: wordingsOf(["610001001", "001"], [[0, 0], [100, 0]]) });
  const between = (left: number, right: number) => (_: number, [x]: readonly [number, number]): boolean => x >= left && x <= right;
  expect(fitting([label()], between(50, 150))).toEqual([{ label: 0, place: 1, text: "610001001" }]);
  expect(fitting([label()], between(-15, 15))).toEqual([{ label: 0, place: 0, text: "001" }]);
  expect(fitting([label()], between(-5, 5))).toEqual([]);
});

it("asks once where a wording lies", () => {
  const [label, other] = [0, 100].map((x) => ({ weight: 1, wordings: wordingsOf(["610001001", "001"], [[x, 0]]) }));
  let asked = 0;
  const narrow = (_: number, [x]: readonly [number, number]): boolean => (asked += 1) > 0 && Math.abs(x) < 20;
  const first = fitting([label!], narrow);
  const before = asked;
  expect(fitting([label!], narrow)).toEqual(first);
  expect([first.length, asked]).toEqual([1, before]);
  fitting([label!, other!], narrow);
  expect(asked).toBeGreaterThan(before);
});

it("knows that Chinese characters are wide", () => {
  expect(widthOf("网格1")).toBe(31);
});
