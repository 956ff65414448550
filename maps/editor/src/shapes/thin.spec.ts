import { expect, it } from "vitest";
import { fitting, widthOf } from "./thin";

it("lets the heavier label stand and shortens the other, or leaves it out", () => {
  const at = (x: number, weight: number) => ({ x, y: 0, weight, texts: ["610001001", "001"] });
  expect(fitting([at(0, 1), at(60, 5)])).toEqual([{ label: 1, text: "610001001" }, { label: 0, text: "001" }]);
  expect(fitting([at(0, 1), at(20, 5)])).toEqual([{ label: 1, text: "610001001" }]);
  expect(fitting([at(0, 1), { ...at(0, 1), y: 40 }])).toHaveLength(2);
});

it("knows that Chinese characters are wide", () => {
  expect(widthOf("网格1")).toBe(31);
});
