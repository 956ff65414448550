import { expect, it } from "vitest";
import { Client } from "./client";

function answering(status: number, body: object, seen: RequestInit[] = []): Client {
  return new Client("p", "en", (_, init) => {
    seen.push(init ?? {});
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
}

it("names the version and the key of an edit", async () => {
  const seen: RequestInit[] = [];
  await answering(200, { version: 4 }, seen).send("edits", { moves: [] }, 3, "k1");
  expect(seen[0]?.headers).toMatchObject({ "If-Match": '"3"', "Idempotency-Key": "k1" });
});

it("tells a stale edit what it missed", async () => {
  const outcome = await answering(412, { code: "plan-stale", title: "", detail: "", edits: [{ version: 4 }] }).send("edits", {}, 3, "k");
  expect(outcome).toEqual({ kind: "stale", edits: [{ version: 4 }] });
});

it("says why the service refused", async () => {
  const outcome = await answering(422, { code: "grid-locked", title: "Locked.", detail: "Unlock." }).send("edits", {}, 3, "k");
  expect(outcome).toEqual({ kind: "refused", code: "grid-locked", text: "Locked. Unlock." });
});

it("calls a failed network and a failed service offline", async () => {
  const dead = new Client("p", "en", () => Promise.reject(new TypeError("no network")));
  expect(await dead.send("undo", {}, 1, "k")).toEqual({ kind: "offline" });
  expect(await answering(500, {}).send("undo", {}, 1, "k")).toEqual({ kind: "offline" });
});
