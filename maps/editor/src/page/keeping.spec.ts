import { expect, it } from "vitest";
import { asideOf, filledPlaces, keep, kept, type ListedShelf, placesOf, setAside } from "./keeping";

function shelf(room = Infinity): ListedShelf {
  const held = new Map<string, string>();
  return {
    getItem: (k) => held.get(k) ?? null,
    setItem: (k, v) => {
      if (v.length > room) throw new Error("no room");
      held.set(k, v);
    },
    removeItem: (k) => void held.delete(k),
    key: (i) => [...held.keys()][i] ?? null,
    get length() {
      return held.size;
    },
  };
}

const MOVES = [{ unit_id: "u", grid_id: "g" }];

it("keeps a draft until it is saved, place by place", () => {
  const here = shelf();
  keep(here, "a", { moves: MOVES });
  expect([kept(here, "a").moves.length, kept(here, "b").moves.length]).toEqual([1, 0]);
  keep(here, "a", { moves: [] });
  expect([kept(here, "a").moves, here.length]).toEqual([[], 0]);
});

it("keeps what was taken back although nothing is unsaved", () => {
  const here = shelf();
  keep(here, "a", { moves: [], strokes: [], undone: [MOVES], behind: 2 });
  expect(kept(here, "a")).toEqual({ moves: [], strokes: [], undone: [MOVES], behind: 2 });
});

it("keeps the moves without their steps where there is no room, and says so", () => {
  for (const [room, found] of [[60, { moves: MOVES, seen: ["h"] }], [50, { moves: MOVES }]] as const) {
    const here = shelf(room);
    expect(keep(here, "a", { moves: MOVES, seen: ["h"], strokes: [MOVES, MOVES, MOVES] })).toBe(false);
    expect(kept(here, "a")).toEqual(found);
  }
});

it("lists the places of one plan, and that of an older editor", () => {
  const here = shelf();
  for (const place of [`${placesOf("a")}1`, `${placesOf("a:b")}2`, "wangge-draft:a", "wangge-aside:a"]) here.setItem(place, "{}");
  expect(filledPlaces(here, "a")).toEqual(["wangge-draft:a", "wangge-draft:a:1"]);
});

it("keeps what was set aside", () => {
  const here = shelf();
  setAside(here, "a", [{ at: "2026-01-01", moves: MOVES }]);
  expect(asideOf(here, "a")).toHaveLength(1);
  setAside(here, "a", []);
  expect(asideOf(here, "a")).toEqual([]);
});
