/** What every part of the page works with. */

import type { MapAdapter } from "../map/adapter";
import type { Client } from "../service/client";
import type { Planner } from "../session/planner";
import type { Session } from "../session/session";
import type { Ground } from "./ground";
import type { Messages } from "./messages";
import type { Strings } from "./strings.zh";

const NAMED = 5;

export interface Workplace {
  readonly session: Session;
  readonly client: Client;
  readonly planner: Planner;
  readonly words: Strings;
  readonly map: MapAdapter;
  readonly ground: Ground;
  readonly messages: Messages;
}

/** What people call a grid: its name, or its code. */
export function gridName({ session }: Pick<Workplace, "session">, grid: number): string {
  const { id, name } = session.draft.grids[grid]!;
  return name || id;
}

/** What people call some grids; of many, the first ones. */
export function namesOf(work: Pick<Workplace, "session">, grids: readonly number[]): string {
  return grids.slice(0, NAMED).map((grid) => gridName(work, grid)).join(", ") + (grids.length > NAMED ? " …" : "");
}

/** What people call a unit: its id, and the estate that it lies in. */
export function unitName({ session }: Pick<Workplace, "session">, unit: number): string {
  const { unit_ids, compounds, compound_of } = session.document;
  const compound = compounds[compound_of[unit] ?? -1];
  return compound === undefined ? unit_ids[unit]! : `${unit_ids[unit]!} (${compound})`;
}
