import { expect, it } from "vitest";
import { strip6 } from "./fixtures";
import { piecesOf } from "./pieces";

it("finds one piece where units are in a row", () => {
  expect(piecesOf(strip6(), new Set([2, 0, 1]))).toEqual([[0, 1, 2]]);
});

it("lists the largest piece first", () => {
  expect(piecesOf(strip6(), new Set([0, 2, 3, 5]))).toEqual([[2, 3], [0], [5]]);
});

it("finds no piece in nothing", () => {
  expect(piecesOf(strip6(), new Set())).toEqual([]);
});
