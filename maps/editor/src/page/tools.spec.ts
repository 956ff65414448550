import type { Polygon } from "geojson";
import { beforeEach, expect, it } from "vitest";
import { strip6Draft } from "../plan/fixtures";
import { NO_LIMITS } from "../plan/rules";
import { Pending } from "../plan/pending";
import { Preview } from "../plan/preview";
import { Strokes } from "../plan/strokes";
import type { Session } from "../session/session";
import { Buckets } from "../shapes/buckets";
import { shapesOf, worldPoint, type WorldPoint } from "../shapes/shapes";
import { Gesture, type Hand } from "./tools";

const square = (west: number): Polygon => ({ type: "Polygon", coordinates: [[[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]] });
const PLAIN = { altKey: false, shiftKey: false };
const at = (unit: number): WorldPoint => worldPoint(unit + 0.5, 0.5);

let said: string[] = [];
let hand: Hand;
let gesture: Gesture;
let draft: ReturnType<typeof strip6Draft>;
let pending: Pending;

/** Six squares in a row, and a session that paints without saving. */
beforeEach(() => {
  said = [];
  draft = strip6Draft();
  pending = new Pending(draft.gridOf);
  const [strokes, preview] = [new Strokes(draft, pending), new Preview(draft, pending)];
  const session = {
    draft, baseGrid: () => 0, newGrid: () => draft.addGrid({ id: "west003", community: 0, locked: false, name: "" }),
    paint: (units: readonly number[], gridFor: (unit: number) => number) => void strokes.paint(NO_LIMITS, units, gridFor),
    endStroke: () => (strokes.seal(), void said.push("done")), dropStroke: () => void strokes.drop(),
    previewInto: (units: ReadonlySet<number>, grid: number) => (preview.show(NO_LIMITS, units, grid), preview.touched), endPreview: () => void preview.end(),
  } as unknown as Session;
  const shapes = shapesOf([0, 1, 2, 3, 4, 5].map(square));
  hand = { tool: "brush", chosen: null, newGrid: false, brushPixels: 2, picking: null };
  gesture = new Gesture(session, { shapes, buckets: new Buckets(shapes), places: [0, 1, 2, 3, 4, 5].map(at) }, hand, {
    chosen: (grid) => {
      hand.chosen = grid;
      said.push(`chosen ${grid}`);
    },
    begun: () => said.push("begun"),
    apart: (grid, into) => said.push(`${grid} apart from ${into}`),
    selected: (grid) => said.push(`selected ${grid}`),
    inspected: (unit) => said.push(`inspected ${unit}`),
    chooseFirst: () => said.push("choose first"),
    sketch: () => undefined,
    ringed: (grids) => said.push(`ringed ${[...grids].sort().join()}`),
    worldLength: () => 1e-9,
  });
});

it("brushes the grid that was pressed over the units it is pulled over", () => {
  gesture.down(at(1), PLAIN);
  expect(gesture.painting).toBe(true);
  gesture.move(at(3));
  gesture.up();
  expect([...draft.gridOf]).toEqual([0, 0, 0, 0, 2, 2]);
  expect(said).toEqual(["chosen 0", "done"]);
});

it("gives a stroke up whole, and hears nothing of it afterwards", () => {
  gesture.down(at(1), PLAIN);
  gesture.move(at(3));
  expect(gesture.drop()).toBe(true);
  gesture.move(at(2));
  gesture.up();
  expect([[...draft.gridOf], gesture.drop(), said]).toEqual([[0, 0, 1, 1, 2, 2], false, ["chosen 0"]]);
});

it("selects with Shift whatever the tool, and paints nothing", () => {
  for (const tool of ["brush", "click", "fill", "merge", "erase"] as const) {
    hand.tool = tool;
    gesture.down(at(2), { altKey: false, shiftKey: true });
    gesture.up();
  }
  expect([said, [...draft.gridOf]]).toEqual([Array(5).fill("selected 1"), [0, 0, 1, 1, 2, 2]]);
});

it("begins a new grid with the next stroke only", () => {
  hand.newGrid = true;
  gesture.down(at(0), PLAIN);
  gesture.up();
  gesture.down(at(0), PLAIN);
  gesture.move(at(1));
  gesture.up();
  expect([...draft.gridOf]).toEqual([3, 3, 1, 1, 2, 2]);
  expect(said.filter((each) => each === "begun")).toHaveLength(1);
});

it("waits for a stroke that makes the new grid when a lock refuses the first one", () => {
  draft.describe(0, { locked: true, name: "" });
  hand.newGrid = true;
  gesture.down(at(0), PLAIN);
  gesture.up();
  expect([hand.newGrid, said.includes("begun")]).toEqual([true, false]);
  gesture.down(at(2), PLAIN);
  gesture.up();
  expect([hand.newGrid, said.includes("begun"), [...draft.gridOf]]).toEqual([false, true, [0, 0, 4, 1, 2, 2]]);
});

it("merges no grids that do not touch", () => {
  draft.move(3, draft.addGrid({ id: "west003", community: 0, locked: false, name: "" }));
  [hand.tool, hand.chosen] = ["merge", 0];
  gesture.down(at(3), PLAIN);
  gesture.up();
  expect([said, [...draft.gridOf]]).toEqual([["3 apart from 0", "done"], [0, 0, 1, 3, 2, 2]]);
});

it("gives the next press to whoever waits for a unit, and saves nothing", () => {
  let picked: number | null = null;
  hand.picking = (unit) => (picked = unit);
  gesture.down(at(4), PLAIN);
  gesture.up();
  expect([picked, said, hand.picking]).toEqual([4, [], null]);
});

it("merges, fills and clicks into the chosen grid, and asks for one where none is chosen", () => {
  hand.tool = "merge";
  gesture.down(at(2), PLAIN);
  gesture.up();
  hand.chosen = 0;
  gesture.down(at(2), PLAIN);
  gesture.up();
  expect([said[0], [...draft.gridOf]]).toEqual(["choose first", [0, 0, 0, 0, 2, 2]]);
});

it("looks at a unit that a finger touches while fingers move the map", () => {
  gesture.tap(at(2));
  expect(said).toEqual(["chosen 1", "inspected 2"]);
});

it.each(["box", "lasso"] as const)("shows what a %s would take while it is pulled, and paints it when it is let go", (tool) => {
  [hand.tool, hand.chosen] = [tool, 0];
  gesture.down(worldPoint(2, -0.5), PLAIN);
  for (const [x, y] of [[3.9, -0.5], [3.9, 1.5], [2, 1.5]] as const) gesture.move(worldPoint(x, y));
  if (tool === "box") gesture.move(worldPoint(3.9, 1.5)); // it is as wide as its last corner
  expect([[...draft.gridOf], pending.size, said.at(-1)]).toEqual([[0, 0, 0, 0, 2, 2], 0, "ringed 0,1"]);
  if (tool === "box") {
    gesture.move(worldPoint(2.9, 1.5));
    expect([[...draft.gridOf], pending.size]).toEqual([[0, 0, 0, 1, 2, 2], 0]);
    gesture.move(worldPoint(3.9, 1.5));
  }
  gesture.up();
  expect([[...draft.gridOf], pending.size, said.at(-1)]).toEqual([[0, 0, 0, 0, 2, 2], 2, "done"]);
});

it("puts back what a ring showed when it is given up", () => {
  [hand.tool, hand.chosen] = ["box", 0];
  gesture.down(worldPoint(1.9, -0.5), PLAIN);
  gesture.move(worldPoint(5.9, 1.5));
  expect([...draft.gridOf]).toEqual([0, 0, 0, 0, 2, 2]); // the others lie in another community
  expect(gesture.drop()).toBe(true);
  expect([[...draft.gridOf], pending.size]).toEqual([[0, 0, 1, 1, 2, 2], 0]);
});

it("leaves nothing of a ring behind where another tool is taken while it is pulled", () => {
  [hand.tool, hand.chosen] = ["box", 0];
  gesture.down(worldPoint(1.9, -0.5), PLAIN);
  gesture.move(worldPoint(3.9, 1.5));
  hand.tool = "brush";
  gesture.up();
  expect([[...draft.gridOf], pending.size]).toEqual([[0, 0, 1, 1, 2, 2], 0]);
});

it("does at a unit by a key what the tool in hand does there", () => {
  const pressed = (tool: Hand["tool"], chosen: number | null, unit: number): number[] => {
    [hand.tool, hand.chosen] = [tool, chosen];
    gesture.press(unit);
    return [...draft.gridOf];
  };
  expect(pressed("merge", 0, 2)).toEqual([0, 0, 0, 0, 2, 2]);
  expect([pressed("click", null, 3), hand.chosen]).toEqual([[0, 0, 0, 0, 2, 2], 0]);
  hand.newGrid = true;
  expect(pressed("brush", 0, 3)).toEqual([0, 0, 0, 3, 2, 2]);
  expect(pressed("brush", hand.chosen, 2)).toEqual([0, 0, 3, 3, 2, 2]);
  expect(pressed("click", 3, 1)).toEqual([0, 3, 3, 3, 2, 2]);
  expect(pressed("erase", null, 3)).toEqual([0, 3, 3, 0, 2, 2]);
  expect(pressed("fill", 0, 1)).toEqual([0, 0, 0, 0, 2, 2]);
  expect([pressed("pan", 2, 1), hand.chosen]).toEqual([[0, 0, 0, 0, 2, 2], 0]);
});
