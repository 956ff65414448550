import { expect, it } from "vitest";
import { ABOVE, BELOW, INSIDE, loadColour } from "./colours";

it("counts the ends of the band as inside", () => {
  const band = { minimum: 300, maximum: 500 };
  expect([299, 300, 500, 501].map((load) => loadColour(load, band))).toEqual([BELOW, INSIDE[0], INSIDE[2], ABOVE]);
});
