/** Which key does what. */

import type { Session } from "../session/session";
import type { Cursor } from "./cursor";
import { listen } from "./keys";
import type { PointerTrace } from "./pointer_trace";
import type { Tool } from "./tools";

type Act = "newGrid" | "lock" | "lockUnit" | "rename" | "undo" | "redo" | "help" | "find" | "findBack" | "links" | "escape";

export interface KeyboardHeard {
  readonly acts: Readonly<Record<Act, () => unknown>>;
  readonly cursor: Cursor;
  readonly session: Session;
  readonly trace: PointerTrace;
  tool(tool: Tool): void;
  resize(step: -1 | 1): void;
  /** Space is held, or let go. */
  pan(on: boolean): void;
  /** The unit where the cursor begins. */
  start(): number | null;
  look(unit: number): void;
  select(grid: number): void;
  /** Do at a unit what the tool in hand does. */
  press(unit: number): void;
}

export class Keyboard {
  constructor(heard: KeyboardHeard, map: HTMLElement) {
    const { acts, cursor, session } = heard;
    const tool = (name: Tool) => () => heard.tool(name);
    const towards = (east: number, north: number) => () => cursor.towards(east, north, () => heard.start());
    const atCursor = (act: (unit: number) => void) => () => cursor.unit !== null && act(cursor.unit);
    listen(
      {
        b: tool("brush"), v: tool("click"), x: tool("box"), l: tool("lasso"), f: tool("fill"), e: tool("erase"), m: tool("merge"), h: tool("pan"),
        " ": () => heard.pan(true),
        n: acts.newGrid, k: acts.lock, u: acts.lockUnit, r: acts.rename, j: acts.links, g: acts.find, "shift+g": acts.findBack,
        "[": () => heard.resize(-1), "]": () => heard.resize(1), "?": acts.help, Escape: acts.escape,
        i: () => {
          const unit = heard.trace.unit ?? cursor.unit;
          if (unit !== null) heard.look(unit);
        },
        s: atCursor((unit) => heard.select(session.draft.gridOf[unit]!)),
        "ctrl+z": acts.undo, "ctrl+shift+z": acts.redo, "ctrl+y": acts.redo,
      },
      {
        ArrowLeft: towards(-1, 0), ArrowRight: towards(1, 0), ArrowUp: towards(0, 1), ArrowDown: towards(0, -1),
        Enter: atCursor((unit) => heard.look(unit)),
        p: atCursor((unit) => heard.press(unit)),
      },
      map,
    );
    this.watchHeldKeys(heard);
  }

  /** Alt shows the keys on the buttons while it is held, Space moves the map. */
  private watchHeldKeys(heard: KeyboardHeard): void {
    const shown = (event: KeyboardEvent): unknown => document.body.classList.toggle("keys", event.altKey);
    document.addEventListener("keydown", shown);
    document.addEventListener("keyup", (event) => {
      shown(event);
      if (event.key === " ") heard.pan(false);
    });
    addEventListener("blur", () => {
      document.body.classList.remove("keys");
      heard.pan(false);
    });
  }
}
