import { expect, it } from "vitest";
import { asideOf, authorOf, keep, kept, setAside } from "./keeping";

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
  expect([kept(here, "a").moves.length, kept(here, "b").moves.length]).toEqual([1, 0]);
  keep(here, "a", []);
  expect(kept(here, "a").moves).toEqual([]);
});

it("gives a browser one name", () => {
  const here = shelf();
  expect(authorOf(here)).toBe(authorOf(here));
});

it("keeps strokes for undo, and what was set aside", () => {
  const here = shelf();
  const moves = [{ unit_id: "u", grid_id: "g" }];
  keep(here, "a", moves, [moves]);
  expect(kept(here, "a").strokes).toEqual([moves]);
  setAside(here, "a", [{ at: "2026-01-01", moves }]);
  expect(asideOf(here, "a")).toHaveLength(1);
  setAside(here, "a", []);
  expect(asideOf(here, "a")).toEqual([]);
});
