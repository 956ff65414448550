/** The service as the editor speaks to it. A failed network is an answer too. */

import type { EditorDocument } from "./document";
import { ended, type JobTold } from "./job";

export interface LinkLine {
  readonly unit_a: string;
  readonly unit_b: string;
  readonly joined: boolean;
}

export interface EditAnswer {
  readonly version: number;
  readonly kind: string;
  readonly author: string;
  readonly author_name: string;
  readonly status: string;
  readonly next_steps: readonly string[];
  readonly moves: ReadonlyArray<{ readonly unit_id: string; readonly old_grid_id: string; readonly new_grid_id: string }>;
  readonly grids: ReadonlyArray<{
    readonly grid_id: string;
    readonly community_id: string;
    readonly name: string;
    readonly locked: boolean;
  }>;
  readonly retired: readonly string[];
  readonly locked_units: readonly string[];
  readonly unlocked_units: readonly string[];
  /** Neighbours that were made or cut apart. */
  readonly links?: readonly LinkLine[];
}

export type Path = "edits" | "undo" | "redo" | "locks" | "status" | "restore" | "links";

export type Outcome =
  | { readonly kind: "accepted"; readonly answer: EditAnswer }
  | { readonly kind: "stale"; readonly edits: readonly EditAnswer[] }
  | { readonly kind: "refused"; readonly code: string; readonly text: string }
  | { readonly kind: "offline" };

/** What was asked for, or why not; null where the service cannot be reached. */
export type Told<T> = { readonly value: T } | { readonly text: string | null };

/** The service answers, and has no such plan to edit. */
export class NoPlanError extends Error {}

export class Client {
  private readonly address: string;
  private readonly language: string;
  private readonly fetching: typeof fetch;

  constructor(plan: string, language: string, fetching: typeof fetch = fetch.bind(globalThis)) {
    this.address = `/v1/plans/${encodeURIComponent(plan)}`;
    this.language = language;
    this.fetching = fetching;
  }

  async document(): Promise<EditorDocument> {
    const response = await this.fetching(`${this.address}/editor`, { headers: { "Accept-Language": this.language }, cache: "no-cache" }); // going back in the browser asks again too
    if (!response.ok) {
      const { title, detail } = (await response.json()) as { title: string; detail?: string };
      throw new NoPlanError([title, detail].filter(Boolean).join(" "));
    }
    return (await response.json()) as EditorDocument;
  }

  /** Send an edit; the same key again is the same edit. */
  async send(path: Path, body: object, version: number, key: string): Promise<Outcome> {
    let response: Response;
    try {
      response = await this.fetching(`${this.address}/${path}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: {
          "Content-Type": "application/json",
          "Accept-Language": this.language,
          "If-Match": `"${version}"`,
          "Idempotency-Key": key,
        },
      });
    } catch {
      return { kind: "offline" };
    }
    if (response.ok) return { kind: "accepted", answer: (await response.json()) as EditAnswer };
    if (response.status >= 500) return { kind: "offline" };
    const problem = (await response.json()) as { code: string; title: string; detail: string; edits?: EditAnswer[] };
    if (response.status === 412) return { kind: "stale", edits: problem.edits ?? [] };
    return { kind: "refused", code: problem.code, text: `${problem.title} ${problem.detail}` };
  }

  /** Read something of the plan. */
  read<T>(path: string): Promise<Told<T>> {
    return this.told<T>(`${this.address}/${path}`, {});
  }

  /** Post something about the plan; `version` where it is about one. */
  post<T>(path: string, body: object, version?: number): Promise<Told<T>> {
    const headers = { "Content-Type": "application/json", ...(version === undefined ? {} : { "If-Match": `"${version}"` }) };
    return this.told<T>(`${this.address}/${path}`, { method: "POST", body: JSON.stringify(body), headers });
  }

  /** Follow a job until it has ended; return what stops following. */
  follow(job: string, hear: (told: JobTold) => void): () => void {
    const source = new EventSource(`/v1/jobs/${encodeURIComponent(job)}/events`);
    source.addEventListener("job", (event) => {
      const told = JSON.parse((event as MessageEvent<string>).data) as JobTold;
      if (ended(told)) source.close();
      hear(told);
    });
    return () => source.close();
  }

  cancel(job: string): Promise<Told<JobTold>> {
    return this.told<JobTold>(`/v1/jobs/${encodeURIComponent(job)}`, { method: "DELETE" });
  }

  private async told<T>(address: string, init: RequestInit): Promise<Told<T>> {
    try {
      const response = await this.fetching(address, { ...init, headers: { ...init.headers, "Accept-Language": this.language } });
      if (response.ok) return { value: (await response.json()) as T };
      const problem = (await response.json()) as { title: string; detail: string };
      return { text: `${problem.title} ${problem.detail}` };
    } catch {
      return { text: null };
    }
  }

  /** Listen for edits after a version; the browser takes the stream up again by itself. */
  listen(after: number, hear: (answer: EditAnswer) => void): EventSource {
    const source = new EventSource(`${this.address}/events?after=${after}`);
    source.addEventListener("edit", (event) => hear(JSON.parse((event as MessageEvent<string>).data) as EditAnswer));
    return source;
  }
}
