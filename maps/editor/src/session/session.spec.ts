import { beforeEach, expect, it } from "vitest";
import type { EditAnswer, Outcome } from "../service/client";
import type { EditorDocument } from "../service/document";
import type { Listener, SaveState } from "./listener";
import { Session } from "./session";

const HUNDRED = [100, 100, 100, 100, 100, 100];
const DOCUMENT: EditorDocument = {
  plan: "p", version: 1, status: "draft", next_steps: ["submitted"], name: "", notice_zh: "", notice_en: "", balance_on: "households",
  codes_used: ["west001", "west002", "west007", "east001"],
  unit_ids: ["u0", "u1", "u2", "u3", "u4", "u5"], compounds: [], compound_of: [-1, -1, -1, -1, -1, -1],
  communities: [
    { id: "west", name: "", band: [100, 200, 300], patrol_h: 250 },
    { id: "east", name: "", band: [100, 200, 300], patrol_h: 250 },
  ],
  community: [0, 0, 0, 0, 1, 1], households: HUNDRED, residents: HUNDRED, workload_h: HUNDRED,
  places_m: HUNDRED.flatMap((_, i) => [10 * i, 0]), pairs: [0, 1, 1, 2, 2, 3, 3, 4, 4, 5], pairs_across: [], polygons: [],
  study_locked: [], locked_units: [],
  grids: [
    { id: "west001", community: "west", kind: "general", name: "", locked: false, fixed_h: 250 },
    { id: "west002", community: "west", kind: "general", name: "", locked: false, fixed_h: 250 },
    { id: "east001", community: "east", kind: "general", name: "", locked: false, fixed_h: 250 },
  ],
  grid_of: [0, 0, 1, 1, 2, 2], base_version: 1, base_grids: ["west001", "west002", "east001"], base_of: [0, 0, 1, 1, 2, 2], base_leads: [-1, -1, -1], links_added: [], links_removed: [],
};

type Sent = { path: string; body: Record<string, unknown>; version: number; key: string };
let sent: Sent[] = [];
let outcomes: Outcome[] = [];
let states: SaveState[] = [];
let conflicts: number[][] = [];
let refusals: string[] = [];
let told: string[] = [];
let contested: number[] = [];
const ME = { signature: { author: "me", author_name: "Me" } };
let session: Session;

const client = {
  send: (path: string, body: object, version: number, key: string) => {
    sent.push({ path, body: body as Record<string, unknown>, version, key });
    return Promise.resolve(outcomes.shift() ?? { kind: "refused" as const, code: "x", text: "x" });
  },
};
const listener: Listener = {
  changed: () => undefined,
  saveState: (state) => states.push(state),
  refused: (refusal) => refusals.push(refusal.reason),
  told: (text) => told.push(text),
  conflict: (units) => conflicts.push([...units]),
  others: (_, units) => contested.push(units),
  accepted: () => undefined,
  overtaken: () => told.push("overtaken"),
  stepped: () => told.push(session.status),
};

function answer(version: number, more: Partial<EditAnswer> = {}): EditAnswer {
  return { version, kind: "move", author: "other", author_name: "", status: "draft", next_steps: ["submitted"], moves: [], grids: [], retired: [], locked_units: [], unlocked_units: [], ...more };
}

const U2_TO_WEST1 = { unit_id: "u2", old_grid_id: "west002", new_grid_id: "west001" };

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

/** A page that is opened anew. */
function opened(document: EditorDocument = DOCUMENT): Session {
  return new Session(document, client, ME, listener);
}

function paint(unit: number, grid: number): Promise<void> {
  session.paint([unit], () => grid);
  session.endStroke();
  return settled();
}

beforeEach(() => {
  [sent, outcomes, states, conflicts, refusals, told, contested] = [[], [], [], [], [], [], []];
  session = opened();
});

it("saves every stroke on the version it was made on", async () => {
  outcomes = [{ kind: "accepted", answer: answer(2, { moves: [U2_TO_WEST1] }) }];
  await paint(2, 0);
  expect(sent).toMatchObject([{ path: "edits", version: 1, body: { kind: "move", moves: [{ unit_id: "u2", grid_id: "west001" }], author: "me", author_name: "Me" } }]);
  expect([session.version, session.pending.size, states.at(-1)]).toEqual([2, 0, "saved"]);
});

it("sends nothing of a ring that is pulled while an answer comes, and puts back what it showed", async () => {
  outcomes = [{ kind: "accepted", answer: answer(2, { moves: [U2_TO_WEST1] }) }];
  session.paint([2], () => 0);
  session.endStroke();
  expect([...session.previewInto(new Set([1, 2]), 1)].sort()).toEqual([0, 1]);
  await settled();
  expect([sent.length, session.version, [...session.draft.gridOf]]).toEqual([1, 2, [0, 1, 1, 1, 2, 2]]);
  session.endPreview();
  session.endStroke();
  await settled();
  expect([sent.length, session.pending.size, [...session.draft.gridOf]]).toEqual([1, 0, [0, 0, 0, 1, 2, 2]]);
});

it("keeps a broken moment and does not send it until it is mended", async () => {
  await paint(0, 1);
  expect([sent.length, states.at(-1)]).toEqual([0, "broken"]);
  outcomes = [{ kind: "accepted", answer: answer(2, { retired: ["west001"], moves: [
    { unit_id: "u0", old_grid_id: "west001", new_grid_id: "west002" }, { unit_id: "u1", old_grid_id: "west001", new_grid_id: "west002" }] }) }];
  await paint(1, 1);
  expect(sent[0]!.body["kind"]).toBe("merge");
  expect(states.at(-1)).toBe("saved");
});

it("merges what others did elsewhere and saves again on their version", async () => {
  const theirs = answer(2, { moves: [{ unit_id: "u3", old_grid_id: "west002", new_grid_id: "west001" }] });
  outcomes = [{ kind: "stale", edits: [theirs] }, { kind: "accepted", answer: answer(3, { moves: [U2_TO_WEST1] }) }];
  await paint(2, 0);
  expect(sent.map((s) => s.version)).toEqual([1, 2]);
  expect(sent[0]!.key).not.toBe(sent[1]!.key);
  expect([...session.draft.gridOf]).toEqual([0, 0, 0, 0, 2, 2]);
});

it("names the version that others made, and sends nothing for it", () => {
  session.hear(answer(2, { moves: [U2_TO_WEST1] }));
  expect([states, session.version, sent.length]).toEqual([["saved"], 2, 0]);
  session.paint([3], () => 0); // a stroke that is not ended yet
  session.hear(answer(3, { moves: [{ unit_id: "u1", old_grid_id: "west001", new_grid_id: "west002" }] }));
  expect([states, session.version, sent.length]).toEqual([["saved"], 3, 0]);
});

it("asks when others moved the same units, and then takes theirs or ours", async () => {
  await paint(0, 1); // broken, so it waits here
  const moves = ["u0", "u1"].map((unit_id) => ({ unit_id, old_grid_id: "west001", new_grid_id: "west003" }));
  session.hear(answer(2, { grids: [{ grid_id: "west003", community_id: "west", name: "", locked: false }], moves }));
  expect([conflicts, contested]).toEqual([[[0]], [1]]); // of two units one is merged
  session.resolve("theirs", [0]);
  expect([session.pending.size, session.draft.grids[session.draft.gridOf[0]!]!.id]).toEqual([0, "west003"]);
});

/** The plan as somebody else saved it: u2 stands in a grid of theirs. */
const THEIRS: EditorDocument = {
  ...DOCUMENT, version: 2, codes_used: [...DOCUMENT.codes_used, "west003"], grid_of: [0, 0, 3, 1, 2, 2],
  grids: [...DOCUMENT.grids, { id: "west003", community: "west", kind: "general", name: "", locked: false, fixed_h: 250 }],
};
const U2_WANTED = [{ unit_id: "u2", grid_id: "west001" }];

function gridIdOf(unit: number): string {
  return session.draft.grids[session.draft.gridOf[unit]!]!.id;
}

it("asks after a reload where somebody else moved the same units, and sends nothing before the choice", async () => {
  outcomes = [{ kind: "offline" }];
  await paint(2, 0);
  const { unsaved } = session;
  expect([unsaved.moves, unsaved.seen]).toEqual([U2_WANTED, ["west002"]]);
  [sent, session] = [[], opened(THEIRS)];
  expect(session.bringBack(unsaved)).toBe(1);
  await paint(3, 0); // what is painted meanwhile waits too
  expect([sent.length, conflicts, states.at(-1), gridIdOf(2), session.unsaved.seen]).toEqual([0, [[2]], "conflict", "west001", ["west002", "west002"]]);
  outcomes = [{ kind: "offline" }];
  session.resolve("mine", [2]);
  expect(sent).toMatchObject([{ version: 2, body: { moves: [...U2_WANTED, { unit_id: "u3", grid_id: "west001" }] } }]);
});

it("asks nothing after a reload where nobody else moved the units, or to where they were wanted", async () => {
  outcomes = [{ kind: "offline" }];
  session.bringBack({ moves: U2_WANTED, seen: ["west002"] });
  await settled();
  expect([sent.length, conflicts]).toEqual([1, []]);
  session = opened({ ...THEIRS, grid_of: [0, 0, 0, 1, 2, 2] });
  expect(session.bringBack({ moves: U2_WANTED, seen: ["west002"] })).toBe(0);
  expect([sent.length, conflicts, states.at(-1)]).toEqual([1, [], "saved"]);
});

it("asks about units that were seen in a grid which is gone", () => {
  session = opened({ ...THEIRS, grids: THEIRS.grids.slice(0, 3), grid_of: [0, 0, 1, 1, 2, 2] });
  session.bringBack({ moves: U2_WANTED, seen: ["west009"] });
  expect([sent.length, conflicts, session.unsaved.seen]).toEqual([0, [[2]], [""]]);
});

it("reads a draft of an older editor, and asks only where a unit no longer stands as in the base", async () => {
  outcomes = [{ kind: "offline" }];
  session.bringBack({ moves: U2_WANTED });
  await settled();
  expect([sent.length, conflicts]).toEqual([1, []]);
  session = opened(THEIRS);
  expect(session.bringBack({ moves: U2_WANTED, strokes: [U2_WANTED] })).toBe(1);
  expect([sent.length, conflicts]).toEqual([1, [[2]]]);
});

it("leaves a unit where others put it when it was painted and put back here", async () => {
  session = opened(THEIRS);
  session.bringBack({ moves: [], strokes: [U2_WANTED, [{ unit_id: "u2", grid_id: "west002" }]], undone: [[{ unit_id: "u0", grid_id: "west002" }]] });
  await settled();
  expect([sent.length, session.pending.size, gridIdOf(2), states.at(-1)]).toEqual([0, 0, "west003", "saved"]);
});

it("asks again at save now after later, and saves nothing by itself", async () => {
  outcomes = [{ kind: "offline" }];
  await paint(2, 0);
  session.hear(answer(2, { grids: [{ grid_id: "west003", community_id: "west", name: "", locked: false }], moves: [{ unit_id: "u2", old_grid_id: "west002", new_grid_id: "west003" }] }));
  session.resolve("later", [2]);
  session.resume();
  await session.save();
  expect([sent.length, conflicts, states.at(-1)]).toEqual([1, [[2], [2]], "conflict"]);
  await session.undo(); // what is undone is not wanted any more
  expect([session.pending.size, gridIdOf(2), states.at(-1)]).toEqual([0, "west003", "saved"]);
});

it("goes on by itself once others put the unit back", async () => {
  outcomes = [{ kind: "offline" }, { kind: "accepted", answer: answer(4, { moves: [U2_TO_WEST1] }) }];
  await paint(2, 0);
  session.hear(answer(2, { grids: [{ grid_id: "west003", community_id: "west", name: "", locked: false }], moves: [{ unit_id: "u2", old_grid_id: "west002", new_grid_id: "west003" }] }));
  session.hear(answer(3, { kind: "undo", moves: [{ unit_id: "u2", old_grid_id: "west003", new_grid_id: "west002" }] }));
  await settled();
  expect([sent.length, session.pending.size, states.at(-1)]).toEqual([2, 0, "saved"]);
});

it("sends nothing of what was not delivered once theirs is taken, and all of it anew once mine is kept", async () => {
  for (const choice of ["theirs", "mine"] as const) {
    [sent, session] = [[], opened()];
    outcomes = [{ kind: "offline" }, { kind: "accepted", answer: answer(3, { moves: [U2_TO_WEST1] }) }];
    await paint(2, 0);
    session.hear(answer(2, { grids: [{ grid_id: "west003", community_id: "west", name: "", locked: false }], moves: [{ unit_id: "u2", old_grid_id: "west002", new_grid_id: "west003" }] }));
    session.resolve(choice, [2]);
    await settled();
    expect(sent.map(({ version }) => version)).toEqual(choice === "mine" ? [1, 2] : [1]);
    expect([session.pending.size, session.draft.grids[session.draft.gridOf[2]!]!.id]).toEqual([0, choice === "mine" ? "west001" : "west003"]);
  }
  expect(sent[0]!.key).not.toBe(sent[1]!.key);
});

it("takes a stroke back that the service refused", async () => {
  outcomes = [{ kind: "refused", code: "unit-locked-here", text: "locked" }];
  await paint(2, 0);
  expect([...session.draft.gridOf]).toEqual([0, 0, 1, 1, 2, 2]);
});

it("sends the same request again after the network was away", async () => {
  outcomes = [{ kind: "offline" }, { kind: "accepted", answer: answer(2, { moves: [U2_TO_WEST1] }) }];
  await paint(2, 0);
  expect([states.at(-1), session.pending.size]).toEqual(["offline", 1]);
  await session.save();
  expect(sent[0]!.key).toBe(sent[1]!.key);
  expect(session.pending.size).toBe(0);
});

it("never gives a code twice", () => {
  expect(session.draft.grids[session.newGrid(0)]!.id).toBe("west008");
  expect(session.draft.grids[session.newGrid(1)]!.id).toBe("west009");
});

it("undoes here what is not saved, and at the service what is", async () => {
  await paint(0, 1);
  await session.undo();
  expect([sent.length, session.pending.size]).toEqual([0, 0]);
  outcomes = [{ kind: "accepted", answer: answer(2, { kind: "undo", moves: [U2_TO_WEST1] }) }];
  await session.undo();
  expect([sent[0]!.path, session.draft.gridOf[2]]).toEqual(["undo", 0]);
});

it("takes five steps back for five quick presses, one request after another", async () => {
  outcomes = [2, 3, 4, 5, 6].map((version) => ({ kind: "accepted", answer: answer(version, { kind: "undo" }) }));
  await Promise.all(Array.from({ length: 5 }, () => session.undo()));
  expect(sent.map(({ path, version }) => [path, version])).toEqual([1, 2, 3, 4, 5].map((version) => ["undo", version]));
  outcomes = [{ kind: "accepted", answer: answer(7, { kind: "redo" }) }, { kind: "refused", code: "x", text: "nothing to redo" }];
  await Promise.all(Array.from({ length: 5 }, () => session.redo()));
  expect([sent.length, told]).toEqual([7, ["nothing to redo"]]);
});

it("takes no more steps back once something is painted", async () => {
  outcomes = [{ kind: "accepted", answer: answer(2, { kind: "undo" }) }, { kind: "accepted", answer: answer(3, { moves: [U2_TO_WEST1] }) }];
  void session.undo();
  void session.undo();
  await paint(2, 0);
  expect([sent.map(({ path }) => path), session.draft.gridOf[2]]).toEqual([["undo", "edits"], 0]);
});

it("takes a stroke back that is still on its way to the service", async () => {
  outcomes = [{ kind: "accepted", answer: answer(2, { moves: [U2_TO_WEST1] }) }, { kind: "accepted", answer: answer(3, { kind: "undo", moves: [{ unit_id: "u2", old_grid_id: "west001", new_grid_id: "west002" }] }) }];
  session.paint([2], () => 0);
  session.endStroke();
  await session.undo();
  expect([sent.map(({ path }) => path), [...session.draft.gridOf]]).toEqual([["edits", "undo"], [0, 0, 1, 1, 2, 2]]);
});

it("ends the row of steps back where the service is away, and goes on with it here", async () => {
  outcomes = [{ kind: "offline" }];
  await Promise.all(Array.from({ length: 5 }, () => session.undo()));
  expect([sent.length, states.at(-1)]).toEqual([1, "offline"]);
  session = opened();
  outcomes = Array.from({ length: 9 }, () => ({ kind: "offline" }));
  void paint(2, 0);
  void paint(3, 0);
  await Promise.all([session.undo(), session.undo()]);
  expect([...session.draft.gridOf]).toEqual([0, 0, 1, 1, 2, 2]);
});

it("refuses a locked grid before anything is sent", async () => {
  session.hear(answer(2, { grids: [{ grid_id: "west001", community_id: "west", name: "", locked: true }] }));
  await paint(2, 0);
  expect([refusals, sent.length]).toEqual([["grid-locked"], 0]);
});

it("takes the plan further, and knows what may follow", async () => {
  outcomes = [{ kind: "accepted", answer: answer(2, { kind: "status", status: "submitted", next_steps: ["reviewed", "draft"] }) }];
  await session.step("submitted", "ready");
  expect(sent).toMatchObject([{ path: "status", version: 1, body: { status: "submitted", note: "ready", author: "me", author_name: "Me" } }]);
  expect([session.status, session.nextSteps, told]).toEqual(["submitted", ["reviewed", "draft"], ["submitted"]]);
});

it("does not take a plan further that somebody changed just before, and says so", async () => {
  outcomes = [{ kind: "stale", edits: [answer(2, { moves: [U2_TO_WEST1] })] }];
  await session.step("submitted", "");
  await settled();
  expect([session.status, session.version, told]).toEqual(["draft", 2, ["overtaken"]]);
});

it("does not take a plan further while grids are in pieces", async () => {
  await paint(0, 1);
  await session.step("submitted", "");
  expect([sent.length, states.at(-1)]).toEqual([0, "broken"]);
});

it("saves a grid in pieces where that is allowed for now, and says so", async () => {
  session.allowsPieces = true;
  outcomes = [{ kind: "accepted", answer: answer(2, { moves: [{ unit_id: "u0", old_grid_id: "west001", new_grid_id: "west002" }] }) }];
  await paint(0, 1);
  expect(sent[0]!.body["in_pieces"]).toBe(true);
  expect([session.torn.all, states.at(-1)]).toEqual([[1], "pieces"]);
});

it("takes over a proposal that it did not paint", async () => {
  outcomes = [{ kind: "accepted", answer: answer(2, { kind: "accept", moves: [U2_TO_WEST1] }) }];
  await session.command("edits", { kind: "accept", proposal: "j1" });
  expect(sent[0]!.body).toEqual({ kind: "accept", proposal: "j1", author: "me", author_name: "Me" });
  expect([session.draft.gridOf[2], session.pending.size]).toEqual([0, 0]);
});

it("paints the strokes of last time again, each one a step to undo", async () => {
  const strokes = [[{ unit_id: "u0", grid_id: "west002" }], [{ unit_id: "u3", grid_id: "west001" }]];
  expect(session.replay(strokes)).toBe(2);
  expect(session.unsaved.strokes).toEqual(strokes);
  await session.undo();
  expect([...session.draft.gridOf]).toEqual([1, 0, 1, 1, 2, 2]);
  await session.undo();
  expect(session.pending.size).toBe(0);
});

it("makes strokes again after a reload that were taken back before, in their order", async () => {
  session.replay([[{ unit_id: "u0", grid_id: "west002" }], [{ unit_id: "u3", grid_id: "west001" }]]);
  await session.undo();
  await session.undo();
  const { unsaved } = session;
  expect(unsaved).toMatchObject({ moves: [], strokes: [], undone: [[{ unit_id: "u3", grid_id: "west001" }], [{ unit_id: "u0", grid_id: "west002" }]] });
  session = opened();
  expect(session.bringBack(unsaved)).toBe(0);
  await session.redo();
  expect([...session.draft.gridOf]).toEqual([1, 0, 1, 1, 2, 2]);
  await session.redo();
  expect([...session.draft.gridOf]).toEqual([1, 0, 1, 0, 2, 2]);
  await session.undo();
  expect([...session.draft.gridOf]).toEqual([1, 0, 1, 1, 2, 2]);
});

it("does not make a stroke again over a lock that came since", async () => {
  session = opened({ ...DOCUMENT, grids: DOCUMENT.grids.map((grid) => ({ ...grid, locked: grid.id === "west002" })) });
  session.bringBack({ moves: [], undone: [[{ unit_id: "u0", grid_id: "west002" }]] });
  await session.redo();
  expect([refusals, [...session.draft.gridOf], session.unsaved.undone!.length]).toEqual([["grid-locked"], [0, 0, 1, 1, 2, 2], 1]);
});

it("keeps all of five hundred steps, made and taken back", () => {
  session.replay([[{ unit_id: "u0", grid_id: "west002" }], ...Array.from({ length: 499 }, (_, i) => [{ unit_id: "u3", grid_id: i % 2 === 0 ? "west001" : "west002" }])]);
  for (let i = 0; i < 498; i += 1) void session.undo();
  const before = session.unsaved;
  session = opened();
  session.bringBack(before);
  expect([before.undone!.length, session.unsaved]).toEqual([498, before]);
});

it("makes again what the service took back last before what was taken back here", async () => {
  outcomes = [{ kind: "offline" }, { kind: "offline" }, { kind: "offline" }];
  await paint(2, 0);
  await paint(3, 0);
  await session.undo();
  outcomes = [{ kind: "accepted", answer: answer(2, { moves: [U2_TO_WEST1] }) }];
  await session.save();
  outcomes = [{ kind: "accepted", answer: answer(3, { kind: "undo", moves: [{ unit_id: "u2", old_grid_id: "west001", new_grid_id: "west002" }] }) }];
  await session.undo();
  const before = session.unsaved;
  expect(before).toMatchObject({ undone: [[{ unit_id: "u3", grid_id: "west001" }]], behind: 1 });
  outcomes = [{ kind: "accepted", answer: answer(4, { kind: "redo", moves: [U2_TO_WEST1] }) }, { kind: "offline" }];
  await session.redo();
  await session.redo();
  expect(sent.map(({ path }) => path)).toEqual(["edits", "edits", "edits", "edits", "undo", "redo", "edits"]);
  expect([...session.draft.gridOf]).toEqual([0, 0, 0, 0, 2, 2]);
});

it("undoes five hundred unsaved steps and no more", async () => {
  session.replay([[{ unit_id: "u0", grid_id: "west002" }], ...Array.from({ length: 520 }, (_, i) => [{ unit_id: "u3", grid_id: i % 2 === 0 ? "west001" : "west002" }])]);
  expect(session.unsaved.strokes).toHaveLength(500);
});

it("refuses to paint outside the limited area", async () => {
  session.limit = { name: "here", units: new Set([0]) };
  await paint(2, 0);
  expect([refusals, sent.length]).toEqual([["outside-limit"], 0]);
});

it("knows new neighbours once a link is made", () => {
  session.hear(answer(2, { kind: "link", links: [{ unit_a: "u0", unit_b: "u3", joined: true }, { unit_a: "u2", unit_b: "u3", joined: false }] }));
  expect(session.torn.all).toEqual([1]);
});
