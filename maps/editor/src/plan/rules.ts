/** Why a unit may not be painted into a grid. Each refusal has a name, so that it can be said in words. */

import type { Draft } from "./draft";

export type Refusal =
  | { readonly reason: "not-draft" }
  | { readonly reason: "unit-locked"; readonly unit: number }
  | { readonly reason: "grid-locked"; readonly grid: number }
  | { readonly reason: "other-community"; readonly unit: number; readonly grid: number }
  | { readonly reason: "outside-limit"; readonly unit: number }
  /** Where the unit stood in the base, there is no grid any more. */
  | { readonly reason: "base-gone"; readonly unit: number };

export interface Limits {
  /** Only a draft is edited. */
  readonly editable: boolean;
  readonly lockedUnits: ReadonlySet<number>;
  /** "Limit to this area": only these units may change; null means all. */
  readonly onlyUnits: ReadonlySet<number> | null;
}

export const NO_LIMITS: Limits = { editable: true, lockedUnits: new Set(), onlyUnits: null };

/** Return why `unit` may not move into `grid`, or null where it may. */
export function refusalOf(draft: Draft, limits: Limits, unit: number, grid: number): Refusal | null {
  const from = draft.gridOf[unit]!;
  if (from === grid) return null;
  if (!limits.editable) return { reason: "not-draft" };
  if (limits.onlyUnits !== null && !limits.onlyUnits.has(unit)) return { reason: "outside-limit", unit };
  if (limits.lockedUnits.has(unit)) return { reason: "unit-locked", unit };
  if (draft.grids[from]!.locked) return { reason: "grid-locked", grid: from };
  if (draft.grids[grid]!.locked) return { reason: "grid-locked", grid };
  if (draft.area.communityOf[unit] !== draft.grids[grid]!.community) return { reason: "other-community", unit, grid };
  return null;
}
