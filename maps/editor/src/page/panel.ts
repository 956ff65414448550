/** The panel beside the map: numbers of the grids touched, and how all loads lie against the band. */

import { BINS, loadsOf } from "../plan/loads";
import { ABOVE, BELOW, INSIDE } from "../plan/colours";
import { heartOf } from "../plan/heart";
import { piecesOf } from "../plan/pieces";
import type { Session } from "../session";
import { button, element } from "./element";
import type { Strings } from "./strings.zh";
import { filled } from "./words";

const SVG = "http://www.w3.org/2000/svg";

export class Panel {
  readonly heads: readonly string[];
  readonly root = element("section", { id: "panel", "aria-labelledby": "numbers-title" });
  private readonly table = element("tbody");
  private readonly none: HTMLElement;
  private readonly chart = document.createElementNS(SVG, "svg");
  private readonly caption = element("p", { id: "histogram-text" });
  private readonly session: Session;
  private readonly words: Strings;
  private readonly pieces = element("div", { id: "pieces" });
  private readonly zoomTo: (units: readonly number[]) => void;

  constructor(session: Session, words: Strings, zoomTo: (units: readonly number[]) => void) {
    this.zoomTo = zoomTo;
    this.session = session;
    this.words = words;
    this.none = element("p", { class: "none" }, words.noNumbers);
    const heads = this.heads = [words.grid, words.households, words.residents, words.workload, words.deviation, words.walk, words.pieces, words.changedHouseholds];
    this.chart.setAttribute("viewBox", "0 0 240 70");
    this.chart.setAttribute("role", "img");
    this.chart.setAttribute("aria-labelledby", "histogram-text");
    this.root.append(
      element("h2", { id: "numbers-title" }, words.numbers),
      element("div", { id: "numbers", "aria-live": "polite" }, this.none,
        element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((h) => element("th", { scope: "col" }, h)))), this.table)),
      this.pieces,
      element("h2", {}, words.histogram),
      this.chart,
      this.caption,
    );
  }

  /** Show the numbers of these grids; the chosen one is marked. */
  show(grids: readonly number[], chosen: number | null): void {
    this.none.hidden = grids.length > 0;
    this.table.parentElement!.hidden = grids.length === 0;
    this.table.replaceChildren(...grids.map((grid) => this.row(grid, grid === chosen)));
    this.pieces.replaceChildren(...grids.flatMap((grid) => this.piecesOf(grid)));
  }

  /** The pieces of a grid that does not hang together, each with a button that zooms to it. */
  private piecesOf(grid: number): HTMLElement[] {
    const { draft } = this.session;
    const pieces = piecesOf(draft.area, draft.unitsOf(grid));
    if (pieces.length < 2) return [];
    const lines = pieces.map((units, i) => {
      const households = units.reduce((sum, unit) => sum + draft.area.households[unit]!, 0);
      return element("li", {}, button(filled(this.words.piece, { place: i + 1, units: units.length, households }), { "data-piece": String(i + 1) }, () => this.zoomTo(units)));
    });
    return [element("p", {}, filled(this.words.pieceOf, { grid: draft.grids[grid]!.id })), element("ul", {}, ...lines)];
  }

  /** Every grid with units as words, by its code, for paper. */
  rows(): string[][] {
    const { draft } = this.session;
    const grids = draft.grids.flatMap((_, grid) => (draft.unitsOf(grid).size > 0 ? [grid] : []));
    grids.sort((a, b) => (draft.grids[a]!.id < draft.grids[b]!.id ? -1 : 1));
    return grids.map((grid) => [...this.row(grid, false).children].map((cell) => cell.textContent ?? ""));
  }

  private row(grid: number, chosen: boolean): HTMLElement {
    const { draft } = this.session;
    const numbers = draft.numbersOf(grid);
    const pieces = piecesOf(draft.area, draft.unitsOf(grid)).length;
    const banded = this.session.banded(grid);
    const off = banded && !numbers.inBand;
    const cells: Array<readonly [string, string, string]> = [
      ["households", numbers.households.toLocaleString(), ""],
      ["residents", numbers.residents.toLocaleString(), ""],
      ["workload", Math.round(numbers.workloadH + this.session.fixedH(grid)).toLocaleString(), ""],
      ["deviation", banded ? signed(numbers.deviationShare) : "–", off ? "off" : ""],
      ["walk", numbers.households > 0 ? (heartOf(draft.area, draft.unitsOf(grid))?.walkMeanM ?? 0).toFixed(1) : "–", ""],
      ["pieces", String(pieces), pieces > 1 ? "off" : ""],
      ["changed", this.changedHouseholds(grid).toLocaleString(), ""],
    ];
    const info = draft.grids[grid]!;
    return element("tr", { "data-grid": info.id, ...(chosen ? { class: "chosen" } : {}) },
      element("th", { scope: "row" }, `${info.locked ? "🔒 " : ""}${info.name || info.id}`),
      ...cells.map(([name, text, kind]) => element("td", { "data-number": name, class: kind }, text)));
  }

  /** Households of the grid that stood in another grid in the base. */
  private changedHouseholds(grid: number): number {
    const { draft, baseOf } = this.session;
    let sum = 0;
    for (const unit of draft.unitsOf(grid)) if (baseOf[unit] !== grid) sum += draft.area.households[unit]!;
    return sum;
  }

  /** Draw how the loads of all grids lie against the band. */
  drawLoads(): void {
    const { draft } = this.session;
    const loads = loadsOf(draft, (grid) => this.session.banded(grid));
    const highest = Math.max(1, ...loads.bins);
    const third = BINS / 3;
    this.chart.replaceChildren(
      shape("rect", { x: 80, y: 0, width: 80, height: 60, fill: "#eef4ea" }),
      ...loads.bins.map((count, i) => {
        const fill = i < third ? BELOW : i >= 2 * third ? ABOVE : "#7fa876";
        const height = (count / highest) * 56;
        return shape("rect", { x: i * 10 + 1, y: 60 - height, width: 8, height, fill });
      }),
      ...[80, 160].map((x) => shape("line", { x1: x, x2: x, y1: 0, y2: 62, stroke: "#333", "stroke-dasharray": "3 2" })),
      shape("line", { x1: 0, x2: 240, y1: 60, y2: 60, stroke: "#333" }),
    );
    const { band, below, above, grids: count } = loads;
    this.caption.textContent = band === null
      ? filled(this.words.ownBands, { count, below, above })
      : filled(this.words.histogramText, { count, minimum: Math.round(band.minimum), maximum: Math.round(band.maximum), below, above });
  }
}

/** What the colours of the load mean, lightest words. */
export const LOAD_KEY = [BELOW, ...INSIDE, ABOVE] as const;

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function signed(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent > 0 ? "+" : ""}${percent} %`;
}
