import { expect, it } from "vitest";
import { neighbourRows } from "../plan/area";
import { strip6Draft } from "../plan/fixtures";
import { neighbourTowards } from "./cursor";

it("walks to the neighbour that lies that way", () => {
  const draft = strip6Draft();
  expect([neighbourTowards({ draft }, 2, 1, 0), neighbourTowards({ draft }, 2, -1, 0)]).toEqual([3, 1]);
  expect(neighbourTowards({ draft }, 0, -1, 0)).toBeNull();
});

it("crosses where there is no neighbour, to what is nearest that way", () => {
  const draft = strip6Draft();
  draft.relink(neighbourRows(6, [[0, 1], [3, 4]]));
  expect(neighbourTowards({ draft }, 1, 1, 0)).toBe(2);
});
