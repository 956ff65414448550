/** The page: map, toolbar, panel and messages, put together around one session. */

import { type Box, MapAdapter } from "../map/adapter";
import { nextOf, troubleOf } from "../plan/finding";
import { piecesOf } from "../plan/pieces";
import type { Refusal } from "../plan/rules";
import type { Client, EditAnswer } from "../service/client";
import type { EditorDocument } from "../service/document";
import { type SaveState, Session } from "../session";
import { bordersOf } from "../shapes/borders";
import { Buckets } from "../shapes/buckets";
import { shapesOf } from "../shapes/shapes";
import { ask, element } from "./element";
import { authorOf, keep, kept } from "./keeping";
import { listen } from "./keys";
import { Painting } from "./painting";
import { Panel } from "./panel";
import type { Strings } from "./strings.zh";
import { type Bar, barOf } from "./bar";
import { Gesture, type Ground, type Hand, neighbourTowards, type Tool } from "./tools";
import { filled } from "./words";

const TOAST_MS = 6000;
const BRUSH_PIXELS = [2, 8, 16, 28, 44, 64, 96] as const;
const EARTH_DEGREES = 360;
const CURSOR_SHADE = 0.45;

export class Editor {
  private readonly words: Strings;
  private readonly session: Session;
  private readonly hand: Hand = { tool: "brush", chosen: null, newGrid: false, brushPixels: 8 };
  private readonly touched = new Set<number>();
  private readonly panel: Panel;
  private readonly bar: Bar;
  private readonly ground: Ground;
  private readonly polygons: EditorDocument["polygons"];
  private readonly mapBox = element("div", { id: "map", role: "application", tabindex: "0" });
  private readonly toasts = element("div", { id: "toasts", role: "status" });
  private readonly state = element("span", { id: "state", role: "status" });
  private readonly cursorText = element("p", { class: "hidden", "aria-live": "polite" });
  private map!: MapAdapter;
  private painting!: Painting;
  private gesture!: Gesture;
  private cursor: number | null = null;
  private sought: number | null = null;
  private drawing = false;
  private refusalTold = false;

  constructor(document: EditorDocument, client: Client, words: Strings) {
    this.words = words;
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
    this.panel = new Panel(this.session, words);
    this.bar = barOf(words, document, {
      tool: (tool) => this.takeTool(tool),
      act: (name) => this.acts[name](),
      colourBy: (by) => {
        this.painting.by = by;
        this.painting.all();
      },
    });
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
      element("aside", {}, this.bar.hint, this.panel.root, this.bar.key, element("p", {}, notice)),
      element("footer", {}, this.state, this.cursorText),
    );
    this.map = new MapAdapter(this.mapBox, boxOf(this.ground, allUnits(this.ground)), this.words);
    const borders = bordersOf(this.polygons);
    await this.map.show(this.polygons, borders);
    this.painting = new Painting(this.map, this.session, borders);
    this.painting.all();
    this.gesture = new Gesture(this.session, this.ground, this.hand, {
      chosen: (grid) => this.choose(grid),
      chooseFirst: () => this.toast(this.words.chooseFirst),
      sketch: (ring) => this.map.sketch(ring),
      worldLength: (pixels) => this.map.worldLength(pixels),
    });
    this.map.see({
      down: (at, event) => {
        this.touched.clear();
        this.refusalTold = false;
        this.gesture.down(at, event);
      },
      move: (at) => this.gesture.move(at),
      up: () => this.gesture.up(),
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
  };

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
    if (session.status === "draft") keep(localStorage, session.document.plan, session.pending.lines(session.draft));
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
    if (refusal.reason === "outside-limit") return filled(words.outsideLimit, { unit });
    const community = area.communities[area.communityOf[refusal.unit]!]!.name;
    return filled(words.otherCommunity, { unit, community, grid: grids[refusal.grid]!.id });
  }

  private tellOthers(answer: EditAnswer): void {
    if (answer.moves.length === 0) return;
    this.toast(filled(this.words.othersEdited, { count: answer.moves.length, version: answer.version }));
  }

  private askConflict(units: readonly number[]): void {
    for (const unit of units) this.map.shade(unit, CURSOR_SHADE);
    const settle = (choice: "mine" | "theirs" | "later") => () => {
      for (const unit of units) this.map.shade(unit, 0);
      this.session.resolve(choice, units);
    };
    const { words } = this;
    ask(words.conflictTitle, [filled(words.conflictText, { count: units.length })], [
      { id: "mine", text: words.mine, act: settle("mine") },
      { id: "theirs", text: words.theirs, act: settle("theirs") },
      { id: "later", text: words.later, act: settle("later") },
    ]);
  }

  private statusText(status: string): string {
    return this.words[status as "draft"];
  }

  private showStatus(): void {
    const { status, nextSteps } = this.session;
    this.bar.status(filled(this.words.statusNow, { status: this.statusText(status) }), nextSteps.length > 0);
  }

  /** Ask for the next step of the workflow, and why. */
  private askStep(): void {
    const { words, session } = this;
    if (session.pending.size > 0) return this.toast(words.saveFirst);
    const note = element("input", { id: "step-note", maxlength: "500" });
    const steps = session.nextSteps.map((status) => ({ id: `step-${status}`, text: this.statusText(status), act: () => void session.step(status, note.value) }));
    const label = element("label", { for: "step-note" }, words.stepNote);
    ask(words.stepTitle, [filled(words.stepText, { status: this.statusText(session.status), version: session.version })], [...steps, { id: "close", text: words.close, act: () => undefined }], label, note);
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
    const { draft, document, status } = this.session;
    if (status !== "draft") return;
    const unitNumber = new Map(draft.area.unitIds.map((id, i) => [id, i]));
    const gridNumber = new Map(draft.grids.map((g, i) => [g.id, i]));
    const target = new Map<number, number>();
    for (const move of kept(localStorage, document.plan)) {
      const unit = unitNumber.get(move.unit_id);
      if (unit === undefined) continue;
      const grid = gridNumber.get(move.grid_id) ?? this.session.newGrid(unit);
      gridNumber.set(move.grid_id, grid);
      if (draft.gridOf[unit] !== grid) target.set(unit, grid);
    }
    if (target.size === 0) return;
    this.session.paint([...target.keys()], (unit) => target.get(unit)!);
    this.session.endStroke();
    this.toast(filled(this.words.restored, { count: target.size }));
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
        n: acts.newGrid, k: acts.lock, g: acts.find, "[": acts.smaller, "]": acts.larger, "?": acts.help,
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
        " ": () => this.map.pan(true),
      },
      this.mapBox,
    );
    document.addEventListener("keyup", (event) => {
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
