import { expect, it } from "vitest";
import { nameOf } from "./keys";

const press = (key: string, more: object = {}): string =>
  nameOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

it("names keys whatever the case, and ? whatever the keyboard", () => {
  expect([press("B"), press("Z", { ctrlKey: true, shiftKey: true }), press("z", { metaKey: true })]).toEqual(["b", "ctrl+shift+z", "ctrl+z"]);
  expect([press("?", { shiftKey: true }), press("ArrowUp"), press("[")]).toEqual(["?", "ArrowUp", "["]);
});
