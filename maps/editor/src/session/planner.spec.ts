import { expect, it } from "vitest";
import { calledOf, Planner } from "./planner";

function shelf(): Pick<Storage, "getItem" | "setItem"> {
  const held = new Map<string, string>();
  return { getItem: (k) => held.get(k) ?? null, setItem: (k, v) => void held.set(k, v) };
}

it("gives a browser one mark, whatever the planner is called", () => {
  const here = shelf();
  const planner = new Planner(here);
  expect(planner.signature).toEqual({ author: planner.mark });
  planner.name = "  王工 ";
  expect(new Planner(here).signature).toEqual({ author: planner.mark, author_name: "王工" });
});

it("asks once, also where no name is given", () => {
  const planner = new Planner(shelf());
  expect(planner.asked).toBe(false);
  planner.name = "";
  expect([planner.asked, planner.name]).toEqual([true, ""]);
});

it("calls people by their names, programs by what they call themselves, and a browser nothing", () => {
  expect(calledOf({ author: "planner-1f", author_name: "王工" })).toBe("王工");
  expect(calledOf({ author: "wangge", author_name: "" })).toBe("wangge");
  expect(calledOf({ author: "planner-1f", author_name: "" })).toBe("");
});
