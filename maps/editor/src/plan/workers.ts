/** Who is responsible for which grid, as numbers: a household changes worker where its base grid's lead is not its grid's. */

import type { Draft } from "./draft";

export interface BaseLeads {
  readonly base_grids: readonly string[];
  /** Base grid of every unit, as a place in `base_grids`. */
  readonly base_of: readonly number[];
  /** A number for the lead of every base grid; -1 where nobody is posted. */
  readonly base_leads: readonly number[];
}

export class Workers {
  private readonly leadOfUnit: Int32Array;
  private readonly leadOfCode: ReadonlyMap<string, number>;

  constructor({ base_grids, base_of, base_leads }: BaseLeads) {
    // a grid without a lead is one of its own: whoever comes, comes to the whole of it
    const own = base_leads.map((lead, grid) => (lead >= 0 ? lead : base_leads.length + grid));
    this.leadOfUnit = Int32Array.from(base_of, (grid) => own[grid] ?? -1);
    this.leadOfCode = new Map(base_grids.map((id, grid) => [id, own[grid]!]));
  }

  /** Households of a grid whose worker in the base was another. */
  householdsThatChange(draft: Draft, grid: number): number {
    const lead = this.leadOfCode.get(draft.grids[grid]!.id) ?? -2; // a grid that the base did not have
    let sum = 0;
    for (const unit of draft.unitsOf(grid)) if (this.leadOfUnit[unit] !== lead) sum += draft.area.households[unit]!;
    return sum;
  }
}
