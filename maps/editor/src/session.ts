/**
 * One planner at one plan: what is painted, what is saved, and what others do meanwhile.
 * Knows neither the map nor the page; both are told what changed.
 */

import { Draft, type Move } from "./plan/draft";
import { History } from "./plan/history";
import { type MoveLine, Pending } from "./plan/pending";
import type { LimitedArea } from "./plan/limit";
import { piecesOf } from "./plan/pieces";
import { type Limits, refusalOf, type Refusal } from "./plan/rules";
import type { Client, EditAnswer, Outcome, Path } from "./service/client";
import { areaOf, draftOf, type EditorDocument } from "./service/document";
import { Links } from "./service/links";

/** `pieces`: saved, but grids are in pieces, which was allowed for now. */
export type SaveState = "saved" | "saving" | "broken" | "pieces" | "offline" | "conflict";

export interface Listener {
  /** These units moved, or the locks of these grids changed. */
  changed(units: readonly number[], grids: ReadonlySet<number>): void;
  saveState(state: SaveState, broken: readonly number[]): void;
  refused(refusal: Refusal): void;
  told(text: string): void;
  conflict(units: readonly number[]): void;
  others(answer: EditAnswer): void;
  /** A command was not carried out, because the plan moved on just before. */
  overtaken(): void;
  /** The plan took a step of its workflow. */
  stepped(): void;
}

interface Waiting {
  readonly path: Path;
  readonly body: object;
  readonly key: string;
  /** The moves are those that were painted here. */
  readonly painted: boolean;
}

const RETRY_MS = 3000;

export class Session {
  readonly document: EditorDocument;
  readonly draft: Draft;
  readonly pending: Pending;
  /** Grid of each unit in the base, by number; -1 where the grid is not in this plan. */
  readonly baseOf: Int32Array;
  readonly lockedUnits: Set<number>;
  version: number;
  status: string;
  /** Statuses that may follow. */
  nextSteps: readonly string[];
  /** Only these units may change; null means all. */
  limit: LimitedArea | null = null;
  readonly links: Links;
  private allowing: boolean;
  private readonly torn = new Set<number>();
  private readonly author: string;
  private readonly client: Pick<Client, "send">;
  private readonly listener: Listener;
  private readonly unitNumber: ReadonlyMap<string, number>;
  private readonly gridNumber: Map<string, number>;
  private readonly there: Set<string>;
  private readonly codesUsed: Set<string>;
  private readonly kinds: Map<string, GridKindAndHours>;
  private history = new History();
  private stroke: Move[] = [];
  private heard: EditAnswer[] = [];
  private sending = false;
  private held = false;
  private waiting: Waiting | null = null;

  constructor(document: EditorDocument, client: Pick<Client, "send">, author: string, listener: Listener) {
    this.document = document;
    this.client = client;
    this.author = author;
    this.listener = listener;
    this.version = document.version;
    this.status = document.status;
    this.nextSteps = document.next_steps;
    this.draft = draftOf(document, areaOf(document));
    this.pending = new Pending(this.draft.gridOf);
    this.unitNumber = new Map(document.unit_ids.map((id, i) => [id, i]));
    this.gridNumber = new Map(document.grids.map((g, i) => [g.id, i]));
    this.there = new Set(this.gridNumber.keys());
    this.codesUsed = new Set(document.codes_used);
    this.kinds = new Map(document.grids.map((g) => [g.id, { kind: g.kind, fixedH: g.fixed_h }]));
    this.baseOf = Int32Array.from(document.base_of, (b) => this.gridNumber.get(document.base_grids[b]!) ?? -1);
    this.links = new Links(document);
    this.lookAt(this.draft.grids.keys());
    this.allowing = this.torn.size > 0;
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

  /** Grids that are in pieces now. */
  get inPieces(): number[] {
    return [...this.torn].sort((a, b) => a - b);
  }

  /** Strokes that were painted and are not saved, each as the grid of every unit it moved. */
  get unsavedStrokes(): MoveLine[][] {
    const { unitIds } = this.draft.area;
    return this.history.strokes.map(({ moves }) => moves.map((m) => ({ unit_id: unitIds[m.unit]!, grid_id: this.draft.grids[m.to]!.id })));
  }

  /** Whether a band applies to the grid. */
  banded(grid: number): boolean {
    return (this.kinds.get(this.draft.grids[grid]!.id)?.kind ?? "general") === "general";
  }

  /** Hours that a grid needs whoever lives there. */
  fixedH(grid: number): number {
    const { id, community } = this.draft.grids[grid]!;
    return this.kinds.get(id)?.fixedH ?? this.document.communities[community]!.patrol_h;
  }

  /** Put units into a grid as part of the stroke; what may not move stays, and the first reason is told. */
  paint(units: readonly number[], gridFor: (unit: number) => number): void {
    const moved: number[] = [];
    const grids = new Set<number>();
    let refusal: Refusal | null = null;
    for (const unit of units) {
      const grid = gridFor(unit);
      if (grid < 0) continue;
      const why = refusalOf(this.draft, this.limits, unit, grid);
      refusal ??= why;
      const move = why === null ? this.draft.move(unit, grid) : null;
      if (move === null) continue;
      this.stroke.push(move);
      moved.push(unit);
      grids.add(move.from).add(move.to);
    }
    if (moved.length > 0) {
      this.pending.note(this.draft, moved);
      this.tell(moved, grids);
    }
    if (refusal !== null) this.listener.refused(refusal);
  }

  /** The pointer was lifted: the stroke is one step, and is saved. */
  endStroke(): void {
    this.sealStroke();
    void this.save();
  }

  /** Paint strokes of last time again, each one a step to undo; return how many units differ from what is saved. */
  replay(strokes: ReadonlyArray<readonly MoveLine[]>): number {
    for (const stroke of strokes) {
      const target = new Map<number, number>();
      for (const { unit_id, grid_id } of stroke) {
        const unit = this.unitNumber.get(unit_id);
        if (unit !== undefined) target.set(unit, this.gridOf(grid_id, this.draft.area.communityOf[unit]!));
      }
      this.paint([...target.keys()], (unit) => target.get(unit)!);
      this.sealStroke();
    }
    void this.save();
    return this.pending.size;
  }

  /** Make an empty grid in the community of a unit, with a code that was never used. */
  newGrid(unit: number): number {
    const community = this.draft.area.communityOf[unit]!;
    const { id } = this.draft.area.communities[community]!;
    let highest = 0;
    for (const code of this.codesUsed) {
      const tail = code.startsWith(id) ? code.slice(id.length) : "";
      if (/^\d+$/.test(tail)) highest = Math.max(highest, Number(tail));
    }
    return this.gridOf(`${id}${String(highest + 1).padStart(3, "0")}`, community);
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

  /** Take the plan to another status; what is painted is saved first. */
  async step(status: string, note: string): Promise<void> {
    return this.command("status", { status, note });
  }

  /** Have the service do something to the plan; what is painted is saved first. */
  async command(path: Path, body: object): Promise<void> {
    if (this.pending.size > 0) return this.save();
    return this.send({ path, body: { ...body, author: this.author }, key: freshKey(), painted: false });
  }

  /** News of an edit, by anybody. While we wait for an answer it is kept. */
  hear(answer: EditAnswer): void {
    this.heard.push(answer);
    if (!this.sending) this.catchUp();
  }

  /** Keep mine: what is pending is saved over what others did. Take theirs: it goes. */
  resolve(choice: "mine" | "theirs" | "later", units: readonly number[]): void {
    this.held = choice === "later";
    if (choice === "theirs") this.takeBack(units);
    if (choice === "later") this.listener.saveState("conflict", []);
    else void this.save();
  }

  /** Go on after "later". */
  resume(): void {
    this.held = false;
    void this.save();
  }

  async save(): Promise<void> {
    if (this.sending || this.held) return;
    if (this.waiting !== null) return this.send(this.waiting);
    if (this.pending.size === 0) return this.listener.saveState(this.torn.size > 0 ? "pieces" : "saved", this.inPieces);
    const broken = this.pending.broken(this.draft);
    if (broken.length > 0 && !this.allowing) return this.listener.saveState("broken", broken);
    const moves = this.pending.lines(this.draft);
    const fresh = [...new Set(moves.map((m) => m.grid_id))].filter((id) => !this.there.has(id));
    const left = [...this.there].some((id) => this.draft.unitsOf(this.gridNumber.get(id)!).size === 0);
    const kind = fresh.length > 0 ? "new_grid" : left ? "merge" : "move";
    const body = { kind, moves, grids: fresh.map((grid_id) => ({ grid_id })), author: this.author, in_pieces: this.allowing };
    return this.send({ path: "edits", body, key: freshKey(), painted: true });
  }

  private async turnBack(way: "undo" | "redo"): Promise<void> {
    const here = way === "undo" ? this.history.canUndo && this.pending.size > 0 : this.history.canRedo;
    if (here && !this.sending) {
      const step = this.history[way](this.draft, this.limits);
      if (step === null) return;
      if ("refusal" in step) return this.listener.refused(step.refusal);
      const units = step.moves.map((m) => m.unit);
      this.pending.note(this.draft, units);
      this.tell(units, new Set(step.moves.flatMap((m) => [m.from, m.to])));
      return this.save();
    }
    if (this.pending.size > 0 || this.sending) return;
    return this.command(way, { in_pieces: this.allowing });
  }

  private async send(waiting: Waiting): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.waiting = waiting;
    this.listener.saveState("saving", []);
    const outcome = await this.client.send(waiting.path, waiting.body, this.version, waiting.key);
    this.sending = false;
    this.finish(waiting, outcome);
  }

  private finish(waiting: Waiting, outcome: Outcome): void {
    if (outcome.kind === "offline") {
      this.listener.saveState("offline", []);
      setTimeout(() => void this.save(), RETRY_MS);
      return;
    }
    this.waiting = null;
    if (outcome.kind === "accepted") {
      this.take(outcome.answer, waiting.painted);
      if (waiting.painted) this.history = new History();
    } else if (outcome.kind === "stale") {
      this.heard.push(...outcome.edits);
      if (!waiting.painted) this.listener.overtaken();
    } else {
      this.listener.told(outcome.text);
      if (waiting.painted) this.takeBack([...this.pending.all]);
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
      this.listener.others(answer);
      if (overruled.length > 0) {
        this.held = true;
        this.listener.conflict(overruled);
      }
    }
  }

  /** Bring an accepted edit into the draft; return the units of ours that it overruled. */
  private take(answer: EditAnswer, mine: boolean): number[] {
    const communities = new Map(this.document.communities.map(({ id }, i) => [id, i]));
    const grids = new Set<number>();
    for (const line of answer.grids) {
      const grid = this.gridOf(line.grid_id, communities.get(line.community_id) ?? 0);
      this.draft.describe(grid, line);
      this.there.add(line.grid_id);
      grids.add(grid);
    }
    for (const id of answer.retired) this.there.delete(id);
    const moves = answer.moves.map((m) => ({
      unit: this.unitNumber.get(m.unit_id)!,
      grid: this.gridNumber.get(m.new_grid_id)!,
      old: this.gridNumber.get(m.old_grid_id)!,
    }));
    let overruled: number[] = [];
    if (mine) this.pending.accepted(this.draft, moves);
    else overruled = this.pending.others(this.draft, moves);
    for (const id of answer.locked_units) this.lockedUnits.add(this.unitNumber.get(id)!);
    for (const id of answer.unlocked_units) this.lockedUnits.delete(this.unitNumber.get(id)!);
    this.version = answer.version;
    this.status = answer.status;
    this.nextSteps = answer.next_steps;
    if (answer.kind === "status") this.listener.stepped();
    for (const { grid, old } of moves) grids.add(grid).add(old);
    if (this.links.take(answer.links ?? [], this.unitNumber)) {
      this.draft.relink(this.links.rows);
      this.lookAt(this.draft.grids.keys());
    }
    this.tell(moves.map((m) => m.unit), grids);
    return overruled;
  }

  private takeBack(units: readonly number[]): void {
    const grids = new Set<number>();
    for (const unit of units) {
      grids.add(this.draft.gridOf[unit]!).add(this.pending.saved[unit]!);
      this.draft.move(unit, this.pending.saved[unit]!);
    }
    this.pending.note(this.draft, units);
    this.history = new History();
    this.tell(units, grids);
  }

  private sealStroke(): void {
    this.history.push(this.stroke);
    this.stroke = [];
  }

  private tell(units: readonly number[], grids: ReadonlySet<number>): void {
    this.lookAt(grids);
    this.listener.changed(units, grids);
  }

  /** Look again whether these grids are in pieces. */
  private lookAt(grids: Iterable<number>): void {
    for (const grid of grids) {
      if (piecesOf(this.draft.area, this.draft.unitsOf(grid)).length > 1) this.torn.add(grid);
      else this.torn.delete(grid);
    }
  }

  private gridOf(id: string, community: number): number {
    const known = this.gridNumber.get(id);
    if (known !== undefined) return known;
    const grid = this.draft.addGrid({ id, community, locked: false, name: "" });
    this.gridNumber.set(id, grid);
    this.codesUsed.add(id);
    return grid;
  }
}

interface GridKindAndHours {
  readonly kind: string;
  readonly fixedH: number;
}

function freshKey(): string {
  return crypto.randomUUID();
}
