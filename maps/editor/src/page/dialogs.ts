/** The plan's history, its comments, its next step, and the keys: dialogs that are asked for. */

import { ask, button, element } from "./element";
import { authorOf } from "./keeping";
import { filled, wordFor } from "./words";
import type { Workplace } from "./workplace";

type EditLine = Readonly<Record<"kind" | "author" | "at", string>> & { readonly version: number; readonly payload: { readonly note?: string } };

interface CommentLine {
  readonly comment: number | string;
  readonly grid_id: string | null;
  readonly text: string;
  readonly author: string;
  readonly closed_at: string | null;
}

export class Dialogs {
  private readonly work: Workplace;

  constructor(work: Workplace) {
    this.work = work;
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
      const facts = { version: edit.version, author: edit.author, kind: wordFor(edit.kind, words.editKinds), at: edit.at.slice(0, 16).replace("T", " ") };
      const note = edit.payload.note === undefined ? [] : [element("q", {}, edit.payload.note)];
      return element("li", {}, element("span", {}, filled(words.historyLine, facts), ...note), back);
    });
    ask(words.history, [], [this.close()], element("ul", { id: "versions" }, ...lines));
  }

  /** Comments on the plan and its grids; one on a grid can be written, and open ones settled. */
  async comments(grid: string | null): Promise<void> {
    const { words, client, messages } = this.work;
    const told = await client.read<{ readonly comments: readonly CommentLine[] }>("comments");
    if (!("value" in told)) return messages.toast(told.text ?? words.offline);
    const author = authorOf(localStorage);
    const sent = async (from: HTMLElement, path: string, body: object): Promise<void> => {
      const answer = await client.post(path, body);
      if (!("value" in answer)) return messages.toast(answer.text ?? words.offline);
      from.closest("dialog")!.close();
      await this.comments(grid);
    };
    const lines = told.value.comments.map((c) => {
      const line = element("li", {}, element("span", {}, `${c.grid_id ?? words.wholePlan} · ${c.author}: ${c.text} `));
      if (c.closed_at !== null) line.append(`(${words.settled})`);
      else line.append(button(words.settle, { "data-settle": String(c.comment) }, () => void sent(line, `comments/${encodeURIComponent(c.comment)}/close`, { author })));
      return line;
    });
    const text = element("textarea", { id: "comment-text", maxlength: "1000", rows: "3" });
    const label = element("label", { for: "comment-text" }, filled(words.commentOn, { grid: grid ?? words.wholePlan }));
    const send = button(words.send, { id: "comment-send" }, () => {
      if (text.value.trim() !== "") void sent(send, "comments", { text: text.value.trim(), author, ...(grid === null ? {} : { grid_id: grid }) });
    });
    const none = lines.length === 0 ? [element("p", { class: "none" }, words.noComments)] : [];
    ask(words.comments, [], [this.close()], ...none, element("ul", { id: "comments" }, ...lines), label, text, send);
  }

  /** Ask for the next step of the workflow, and why. */
  step(): void {
    const { words, session, messages } = this.work;
    if (session.pending.size > 0) return messages.toast(words.saveFirst);
    const torn = session.torn.all.map((grid) => session.draft.grids[grid]!.id);
    const note = element("input", { id: "step-note", maxlength: "500" });
    const steps = session.nextSteps.map((status) => ({ id: `step-${status}`, text: words[`to_${status}` as "to_draft"], disabled: status !== "draft" && torn.length > 0, act: () => void session.step(status, note.value) }));
    const label = element("label", { for: "step-note" }, words.stepNote);
    const why = torn.length === 0 ? [] : [filled(words.pieces_saved, { version: session.version, grids: torn.join(", ") })];
    ask(words.stepTitle, [filled(words.stepText, { status: this.statusText(session.status), version: session.version }), ...why], [...steps, this.close()], label, note);
  }

  private close() {
    return { id: "close", text: this.work.words.close, act: (): void => undefined };
  }
}
