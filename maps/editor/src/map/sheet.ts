/**
 * Units and borders drawn on the graphics card (WebGL 2). The outlines are uploaded once. Painting a unit changes one
 * pixel of a table of colours and the lines of its own chunk, and only the rectangle round what changed is drawn
 * again, whatever the size of the plan. Knows no map library.
 */

import type { Borders } from "../shapes/borders";
import { type LineChunk, Lines, type Strength } from "../shapes/lines";
import { type Mesh, meshOf } from "../shapes/mesh";
import type { Shapes } from "../shapes/shapes";
import { attribute, filledBuffer, type Pen, penOf } from "./pen";
import { FILL_FRAGMENT, FILL_VERTEX, LINE_FRAGMENT, LINE_VERTEX } from "./shaders";
import { Stale } from "./stale";
import { Table, TABLE_WIDTH } from "./table";
import { overlaps, type View, type WorldBox } from "./view";

const UNKNOWN = [238, 238, 238] as const;
const WEAK_LINES_FROM_PIXELS = 7; // smaller units are not told apart by thin lines
const BYTES = 4; // of an index, and of a colour
const LINE_CORNERS = 6; // two triangles

interface Card {
  readonly fill: Pen;
  readonly line: Pen;
  readonly colours: Table;
  readonly ends: Table;
  readonly strengths: Table;
}

export class Sheet {
  private readonly mesh: Mesh;
  private readonly lines: Lines;
  private readonly colours: Uint8Array;
  private readonly shades: Float32Array;
  private readonly shown: Uint8Array;
  private readonly staleRows = new Set<number>();
  private readonly sideOfUnit: number;
  private readonly boxes: Float64Array;
  private readonly borders: Borders;
  private card: Card | null = null;
  /** What must be drawn again. */
  readonly stale = new Stale();

  constructor(shapes: Shapes, borders: Borders) {
    [this.boxes, this.borders] = [shapes.boxes, borders];
    this.mesh = meshOf(shapes);
    this.lines = new Lines(borders, this.mesh);
    const units = shapes.boxes.length / 4;
    this.colours = new Uint8Array(3 * units);
    for (let unit = 0; unit < units; unit += 1) this.colours.set(UNKNOWN, 3 * unit);
    this.shades = new Float32Array(2 * units);
    this.shown = new Uint8Array(BYTES * units);
    for (let unit = 0; unit < units; unit += 1) this.mix(unit);
    this.sideOfUnit = meanSide(shapes.boxes);
  }

  /** Give a unit a colour, as `#rgb` or `#rrggbb`. */
  colour(unit: number, colour: string): void {
    this.colours.set(rgbOf(colour), 3 * unit);
    this.mix(unit);
  }

  /** Darken a unit by a share; there are two shades, of which the darker one shows. */
  shade(unit: number, which: 0 | 1, share: number): void {
    this.shades[2 * unit + which] = share;
    this.mix(unit);
  }

  border(border: number, strength: Strength): void {
    if (this.lines.set(border, strength)) this.touch(this.borders.all[border]!.a);
  }

  /** Take everything to a card; again after the card lost it. */
  load(gl: WebGL2RenderingContext): void {
    const fill = penOf(gl, FILL_VERTEX, FILL_FRAGMENT);
    gl.bindBuffer(gl.ARRAY_BUFFER, filledBuffer(gl, gl.ARRAY_BUFFER, this.mesh.corners));
    attribute(gl, 0, 2, 3, 0);
    attribute(gl, 1, 1, 3, 2);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, filledBuffer(gl, gl.ELEMENT_ARRAY_BUFFER, this.mesh.triangles));
    const line = penOf(gl, LINE_VERTEX, LINE_FRAGMENT);
    gl.bindVertexArray(null);
    this.lines.refresh();
    const { ends, strengths } = this.lines;
    this.card = { fill, line, colours: new Table(gl, "rgba8", this.shown), ends: new Table(gl, "rgba32f", ends), strengths: new Table(gl, "r8", strengths) };
    this.staleRows.clear();
    this.stale.clear();
  }

  /** Draw what lies in a box, and what of borders reaches into it: `reach` is in world units. */
  draw(gl: WebGL2RenderingContext, view: View, box: WorldBox, reach: number): void {
    const inSight = this.mesh.chunks.flatMap((chunk, i) => (overlaps(chunk.box, box, reach) ? [i] : []));
    this.drawUnits(gl, this.card!, view, inSight);
    this.drawBorders(gl, this.card!, view, inSight);
    gl.bindVertexArray(null);
  }

  trianglesIn(box: WorldBox): number {
    return this.mesh.chunks.reduce((sum, chunk) => sum + (overlaps(chunk.box, box, 0) ? (chunk.endIndex - chunk.firstIndex) / 3 : 0), 0);
  }

  /** What of a unit shows must be drawn again. */
  private touch(unit: number): void {
    this.stale.add([this.boxes[4 * unit]!, this.boxes[4 * unit + 1]!, this.boxes[4 * unit + 2]!, this.boxes[4 * unit + 3]!]);
  }

  private mix(unit: number): void {
    const light = 1 - Math.max(this.shades[2 * unit]!, this.shades[2 * unit + 1]!);
    let news = 0;
    for (let i = 0; i < 3; i += 1) {
      const value = Math.round(light * this.colours[3 * unit + i]!);
      news |= value ^ this.shown[BYTES * unit + i]!;
      this.shown[BYTES * unit + i] = value;
    }
    this.shown[BYTES * unit + 3] = 255;
    if (news === 0) return;
    this.staleRows.add(Math.floor(unit / TABLE_WIDTH));
    this.touch(unit);
  }

  /** Send the card what changed. */
  send(gl: WebGL2RenderingContext): void {
    const card = this.card!;
    for (const row of this.staleRows) card.colours.send(gl, row * TABLE_WIDTH, (row + 1) * TABLE_WIDTH);
    this.staleRows.clear();
    for (const { first, end } of this.lines.refresh()) {
      card.ends.send(gl, first, end);
      card.strengths.send(gl, first, end);
    }
  }

  private drawUnits(gl: WebGL2RenderingContext, card: Card, view: View, inSight: readonly number[]): void {
    this.take(gl, card.fill, view);
    card.colours.bind(gl, 0);
    gl.uniform1i(card.fill.uniform("colours"), 0);
    for (const [first, end] of runs(inSight.map((chunk) => [this.mesh.chunks[chunk]!.firstIndex, this.mesh.chunks[chunk]!.endIndex]))) {
      gl.drawElements(gl.TRIANGLES, end - first, gl.UNSIGNED_INT, BYTES * first);
    }
  }

  private drawBorders(gl: WebGL2RenderingContext, card: Card, view: View, inSight: readonly number[]): void {
    this.take(gl, card.line, view);
    card.ends.bind(gl, 0);
    card.strengths.bind(gl, 1);
    gl.uniform1i(card.line.uniform("ends"), 0);
    gl.uniform1i(card.line.uniform("strengths"), 1);
    const fineness = Math.min(1, (this.sideOfUnit * view.worldPixels) / WEAK_LINES_FROM_PIXELS);
    gl.uniform1f(card.line.uniform("fineness"), fineness);
    const span = ({ first, firstWeak, end }: LineChunk): [number, number] => [first, fineness === 1 ? end : firstWeak];
    for (const [first, end] of runs(inSight.map((chunk) => span(this.lines.chunks[chunk]!)))) {
      gl.drawArrays(gl.TRIANGLES, LINE_CORNERS * first, LINE_CORNERS * (end - first));
    }
  }

  private take(gl: WebGL2RenderingContext, pen: Pen, { middle, worldPixels, width, height }: View): void {
    gl.useProgram(pen.program);
    gl.bindVertexArray(pen.array);
    const { origin } = this.mesh;
    gl.uniform2f(pen.uniform("offset"), (origin[0] - middle[0]) * worldPixels, (origin[1] - middle[1]) * worldPixels);
    gl.uniform1f(pen.uniform("scale"), worldPixels);
    gl.uniform2f(pen.uniform("half_size"), width / 2, height / 2);
  }
}

/** Join spans that follow each other, and leave empty ones out. */
export function runs(spans: ReadonlyArray<readonly [first: number, end: number]>): Array<[number, number]> {
  const joined: Array<[number, number]> = [];
  for (const [first, end] of spans) {
    const last = joined.at(-1);
    if (first === end) continue;
    if (last !== undefined && last[1] === first) last[1] = end;
    else joined.push([first, end]);
  }
  return joined;
}

/** Red, green and blue of `#rgb` or `#rrggbb`, 0 to 255. */
export function rgbOf(colour: string): [number, number, number] {
  const wide = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join("") : colour.slice(1);
  const number = Number.parseInt(wide, 16);
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

function meanSide(boxes: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < boxes.length; at += 4) sum += Math.sqrt((boxes[at + 2]! - boxes[at]!) * (boxes[at + 3]! - boxes[at + 1]!));
  return sum / Math.max(boxes.length / 4, 1);
}
