import { expect, it } from "vitest";
import { strip6Draft } from "./fixtures";
import { middlesOf, textsOf } from "./naming";

it("names a grid by its name or its code, and shortens to the code's tail", () => {
  const draft = strip6Draft();
  expect(textsOf(draft, 0)).toEqual(["west001", "001"]);
  draft.describe(0, { locked: false, name: "River side" });
  expect(textsOf(draft, 0)).toEqual(["River side", "001"]);
});

it("puts a name on a unit of the grid", () => {
  const draft = strip6Draft();
  draft.move(2, 0);
  expect(middlesOf(draft, 0, 2)).toEqual([1, 0]);
  expect(middlesOf(draft, draft.addGrid({ id: "x", community: 0, locked: false, name: "" }), 2)).toEqual([]);
});
