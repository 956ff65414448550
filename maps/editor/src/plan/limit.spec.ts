import { expect, it } from "vitest";
import { strip6, strip6Draft } from "./fixtures";
import { communityLimit, viewLimit } from "./limit";
import { NO_LIMITS, refusalOf } from "./rules";

it("limits to a community, and refuses what lies outside", () => {
  const limit = communityLimit(strip6(), 0);
  expect([limit.name, [...limit.units]]).toEqual(["West", [0, 1, 2, 3]]);
  const limits = { ...NO_LIMITS, onlyUnits: new Set([0, 1]) };
  expect(refusalOf(strip6Draft(), limits, 2, 0)).toEqual({ reason: "outside-limit", unit: 2 });
  expect(refusalOf(strip6Draft(), limits, 1, 1)).toBeNull();
});

it("limits to what the screen shows", () => {
  const box = { west: 0.2, east: 0.6, north: 0.1, south: 0.4 };
  expect([...viewLimit("view", [[0.1, 0.2], [0.3, 0.2], [0.3, 0.5]], box).units]).toEqual([1]);
});
