import { expect, it } from "vitest";
import { Links } from "./links";

const KNOWN = { unit_ids: ["a", "b", "c"], pairs: [0, 1, 1, 2], pairs_across: [0], links_added: [["a", "c"]], links_removed: [["b", "c"]] } as const;
const neighbours = (links: Links): number[] => [...links.rows.neighbours];

it("adds the links that planners made and leaves out those they cut", () => {
  const links = new Links(KNOWN);
  expect(neighbours(links)).toEqual([1, 2, 0, 0]);
  links.take([{ unit_a: "c", unit_b: "b", joined: true }], new Map([["a", 0], ["b", 1], ["c", 2]]));
  expect(neighbours(links)).toEqual([1, 2, 0, 2, 0, 1]);
});

it("parts neighbours over a crossing or a link from those with an open border", () => {
  const links = new Links(KNOWN);
  expect([...links.rows.across]).toEqual([1, 2]); // a-b over a crossing, a-c by a link
  const numbers = new Map([["a", 0], ["b", 1], ["c", 2]]);
  links.take([{ unit_a: "c", unit_b: "b", joined: true }, { unit_a: "a", unit_b: "c", joined: false }], numbers);
  expect([...links.rows.across]).toEqual([1]); // b-c has its open border again
});

it("leaves the study's neighbours alone where nothing was changed", () => {
  const links = new Links({ ...KNOWN, links_added: [], links_removed: [] });
  expect([neighbours(links), links.changes]).toEqual([[1, 0, 2, 1], []]);
});
