/**
 * The canvas under the map library's own. What is on it stays: a stroke draws the rectangle round what changed again and
 * nothing else, and a map that moves over many units moves the picture until it rests.
 */

import type { Sheet } from "./sheet";
import { boxOf, movedTo, rectangleOf, sameView, type View, type WorldBox } from "./view";

const LINE_REACH_PIXELS = 4; // a border is drawn that far beyond the box of its unit
const MANY_TRIANGLES = 60_000; // more are not drawn at every step of a moving map, but once it rests
const PAPER = [0xfa / 255, 0xfa / 255, 0xf7 / 255] as const;

export interface Looked {
  readonly view: View;
  /** Whether the map is not moving. */
  readonly resting: boolean;
}

export class Canvas {
  readonly root = document.createElement("canvas");
  private readonly gl: WebGL2RenderingContext;
  private readonly sheet: Sheet;
  private readonly look: () => Looked;
  private shown: View | null = null;
  private waiting = false;

  /** `look` tells what the map shows now. */
  constructor(sheet: Sheet, look: () => Looked) {
    [this.sheet, this.look] = [sheet, look];
    const gl = this.root.getContext("webgl2", { alpha: false, antialias: false, depth: false, stencil: false, preserveDrawingBuffer: true });
    if (gl === null) throw new Error("WebGL 2");
    this.gl = gl;
    this.root.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.root.addEventListener("webglcontextrestored", () => this.load());
    this.load();
  }

  /** Something changed: it is drawn with the next frame. */
  soon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  /** Bring the picture up to date; `now` even where the map moves. */
  draw(now = false): void {
    const { gl, root, sheet, shown } = this;
    const { view, resting } = this.look();
    if (gl.isContextLost() || view.width === 0 || view.height === 0) return;
    const [width, height] = [view.width, view.height].map((side) => Math.floor(side * devicePixelRatio)) as [number, number];
    const fits = root.width === width && root.height === height;
    const same = fits && shown !== null && sameView(shown, view);
    if (same && sheet.stale.boxes.length === 0) return;
    if (!same && fits && shown !== null && !resting && !now && sheet.trianglesIn(boxOf(view)) > MANY_TRIANGLES) {
      root.style.transform = movedTo(shown, view);
      return;
    }
    if (!fits) [root.width, root.height] = [width, height];
    root.style.transform = "";
    const boxes = same ? sheet.stale.boxes : [boxOf(view)];
    this.shown = view;
    sheet.send(gl);
    gl.viewport(0, 0, width, height);
    for (const box of boxes) this.drawBox(view, box);
    sheet.stale.clear();
  }

  private drawBox(view: View, box: WorldBox): void {
    const rectangle = rectangleOf(box, view, this.root, LINE_REACH_PIXELS);
    if (rectangle[2] <= 0 || rectangle[3] <= 0) return;
    this.gl.scissor(...rectangle);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
    this.sheet.draw(this.gl, view, box, LINE_REACH_PIXELS / view.worldPixels);
  }

  private load(): void {
    const { gl } = this;
    gl.enable(gl.SCISSOR_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(...PAPER, 1);
    this.sheet.load(gl);
    this.shown = null;
    this.soon();
  }
}
