/** A job as the service tells it: a proposal on its way, or with its result. */

export interface GridTold {
  readonly grid_id: string;
  /** Empty where the grid has none. */
  readonly name: string;
  readonly households: number;
  readonly deviation_share: number | null;
  readonly walk_mean_m: number | null;
}

export interface ProposalTold {
  readonly moves: ReadonlyArray<{ readonly unit_id: string; readonly old_grid_id: string; readonly new_grid_id: string }>;
  readonly grids: readonly GridTold[];
  readonly old_grids: readonly GridTold[];
  readonly households_moved: number;
}

export interface JobTold {
  readonly job: string;
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly progress_share: number;
  readonly best: { readonly walk_mean_m?: number; readonly band_violation?: number } | null;
  readonly result: ProposalTold | null;
  readonly problem: { readonly title: string; readonly detail: string } | null;
}

export function ended(job: JobTold): boolean {
  return job.state === "done" || job.state === "failed" || job.state === "cancelled";
}

/** Grids of a proposal with their numbers before and after; null where a grid is not there. */
export function pairsOf(result: ProposalTold): Array<{ readonly id: string; readonly old: GridTold | null; readonly now: GridTold | null }> {
  const [old, now] = [result.old_grids, result.grids].map((grids) => new Map(grids.map((g) => [g.grid_id, g])));
  return [...new Set([...old!.keys(), ...now!.keys()])].sort().map((id) => ({ id, old: old!.get(id) ?? null, now: now!.get(id) ?? null }));
}
