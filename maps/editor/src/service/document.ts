/** The editor's document as the service sends it, and the ground and draft made of it. */

import type { MultiPolygon, Polygon } from "geojson";
import type { Area } from "../plan/area";
import { Draft, type Grid } from "../plan/draft";
import { triangleOf, Walks } from "../plan/walks";
import { Links } from "./links";

export interface GridLine {
  readonly id: string;
  readonly community: string;
  readonly kind: string;
  readonly name: string;
  readonly locked: boolean;
  readonly fixed_h: number;
}

export interface EditorDocument {
  readonly plan: string;
  readonly version: number;
  readonly status: string;
  readonly next_steps: readonly string[];
  readonly name: string;
  readonly notice_zh: string;
  readonly notice_en: string;
  readonly balance_on: "households" | "residents" | "workload_h";
  readonly codes_used: readonly string[];
  readonly unit_ids: readonly string[];
  /** Names of estates, and the place of each unit's in them; -1 where it lies in none. */
  readonly compounds: readonly string[];
  readonly compound_of: readonly number[];
  readonly communities: ReadonlyArray<{
    readonly id: string;
    readonly name: string;
    readonly band: readonly [number, number, number];
    readonly patrol_h: number;
  }>;
  readonly community: readonly number[];
  readonly households: readonly number[];
  readonly residents: readonly number[];
  readonly workload_h: readonly number[];
  readonly places_m: readonly number[];
  /** Decimetres of walk between the units of each community; left out where walks are straight. */
  readonly walks_dm?: ReadonlyArray<{ readonly bits: number; readonly base64: string }>;
  readonly pairs: readonly number[];
  /** Places in the list of pairs of those without an open border: a crossing or a link of the study joins them. */
  readonly pairs_across: readonly number[];
  readonly polygons: ReadonlyArray<Polygon | MultiPolygon>;
  readonly study_locked: readonly number[];
  readonly locked_units: readonly number[];
  readonly grids: readonly GridLine[];
  readonly grid_of: readonly number[];
  readonly base_version: number;
  readonly base_grids: readonly string[];
  readonly base_of: readonly number[];
  /** A number for the lead of every base grid; -1 where nobody is posted. */
  readonly base_leads: readonly number[];
  /** Neighbours that planners made, and those they cut apart, against `pairs`. */
  readonly links_added: ReadonlyArray<readonly [string, string]>;
  readonly links_removed: ReadonlyArray<readonly [string, string]>;
}

export function areaOf(document: EditorDocument): Area {
  const communityOf = Int32Array.from(document.community);
  return {
    unitIds: document.unit_ids,
    communities: document.communities.map(({ id, name, band }) => ({
      id,
      name,
      band: { minimum: band[0], target: band[1], maximum: band[2] },
    })),
    communityOf,
    households: Float64Array.from(document.households),
    residents: Float64Array.from(document.residents),
    workloadH: Float64Array.from(document.workload_h),
    load: Float64Array.from(document[document.balance_on]),
    placesM: Float64Array.from(document.places_m),
    walks: document.walks_dm === undefined ? null : new Walks(communityOf, document.walks_dm.map(triangleOf)),
    ...new Links(document).rows,
  };
}

export function draftOf(document: EditorDocument, area: Area): Draft {
  const number = new Map(document.communities.map(({ id }, i) => [id, i]));
  const grids: Grid[] = document.grids.map((g) => ({
    id: g.id,
    community: number.get(g.community) ?? 0,
    locked: g.locked,
    name: g.name,
  }));
  return new Draft(area, grids, Int32Array.from(document.grid_of));
}
