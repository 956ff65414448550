/** What is not saved, kept in the browser: brought back after a reload, or set aside and painted again. */

import { asideOf, keep, kept, setAside } from "./keeping";
import { filled } from "./words";
import type { Workplace } from "./workplace";

export class Unsaved {
  private readonly work: Workplace;

  constructor(work: Workplace) {
    this.work = work;
  }

  /** Keep what is not saved; of a plan that is no draft, what was kept before stays. */
  keep(): void {
    const { session } = this.work;
    if (session.status === "draft") keep(localStorage, session.document.plan, session.pending.lines(session.draft), session.unsavedStrokes);
  }

  bringBack(): void {
    const { session, messages, words } = this.work;
    if (session.status !== "draft") return;
    const { moves, strokes } = kept(localStorage, session.document.plan);
    const count = session.replay([...(strokes ?? []), moves].filter((stroke) => stroke.length > 0));
    if (count > 0) messages.toast(filled(words.restored, { count }));
  }

  paintAside(): void {
    const { session, messages, words } = this.work;
    const plan = session.document.plan;
    const all = asideOf(localStorage, plan);
    if (all.length === 0) return messages.toast(words.noAside);
    setAside(localStorage, plan, []);
    session.replay(all.map(({ moves }) => moves));
  }
}
