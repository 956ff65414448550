import { expect, it } from "vitest";
import { authorOf, keep, kept } from "./keeping";

function shelf(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const held = new Map<string, string>();
  return {
    getItem: (k) => held.get(k) ?? null,
    setItem: (k, v) => void held.set(k, v),
    removeItem: (k) => void held.delete(k),
  };
}

it("keeps moves until they are saved, plan by plan", () => {
  const here = shelf();
  keep(here, "a", [{ unit_id: "u", grid_id: "g" }]);
  expect([kept(here, "a").length, kept(here, "b").length]).toEqual([1, 0]);
  keep(here, "a", []);
  expect(kept(here, "a")).toEqual([]);
});

it("gives a browser one name", () => {
  const here = shelf();
  expect(authorOf(here)).toBe(authorOf(here));
});
