/** Who works here: a mark of this browser, by which undo knows one's own edits, and the name that a planner gives once. */

import { fresh } from "../service/keys";

type Shelf = Pick<Storage, "getItem" | "setItem">;

const MARK = "wangge-author";
const NAME = "wangge-name";
const MARK_BEGINS = "planner-";
export const LONGEST_NAME = 40;

/** What goes along with every edit. */
export interface Signature {
  readonly author: string;
  readonly author_name?: string;
}

export class Planner {
  /** Tells nobody's name. */
  readonly mark: string;
  private readonly shelf: Shelf;

  constructor(shelf: Shelf) {
    this.shelf = shelf;
    this.mark = shelf.getItem(MARK) ?? `${MARK_BEGINS}${fresh().slice(0, 8)}`;
    shelf.setItem(MARK, this.mark);
  }

  /** Empty where none was given. */
  get name(): string {
    return this.shelf.getItem(NAME) ?? "";
  }

  set name(name: string) {
    this.shelf.setItem(NAME, name.trim().slice(0, LONGEST_NAME));
  }

  /** Whether a name was asked for before, and given or not. */
  get asked(): boolean {
    return this.shelf.getItem(NAME) !== null;
  }

  get signature(): Signature {
    const { mark: author, name } = this;
    return name === "" ? { author } : { author, author_name: name };
  }
}

/** What people call who edited: the name, or else the author, where that is no mark of a browser; empty where nobody knows. */
export function calledOf({ author, author_name }: Signature): string {
  return author_name || (author.startsWith(MARK_BEGINS) ? "" : author);
}
