/** Have the engine even grids out or split one: best so far while it works, old and new numbers, accept or leave. */

import { ended, type GridTold, type JobTold, pairsOf, type ProposalTold } from "../service/job";
import type { Session } from "../session/session";
import { button, element } from "./element";
import { signed } from "./panel";
import { filled } from "./words";
import { gridName, type Workplace } from "./workplace";

const MOST_PARTS = 6;
const NAMED = 4; // grids named in the line of the selection

export interface ProposingHeard {
  /** Show units of a proposal in their new grids; an empty map ends it. */
  preview(units: ReadonlyMap<number, number>): void;
  /** A proposal has come. */
  proposed(): void;
  /** Take the neighbours of the selected grids into the selection. */
  widen(): readonly number[];
}

export class Proposing {
  readonly root = element("section", { id: "proposing", "aria-labelledby": "proposing-title" });
  private readonly chosenText = element("p", { id: "selection" });
  private readonly told = element("div", { id: "proposal", "aria-live": "polite" });
  private readonly rebalance: HTMLButtonElement;
  private readonly around: HTMLButtonElement;
  private readonly split: HTMLButtonElement;
  private readonly parts = element("select", { id: "parts" });
  private selection: readonly number[] = [];
  private stop: () => void = () => undefined;
  private readonly work: Workplace;
  private readonly heard: ProposingHeard;

  constructor(work: Workplace, heard: ProposingHeard) {
    this.work = work;
    this.heard = heard;
    const { words } = work;
    this.rebalance = button(words.rebalance, { "data-act": "rebalance" }, () => void this.ask("rebalance"));
    this.around = button(words.rebalanceAround, { "data-act": "rebalanceAround" }, () => {
      this.select(heard.widen());
      void this.ask("rebalance");
    });
    this.split = button(words.split, { "data-act": "split" }, () => void this.ask("split"));
    this.parts.setAttribute("aria-label", words.parts);
    for (let parts = 2; parts <= MOST_PARTS; parts += 1) this.parts.append(element("option", { value: String(parts) }, filled(words.intoParts, { parts })));
    this.root.append(element("h2", { id: "proposing-title" }, words.proposals), this.chosenText,
      element("div", { class: "choices" }, this.around, this.rebalance, element("span", { class: "joined" }, this.split, this.parts)), this.told);
    this.select([]);
  }

  select(grids: readonly number[]): void {
    this.selection = grids;
    const { words } = this.work;
    const names = grids.slice(0, NAMED).map((g) => gridName(this.work, g)).join(", ") + (grids.length > NAMED ? ` … (${grids.length})` : "");
    this.chosenText.textContent = grids.length === 0 ? words.selectFirst : filled(words.selected, { grids: names });
    this.around.disabled = grids.length === 0;
    this.rebalance.disabled = grids.length < 2;
    this.split.disabled = this.parts.disabled = grids.length !== 1;
  }

  private async ask(kind: "rebalance" | "split"): Promise<void> {
    const { session, client, words, planner } = this.work;
    if (session.pending.size > 0) return this.say(words.saveFirst);
    this.leave();
    const grids = this.selection.map((g) => session.draft.grids[g]!.id);
    const body = { kind, grids, ...(kind === "split" ? { parts: Number(this.parts.value) } : {}), author: planner.mark };
    const asked = await client.post<JobTold>("proposals", body, session.version);
    if (!("value" in asked)) return this.say(asked.text ?? words.offline);
    this.show(asked.value);
    this.stop = client.follow(asked.value.job, (job) => this.show(job));
  }

  private show(job: JobTold): void {
    const { words } = this.work;
    if (job.state === "done" && job.result !== null) return this.showResult(job.job, job.result);
    if (ended(job)) return this.say(job.problem === null ? words.jobCancelled : `${job.problem.title} ${job.problem.detail}`);
    const bar = this.told.querySelector("progress");
    if (bar === null) this.showWork(job);
    else bar.value = job.progress_share;
    this.told.querySelector("p")!.textContent = this.bestOf(job);
  }

  private showWork(job: JobTold): void {
    const { words, client } = this.work;
    this.told.replaceChildren(
      element("progress", { max: "1", value: String(job.progress_share), "aria-label": words.working }),
      element("p", {}),
      button(words.cancel, { id: "cancel-job" }, () => void client.cancel(job.job)));
    this.told.scrollIntoView({ block: "nearest" });
  }

  /** The numbers of the best drawing so far. */
  private bestOf({ best, state }: JobTold): string {
    const { words } = this.work;
    if (best?.walk_mean_m === undefined) return state === "queued" ? words.queued : words.working;
    return filled(words.bestSoFar, { walk: best.walk_mean_m.toFixed(1), outside: (best.band_violation ?? 0).toLocaleString() });
  }

  private showResult(job: string, result: ProposalTold): void {
    const { words, session } = this.work;
    if (result.moves.length === 0) return this.say(words.nothingBetter);
    this.heard.preview(previewOf(session, result));
    this.heard.proposed();
    const named = (id: string, told: GridTold | null): string => {
      const grid = session.codes.find(id);
      return grid === null ? told?.name || id : gridName(this.work, grid);
    };
    const both = (old: number | null | undefined, now: number | null | undefined, text: (n: number) => string): HTMLElement =>
      element("td", {}, [old, now].map((n) => (n === null || n === undefined ? "–" : text(n))).join(" → "));
    const rows = pairsOf(result).map(({ id, old, now }) =>
      element("tr", { "data-proposed": id }, element("th", { scope: "row", title: id }, named(id, now)),
        both(old?.households, now?.households, (n) => n.toLocaleString()),
        both(old?.deviation_share, now?.deviation_share, signed),
        both(old?.walk_mean_m, now?.walk_mean_m, (n) => n.toFixed(1))));
    const heads = [words.grid, words.households, words.deviation, words.walk].map((h) => element("th", { scope: "col" }, h));
    const accept = button(words.accept, { id: "accept", class: "main" }, () => {
      this.leave();
      void session.command("edits", { kind: "accept", proposal: job });
    });
    this.told.replaceChildren(
      element("p", {}, filled(words.proposed, { households: result.households_moved.toLocaleString() })),
      element("div", { class: "choices" }, accept, button(words.leaveIt, { id: "leave" }, () => this.leave())),
      element("table", { class: "pairs" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
    this.told.scrollIntoView({ block: "nearest" });
    accept.focus({ preventScroll: true });
  }

  private leave(): void {
    const within = this.told.contains(document.activeElement);
    this.stop();
    this.heard.preview(new Map());
    this.told.replaceChildren();
    if (within) this.around.focus({ preventScroll: true });
  }

  private say(text: string): void {
    this.told.replaceChildren(element("p", { role: "alert" }, text));
  }
}

/** Units of a proposal and the numbers of their new grids; grids that are not there yet come after those that are. */
function previewOf(session: Session, result: ProposalTold): Map<number, number> {
  const fresh = new Map<string, number>();
  const numberOf = (id: string): number => {
    const known = session.codes.find(id) ?? fresh.get(id) ?? session.draft.grids.length + fresh.size;
    if (session.codes.find(id) === null) fresh.set(id, known);
    return known;
  };
  return new Map(result.moves.map((m) => [session.unitOf(m.unit_id)!, numberOf(m.new_grid_id)]));
}
