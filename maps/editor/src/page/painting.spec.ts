import { expect, it } from "vitest";
import { strip6Draft } from "../plan/fixtures";
import type { Session } from "../session/session";
import { Painting } from "./painting";

const AREA = strip6Draft().area;
const borders = {
  all: [0, 1, 2, 3, 4].map((a) => ({ a, b: a + 1, first: a, end: a + 1 })),
  ofUnit: [[0], [0, 1], [1, 2], [2, 3], [3, 4], [4]],
  sides: new Float64Array(20),
};

it("draws no unit and no border that a move does not touch", () => {
  const draft = strip6Draft();
  const session = { draft, baseOf: draft.gridOf.slice(), codes: { banded: () => true } } as unknown as Session;
  const seen = { colours: new Set<number>(), borders: new Map<number, boolean>() };
  const map = {
    colour: (unit: number) => void seen.colours.add(unit),
    border: (border: number, strong: boolean) => void seen.borders.set(border, strong),
  };
  const painting = new Painting(map, session, borders);
  draft.move(2, 0);
  painting.changed([2], new Set([0, 1]));
  expect([...seen.colours].sort()).toEqual([0, 1, 2, 3]);
  expect([...seen.borders]).toEqual([[1, false], [2, true]]);
  expect(AREA.unitIds).toHaveLength(6);
});
