import { expect, it } from "vitest";
import { Codes } from "./codes";
import { strip6Draft } from "./fixtures";

function codes() {
  const draft = strip6Draft();
  const used = [...draft.grids.map((g) => g.id), "west007"];
  return { draft, codes: new Codes(draft, [{ id: "west001", kind: "dedicated", fixed_h: 5 }], used, [250, 125]) };
}

it("never gives a code twice", () => {
  const { draft, codes: made } = codes();
  expect([made.make(0), made.make(0), made.make(1)].map((grid) => draft.grids[grid]!.id)).toEqual(["west008", "west009", "east002"]);
});

it("knows what the service does not hold yet, what is emptied and what is gone", () => {
  const { draft, codes: made } = codes();
  expect(made.fresh(["west001", "west008", "west008"])).toEqual(["west008"]);
  expect(made.emptied).toBe(false);
  for (const unit of [0, 1]) draft.move(unit, 1);
  expect([made.emptied, made.leaving(0), made.leaving(1), made.leaving(made.make(0))]).toEqual([true, true, false, false]);
  made.held(["west002"], ["west001"]);
  expect([made.emptied, made.leaving(0), made.gone(0), made.gone(1)]).toEqual([false, false, true, false]);
  made.held(["west001"], []);
  expect(made.gone(0)).toBe(false);
});

it("knows which grids a band applies to, and the hours that a grid needs whoever lives there", () => {
  const { codes: made } = codes();
  expect([made.banded(0), made.banded(1), made.fixedH(0), made.fixedH(1), made.fixedH(2)]).toEqual([false, true, 5, 250, 125]);
});
