/**
 * The place in the browser where this page keeps its draft. No other open page has the same one; places whose page is
 * gone are orphans, and their drafts are taken over by the next page that opens the plan.
 */

import { fresh } from "../service/keys";
import { placesOf, type Shelf } from "./keeping";

const RELOAD_WAIT_MS = 1500; // a page that is reloaded lets its place go a moment after the next one begins
const OWN = "wangge-place:";

/** Holds a name for as long as the page is open; tells whether it got it. */
export type Hold = (name: string, waitMs: number) => Promise<boolean>;

/** Names are held by the browser's locks: they end with the page, however it ends. */
export function holdBy(locks: LockManager | undefined): Hold {
  if (locks === undefined) return () => Promise.resolve(true); // an address without https: the browser has no locks
  return (name, waitMs) => new Promise((resolve) => {
    const options: LockOptions = waitMs === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(waitMs) };
    const held = (lock: Lock | null): Promise<void> | undefined => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    };
    locks.request(name, options, held).catch(() => resolve(false));
  });
}

/** Return the place of this page: the one it had before it was reloaded, or a new one. */
export async function ownPlace(tab: Shelf, hold: Hold, plan: string): Promise<string> {
  const before = tab.getItem(OWN + plan);
  if (before !== null && (await hold(before, RELOAD_WAIT_MS))) return before;
  const place = placesOf(plan) + fresh();
  await hold(place, 0);
  tab.setItem(OWN + plan, place);
  return place;
}

/** Return those of the places that no open page holds; this page holds them from now on. */
export async function orphans(places: readonly string[], hold: Hold): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) if (await hold(place, 0)) found.push(place);
  return found;
}
