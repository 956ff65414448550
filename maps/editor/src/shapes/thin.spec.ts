import { expect, it } from "vitest";
import { fitting, widthOf } from "./thin";

it("lets the heavier label stand and shortens the other, or leaves it out", () => {
  const at = (x: number, weight: number, y = 0) => ({ places: [[x, y]] as const, weight, texts: ["610001001", "001"] });
  const anywhere = (): boolean => true;
  expect(fitting([at(0, 1), at(60, 5)], anywhere)).toEqual([{ label: 1, place: 0, text: "610001001" }, { label: 0, place: 0, text: "001" }]);
  expect(fitting([at(0, 1), at(20, 5)], anywhere)).toEqual([{ label: 1, place: 0, text: "610001001" }]);
  expect(fitting([at(0, 1), at(0, 1, 40)], anywhere)).toHaveLength(2);
});

it("keeps a label inside what it names: at another place, shortened, or not at all", () => {
  const label = { places: [[0, 0], [100, 0]] as const, weight: 1, texts: ["610001001", "001"] };
  const between = (left: number, right: number) => (_: number, [x]: readonly [number, number]): boolean => x >= left && x <= right;
  expect(fitting([label], between(50, 150))).toEqual([{ label: 0, place: 1, text: "610001001" }]);
  expect(fitting([label], between(-15, 15))).toEqual([{ label: 0, place: 0, text: "001" }]);
  expect(fitting([label], between(-5, 5))).toEqual([]);
});

it("knows that Chinese characters are wide", () => {
  expect(widthOf("网格1")).toBe(31);
});
