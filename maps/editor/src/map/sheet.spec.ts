import { expect, it } from "vitest";
import { rgbOf, runs } from "./sheet";

it("joins spans that follow each other", () => {
  expect(runs([[0, 3], [3, 7], [7, 7], [9, 12]])).toEqual([[0, 7], [9, 12]]);
});

it("reads short and long colours", () => {
  expect(rgbOf("#2c7fb8")).toEqual([0x2c, 0x7f, 0xb8]);
  expect(rgbOf("#eee")).toEqual([238, 238, 238]);
});
