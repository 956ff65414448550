import { expect, it } from "vitest";
import { type Hold, orphans, ownPlace } from "./places";

/** Pages of one browser: what one holds, no other gets. */
function browser(): () => { hold: Hold; close: () => void } {
  const holders = new Map<string, object>();
  return () => {
    const page = {};
    return {
      hold: (name) => {
        const free = !holders.has(name) || holders.get(name) === page;
        if (free) holders.set(name, page);
        return Promise.resolve(free);
      },
      close: () => [...holders].forEach(([name, holder]) => holder === page && holders.delete(name)),
    };
  };
}

function tab(copied: Record<string, string> = {}): Pick<Storage, "getItem" | "setItem" | "removeItem"> & { held: Record<string, string> } {
  const held = { ...copied };
  return { held, getItem: (k) => held[k] ?? null, setItem: (k, v) => void (held[k] = v), removeItem: (k) => void delete held[k] };
}

it("gives two pages two places, and a reloaded page its own again", async () => {
  const open = browser();
  const [first, second, tabOfFirst] = [open(), open(), tab()];
  const mine = await ownPlace(tabOfFirst, first.hold, "p");
  expect(await ownPlace(tab(), second.hold, "p")).not.toBe(mine);
  first.close();
  expect(await ownPlace(tabOfFirst, open().hold, "p")).toBe(mine);
});

it("gives a duplicated tab a place of its own", async () => {
  const open = browser();
  const before = tab();
  const mine = await ownPlace(before, open().hold, "p");
  expect(await ownPlace(tab(before.held), open().hold, "p")).not.toBe(mine);
});

it("leaves the place of an open page alone, and hands an orphan to one page only", async () => {
  const open = browser();
  const [gone, living, next, other] = [open(), open(), open(), open()];
  const places = [await ownPlace(tab(), gone.hold, "p"), await ownPlace(tab(), living.hold, "p")];
  gone.close();
  expect(await orphans(places, next.hold)).toEqual([places[0]]);
  expect(await orphans(places, other.hold)).toEqual([]);
});
