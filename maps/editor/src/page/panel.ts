/** The panel beside the map: numbers of the grids touched, and how all loads lie against the band. */

import { ABOVE, BELOW, INSIDE } from "../plan/colours";
import { heartOf } from "../plan/heart";
import { piecesOf } from "../plan/pieces";
import type { Session } from "../session";
import { element } from "./element";
import type { Strings } from "./strings.zh";
import { filled } from "./words";

const SVG = "http://www.w3.org/2000/svg";
const BINS = 24;

export class Panel {
  readonly root = element("section", { id: "panel", "aria-labelledby": "numbers-title" });
  private readonly table = element("tbody");
  private readonly none: HTMLElement;
  private readonly chart = document.createElementNS(SVG, "svg");
  private readonly caption = element("p", { id: "histogram-text" });
  private readonly session: Session;
  private readonly words: Strings;

  constructor(session: Session, words: Strings) {
    this.session = session;
    this.words = words;
    this.none = element("p", { class: "none" }, words.noNumbers);
    const heads = [words.grid, words.households, words.residents, words.workload, words.deviation, words.walk, words.pieces, words.changedHouseholds];
    this.chart.setAttribute("viewBox", "0 0 240 70");
    this.chart.setAttribute("role", "img");
    this.chart.setAttribute("aria-labelledby", "histogram-text");
    this.root.append(
      element("h2", { id: "numbers-title" }, words.numbers),
      element("div", { id: "numbers", "aria-live": "polite" }, this.none,
        element("table", {}, element("thead", {}, element("tr", {}, ...heads.map((h) => element("th", { scope: "col" }, h)))), this.table)),
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

  /** Draw how the loads of all grids lie, as shares of their target, with the band. */
  drawLoads(): void {
    const { draft } = this.session;
    const loads: Array<{ share: number; ends: readonly [number, number] }> = [];
    let [below, above] = [0, 0];
    for (let grid = 0; grid < draft.grids.length; grid += 1) {
      if (!this.session.banded(grid) || draft.unitsOf(grid).size === 0) continue;
      const { band } = draft.area.communities[draft.grids[grid]!.community]!;
      const numbers = draft.numbersOf(grid);
      loads.push({ share: numbers.deviationShare + 1, ends: [band.minimum / band.target, band.maximum / band.target] });
      if (!numbers.inBand && numbers.deviationShare < 0) below += 1;
      if (!numbers.inBand && numbers.deviationShare >= 0) above += 1;
    }
    const counts = new Array<number>(BINS).fill(0);
    const bin = (share: number): number => Math.min(BINS - 1, Math.max(0, Math.floor((share / 2) * BINS)));
    for (const { share } of loads) counts[bin(share)]! += 1;
    const highest = Math.max(1, ...counts);
    const band = draft.area.communities[0]!.band;
    const [low, high] = [band.minimum / band.target, band.maximum / band.target];
    this.chart.replaceChildren(
      shape("rect", { x: low * 120, y: 0, width: (high - low) * 120, height: 60, fill: "#eef4ea" }),
      ...counts.map((count, i) => {
        const middle = ((i + 0.5) / BINS) * 2;
        const fill = middle < low ? BELOW : middle > high ? ABOVE : "#7fa876";
        const height = (count / highest) * 56;
        return shape("rect", { x: i * 10 + 1, y: 60 - height, width: 8, height, fill });
      }),
      ...[low, high].map((end) => shape("line", { x1: end * 120, x2: end * 120, y1: 0, y2: 62, stroke: "#333", "stroke-dasharray": "3 2" })),
      shape("line", { x1: 0, x2: 240, y1: 60, y2: 60, stroke: "#333" }),
    );
    this.caption.textContent = filled(this.words.histogramText, { count: loads.length, minimum: Math.round(band.minimum), maximum: Math.round(band.maximum), below, above });
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
