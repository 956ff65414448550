/** The plan's history, its comments, its next step, and the keys: dialogs that are asked for. */

import { ask, button, element } from "./element";
import { calledOf } from "../session/planner";
import type { Box } from "../map/adapter";
import { boxOf } from "./ground";
import type { Pins } from "./pins";
import { worldPoint } from "../shapes/shapes";
import { labelOf, nameField } from "./who";
import { filled, momentOf, wordFor } from "./words";
import { gridName, unitName, type Workplace } from "./workplace";

type EditLine = Readonly<Record<"kind" | "author" | "author_name" | "at", string>> & {
  readonly version: number;
  readonly payload: { readonly note?: string; readonly status?: { readonly from: string; readonly to: string } };
};

interface CommentLine {
  readonly comment: string;
  readonly grid_id: string | null;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly text: string;
  readonly author: string;
  readonly at: string;
  readonly closed_at: string | null;
  readonly closed_by: string | null;
}

export class Dialogs {
  private readonly work: Workplace;
  private readonly pins: Pins;

  constructor(work: Workplace, pins: Pins) {
    [this.work, this.pins] = [work, pins];
  }

  statusText(status: string): string {
    return this.work.words[status as "draft"];
  }

  keys(): void {
    const { words } = this.work;
    const lines = words.helpKeys.split("|").map((line) => line.split(" = ") as [string, string]);
    const list = element("dl", { class: "help" }, ...lines.flatMap(([key, text]) => [element("dt", {}, ...key.split(" ").map((each) => element("kbd", {}, each))), element("dd", {}, text)]));
    ask(words.helpTitle, [], [this.close()], list);
  }

  /** The versions of the plan, the newest first, each to be brought back. */
  async history(): Promise<void> {
    const { words, session, client, messages } = this.work;
    const told = await client.read<{ readonly edits: readonly EditLine[] }>("history");
    if (!("value" in told)) return messages.toast(told.text ?? words.offline);
    const lines = [...told.value.edits].reverse().map((edit) => {
      const now = edit.version === session.version || session.status !== "draft";
      const back = button(words.restore, { "data-restore": String(edit.version), ...(now ? { disabled: "" } : {}) }, () => {
        back.closest("dialog")!.close();
        void session.command("restore", { version: edit.version, in_pieces: session.allowsPieces });
      });
      const facts = { version: edit.version, author: calledOf(edit) || words.nobody, kind: this.kindOf(edit), at: momentOf(edit.at) };
      const note = edit.payload.note === undefined ? [] : [element("q", {}, edit.payload.note)];
      return element("li", {}, element("span", {}, filled(words.historyLine, facts), ...note), back);
    });
    ask(words.history, [], [this.close()], element("ul", { id: "versions" }, ...lines));
  }

  /** Mark the places of open comments on the map. */
  async markComments(): Promise<void> {
    const told = await this.work.client.read<{ readonly comments: readonly CommentLine[] }>("comments");
    if ("value" in told) this.mark(told.value.comments);
  }

  private mark(comments: readonly CommentLine[]): void {
    this.pins.show(comments.flatMap(({ lon, lat, closed_at }) => (lon === null || lat === null || closed_at !== null ? [] : [worldPoint(lon, lat)])));
  }

  /** Comments on the plan, its grids and places; one can be written on what is in hand, and open ones settled. */
  async comments(grid: string | null, unit: number | null): Promise<void> {
    const { words, client, messages, planner } = this.work;
    const told = await client.read<{ readonly comments: readonly CommentLine[] }>("comments");
    if (!("value" in told)) return messages.toast(told.text ?? words.offline);
    this.mark(told.value.comments);
    const name = nameField(planner);
    const author = (): string => {
      if (name.value.trim() !== "") planner.name = name.value;
      return planner.name || planner.mark;
    };
    const sent = async (from: HTMLElement, path: string, body: object): Promise<void> => {
      const answer = await client.post(path, body);
      if (!("value" in answer)) return messages.toast(answer.text ?? words.offline);
      from.closest("dialog")!.close();
      await this.comments(grid, unit);
    };
    const lines = told.value.comments.map((c) => this.commentLine(c, (line, path) => void sent(line, path, { author: author() })));
    const subjects = this.subjects(grid, unit);
    const about = element("select", { id: "comment-about" }, ...subjects.map(({ text }, i) => element("option", { value: String(i) }, text)));
    const text = element("textarea", { id: "comment-text", maxlength: "1000", rows: "3" });
    const send = button(words.send, { id: "comment-send" }, () => {
      if (text.value.trim() !== "") void sent(send, "comments", { text: text.value.trim(), author: author(), ...subjects[Number(about.value)]!.body });
    });
    const label = (id: string, words: string): HTMLElement => element("label", { for: id }, words);
    const none = lines.length === 0 ? [element("p", { class: "none" }, words.noComments)] : [];
    ask(words.comments, [], [this.close()], ...none, element("ul", { id: "comments" }, ...lines), label("comment-about", words.commentAbout), about,
      label("comment-text", words.commentText), text, labelOf(words), name, send);
  }

  /** What a comment may be about: the grid in hand, the place of the unit looked at, the plan. */
  private subjects(grid: string | null, unit: number | null): Array<{ readonly text: string; readonly body: object }> {
    const { words, ground } = this.work;
    const subjects = [{ text: words.wholePlan, body: {} }];
    if (unit !== null) {
      const [west, south, east, north] = boxOf(ground, [unit]);
      subjects.unshift({ text: filled(words.placeOf, { unit: unitName(this.work, unit) }), body: { lon: (west + east) / 2, lat: (south + north) / 2 } });
    }
    if (grid !== null) subjects.unshift({ text: filled(words.thisGrid, { grid: this.nameOf(grid) }), body: { grid_id: grid } });
    return subjects;
  }

  /** What people call a grid, by its code; the code where it is gone. */
  private nameOf(code: string): string {
    const grid = this.work.session.codes.find(code);
    return grid === null ? code : gridName(this.work, grid);
  }

  private commentLine(comment: CommentLine, settle: (line: HTMLElement, path: string) => void): HTMLElement {
    const { words, map, session, ground } = this.work;
    const { lon, lat } = comment;
    const subject = comment.grid_id !== null ? this.nameOf(comment.grid_id) : (lon === null ? words.wholePlan : words.place);
    const line = element("li", {}, element("span", {}, `${subject} · ${calledOf(comment) || words.nobody} · ${momentOf(comment.at)}: `, element("q", {}, comment.text)));
    const grid = comment.grid_id === null ? null : session.codes.find(comment.grid_id);
    const zoom = (box: Box): void => {
      line.closest("dialog")!.close();
      map.zoomTo(box);
    };
    if (lon !== null && lat !== null) line.append(button(words.zoomTo, { "data-place": comment.comment }, () => zoom([lon, lat, lon, lat])));
    if (grid !== null && session.draft.unitsOf(grid).size > 0) line.append(button(words.zoomTo, { "data-grid-of": comment.comment }, () => zoom(boxOf(ground, session.draft.unitsOf(grid)))));
    if (comment.closed_at === null) line.append(button(words.settle, { "data-settle": comment.comment }, () => settle(line, `comments/${encodeURIComponent(comment.comment)}/close`)));
    else line.append(element("span", {}, filled(words.settled, { who: calledOf({ author: comment.closed_by ?? "" }) || words.nobody })));
    return line;
  }

  /** Ask for the next step of the workflow, and why. */
  step(): void {
    const { words, session, messages, planner } = this.work;
    if (session.pending.size > 0) return messages.toast(words.saveFirst);
    const name = nameField(planner);
    const act = (status: string): void => {
      planner.name = name.value;
      void session.step(status, note.value.trim());
    };
    const refuse = (): string | null => (note.value.trim() === "" ? words.reasonNeeded : name.value.trim() === "" ? words.nameNeeded : null);
    const torn = session.torn.all.map((grid) => gridName(this.work, grid));
    const note = element("input", { id: "step-note", maxlength: "500" });
    const steps = session.nextSteps.map((status) => ({ id: `step-${status}`, text: words[`to_${status}` as "to_draft"], disabled: status !== "draft" && torn.length > 0, refuse, act: () => act(status) }));
    const label = element("label", { for: "step-note" }, words.stepNote);
    const why = torn.length === 0 ? [] : [filled(words.pieces_saved, { version: session.version, grids: torn.join(", ") })];
    ask(words.stepTitle, [filled(words.stepText, { status: this.statusText(session.status), version: session.version }), ...why], [...steps, this.close()], label, note, labelOf(words), name);
  }

  /** What an edit did, in words; a step of the workflow tells from where to where. */
  private kindOf({ kind, payload: { status } }: EditLine): string {
    const word = wordFor(kind, this.work.words.editKinds);
    return status === undefined ? word : `${word} ${this.statusText(status.from)} → ${this.statusText(status.to)}`;
  }

  private close() {
    return { id: "close", text: this.work.words.close, act: (): void => undefined };
  }
}
