/** One request at a time: an edit that cannot be delivered is sent again under the same key. */

import type { Client, Outcome, Path } from "./client";
import { fresh } from "./keys";

const RETRY_MS = 3000;

export interface Letter {
  readonly path: Path;
  readonly body: object;
  readonly key: string;
  /** The moves are those that were painted here. */
  readonly painted: boolean;
}

export class Outbox {
  private sending = false;
  private waiting: Letter | null = null;
  private readonly client: Pick<Client, "send">;

  constructor(client: Pick<Client, "send">) {
    this.client = client;
  }

  get busy(): boolean {
    return this.sending;
  }

  /** A letter that was not delivered yet. */
  get undelivered(): Letter | null {
    return this.waiting;
  }

  /** What was painted is not sent as it is: others changed some of it meanwhile. */
  withdraw(): void {
    if (this.waiting?.painted === true) this.waiting = null;
  }

  static letter(path: Path, body: object, painted: boolean): Letter {
    return { path, body, key: fresh(), painted };
  }

  /** Deliver a letter; return the answer, or null where the service is away: `again` is then called a little later. */
  async deliver(letter: Letter, version: number, again: () => void): Promise<Exclude<Outcome, { kind: "offline" }> | null> {
    this.sending = true;
    this.waiting = letter;
    const outcome = await this.client.send(letter.path, letter.body, version, letter.key);
    this.sending = false;
    if (outcome.kind === "offline") {
      setTimeout(again, RETRY_MS);
      return null;
    }
    this.waiting = null;
    return outcome;
  }
}
