import { expect, it } from "vitest";
import { ABOVE, BELOW, gridColours, INSIDE, loadColour } from "./colours";
import { strip6Draft } from "./fixtures";

it("counts the ends of the band as inside", () => {
  const band = { minimum: 300, maximum: 500 };
  expect([299, 300, 500, 501].map((load) => loadColour(load, band))).toEqual([BELOW, INSIDE[0], INSIDE[2], ABOVE]);
});

it("gives neighbouring grids different colours", () => {
  const [west1, west2, east] = gridColours(strip6Draft());
  expect(west1).not.toBe(west2);
  expect(west2).not.toBe(east);
});
