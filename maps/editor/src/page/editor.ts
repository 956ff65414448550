/** The page: map, tools, panel and messages, put together around one session. */

import { MapAdapter } from "../map/adapter";
import { basemapOf } from "../map/basemap";
import type { Client, EditAnswer } from "../service/client";
import type { EditorDocument } from "../service/document";
import type { Listener, SaveState } from "../session/listener";
import { calledOf, Planner } from "../session/planner";
import { Session } from "../session/session";
import { bordersOf } from "../shapes/borders";
import { unitAt } from "../shapes/pick";
import { Adjacency } from "./adjacency";
import { type Bar, barOf } from "./bar";
import { Choosing } from "./choosing";
import { Coach } from "./coach";
import { Conflicts } from "./conflicts";
import { Cursor } from "./cursor";
import { Dialogs } from "./dialogs";
import { button, element } from "./element";
import { Finder } from "./finder";
import { GridCard } from "./grid_card";
import { allUnits, boxOf, groundOf } from "./ground";
import { Keyboard } from "./keyboard";
import { limitTo } from "./limiting";
import { Linking } from "./linking";
import { LostMap } from "./lost_map";
import { Messages } from "./messages";
import { Names } from "./names";
import { Numbers, SAID_GRIDS } from "./numbers";
import { Painting } from "./painting";
import { Panel } from "./panel";
import { Pins } from "./pins";
import { PointerTrace } from "./pointer_trace";
import { paperOf, printable } from "./printing";
import { Proposing } from "./proposing";
import { BRUSH_PIXELS, Rail } from "./rail";
import type { Strings } from "./strings.zh";
import { Gesture, type Hand, type Tool } from "./tools";
import { UnitCard } from "./unit_card";
import { Unsaved } from "./unsaved";
import { Who } from "./who";
import { filled } from "./words";
import { gridName, namesOf, type Workplace } from "./workplace";

export class Editor {
  private readonly work: Workplace;
  private readonly hand: Hand = { tool: "brush", chosen: null, newGrid: false, brushPixels: 8, picking: null };
  private readonly mapBox = element("div", { id: "map", role: "application", tabindex: "0" });
  private readonly hint = element("p", { id: "hint", role: "status" });
  /** What is said and counted while the pointer moves: it stays in sight. */
  private readonly live = element("div", { id: "live" }, this.hint);
  private readonly paper = element("div", { id: "paper" });
  private readonly lost = new LostMap();
  private readonly borders: ReturnType<typeof bordersOf>;
  private readonly bar: Bar;
  private readonly rail: Rail;
  private readonly panel: Panel;
  private readonly painting: Painting;
  private readonly names: Names;
  private readonly numbers: Numbers;
  private readonly unsaved: Unsaved;
  private readonly adjacency: Adjacency;
  private readonly proposing: Proposing;
  private readonly choosing: Choosing;
  private readonly gesture: Gesture;
  private readonly conflicts: Conflicts;
  private readonly finder: Finder;
  private readonly trace: PointerTrace;
  private readonly linking: Linking;
  private readonly gridCard: GridCard;
  private readonly unitCard: UnitCard;
  private readonly pins: Pins;
  private readonly dialogs: Dialogs;
  private readonly cursor: Cursor;
  private readonly coach: Coach;
  private readonly who: Who;

  constructor(root: HTMLElement, document: EditorDocument, client: Client, words: Strings) {
    const messages = new Messages(words);
    const ground = groundOf(document);
    const planner = new Planner(localStorage);
    const session = new Session(document, client, planner, this.listener());
    root.replaceChildren(this.mapBox);
    this.mapBox.setAttribute("aria-label", words.mapLabel);
    const map = new MapAdapter(this.mapBox, boxOf(ground, allUnits(ground)), words);
    const work = this.work = { session, client, planner, words, map, ground, messages };
    const say = (text: string): void => this.say(text);
    this.borders = bordersOf(ground.shapes);
    this.painting = new Painting(map, session, this.borders);
    this.names = new Names(work);
    this.unsaved = new Unsaved(work);
    this.adjacency = new Adjacency(map, session, ground);
    this.panel = new Panel(session, words, (units) => map.zoomTo(boxOf(ground, units)));
    this.pins = new Pins(map);
    this.dialogs = new Dialogs(work, this.pins);
    this.conflicts = new Conflicts(work, this.painting);
    this.coach = new Coach(words, localStorage, (text) => messages.toast(text));
    this.who = new Who(planner, words);
    this.linking = new Linking(work, this.hand, say);
    this.gridCard = new GridCard(work);
    this.unitCard = new UnitCard(work, (unit) => this.linking.begin(unit));
    this.proposing = new Proposing(work, { preview: (units) => this.painting.show(units), proposed: () => this.coach.tick("even"), widen: () => this.choosing.widen() });
    this.choosing = new Choosing(work, this.hand, { painting: this.painting, proposing: this.proposing, grid: this.gridCard, unit: this.unitCard });
    this.numbers = new Numbers(work, { panel: this.panel, names: this.names, chosen: () => this.hand.chosen, painting: () => this.gesture.painting, draw: () => this.choosing.draw() });
    this.finder = new Finder(work, (grid) => this.find(grid), say);
    this.cursor = new Cursor(work);
    this.trace = new PointerTrace(work, this.hand, this.mapBox);
    this.rail = new Rail(words, { tool: (tool) => this.takeTool(tool), newGrid: () => this.acts.newGrid(), resize: (step) => this.resize(step), paintLock: (on) => this.fingers(on) });
    this.bar = barOf(words, document, {
      act: (name) => this.acts[name](),
      colourBy: (by) => {
        this.painting.by = by;
        this.painting.all();
        this.legend();
      },
      switched: (name, on) => this.switches[name](on),
      limit: (to) => {
        if (!limitTo(work, to)) this.bar.limitTo.value = "";
      },
    }, this.finder.root);
    this.gesture = new Gesture(session, ground, this.hand, {
      chosen: (grid) => this.choose(grid),
      begun: () => this.takeTool(this.hand.tool),
      apart: (grid, into) => messages.toast(filled(words.doNotTouch, { grid: gridName(work, grid), into: gridName(work, into) })),
      selected: (grid) => this.select(grid),
      inspected: (unit) => this.unitCard.show(unit),
      chooseFirst: () => messages.toast(words.chooseFirst),
      sketch: (ring) => map.sketch(ring),
      ringed: (grids) => this.numbers.only(grids),
      worldLength: (pixels) => map.worldLength(pixels),
    });
    this.layOut(root);
  }

  private layOut(root: HTMLElement): void {
    const { words, messages, session } = this.work;
    const notice = globalThis.document.documentElement.lang === "zh" ? session.document.notice_zh : session.document.notice_en;
    this.mapBox.append(this.trace.ring, this.names.root, this.pins.root, messages.toasts, this.lost.root);
    this.panel.loads.append(this.bar.key);
    this.live.append(this.panel.root);
    root.replaceChildren(
      this.skip(),
      this.bar.root, this.rail.root, this.mapBox,
      element("aside", { "aria-label": words.panelLabel }, this.live, this.conflicts.root, this.who.root, this.coach.root, this.gridCard.root, this.unitCard.root, this.panel.pieces,
        this.proposing.root, this.panel.loads, element("p", { id: "notice" }, notice)),
      element("footer", {}, messages.state, this.trace.readout, messages.heard),
      this.paper,
    );
    this.legend();
    this.bar.allowing(session.allowsPieces);
    this.rail.sized(this.hand.brushPixels);
    messages.state.textContent = filled(words.saved, { version: session.document.version });
  }

  private legend(): void {
    const { draft, codes } = this.work.session;
    this.bar.legend(this.painting.by, draft.grids.some((_, grid) => draft.unitsOf(grid).size > 0 && !codes.banded(grid)));
  }

  /** The first stop of Tab: past the bar and the tools. */
  private skip(): HTMLElement {
    return button(this.work.words.skip, { class: "skip" }, () => this.mapBox.focus());
  }

  /** Draw the plan, and begin to listen. */
  async open(root: HTMLElement): Promise<void> {
    const { session, client, map, words, messages, ground } = this.work;
    map.fit(boxOf(ground, allUnits(ground)));
    map.show(ground.shapes, this.borders);
    this.lost.watch(this.work);
    this.painting.all();
    this.names.mark(session.draft.grids.keys());
    printable(this.paper, () => paperOf(this.work, { names: this.names, panel: this.panel, key: this.bar.key, status: this.dialogs.statusText(session.status) }));
    this.watchPointer();
    new Keyboard({
      acts: { ...this.acts, find: () => this.finder.step(1), findBack: () => this.finder.step(-1) }, tool: (tool) => this.takeTool(tool), resize: (step) => this.resize(step), pan: (on) => map.pan(on || this.hand.tool === "pan"),
      cursor: this.cursor, start: () => this.unitInMiddle(), look: (unit) => this.look(unit), select: (grid) => this.look(null, grid), press: (unit) => this.press(unit), session, trace: this.trace,
    }, this.mapBox);
    this.takeTool("brush");
    this.fingers(false);
    this.showStatus();
    this.numbers.draw();
    await this.unsaved.bringBack();
    void this.dialogs.markComments();
    client.listen(session.version, (answer) => session.hear(answer));
    if (session.document.status !== "draft") messages.toast(words.notDraft);
    root.dataset["ready"] = "yes";
    await this.layBasemap();
  }

  /** Where the service names a base map; without it the editor works on. */
  private async layBasemap(): Promise<void> {
    const basemap = basemapOf(globalThis.document);
    if (basemap === null) return;
    try {
      await this.work.map.lay(basemap);
    } catch {
      return this.work.messages.toast(this.work.words.noBasemap);
    }
    this.bar.withBasemap();
    if (basemap.credit !== "") this.mapBox.append(element("p", { id: "credit" }, basemap.credit));
  }

  private listener(): Listener {
    return {
      changed: (units, grids) => this.changed(units, grids),
      saveState: (state, broken) => this.showState(state, broken),
      refused: (refusal) => this.work.messages.refuse(refusal, this.work.session),
      told: (text) => this.work.messages.toast(text),
      conflict: (units, answer) => this.conflicts.ask(units, answer === null ? null : calledOf(answer) || this.work.words.somebody),
      others: (answer, contested) => this.tellOthers(answer, contested),
      accepted: (answer) => this.accepted(answer),
      overtaken: () => this.work.messages.toast(this.work.words.overtaken),
      stepped: () => {
        this.showStatus();
        void this.unsaved.bringBack();
        this.work.messages.toast(filled(this.work.words.stepped, { status: this.dialogs.statusText(this.work.session.status) }));
      },
    };
  }

  private readonly acts = {
    newGrid: () => {
      this.takeTool("brush");
      this.hand.newGrid = true;
      this.rail.arm();
      this.hint.textContent = this.work.words.newGridArmed;
    },
    lock: () => this.gridCard.toggleLock(),
    lockUnit: () => this.unitCard.toggleLock(),
    rename: () => this.gridCard.rename(),
    undo: () => void this.work.session.undo().then(() => this.numbers.tell()),
    redo: () => void this.work.session.redo().then(() => this.numbers.tell()),
    help: () => this.dialogs.keys(),
    hints: () => this.coach.show(),
    who: () => this.who.change(),
    resume: () => this.work.session.resume(),
    step: () => this.dialogs.step(),
    print: () => print(),
    paintAside: () => this.unsaved.paintAside(),
    history: () => void this.dialogs.history(),
    comments: () => void this.dialogs.comments(this.hand.chosen === null ? null : this.work.session.draft.grids[this.hand.chosen]!.id, this.unitCard.unit),
    links: () => this.linking.begin(this.unitCard.unit),
    compare: () => this.coach.tick("compare"),
    escape: () => this.escape(),
  };

  private readonly switches = {
    adjacency: (on: boolean) => this.adjacency.show(on),
    basemap: (on: boolean) => this.work.map.showBasemap(on),
    allowPieces: (on: boolean) => (this.work.session.allowsPieces = on),
  };

  private watchPointer(): void {
    this.work.map.see({
      tap: (at) => this.gesture.tap(at),
      down: (at, event) => {
        this.numbers.begin();
        this.work.messages.begin();
        this.gesture.down(at, event);
        this.live.classList.toggle("painting", this.gesture.painting);
      },
      move: (at) => this.gesture.move(at),
      drop: () => void (this.gesture.drop() && this.strokeDone()),
      up: () => {
        this.gesture.up();
        this.strokeDone();
      },
    });
    this.mapBox.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      const unit = this.trace.unit;
      if (unit !== null) this.gesture.look(unit);
    });
  }

  private strokeDone(): void {
    this.live.classList.remove("painting");
    this.numbers.settle();
    this.unsaved.keep();
    this.finder.tally();
  }

  /** Give up what was begun: a stroke, a pick, a new grid. */
  private escape(): void {
    if (this.gesture.drop()) return this.strokeDone();
    this.hand.picking = null;
    this.takeTool(this.hand.tool);
  }

  private takeTool(tool: Tool): void {
    this.hand.tool = tool;
    this.hand.newGrid = false;
    this.work.map.pan(tool === "pan");
    this.rail.press(tool);
    this.trace.refresh();
    this.say("");
  }

  /** Say what the hand is to do next; nothing says what the tool does. */
  private say(text: string): void {
    const { words, session } = this.work;
    this.hint.textContent = text || (session.status === "draft" ? words[`${this.hand.tool}Hint`] : words.notDraft);
  }

  private resize(step: -1 | 1): void {
    const at = BRUSH_PIXELS.findIndex((p) => p === this.hand.brushPixels);
    this.hand.brushPixels = BRUSH_PIXELS[Math.min(BRUSH_PIXELS.length - 1, Math.max(0, at + step))]!;
    this.rail.sized(this.hand.brushPixels);
    this.trace.refresh();
  }

  /** One finger paints, or moves the map. */
  private fingers(paint: boolean): void {
    this.work.map.touchPaints = paint;
    this.rail.fingers(paint);
  }

  private choose(grid: number): void {
    this.choosing.choose(grid);
    this.numbers.touch(grid);
  }

  private select(grid: number): void {
    this.choosing.select(grid);
    this.numbers.touch(grid);
  }

  /** Choose a grid, or take it into the selection, by the keyboard: that is said. */
  private look(unit: number | null, selected?: number): void {
    const { messages, words } = this.work;
    if (unit !== null) this.gesture.look(unit);
    if (selected !== undefined) this.select(selected);
    const grids = this.choosing.all;
    messages.announce(grids.length === 0 ? words.noneChosen : filled(words.chosenGrids, { grids: this.panel.sentence(grids.slice(0, SAID_GRIDS)) }) + (grids.length > SAID_GRIDS ? ` … (${grids.length})` : ""));
  }

  private find(grid: number): void {
    this.numbers.begin();
    this.choose(grid);
  }

  private press(unit: number): void {
    this.numbers.begin();
    this.work.messages.begin();
    this.gesture.press(unit);
    this.strokeDone();
  }

  private unitInMiddle(): number | null {
    const { map, ground } = this.work;
    const [[west, north], [east, south]] = map.view();
    return unitAt(ground.shapes, ground.buckets, [(west + east) / 2, (north + south) / 2]);
  }

  private changed(units: readonly number[], grids: ReadonlySet<number>): void {
    this.numbers.changed(units, grids);
    this.painting.changed(units, grids);
    this.adjacency.draw();
  }

  private showState(state: SaveState, broken: readonly number[]): void {
    this.work.messages.showState(state, broken, this.work.session);
    if (this.work.session.pending.contested.length === 0) this.conflicts.close();
    this.bar.resumable(state === "conflict" && !this.conflicts.open);
    this.unsaved.keep();
  }

  private accepted(answer: EditAnswer): void {
    const lesson = ({ move: "paint", new_grid: "paint", merge: "paint", lock: "lock", undo: "undo", accept: "accept", status: "submit" } as const)[answer.kind as "move"] ?? null;
    if (lesson !== null) this.coach.tick(lesson);
    if (answer.kind === "note") this.work.messages.toast(this.work.words.noteKept);
    this.tellRetired(answer);
    this.finder.tally();
  }

  /** Name the grids that are given up, and where their units went. */
  private tellRetired({ retired, moves }: EditAnswer): void {
    const { messages, words, session } = this.work;
    const gone = new Set(retired);
    const names = (codes: Iterable<string>): string => namesOf(this.work, [...new Set(codes)].flatMap((code) => session.codes.find(code) ?? []));
    if (gone.size > 0) messages.toast(filled(words.retired, { grids: names(gone), into: names(moves.filter((m) => gone.has(m.old_grid_id)).map((m) => m.new_grid_id)) }));
  }

  /** What is contested is not merged: the card asks about it. */
  private tellOthers(answer: EditAnswer, contested: number): void {
    const { messages, words, planner } = this.work;
    this.finder.tally();
    const own = answer.author === planner.mark; // in another window
    const facts = { who: calledOf(answer) || words.somebody, count: answer.moves.length, version: answer.version, contested, merged: answer.moves.length - contested };
    if (facts.merged > 0 && !own) messages.toast(filled(contested > 0 ? words.othersEditedPartly : words.othersEdited, facts));
  }

  private showStatus(): void {
    const { session: { status, nextSteps }, words } = this.work;
    this.say("");
    this.bar.status(filled(words.statusNow, { status: this.dialogs.statusText(status) }), nextSteps.length > 0);
  }
}
