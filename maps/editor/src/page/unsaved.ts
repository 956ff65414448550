/** What is not saved, kept in the browser: brought back after a reload, or set aside and painted again. */

import { asideOf, filledPlaces, keep, kept, setAside } from "./keeping";
import { holdBy, orphans, ownPlace } from "./places";
import { filled } from "./words";
import type { Workplace } from "./workplace";

export class Unsaved {
  private readonly work: Workplace;
  /** Where this page keeps its draft; null until what was there is brought back. */
  private place: string | null = null;
  private begun = false;
  private roomTold = false;

  constructor(work: Workplace) {
    this.work = work;
  }

  /** Keep what is not saved; of a plan that is no draft, what was kept before stays. */
  keep(): void {
    const { session, messages, words } = this.work;
    if (session.status !== "draft" || this.place === null) return;
    const room = keep(localStorage, this.place, session.unsaved);
    if (!room && !this.roomTold) messages.toast(words.noRoom);
    this.roomTold = !room;
  }

  /** Bring back what this page could not save last time, and what pages left that are gone; once, when the plan is a draft. */
  async bringBack(): Promise<void> {
    const { session, messages, words } = this.work;
    const { plan } = session.document;
    if (session.status !== "draft" || this.begun) return;
    this.begun = true;
    const hold = holdBy(navigator.locks);
    const own = await ownPlace(sessionStorage, hold, plan);
    const left = await orphans(filledPlaces(localStorage, plan).filter((place) => place !== own), hold);
    const drafts = [...left, own].map((place) => kept(localStorage, place));
    for (const place of left) localStorage.removeItem(place);
    this.place = own;
    const counts = drafts.map((draft) => session.bringBack(draft)); // one's own last: its steps come first to undo
    this.keep();
    const count = counts.at(-1) ?? 0;
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
