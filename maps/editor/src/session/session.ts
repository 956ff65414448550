/**
 * One planner at one plan: what is painted, what is saved, and what others do meanwhile.
 * Knows neither the map nor the page; both are told what changed.
 */

import { Codes } from "../plan/codes";
import type { Draft } from "../plan/draft";
import type { LimitedArea } from "../plan/limit";
import { type KeptDraft, type MoveLine, Pending } from "../plan/pending";
import { Preview } from "../plan/preview";
import type { Limits } from "../plan/rules";
import { Strokes } from "../plan/strokes";
import { Torn } from "../plan/torn";
import type { Client, EditAnswer, Outcome, Path } from "../service/client";
import { areaOf, draftOf, type EditorDocument } from "../service/document";
import { Links } from "../service/links";
import { type Letter, Outbox } from "../service/outbox";
import type { Listener } from "./listener";
import type { Planner } from "./planner";

type Way = "undo" | "redo";

export class Session {
  readonly document: EditorDocument;
  readonly draft: Draft;
  readonly pending: Pending;
  readonly codes: Codes;
  readonly torn: Torn;
  readonly links: Links;
  /** Grid of each unit in the base, by number; -1 where the grid is not in this plan. */
  readonly baseOf: Int32Array;
  readonly lockedUnits: Set<number>;
  version: number;
  status: string;
  /** Statuses that may follow. */
  nextSteps: readonly string[];
  /** Only these units may change; null means all. */
  limit: LimitedArea | null = null;
  private allowing: boolean;
  private heard: EditAnswer[] = [];
  /** Steps to take back or to make again that wait for the request on its way. */
  private turns: Way[] = [];
  private turning = false;
  private turned: Promise<void> = Promise.resolve();
  private sent: Promise<void> = Promise.resolve();
  private readonly strokes: Strokes;
  private readonly preview: Preview;
  private readonly outbox: Outbox;
  private readonly planner: Pick<Planner, "signature">;
  private readonly listener: Listener;
  private readonly unitNumber: ReadonlyMap<string, number>;
  private readonly communityNumber: ReadonlyMap<string, number>;

  constructor(document: EditorDocument, client: Pick<Client, "send">, planner: Pick<Planner, "signature">, listener: Listener) {
    this.document = document;
    this.outbox = new Outbox(client);
    this.planner = planner;
    this.listener = listener;
    this.version = document.version;
    this.status = document.status;
    this.nextSteps = document.next_steps;
    this.draft = draftOf(document, areaOf(document));
    this.pending = new Pending(this.draft.gridOf);
    this.strokes = new Strokes(this.draft, this.pending);
    this.preview = new Preview(this.draft, this.pending);
    this.codes = new Codes(this.draft, document.grids, document.codes_used, document.communities.map((c) => c.patrol_h));
    this.unitNumber = new Map(document.unit_ids.map((id, i) => [id, i]));
    this.communityNumber = new Map(document.communities.map(({ id }, i) => [id, i]));
    this.baseOf = Int32Array.from(document.base_of, (b) => this.codes.find(document.base_grids[b] ?? "") ?? -1);
    this.links = new Links(document);
    this.torn = new Torn(this.draft);
    this.allowing = this.torn.all.length > 0;
    this.lockedUnits = new Set([...document.study_locked, ...document.locked_units]);
  }

  get limits(): Limits {
    return { editable: this.status === "draft", lockedUnits: this.lockedUnits, onlyUnits: this.limit?.units ?? null };
  }

  /** Whether a grid may be in pieces for now. Such a plan can be saved, and not be submitted. */
  get allowsPieces(): boolean {
    return this.allowing;
  }

  set allowsPieces(on: boolean) {
    this.allowing = on;
    void this.save();
  }

  /** What was painted here and is not saved, with its steps back and forth. */
  get unsaved(): KeptDraft {
    const { lines: strokes, undoneLines: undone, behind } = this.strokes;
    return { moves: this.pending.lines(this.draft), seen: this.pending.seenCodes(this.draft), strokes, undone, behind };
  }

  /** The grid that a unit has in the base; -1 where that grid is no longer there. */
  baseGrid(unit: number): number {
    const grid = this.baseOf[unit]!;
    return grid >= 0 && this.codes.gone(grid) ? -1 : grid;
  }

  unitOf(id: string): number | null {
    return this.unitNumber.get(id) ?? null;
  }

  /** Put units into a grid as part of the stroke; what may not move stays, and the first reason is told. Steps that wait to be taken are given up. */
  paint(units: readonly number[], gridFor: (unit: number) => number): void {
    this.turns = [];
    const { moved, grids, refusal } = this.strokes.paint(this.limits, units, gridFor);
    if (moved.length > 0) this.tell(moved, grids);
    if (refusal !== null) this.listener.refused(refusal);
  }

  /** Show what units would do to a grid while a ring is pulled round them; nothing is saved meanwhile. Return the grids that it touches now. */
  previewInto(units: ReadonlySet<number>, grid: number): ReadonlySet<number> {
    const { moved, grids } = this.preview.show(this.limits, units, grid);
    if (moved.length > 0) this.tell(moved, grids);
    return this.preview.touched;
  }

  /** The ring is let go, or given up: what it showed goes back. */
  endPreview(): void {
    const { moved, grids } = this.preview.end();
    if (moved.length > 0) this.tell(moved, grids);
  }

  /** The pointer was lifted: the stroke is one step, and is saved. */
  endStroke(): void {
    this.strokes.seal();
    void this.save();
  }

  /** The stroke was given up: its units go back, and what waited for it is saved. */
  dropStroke(): void {
    const { moved, grids } = this.strokes.drop();
    this.tell(moved, grids);
    void this.save();
  }

  /** Paint strokes of last time again, each one a step to undo; return how many units differ from what is saved. */
  replay(strokes: ReadonlyArray<readonly MoveLine[]>): number {
    this.paintAgain(strokes.map((stroke) => this.targetsOf(stroke)));
    void this.save();
    return this.pending.size;
  }

  /**
   * Bring back what was not saved last time, and what was taken back then and can be made again.
   * Where somebody else moved the same units since, the planner is asked.
   */
  bringBack({ moves, seen = [], strokes = [], undone = [], behind = 0 }: KeptDraft): number {
    const wanted = this.targetsOf(moves);
    this.paintAgain([...this.untilBack(strokes.map((stroke) => this.targetsOf(stroke)), wanted), wanted]);
    this.pending.sawIn(this.gridsSeen(moves, seen));
    if (undone.length > 0) {
      this.strokes.bringBack(undone.map((stroke) => this.targetsOf(stroke)));
      this.strokes.behind = behind;
    }
    this.resume();
    return this.pending.size;
  }

  /** Make an empty grid in the community of a unit. */
  newGrid(unit: number): number {
    return this.codes.make(this.draft.area.communityOf[unit]!);
  }

  undo(): Promise<void> {
    return this.turnBack("undo");
  }

  redo(): Promise<void> {
    return this.turnBack("redo");
  }

  setLocked(grid: number, locked: boolean): Promise<void> {
    return this.command("locks", { grids: [this.draft.grids[grid]!.id], locked });
  }

  setUnitLocked(unit: number, locked: boolean): Promise<void> {
    return this.command("locks", { units: [this.draft.area.unitIds[unit]!], locked });
  }

  rename(grid: number, name: string): Promise<void> {
    return this.command("edits", { kind: "rename", grids: [{ grid_id: this.draft.grids[grid]!.id, name }] });
  }

  /** Join two units as neighbours, or cut them apart; with the reason. */
  link(pair: readonly [number, number], joined: boolean, note: string): Promise<void> {
    const [unit_a, unit_b] = pair.map((unit) => this.draft.area.unitIds[unit]!);
    return this.command("links", { unit_a, unit_b, joined, note, in_pieces: this.allowing });
  }

  /** Take the plan to another status; what is painted is saved first. */
  step(status: string, note: string): Promise<void> {
    return this.command("status", { status, note });
  }

  /** Have the service do something to the plan; what is painted is saved first. */
  async command(path: Path, body: object): Promise<void> {
    if (this.pending.size > 0) return this.save();
    return this.send(Outbox.letter(path, { ...body, ...this.planner.signature }, false));
  }

  /** News of an edit, by anybody. While we wait for an answer it is kept. What is being painted is not sent for it. */
  hear(answer: EditAnswer): void {
    this.heard.push(answer);
    if (this.outbox.busy) return;
    const before = this.held;
    this.catchUp();
    if (this.pending.size === 0 || (before && !this.held)) void this.save();
  }

  /** Keep mine: what is pending is saved over what others did. Take theirs: it goes. */
  resolve(choice: "mine" | "theirs" | "later", units: readonly number[]): void {
    if (choice === "theirs") this.takeBack(units);
    if (choice === "mine") this.pending.agree(units);
    void this.save();
  }

  /** Save what is painted; where somebody else moved the same units, ask first. */
  resume(): void {
    if (this.held) this.ask(null);
    else void this.save();
  }

  async save(): Promise<void> {
    if (this.outbox.busy || this.preview.on) return;
    if (this.held) return this.listener.saveState("conflict", []);
    if (this.outbox.undelivered !== null) return this.send(this.outbox.undelivered);
    if (this.pending.size === 0) return this.listener.saveState(this.torn.all.length > 0 ? "pieces" : "saved", this.torn.all);
    const broken = this.pending.broken(this.draft);
    if (broken.length > 0 && !this.allowing) return this.listener.saveState("broken", broken);
    const moves = this.pending.lines(this.draft);
    const fresh = this.codes.fresh(moves.map((m) => m.grid_id));
    const kind = fresh.length > 0 ? "new_grid" : this.codes.emptied ? "merge" : "move";
    const body = { kind, moves, grids: fresh.map((grid_id) => ({ grid_id })), ...this.planner.signature, in_pieces: this.allowing };
    return this.send(Outbox.letter("edits", body, true));
  }

  /** The grid that each unit of a stroke goes to; units that are no longer there are left out. */
  private targetsOf(stroke: readonly MoveLine[]): Map<number, number> {
    const target = new Map<number, number>();
    for (const { unit_id, grid_id } of stroke) {
      const unit = this.unitOf(unit_id);
      if (unit !== null) target.set(unit, this.codes.numberOf(grid_id, this.draft.area.communityOf[unit]!));
    }
    return target;
  }

  /** Paint strokes, each as the grid of every unit it moves. */
  private paintAgain(strokes: ReadonlyArray<ReadonlyMap<number, number>>): void {
    for (const target of strokes) {
      this.paint([...target.keys()], (unit) => target.get(unit)!);
      this.strokes.seal();
    }
  }

  /** Units that strokes put back to where they had been go to where the service holds them now. */
  private untilBack(strokes: ReadonlyArray<ReadonlyMap<number, number>>, wanted: ReadonlyMap<number, number>): Array<ReadonlyMap<number, number>> {
    const last = new Map(strokes.flatMap((stroke) => [...stroke]));
    return strokes.map((stroke) => new Map([...stroke].map(([unit, grid]) => [unit, !wanted.has(unit) && last.get(unit) === grid ? this.pending.saved[unit]! : grid])));
  }

  /** The grids in which the planner saw the units of `moves`; where that was not kept, those of the base. */
  private gridsSeen(moves: readonly MoveLine[], seen: readonly string[]): Map<number, number> {
    const grids = new Map<number, number>();
    moves.forEach(({ unit_id }, i) => {
      const unit = this.unitOf(unit_id);
      const code = seen[i];
      if (unit !== null) grids.set(unit, code === undefined ? this.baseOf[unit]! : (this.codes.find(code) ?? -1));
    });
    return grids;
  }

  /** Whether units wait for a choice; nothing is saved until it is made. */
  private get held(): boolean {
    return this.pending.contested.length > 0;
  }

  /** Have the planner choose; `answer` is the edit that overruled units of ours, where it is known. */
  private ask(answer: EditAnswer | null): void {
    this.outbox.withdraw();
    this.listener.conflict(this.pending.contested, answer);
    this.listener.saveState("conflict", []);
  }

  private turnBack(way: Way): Promise<void> {
    this.turns.push(way);
    if (!this.turning) this.turned = this.turnAll();
    return this.turned;
  }

  /** Take the steps that wait one after another; one that fails ends the row. */
  private async turnAll(): Promise<void> {
    this.turning = true;
    while (this.turns.length > 0 || this.outbox.busy) {
      if (this.outbox.busy) await this.sent;
      else void this.turn(this.turns.shift()!);
    }
    this.turning = false;
  }

  private turn(way: Way): void {
    if (!this.strokes.can(way, this.pending.size)) {
      if (this.pending.size === 0) void this.command(way, { in_pieces: this.allowing });
      return;
    }
    const step = this.strokes.turn(way, this.limits);
    if (step.refusal !== null) {
      this.turns = [];
      return this.listener.refused(step.refusal);
    }
    this.tell(step.moved, step.grids);
    void this.save();
  }

  private send(letter: Letter): Promise<void> {
    if (!this.outbox.busy) this.sent = this.deliver(letter);
    return this.sent;
  }

  private async deliver(letter: Letter): Promise<void> {
    this.listener.saveState("saving", []);
    const outcome = await this.outbox.deliver(letter, this.version, () => void this.save());
    if (outcome?.kind === "refused" || (outcome?.kind !== "accepted" && !letter.painted)) this.turns = []; // what was painted is merged or kept here
    if (outcome === null) this.listener.saveState("offline", []);
    else this.finish(letter, outcome);
  }

  private finish(letter: Letter, outcome: Exclude<Outcome, { kind: "offline" }>): void {
    if (outcome.kind === "accepted") {
      this.pending.agree(this.take(outcome.answer, letter.painted)); // what was painted over one's own command is wanted
      if (letter.painted) this.strokes.settle();
      if (letter.path === "undo") this.strokes.behind += 1;
      if (letter.path === "redo") this.strokes.behind = Math.max(0, this.strokes.behind - 1);
      this.listener.accepted(outcome.answer);
    } else if (outcome.kind === "stale") {
      this.heard.push(...outcome.edits);
      if (!letter.painted) this.listener.overtaken();
    } else {
      this.listener.told(outcome.text);
      if (letter.path === "redo") this.strokes.behind = 0; // there is nothing to make again there
      if (letter.painted) this.takeBack(this.pending.all);
    }
    this.catchUp();
    void this.save();
  }

  private catchUp(): void {
    const news = this.heard.sort((a, b) => a.version - b.version);
    this.heard = [];
    for (const answer of news) {
      if (answer.version <= this.version) continue;
      const overruled = this.take(answer, false);
      this.listener.others(answer, overruled.length);
      if (overruled.length > 0) this.ask(answer);
    }
  }

  /** Bring an accepted edit into the draft; return the units of ours that it overruled. */
  private take(answer: EditAnswer, mine: boolean): number[] {
    const grids = this.takeGrids(answer);
    const moves = answer.moves.map((m) => ({ unit: this.unitOf(m.unit_id)!, grid: this.codes.find(m.new_grid_id)!, old: this.codes.find(m.old_grid_id)! }));
    const overruled = mine ? this.pending.accepted(this.draft, moves) : this.pending.others(this.draft, moves);
    for (const { grid, old } of moves) grids.add(grid).add(old);
    const locks = [...answer.locked_units, ...answer.unlocked_units].map((id) => this.unitOf(id)!);
    for (const id of answer.locked_units) this.lockedUnits.add(this.unitOf(id)!);
    for (const id of answer.unlocked_units) this.lockedUnits.delete(this.unitOf(id)!);
    this.version = answer.version;
    this.status = answer.status;
    this.nextSteps = answer.next_steps;
    if (answer.kind === "status") this.listener.stepped();
    if (this.links.take(answer.links ?? [], this.unitNumber)) {
      this.draft.relink(this.links.rows);
      this.torn.look(this.draft.grids.keys());
    }
    this.tell([...moves.map((m) => m.unit), ...locks], grids);
    return overruled;
  }

  private takeGrids(answer: EditAnswer): Set<number> {
    const grids = new Set<number>();
    for (const line of answer.grids) {
      const grid = this.codes.numberOf(line.grid_id, this.communityNumber.get(line.community_id) ?? 0);
      this.draft.describe(grid, line);
      grids.add(grid);
    }
    this.codes.held(answer.grids.map((g) => g.grid_id), answer.retired);
    return grids;
  }

  private takeBack(units: readonly number[]): void {
    const { moved, grids } = this.strokes.takeBack(units);
    this.tell(moved, grids);
  }

  private tell(units: readonly number[], grids: ReadonlySet<number>): void {
    this.torn.look(grids);
    this.listener.changed(units, grids);
  }
}
