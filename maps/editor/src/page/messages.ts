/** What the page says: toasts, whether all is saved, and what a screen reader is told. */

import type { Refusal } from "../plan/rules";
import type { SaveState } from "../session/listener";
import type { Session } from "../session/session";
import { element } from "./element";
import type { Strings } from "./strings.zh";
import { filled } from "./words";
import { gridName } from "./workplace";

const TOAST_MS = 6000;

export class Messages {
  readonly toasts = element("div", { id: "toasts", role: "status" });
  readonly state = element("span", { id: "state", role: "status" });
  /** Heard, not seen: numbers after a stroke, and the unit under the keyboard's cursor. */
  readonly heard = element("p", { id: "heard", class: "hidden", "aria-live": "polite" });
  private readonly words: Strings;
  private refusalTold = false;

  constructor(words: Strings) {
    this.words = words;
  }

  toast(text: string): void {
    if ([...this.toasts.children].some((shown) => shown.textContent === text)) return;
    const shown = element("p", {}, text);
    this.toasts.append(shown);
    setTimeout(() => shown.remove(), TOAST_MS);
  }

  announce(text: string): void {
    this.heard.textContent = text;
  }

  /** A new stroke or key press may be refused, and is told why once. */
  begin(): void {
    this.refusalTold = false;
  }

  refuse(refusal: Refusal, session: Session): void {
    if (this.refusalTold) return;
    this.refusalTold = true;
    this.toast(reasonOf(refusal, session, this.words));
  }

  showState(state: SaveState, broken: readonly number[], session: Session): void {
    const { words } = this;
    const grids = broken.map((grid) => gridName({ session }, grid)).join(", ");
    const text: Record<SaveState, string> = {
      saved: filled(words.saved, { version: session.version }),
      saving: words.saving,
      broken: filled(words.unsavedBroken, { grids }),
      pieces: filled(words.pieces_saved, { version: session.version, grids }),
      offline: words.offline,
      conflict: words.conflictState,
    };
    this.state.dataset["state"] = state;
    this.state.textContent = text[state];
  }
}

function reasonOf(refusal: Refusal, session: Session, words: Strings): string {
  const { area } = session.draft;
  if (refusal.reason === "not-draft") return words.notDraft;
  if (refusal.reason === "grid-locked") return filled(words.gridLocked, { grid: gridName({ session }, refusal.grid) });
  const unit = area.unitIds[refusal.unit]!;
  if (refusal.reason === "unit-locked") return filled(words.unitLocked, { unit });
  if (refusal.reason === "base-gone") return filled(words.baseGone, { unit });
  if (refusal.reason === "outside-limit") return filled(words.outsideLimit, { unit, area: session.limit!.name });
  const community = area.communities[area.communityOf[refusal.unit]!]!.name;
  return filled(words.otherCommunity, { unit, community, grid: gridName({ session }, refusal.grid) });
}
