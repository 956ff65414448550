/** The service as the editor speaks to it. A failed network is an answer too. */

import type { EditorDocument } from "./document";

export interface EditAnswer {
  readonly version: number;
  readonly kind: string;
  readonly author: string;
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
}

export type Path = "edits" | "undo" | "redo" | "locks" | "status";

export type Outcome =
  | { readonly kind: "accepted"; readonly answer: EditAnswer }
  | { readonly kind: "stale"; readonly edits: readonly EditAnswer[] }
  | { readonly kind: "refused"; readonly code: string; readonly text: string }
  | { readonly kind: "offline" };

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
    const response = await this.fetching(`${this.address}/editor`, { headers: { "Accept-Language": this.language } });
    if (!response.ok) throw new Error(((await response.json()) as { title: string }).title);
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

  /** Listen for edits after a version; the browser takes the stream up again by itself. */
  listen(after: number, hear: (answer: EditAnswer) => void): EventSource {
    const source = new EventSource(`${this.address}/events?after=${after}`);
    source.addEventListener("edit", (event) => hear(JSON.parse((event as MessageEvent<string>).data) as EditAnswer));
    return source;
  }
}
