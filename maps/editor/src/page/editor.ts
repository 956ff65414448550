/** The page: map, toolbar, panel and messages, put together around one session. */

import { type Box, MapAdapter } from "../map/adapter";
import { nextOf, troubleOf } from "../plan/finding";
import { piecesOf } from "../plan/pieces";
import { communityLimit, viewLimit } from "../plan/limit";
import { middleOf, textsOf } from "../plan/naming";
import type { Refusal } from "../plan/rules";
import type { ProposalTold } from "../service/job";
import type { Client, EditAnswer } from "../service/client";
import type { EditorDocument } from "../service/document";
import { type SaveState, Session } from "../session";
import { bordersOf } from "../shapes/borders";
import { Buckets } from "../shapes/buckets";
import { shapesOf } from "../shapes/shapes";
import { ask, button, element } from "./element";
import { Adjacency } from "./adjacency";
import { conflictCard, type Settled } from "./conflict";
import { asideOf, authorOf, keep, kept, setAside } from "./keeping";
import { type Label, Labels } from "./labels";
import { printable } from "./printing";
import { Proposing } from "./proposing";
import { listen } from "./keys";
import { Painting } from "./painting";
import { Panel } from "./panel";
import type { Strings } from "./strings.zh";
import { type Bar, barOf } from "./bar";
import { Gesture, type Ground, type Hand, neighbourTowards, type Tool } from "./tools";
import { filled, wordFor } from "./words";

const TOAST_MS = 6000;
const BRUSH_PIXELS = [2, 8, 16, 28, 44, 64, 96] as const;
const EARTH_DEGREES = 360;
const CURSOR_SHADE = 0.45;

export class Editor {
  private readonly words: Strings;
  private readonly session: Session;
  private readonly hand: Hand = { tool: "brush", chosen: null, newGrid: false, brushPixels: 8, picking: null };
  private readonly touched = new Set<number>();
  private readonly panel: Panel;
  private readonly bar: Bar;
  private readonly ground: Ground;
  private readonly polygons: EditorDocument["polygons"];
  private readonly mapBox = element("div", { id: "map", role: "application", tabindex: "0" });
  private readonly toasts = element("div", { id: "toasts", role: "status" });
  private readonly state = element("span", { id: "state", role: "status" });
  private readonly cursorText = element("p", { class: "hidden", "aria-live": "polite" });
  private readonly cards = element("div", { id: "cards" });
  private readonly paper = element("div", { id: "paper" });
  private readonly selected = new Set<number>();
  private readonly labelOf: Array<Label | null> = [];
  private readonly contested = new Set<number>();
  private readonly proposing: Proposing;
  private readonly client: Client;
  private labels!: Labels;
  private adjacency!: Adjacency;
  private map!: MapAdapter;
  private painting!: Painting;
  private gesture!: Gesture;
  private cursor: number | null = null;
  private sought: number | null = null;
  private drawing = false;
  private refusalTold = false;

  constructor(document: EditorDocument, client: Client, words: Strings) {
    this.words = words;
    this.client = client;
    this.polygons = document.polygons;
    this.session = new Session(document, client, authorOf(localStorage), {
      changed: (units, grids) => this.changed(units, grids),
      saveState: (state, broken) => this.showState(state, broken),
      refused: (refusal) => this.refuse(refusal),
      told: (text) => this.toast(text),
      conflict: (units) => this.askConflict(units),
      others: (answer) => this.tellOthers(answer),
      overtaken: () => this.toast(this.words.overtaken),
      stepped: () => {
        this.showStatus();
        this.toast(filled(this.words.stepped, { status: this.statusText(this.session.status) }));
      },
    });
    this.panel = new Panel(this.session, words, (units) => this.map.zoomTo(boxOf(this.ground, units)));
    this.proposing = new Proposing(this.session, client, words, (result) => this.preview(result));
    this.bar = barOf(words, document, {
      tool: (tool) => this.takeTool(tool),
      act: (name) => this.acts[name](),
      colourBy: (by) => {
        this.painting.by = by;
        this.painting.all();
        this.bar.legend(by);
      },
      switched: (name, on) => this.switches[name](on),
      limit: (to) => this.limit(to),
    });
    this.bar.legend("load");
    this.bar.allowing(this.session.allowsPieces);
    this.ground = groundOf(document);
    this.mapBox.setAttribute("aria-label", words.mapLabel);
    this.mapBox.append(this.toasts);
    this.state.textContent = filled(words.saved, { version: document.version });
  }

  /** Put the page together and draw the plan. */
  async open(root: HTMLElement, client: Client): Promise<void> {
    const notice = globalThis.document.documentElement.lang === "zh" ? this.session.document.notice_zh : this.session.document.notice_en;
    root.replaceChildren(
      this.bar.root,
      this.mapBox,
      element("aside", {}, this.cards, this.bar.hint, this.panel.root, this.bar.key, this.proposing.root, element("p", {}, notice)),
      element("footer", {}, this.state, this.cursorText),
      this.paper,
    );
    this.map = new MapAdapter(this.mapBox, boxOf(this.ground, allUnits(this.ground)), this.words);
    const borders = bordersOf(this.polygons);
    await this.map.show(this.polygons, borders);
    this.painting = new Painting(this.map, this.session, borders);
    this.painting.all();
    this.labels = new Labels(this.map);
    this.mapBox.append(this.labels.root);
    this.adjacency = new Adjacency(this.map, this.session, this.ground);
    this.drawLabels(this.session.draft.grids.keys());
    printable(this.paper, () => this.onPaper());
    this.gesture = new Gesture(this.session, this.ground, this.hand, {
      chosen: (grid) => this.choose(grid),
      selected: (grid) => this.select(grid),
      chooseFirst: () => this.toast(this.words.chooseFirst),
      sketch: (ring) => this.map.sketch(ring),
      worldLength: (pixels) => this.map.worldLength(pixels),
    });
    this.map.see({
      tap: (at) => this.gesture.tap(at),
      down: (at, event) => {
        this.touched.clear();
        this.refusalTold = false;
        this.gesture.down(at, event);
      },
      move: (at) => this.gesture.move(at),
      up: () => {
        this.gesture.up();
        this.drawLabels(this.touched);
      },
    });
    this.listenToKeys();
    this.takeTool("brush");
    this.showStatus();
    this.drawPanel();
    this.bringBack();
    client.listen(this.session.version, (answer) => this.session.hear(answer));
    if (this.session.document.status !== "draft") this.toast(this.words.notDraft);
    root.dataset["ready"] = "yes";
    if (localStorage.getItem("wangge-hints") === null) this.showHints();
  }

  private readonly acts = {
    newGrid: () => {
      this.takeTool("brush");
      this.hand.newGrid = true;
      this.bar.hint.textContent = this.words.newGridArmed;
    },
    lock: () => this.lock(),
    undo: () => void this.session.undo(),
    redo: () => void this.session.redo(),
    find: () => this.findNext(),
    smaller: () => this.resize(-1),
    larger: () => this.resize(1),
    help: () => this.showHelp(),
    resume: () => this.session.resume(),
    step: () => this.askStep(),
    print: () => print(),
    paintAside: () => this.paintAside(),
    history: () => void this.showHistory(),
    comments: () => void this.showComments(),
  };

  private readonly switches = {
    adjacency: (on: boolean) => this.adjacency.show(on),
    paintLock: (on: boolean) => (this.map.touchPaints = on),
    allowPieces: (on: boolean) => (this.session.allowsPieces = on),
  };

  private limit(to: string): void {
    const { session, words } = this;
    const [[west, north], [east, south]] = this.map.view();
    if (to === "") session.limit = null;
    else if (to === "view") session.limit = viewLimit(words.limitView, this.ground.places, { west, north, east, south });
    else session.limit = communityLimit(session.draft.area, Number(to));
    for (const unit of allUnits(this.ground)) this.map.dim(unit, session.limit !== null && !session.limit.units.has(unit));
    if (session.limit !== null) this.toast(filled(words.limitedTo, { area: session.limit.name }));
  }

  private select(grid: number): void {
    if (!this.selected.delete(grid)) this.selected.add(grid);
    this.choose(grid);
  }

  private drawLabels(grids: Iterable<number>): void {
    const { draft } = this.session;
    for (const grid of grids) {
      const unit = middleOf(draft, grid);
      this.labelOf[grid] = unit === null ? null : { at: this.ground.places[unit]!, texts: textsOf(draft, grid), weight: draft.unitsOf(grid).size };
    }
    this.labels.show(this.labelOf.filter((label) => label !== null && label !== undefined));
  }

  /** Show a proposal on the map; null ends it. */
  private preview(result: ProposalTold | null): void {
    const { draft } = this.session;
    const units = new Map(draft.area.unitIds.map((id, i) => [id, i]));
    const grids = new Map(draft.grids.map((g, i) => [g.id, i]));
    for (const { new_grid_id } of result?.moves ?? []) if (!grids.has(new_grid_id)) grids.set(new_grid_id, grids.size);
    this.painting.show(new Map((result?.moves ?? []).map((m) => [units.get(m.unit_id)!, grids.get(m.new_grid_id)!])));
  }

  private onPaper(): Parameters<typeof printable>[1] extends () => infer P ? P : never {
    const { session, words } = this;
    const { notice_zh, notice_en, name } = session.document;
    const version = filled(words.printed, { version: session.version, status: this.statusText(session.status) });
    return {
      title: `${words.title} · ${name}`, lines: [version, document.documentElement.lang === "zh" ? notice_zh : notice_en],
      picture: this.map.picture(this.labels.standing), pictureText: words.mapLabel, key: this.bar.key.cloneNode(true), heads: this.panel.heads, rows: this.panel.rows(),
    };
  }

  private paintAside(): void {
    const plan = this.session.document.plan;
    const all = asideOf(localStorage, plan);
    if (all.length === 0) return this.toast(this.words.noAside);
    setAside(localStorage, plan, []);
    this.session.replay(all.map(({ moves }) => moves));
  }

  /** The versions of the plan, the newest first, each to be brought back. */
  private async showHistory(): Promise<void> {
    const { words, session } = this;
    const told = await this.client.read<{ readonly edits: ReadonlyArray<Readonly<Record<"kind" | "author" | "at", string>> & { readonly version: number }> }>("history");
    if (!("value" in told)) return this.toast(told.text ?? words.offline);
    const lines = [...told.value.edits].reverse().map((edit) => {
      const back = button(words.restore, { "data-restore": String(edit.version), ...(edit.version === session.version || session.status !== "draft" ? { disabled: "" } : {}) }, () => {
        back.closest("dialog")!.close();
        void session.command("restore", { version: edit.version, in_pieces: session.allowsPieces });
      });
      return element("li", {}, `${filled(words.historyLine, { ...edit, kind: wordFor(edit.kind, words.editKinds), at: edit.at.slice(0, 16).replace("T", " ") })} `, back);
    });
    ask(words.history, [], [{ id: "close", text: words.close, act: () => undefined }], element("ul", { id: "versions" }, ...lines));
  }

  /** Comments on the plan and its grids; one on the chosen grid can be written, and open ones settled. */
  private async showComments(): Promise<void> {
    const { words } = this;
    interface CommentLine { readonly comment: number | string; readonly grid_id: string | null; readonly text: string; readonly author: string; readonly closed_at: string | null }
    const told = await this.client.read<{ readonly comments: readonly CommentLine[] }>("comments");
    if (!("value" in told)) return this.toast(told.text ?? words.offline);
    const author = authorOf(localStorage);
    const sent = (back: HTMLElement, path: string, body: object) => async () => {
      const answer = await this.client.post(path, body);
      back.closest("dialog")!.close();
      if ("value" in answer) await this.showComments();
      else this.toast(answer.text ?? words.offline);
    };
    const lines = told.value.comments.map((c) => {
      const line = element("li", {}, `${c.grid_id ?? words.wholePlan} · ${c.author}: ${c.text} `);
      if (c.closed_at !== null) line.append(`(${words.settled})`);
      else line.append(button(words.settle, { "data-settle": String(c.comment) }, () => void sent(line, `comments/${encodeURIComponent(c.comment)}/close`, { author })()));
      return line;
    });
    const grid = this.hand.chosen === null ? null : this.session.draft.grids[this.hand.chosen]!.id;
    const text = element("textarea", { id: "comment-text", maxlength: "1000", rows: "3" });
    const label = element("label", { for: "comment-text" }, filled(words.commentOn, { grid: grid ?? words.wholePlan }));
    const send = button(words.send, { id: "comment-send" }, () => {
      if (text.value.trim() !== "") void sent(send, "comments", { text: text.value.trim(), author, ...(grid === null ? {} : { grid_id: grid }) })();
    });
    ask(words.comments, [], [{ id: "close", text: words.close, act: () => undefined }], element("ul", { id: "comments" }, ...lines), label, text, send);
  }

  private takeTool(tool: Tool): void {
    this.hand.tool = tool;
    this.hand.newGrid = false;
    this.map.pan(tool === "pan");
    this.bar.press(tool);
  }

  private resize(step: -1 | 1): void {
    const at = BRUSH_PIXELS.findIndex((p) => p === this.hand.brushPixels);
    this.hand.brushPixels = BRUSH_PIXELS[Math.min(BRUSH_PIXELS.length - 1, Math.max(0, at + step))]!;
    this.bar.size(this.hand.brushPixels);
  }

  private choose(grid: number): void {
    this.hand.chosen = grid;
    this.touched.add(grid);
    this.painting.choose(grid);
    this.bar.lockText(this.session.draft.grids[grid]!.locked);
    this.proposing.select([...new Set([...this.selected, grid])].sort((a, b) => a - b));
    this.drawSoon();
  }

  private lock(): void {
    const { chosen } = this.hand;
    if (chosen === null) return this.toast(this.words.chooseFirst);
    void this.session.setLocked(chosen, !this.session.draft.grids[chosen]!.locked);
  }

  private changed(units: readonly number[], grids: ReadonlySet<number>): void {
    for (const grid of grids) this.touched.add(grid);
    this.painting.changed(units, grids);
    this.adjacency.draw();
    this.drawLabels(grids);
    const { chosen } = this.hand;
    if (chosen !== null) this.bar.lockText(this.session.draft.grids[chosen]!.locked);
    this.keepDraft();
    this.drawSoon();
  }

  /** Numbers follow at the next frame, however many moves there were. */
  private drawSoon(): void {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.drawPanel();
    });
  }

  private drawPanel(): void {
    const shown = [...this.touched].filter((g) => this.session.draft.unitsOf(g).size > 0).sort((a, b) => a - b);
    this.panel.show(shown, this.hand.chosen);
    this.panel.drawLoads();
  }

  private showState(state: SaveState, broken: readonly number[]): void {
    const { words, session } = this;
    const text: Record<SaveState, string> = {
      saved: filled(words.saved, { version: session.version }),
      saving: words.saving,
      broken: filled(words.unsavedBroken, { grids: broken.map((g) => session.draft.grids[g]!.id).join(", ") }),
      pieces: filled(words.pieces_saved, { version: session.version, grids: broken.map((g) => session.draft.grids[g]!.id).join(", ") }),
      offline: words.offline,
      conflict: words.conflictState,
    };
    this.state.dataset["state"] = state;
    this.state.textContent = text[state];
    this.bar.resumable(state === "conflict");
    this.keepDraft();
  }

  /** Keep what is not saved; of a plan that is no draft, what was kept before stays. */
  private keepDraft(): void {
    const { session } = this;
    if (session.status === "draft") keep(localStorage, session.document.plan, session.pending.lines(session.draft), session.unsavedStrokes);
  }

  /** Say why, once a stroke. */
  private refuse(refusal: Refusal): void {
    if (this.refusalTold) return;
    this.refusalTold = true;
    this.toast(this.reasonOf(refusal));
  }

  private toast(text: string): void {
    if ([...this.toasts.children].some((shown) => shown.textContent === text)) return;
    const shown = element("p", {}, text);
    this.toasts.append(shown);
    setTimeout(() => shown.remove(), TOAST_MS);
  }

  private reasonOf(refusal: Refusal): string {
    const { words, session } = this;
    const { area, grids } = session.draft;
    if (refusal.reason === "not-draft") return words.notDraft;
    if (refusal.reason === "grid-locked") return filled(words.gridLocked, { grid: grids[refusal.grid]!.id });
    const unit = area.unitIds[refusal.unit]!;
    if (refusal.reason === "unit-locked") return filled(words.unitLocked, { unit });
    if (refusal.reason === "outside-limit") return filled(words.outsideLimit, { unit, area: session.limit!.name });
    const community = area.communities[area.communityOf[refusal.unit]!]!.name;
    return filled(words.otherCommunity, { unit, community, grid: grids[refusal.grid]!.id });
  }

  private tellOthers(answer: EditAnswer): void {
    if (answer.moves.length === 0) return;
    this.toast(filled(this.words.othersEdited, { count: answer.moves.length, version: answer.version }));
  }

  /** Show both sides, and let the planner choose; the map stays in sight. */
  private askConflict(units: readonly number[]): void {
    const { session, words } = this;
    const { draft, pending } = session;
    for (const unit of units) this.contested.add(unit);
    const all = [...this.contested].filter((unit) => draft.gridOf[unit] !== pending.saved[unit]).sort((a, b) => a - b);
    for (const unit of all) this.map.shade(unit, CURSOR_SHADE);
    const id = (grid: number): string => draft.grids[grid]!.id;
    const card = conflictCard(words, all.map((unit) => ({ unit: draft.area.unitIds[unit]!, mine: id(draft.gridOf[unit]!), theirs: id(pending.saved[unit]!) })), {
      show: (side) => this.painting.show(side === "mine" ? new Map() : new Map(all.map((unit) => [unit, pending.saved[unit]!]))),
      settle: (choice) => this.settle(choice, all),
    });
    this.cards.replaceChildren(card);
    card.querySelector("button")!.focus();
  }

  private settle(choice: Settled, units: readonly number[]): void {
    const { session, words } = this;
    const { draft, document: plan } = session;
    for (const unit of units) this.map.shade(unit, 0);
    this.painting.show(new Map());
    this.contested.clear();
    this.cards.replaceChildren();
    if (choice === "both") {
      const moves = units.map((unit) => ({ unit_id: draft.area.unitIds[unit]!, grid_id: draft.grids[draft.gridOf[unit]!]!.id }));
      setAside(localStorage, plan.plan, [{ at: new Date().toISOString(), moves }, ...asideOf(localStorage, plan.plan)]);
      this.toast(filled(words.bothKept, { count: units.length }));
    }
    session.resolve(choice === "both" ? "theirs" : choice, units);
  }

  private statusText(status: string): string {
    return this.words[status as "draft"];
  }

  private showStatus(): void {
    const { status, nextSteps } = this.session;
    this.bar.status(filled(this.words.statusNow, { status: this.statusText(status) }), nextSteps.length > 0);
  }

  private tornText(): string[] {
    const { draft, inPieces } = this.session;
    return inPieces.length === 0 ? [] : [filled(this.words.pieces_saved, { version: this.session.version, grids: inPieces.map((g) => draft.grids[g]!.id).join(", ") })];
  }

  /** Ask for the next step of the workflow, and why. */
  private askStep(): void {
    const { words, session } = this;
    if (session.pending.size > 0) return this.toast(words.saveFirst);
    const note = element("input", { id: "step-note", maxlength: "500" });
    const steps = session.nextSteps.map((status) => ({ id: `step-${status}`, text: this.statusText(status), disabled: status !== "draft" && session.inPieces.length > 0, act: () => void session.step(status, note.value) }));
    const label = element("label", { for: "step-note" }, words.stepNote);
    ask(words.stepTitle, [filled(words.stepText, { status: this.statusText(session.status), version: session.version }), ...this.tornText()], [...steps, { id: "close", text: words.close, act: () => undefined }], label, note);
  }

  private findNext(): void {
    const { draft } = this.session;
    const why = draft.grids.map((_, grid) => troubleOf(draft, grid, this.session.banded(grid)));
    const found = nextOf(why.flatMap((trouble, grid) => (trouble === null ? [] : [grid])), this.sought);
    if (found === null) return this.toast(this.words.noTroubles);
    this.sought = found.grid;
    this.touched.clear();
    this.choose(found.grid);
    this.map.zoomTo(boxOf(this.ground, draft.unitsOf(found.grid)));
    const count = why.filter((trouble) => trouble !== null).length;
    const pieces = piecesOf(draft.area, draft.unitsOf(found.grid)).length;
    const reason = filled(this.words[why[found.grid]!], { pieces });
    this.bar.hint.textContent = filled(this.words.troubles, { place: found.place, count, grid: draft.grids[found.grid]!.id, why: reason });
  }

  private bringBack(): void {
    const { document, status } = this.session;
    if (status !== "draft") return;
    const { moves, strokes } = kept(localStorage, document.plan);
    const count = this.session.replay([...(strokes ?? []), moves].filter((stroke) => stroke.length > 0));
    if (count === 0) return;
    this.toast(filled(this.words.restored, { count }));
  }

  private listenToKeys(): void {
    const towards = (east: number, north: number) => () => {
      const next = this.cursor === null ? 0 : neighbourTowards(this.session, this.cursor, east, north);
      if (next !== null) this.moveCursor(next);
    };
    const { acts } = this;
    const tool = (name: Tool) => () => this.takeTool(name);
    listen(
      {
        b: tool("brush"), v: tool("click"), x: tool("box"), l: tool("lasso"), f: tool("fill"), e: tool("erase"), m: tool("merge"), h: tool("pan"),
        " ": () => this.map.pan(true),
        n: acts.newGrid, k: acts.lock, g: acts.find, "[": acts.smaller, "]": acts.larger, "?": acts.help,
        s: () => this.cursor !== null && this.select(this.session.draft.gridOf[this.cursor]!),
        "ctrl+z": acts.undo, "ctrl+shift+z": acts.redo, "ctrl+y": acts.redo,
      },
      {
        ArrowLeft: towards(-1, 0), ArrowRight: towards(1, 0), ArrowUp: towards(0, 1), ArrowDown: towards(0, -1),
        Enter: () => this.cursor !== null && this.choose(this.session.draft.gridOf[this.cursor]!),
        p: () => {
          if (this.cursor === null) return;
          this.refusalTold = false;
          this.gesture.into([this.cursor]);
          this.session.endStroke();
        },
      },
      this.mapBox,
    );
    document.addEventListener("keydown", (event) => document.body.classList.toggle("keys", event.altKey));
    addEventListener("blur", () => document.body.classList.remove("keys"));
    document.addEventListener("keyup", (event) => {
      document.body.classList.toggle("keys", event.altKey);
      if (event.key === " ") this.map.pan(this.hand.tool === "pan");
    });
  }

  private moveCursor(unit: number): void {
    if (this.cursor !== null) this.map.shade(this.cursor, 0);
    this.cursor = unit;
    this.map.shade(unit, CURSOR_SHADE);
    const { area, grids, gridOf } = this.session.draft;
    const facts = { unit: area.unitIds[unit]!, grid: grids[gridOf[unit]!]!.id, households: area.households[unit]! };
    this.cursorText.textContent = filled(this.words.cursorAt, facts);
  }

  private showHints(): void {
    const begin = () => localStorage.setItem("wangge-hints", "seen");
    ask(this.words.hintsTitle, this.words.hints.split("|"), [{ id: "begin", text: this.words.begin, act: begin }]);
  }

  private showHelp(): void {
    ask(this.words.helpTitle, this.words.helpKeys.split("|"), [{ id: "close", text: this.words.close, act: () => undefined }]);
  }
}

function groundOf(document: EditorDocument): Ground {
  const shapes = shapesOf(document.polygons);
  const places = document.polygons.map((_, unit) => {
    const [west, north, east, south] = shapes.boxes.slice(4 * unit, 4 * unit + 4);
    return [(west! + east!) / 2, (north! + south!) / 2] as const;
  });
  return { shapes, buckets: new Buckets(shapes), places };
}

function allUnits(ground: Ground): Iterable<number> {
  return ground.places.keys();
}

/** The box round units, in degrees. */
function boxOf(ground: Ground, units: Iterable<number>): Box {
  const edge = { west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
  for (const unit of units) {
    const at = 4 * unit;
    edge.west = Math.min(edge.west, ground.shapes.boxes[at]!);
    edge.north = Math.min(edge.north, ground.shapes.boxes[at + 1]!);
    edge.east = Math.max(edge.east, ground.shapes.boxes[at + 2]!);
    edge.south = Math.max(edge.south, ground.shapes.boxes[at + 3]!);
  }
  const lon = (x: number): number => (x - 0.5) * EARTH_DEGREES;
  const lat = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return [lon(edge.west), lat(edge.south), lon(edge.east), lat(edge.north)];
}
