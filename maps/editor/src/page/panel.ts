/** The panel beside the map: numbers of the grids touched, and how all loads lie against the band. */

import { BINS, LoadTally } from "../plan/loads";
import { ABOVE, BAND, BELOW, INSIDE_BAR } from "../plan/colours";
import { heartOf } from "../plan/heart";
import { piecesOf } from "../plan/pieces";
import { Workers } from "../plan/workers";
import type { Session } from "../session/session";
import { button, element } from "./element";
import type { Strings } from "./strings.zh";
import { drawing, shape } from "./svg";
import { filled } from "./words";
import { gridName } from "./workplace";

const LONGEST_CODE = 12; // characters that the first column shows
const SHOWN_OF_CODE = 8;

export class Panel {
  readonly heads: readonly string[];
  readonly root = element("section", { id: "panel", "aria-labelledby": "numbers-title" });
  readonly loads = element("section", { id: "loads", "aria-labelledby": "loads-title" });
  private readonly table = element("tbody");
  private readonly none: HTMLElement;
  private readonly chart = drawing("0 0 240 74", "histogram-text");
  private readonly caption = element("p", { id: "histogram-text" });
  readonly pieces = element("div", { id: "pieces" });
  readonly session: Session;
  private readonly words: Strings;
  private readonly zoomTo: (units: readonly number[]) => void;
  private readonly tally: LoadTally;
  private readonly workers: Workers;
  private rowOf = new Map<number, HTMLElement>();

  constructor(session: Session, words: Strings, zoomTo: (units: readonly number[]) => void) {
    this.zoomTo = zoomTo;
    this.session = session;
    this.words = words;
    this.tally = new LoadTally(session.draft, (grid) => session.codes.banded(grid));
    this.workers = new Workers(session.document);
    this.none = element("p", { class: "none" }, words.noNumbers);
    const heads = this.heads = [words.grid, words.households, words.residents, words.workload, words.deviation, words.walk, words.pieces, words.changedHouseholds];
    this.root.append(element("h2", { id: "numbers-title" }, words.numbers),
      element("div", { id: "numbers", tabindex: "0", role: "region", "aria-labelledby": "numbers-title" }, this.none,
        element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((h) => element("th", { scope: "col" }, h)))), this.table)),
);
    this.loads.append(element("h2", { id: "loads-title" }, words.histogram), this.chart, this.caption);
  }

  /** Show the numbers of these grids; the chosen one is marked. Of those shown before only the `fresh` ones are counted anew; none named means all. */
  show(grids: readonly number[], chosen: number | null, fresh?: ReadonlySet<number>): void {
    const before = fresh === undefined ? new Map<number, HTMLElement>() : this.rowOf;
    this.rowOf = new Map(grids.map((grid) => [grid, (fresh?.has(grid) ? undefined : before.get(grid)) ?? this.row(grid, grid === chosen)]));
    this.none.hidden = grids.length > 0;
    this.table.parentElement!.hidden = grids.length === 0;
    this.table.replaceChildren(...this.rowOf.values());
    this.pieces.replaceChildren(...grids.flatMap((grid) => this.piecesOf(grid)));
  }

  /** Numbers of grids in a sentence, for those who listen. */
  sentence(grids: readonly number[]): string {
    const { draft, codes } = this.session;
    return grids.map((grid) => {
      const { households, deviationShare } = draft.numbersOf(grid);
      const { id, name } = draft.grids[grid]!;
      if (codes.leaving(grid)) return filled(this.words.heardLeaving, { grid: name || id });
      return filled(this.words.heard, { grid: name || id, households, deviation: signed(deviationShare) });
    }).join(" ");
  }

  /** The pieces of a grid that does not hang together, each with a button that zooms to it. */
  private piecesOf(grid: number): HTMLElement[] {
    const { draft, torn } = this.session;
    if (!torn.has(grid)) return [];
    const lines = piecesOf(draft.area, draft.unitsOf(grid)).map((units, i) => {
      const households = units.reduce((sum, unit) => sum + draft.area.households[unit]!, 0);
      return element("li", {}, button(filled(this.words.piece, { place: i + 1, units: units.length, households }), { "data-piece": String(i + 1) }, () => this.zoomTo(units)));
    });
    return [element("p", {}, filled(this.words.pieceOf, { grid: gridName(this, grid) })), element("ul", {}, ...lines)];
  }

  /** Every grid with units as words, by its code, for paper. */
  rows(): string[][] {
    const { draft } = this.session;
    const grids = draft.grids.flatMap((_, grid) => (draft.unitsOf(grid).size > 0 ? [grid] : []));
    grids.sort((a, b) => (draft.grids[a]!.id < draft.grids[b]!.id ? -1 : 1));
    return grids.map((grid) => {
      const { id, name } = draft.grids[grid]!;
      return [name || id, ...[...this.row(grid, false).children].slice(1).map((cell) => cell.textContent ?? "")];
    });
  }

  private row(grid: number, chosen: boolean): HTMLElement {
    const { id, name, locked } = this.session.draft.grids[grid]!;
    return element("tr", { "data-grid": id, ...(chosen ? { class: "chosen", "aria-current": "true" } : {}) },
      element("th", { scope: "row", title: `${name} ${id}`, ...(locked ? { class: "locked" } : {}) }, name || tailOf(id)),
      ...(this.session.codes.leaving(grid) ? this.leavingCells() : this.cells(grid)));
  }

  /** A grid without units: nothing to count, and what becomes of it. */
  private leavingCells(): HTMLElement[] {
    return [element("td", { "data-number": "households" }, "0"), element("td", { "data-number": "leaving", class: "off", colspan: String(this.heads.length - 2) }, this.words.leaving)];
  }

  private cells(grid: number): HTMLElement[] {
    const { draft, torn, codes } = this.session;
    const numbers = draft.numbersOf(grid);
    const pieces = torn.has(grid) ? piecesOf(draft.area, draft.unitsOf(grid)).length : 1;
    const banded = codes.banded(grid);
    const off = banded && !numbers.inBand;
    const cells: Array<readonly [string, string, string]> = [
      ["households", numbers.households.toLocaleString(), ""],
      ["residents", numbers.residents.toLocaleString(), ""],
      ["workload", Math.round(numbers.workloadH + codes.fixedH(grid)).toLocaleString(), ""],
      ["deviation", banded ? signed(numbers.deviationShare) : "–", off ? "off" : ""],
      ["walk", numbers.households > 0 ? (heartOf(draft.area, draft.unitsOf(grid))?.walkMeanM ?? 0).toFixed(1) : "–", ""],
      ["pieces", String(pieces), pieces > 1 ? "off" : ""],
      ["changed", this.workers.householdsThatChange(draft, grid).toLocaleString(), ""],
    ];
    return cells.map(([key, text, kind]) => element("td", { "data-number": key, class: kind }, text));
  }

  /** Look again at grids that changed, and draw how the loads of all lie against the band. */
  drawLoads(changed: Iterable<number>): void {
    this.tally.look(changed);
    const { bins, band, below, above, grids: count } = this.tally;
    const highest = Math.max(1, ...bins);
    const third = BINS / 3;
    const [from, to] = band === null ? [this.words.bandLow, this.words.bandHigh] : [band.minimum, band.maximum].map((end) => Math.round(end).toLocaleString());
    this.chart.replaceChildren(
      shape("rect", { x: 80, y: 0, width: 80, height: 60, fill: BAND }),
      ...bins.map((bin, i) => {
        const fill = i < third ? BELOW : i >= 2 * third ? ABOVE : INSIDE_BAR;
        const height = (bin / highest) * 56;
        return shape("rect", { x: i * 10 + 1, y: 60 - height, width: 8, height, fill });
      }),
      ...[80, 160].map((x) => shape("line", { x1: x, x2: x, y1: 0, y2: 62, stroke: "#333", "stroke-dasharray": "3 2" })),
      shape("line", { x1: 0, x2: 240, y1: 60, y2: 60, stroke: "#333" }),
      ...([[80, from!], [160, to!]] as const).map(([x, text]) => shape("text", { x, y: 71, "font-size": 9, "text-anchor": "middle", fill: "#333" }, text)),
    );
    this.caption.textContent = band === null
      ? filled(this.words.ownBands, { count, below, above })
      : filled(this.words.histogramText, { count, minimum: Math.round(band.minimum), maximum: Math.round(band.maximum), below, above });
  }
}

/** A long code by its end, where grids differ; all of it is told by pointing at it. */
function tailOf(code: string): string {
  return code.length > LONGEST_CODE ? `…${code.slice(-SHOWN_OF_CODE)}` : code;
}

export function signed(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent > 0 ? "+" : ""}${percent} %`;
}
