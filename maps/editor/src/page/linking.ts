/** Join two named units as neighbours, or cut them apart, with the reason; the second is picked on the map or typed. */

import type { Hand } from "./tools";
import { ask, element } from "./element";
import { filled } from "./words";
import { unitName, type Workplace } from "./workplace";

type Pair = readonly [number, number];

export class Linking {
  private readonly work: Workplace;
  private readonly hand: Hand;
  private readonly say: (text: string) => void;

  constructor(work: Workplace, hand: Hand, say: (text: string) => void) {
    this.work = work;
    this.hand = hand;
    this.say = say;
  }

  /** Begin at a unit, or with nothing; the next press on the map picks the other one. */
  begin(unit: number | null): void {
    if (this.work.session.pending.size > 0) return this.work.messages.toast(this.work.words.saveFirst);
    if (unit === null) return this.ask("", "");
    const { session, words } = this.work;
    this.say(filled(words.pickNeighbour, { unit: unitName(this.work, unit) }));
    this.hand.picking = (other) => {
      const ids = session.document.unit_ids;
      this.say("");
      this.ask(ids[unit]!, other === null || other === unit ? "" : ids[other]!);
    };
  }

  private ask(first: string, second: string): void {
    const { words } = this.work;
    const input = (id: string, value: string): HTMLInputElement => {
      const made = element("input", { id, maxlength: "200", autocomplete: "off" });
      made.value = value;
      return made;
    };
    const [a, b, reason] = [input("link-a", first), input("link-b", second), input("link-reason", "")];
    const told = element("p", { id: "link-told", role: "status" });
    const row = (id: string, text: string, field: HTMLInputElement): Node[] => [element("label", { for: id }, text), field];
    const pair = (): Pair | null => this.pairOf(a.value.trim(), b.value.trim());
    const choice = (joined: boolean) => ({
      refuse: () => (pair() === null ? words.nameTwoUnits : reason.value.trim() === "" ? words.reasonNeeded : null),
      act: () => void this.work.session.link(pair()!, joined, reason.value.trim()),
    });
    ask(words.neighboursTitle, [words.neighboursText], [
      { id: "link-join", text: words.join, main: true, ...choice(true) },
      { id: "link-cut", text: words.cut, ...choice(false) },
      { id: "close", text: words.close, act: () => undefined },
    ], ...row("link-a", words.firstUnit, a), ...row("link-b", words.secondUnit, b), told, ...row("link-reason", words.reason, reason));
    const look = (): void => {
      const near = this.near(pair());
      told.textContent = this.toldOf(pair(), near);
      told.parentElement!.querySelector<HTMLButtonElement>("#link-join")!.disabled = near === true;
      told.parentElement!.querySelector<HTMLButtonElement>("#link-cut")!.disabled = near === false;
    };
    for (const field of [a, b]) field.addEventListener("input", look);
    look();
    (first === "" ? a : second === "" ? b : reason).focus();
  }

  private pairOf(a: string, b: string): Pair | null {
    const { session } = this.work;
    const [one, other] = [session.unitOf(a), session.unitOf(b)];
    return one === null || other === null || one === other ? null : [one, other];
  }

  /** Whether the two are neighbours now. */
  private near(pair: Pair | null): boolean | null {
    if (pair === null) return null;
    const { area } = this.work.session.draft;
    return area.neighbours.subarray(area.firstNeighbour[pair[0]]!, area.firstNeighbour[pair[0] + 1]!).includes(pair[1]);
  }

  private toldOf(pair: Pair | null, near: boolean | null): string {
    const { words } = this.work;
    if (pair === null) return words.nameTwoUnits;
    return filled(near === true ? words.areNeighbours : words.areNotNeighbours, { a: unitName(this.work, pair[0]), b: unitName(this.work, pair[1]) });
  }
}
