/** Join two named units as neighbours, or cut them apart, with the reason; the second is picked on the map or typed. */

import type { Hand } from "./tools";
import { ask, element } from "./element";
import { filled } from "./words";
import { unitName, type Workplace } from "./workplace";

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
    if (unit === null) return this.ask("", "");
    const { session, words } = this.work;
    this.say(filled(words.pickNeighbour, { unit: unitName(this.work, unit) }));
    this.hand.picking = (other) => {
      const ids = session.document.unit_ids;
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
    const look = (): void => void (told.textContent = this.toldOf(a.value.trim(), b.value.trim()));
    for (const field of [a, b]) field.addEventListener("input", look);
    look();
    const row = (id: string, text: string, field: HTMLInputElement): Node[] => [element("label", { for: id }, text), field];
    const act = (joined: boolean) => () => this.send(a.value.trim(), b.value.trim(), joined, reason.value.trim());
    ask(words.neighboursTitle, [words.neighboursText], [
      { id: "link-join", text: words.join, main: true, act: act(true) },
      { id: "link-cut", text: words.cut, act: act(false) },
      { id: "close", text: words.close, act: () => undefined },
    ], ...row("link-a", words.firstUnit, a), ...row("link-b", words.secondUnit, b), told, ...row("link-reason", words.reason, reason));
    (first === "" ? a : second === "" ? b : reason).focus();
  }

  private pairOf(a: string, b: string): [number, number] | null {
    const { session } = this.work;
    const [one, other] = [session.unitOf(a), session.unitOf(b)];
    return one === null || other === null || one === other ? null : [one, other];
  }

  /** Tell whether the two are neighbours now. */
  private toldOf(a: string, b: string): string {
    const { words, session } = this.work;
    const pair = this.pairOf(a, b);
    if (pair === null) return words.nameTwoUnits;
    const { area } = session.draft;
    const near = area.neighbours.subarray(area.firstNeighbour[pair[0]]!, area.firstNeighbour[pair[0] + 1]!).includes(pair[1]);
    return filled(near ? words.areNeighbours : words.areNotNeighbours, { a: unitName(this.work, pair[0]), b: unitName(this.work, pair[1]) });
  }

  private send(a: string, b: string, joined: boolean, reason: string): void {
    const { words, session, messages } = this.work;
    const pair = this.pairOf(a, b);
    if (pair === null) return messages.toast(words.nameTwoUnits);
    if (reason === "") return messages.toast(words.reasonNeeded);
    if (session.pending.size > 0) return messages.toast(words.saveFirst);
    void session.link(pair, joined, reason);
  }
}
