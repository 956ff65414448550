/** Have the engine even grids out or split one: progress, old and new numbers, accept or leave. */

import type { Client } from "../service/client";
import { ended, type JobTold, pairsOf, type ProposalTold } from "../service/job";
import type { Session } from "../session";
import { authorOf } from "./keeping";
import { button, element } from "./element";
import type { Strings } from "./strings.zh";
import { filled } from "./words";

export class Proposing {
  readonly root = element("section", { id: "proposing", "aria-labelledby": "proposing-title" });
  private readonly chosenText = element("p", { id: "selection" });
  private readonly told = element("div", { id: "proposal", "aria-live": "polite" });
  private readonly rebalance: HTMLButtonElement;
  private readonly split: HTMLButtonElement;
  private selection: readonly number[] = [];
  private stop: () => void = () => undefined;
  private readonly session: Session;
  private readonly client: Client;
  private readonly words: Strings;
  private readonly preview: (result: ProposalTold | null) => void;

  constructor(session: Session, client: Client, words: Strings, preview: (result: ProposalTold | null) => void) {
    this.session = session;
    this.client = client;
    this.words = words;
    this.preview = preview;
    this.rebalance = button(words.rebalance, { "data-act": "rebalance" }, () => void this.ask("rebalance"));
    this.split = button(words.split, { "data-act": "split" }, () => void this.ask("split"));
    this.root.append(element("h2", { id: "proposing-title" }, words.proposals), this.chosenText, element("div", { class: "choices" }, this.rebalance, this.split), this.told);
    this.select([]);
  }

  select(grids: readonly number[]): void {
    this.selection = grids;
    const { draft } = this.session;
    this.chosenText.textContent = grids.length === 0 ? this.words.selectFirst : filled(this.words.selected, { grids: grids.map((g) => draft.grids[g]!.id).join(", ") });
    this.rebalance.disabled = grids.length < 2;
    this.split.disabled = grids.length !== 1;
  }

  private async ask(kind: "rebalance" | "split"): Promise<void> {
    const { session, words } = this;
    if (session.pending.size > 0) return this.say(words.saveFirst);
    this.leave();
    const grids = this.selection.map((g) => session.draft.grids[g]!.id);
    const body = { kind, grids, ...(kind === "split" ? { parts: 2 } : {}), author: authorOf(localStorage) };
    const asked = await this.client.post<JobTold>("proposals", body, session.version);
    if (!("value" in asked)) return this.say(asked.text ?? words.offline);
    this.show(asked.value);
    this.stop = this.client.follow(asked.value.job, (job) => this.show(job));
  }

  private show(job: JobTold): void {
    const { words } = this;
    if (job.state === "done" && job.result !== null) return this.showResult(job.job, job.result);
    if (ended(job)) return this.say(job.problem === null ? words.jobCancelled : `${job.problem.title} ${job.problem.detail}`);
    this.told.replaceChildren(
      element("progress", { max: "1", value: String(job.progress_share), "aria-label": words.working }),
      element("p", {}, words.working),
      button(words.cancel, { id: "cancel-job" }, () => void this.client.cancel(job.job)));
  }

  private showResult(job: string, result: ProposalTold): void {
    const { words } = this;
    this.preview(result);
    const both = (old: number | null | undefined, now: number | null | undefined, text: (n: number) => string): HTMLElement =>
      element("td", {}, [old, now].map((n) => (n === null || n === undefined ? "–" : text(n))).join(" → "));
    const percent = (share: number): string => `${Math.round(share * 100)} %`;
    const rows = pairsOf(result).map(({ id, old, now }) =>
      element("tr", { "data-proposed": id }, element("th", { scope: "row" }, id),
        both(old?.households, now?.households, (n) => n.toLocaleString()),
        both(old?.deviation_share, now?.deviation_share, percent),
        both(old?.walk_mean_m, now?.walk_mean_m, (n) => n.toFixed(1))));
    const heads = [words.grid, words.households, words.deviation, words.walk].map((h) => element("th", { scope: "col" }, h));
    this.told.replaceChildren(
      element("p", {}, filled(words.proposed, { households: result.households_moved })),
      element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)),
      element("div", { class: "choices" },
        button(words.accept, { id: "accept" }, () => {
          this.leave();
          void this.session.command("edits", { kind: "accept", proposal: job });
        }),
        button(words.leaveIt, { id: "leave" }, () => this.leave())));
  }

  private leave(): void {
    this.stop();
    this.preview(null);
    this.told.replaceChildren();
  }

  private say(text: string): void {
    this.told.replaceChildren(element("p", { role: "alert" }, text));
  }
}
