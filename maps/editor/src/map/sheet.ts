/**
 * Units and borders drawn on the graphics card (WebGL 2). The outlines are uploaded once. Painting a unit changes one
 * pixel of a table of colours and the lines of its own chunk, and only the rectangle round what changed is drawn
 * again, whatever the size of the plan. Knows no map library.
 */

import type { Borders } from "../shapes/borders";
import { LINE_NUMBERS, type LineChunk, Lines, type Strength } from "../shapes/lines";
import { type Mesh, meshOf } from "../shapes/mesh";
import type { Shapes, WorldPoint } from "../shapes/shapes";
import { attribute, filledBuffer, type Pen, penOf } from "./pen";
import { FILL_FRAGMENT, FILL_VERTEX, LINE_FRAGMENT, LINE_VERTEX } from "./shaders";
import { Surface } from "./surface";

const TABLE_WIDTH = 256; // units in a row of the table of colours
const TABLE_UNIT = 0;
const UNKNOWN = [238, 238, 238] as const;
const WEAK_LINES_FROM_PIXELS = 7; // smaller units are not told apart by thin lines
const BYTES = 4;
const LINE_REACH_PIXELS = 4; // a border is drawn that far beyond the box of its unit
const MANY_TRIANGLES = 60_000; // more are not drawn at every step of a moving map, but once it rests

type Box = [west: number, north: number, east: number, south: number];

/** What the screen shows: its middle, the pixels of the whole world, and its size in pixels of the page. */
export interface View {
  readonly middle: WorldPoint;
  readonly worldPixels: number;
  readonly width: number;
  readonly height: number;
}

interface Kept {
  readonly surface: Surface;
  readonly view: View;
}

interface Card {
  readonly fill: Pen;
  readonly line: Pen;
  readonly lineBuffer: WebGLBuffer;
  readonly table: WebGLTexture;
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
  private kept: Kept | null = null;
  private stale: Box | null = null;

  constructor(shapes: Shapes, borders: Borders) {
    [this.boxes, this.borders] = [shapes.boxes, borders];
    this.mesh = meshOf(shapes);
    this.lines = new Lines(borders, this.mesh);
    const units = shapes.boxes.length / 4;
    this.colours = new Uint8Array(3 * units);
    for (let unit = 0; unit < units; unit += 1) this.colours.set(UNKNOWN, 3 * unit);
    this.shades = new Float32Array(2 * units);
    this.shown = new Uint8Array(BYTES * TABLE_WIDTH * Math.max(1, Math.ceil(units / TABLE_WIDTH)));
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
    gl.bindBuffer(gl.ARRAY_BUFFER, filledBuffer(gl, gl.ARRAY_BUFFER, Float32Array.of(0, -1, 1, -1, 0, 1, 1, 1)));
    attribute(gl, 0, 2, 2, 0);
    this.lines.refresh();
    const lineBuffer = filledBuffer(gl, gl.ARRAY_BUFFER, this.lines.lines);
    gl.bindVertexArray(null);
    this.card = { fill, line, lineBuffer, table: tableOf(gl, this.shown) };
    this.staleRows.clear();
    this.kept = null;
  }

  /** Bring the picture up to date; a map that moves (`resting` is false) shows the last one until it rests. */
  prepare(gl: WebGL2RenderingContext, view: View, resting: boolean): void {
    if (this.card === null) return;
    const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
    const { kept } = this;
    const fits = kept !== null && kept.surface.width === width && kept.surface.height === height;
    const same = fits && sameView(kept.view, view);
    if (same && this.stale === null) return;
    if (!same && fits && !resting && this.trianglesIn(view) > MANY_TRIANGLES) return;
    if (!fits) kept?.surface.remove(gl);
    const surface = fits ? kept.surface : new Surface(gl, width, height);
    const rectangle = same ? pixelsOf(this.stale!, view, surface) : ([0, 0, width, height] as const);
    const box = same ? this.stale! : boxOf(view);
    this.kept = { surface, view };
    this.stale = null;
    this.send(gl, this.card);
    if (rectangle[2] > 0 && rectangle[3] > 0) surface.into(gl, rectangle, () => this.drawBox(gl, this.card!, view, box));
  }

  /** Show the picture on the screen. */
  show(gl: WebGL2RenderingContext, view: View): void {
    if (this.kept === null) return;
    const { surface, view: was } = this.kept;
    const shift = (i: 0 | 1, size: number): number => ((was.middle[i] - view.middle[i]) * view.worldPixels * 2) / size;
    surface.show(gl, [shift(0, view.width), -shift(1, view.height)], view.worldPixels / was.worldPixels);
  }

  private drawBox(gl: WebGL2RenderingContext, card: Card, view: View, box: Box): void {
    const reach = LINE_REACH_PIXELS / view.worldPixels;
    const inSight = this.mesh.chunks.flatMap((chunk, i) => (overlaps(chunk.box, box, reach) ? [i] : []));
    this.drawUnits(gl, card, view, inSight);
    this.drawBorders(gl, card, view, inSight);
    gl.bindVertexArray(null);
  }

  private trianglesIn(view: View): number {
    const box = boxOf(view);
    return this.mesh.chunks.reduce((sum, chunk) => sum + (overlaps(chunk.box, box, 0) ? (chunk.endIndex - chunk.firstIndex) / 3 : 0), 0);
  }

  /** What of a unit shows must be drawn again. */
  private touch(unit: number): void {
    const [west, north, east, south] = this.boxes.subarray(4 * unit, 4 * unit + 4) as unknown as Box;
    const { stale } = this;
    this.stale = stale === null ? [west, north, east, south] : [Math.min(stale[0], west), Math.min(stale[1], north), Math.max(stale[2], east), Math.max(stale[3], south)];
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
  private send(gl: WebGL2RenderingContext, card: Card): void {
    gl.activeTexture(gl.TEXTURE0 + TABLE_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, card.table);
    for (const row of this.staleRows) {
      const pixels = this.shown.subarray(BYTES * TABLE_WIDTH * row, BYTES * TABLE_WIDTH * (row + 1));
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, TABLE_WIDTH, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    }
    this.staleRows.clear();
    gl.bindBuffer(gl.ARRAY_BUFFER, card.lineBuffer);
    for (const { first, end } of this.lines.refresh()) {
      gl.bufferSubData(gl.ARRAY_BUFFER, BYTES * LINE_NUMBERS * first, this.lines.lines, LINE_NUMBERS * first, LINE_NUMBERS * (end - first));
    }
  }

  private drawUnits(gl: WebGL2RenderingContext, card: Card, view: View, inSight: readonly number[]): void {
    this.take(gl, card.fill, view);
    gl.activeTexture(gl.TEXTURE0 + TABLE_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, card.table);
    gl.uniform1i(card.fill.uniform("colours"), TABLE_UNIT);
    for (const [first, end] of runs(inSight.map((chunk) => [this.mesh.chunks[chunk]!.firstIndex, this.mesh.chunks[chunk]!.endIndex]))) {
      gl.drawElements(gl.TRIANGLES, end - first, gl.UNSIGNED_INT, BYTES * first);
    }
  }

  private drawBorders(gl: WebGL2RenderingContext, card: Card, view: View, inSight: readonly number[]): void {
    this.take(gl, card.line, view);
    gl.bindBuffer(gl.ARRAY_BUFFER, card.lineBuffer);
    const fineness = Math.min(1, (this.sideOfUnit * view.worldPixels) / WEAK_LINES_FROM_PIXELS);
    gl.uniform1f(card.line.uniform("fineness"), fineness);
    const span = ({ first, firstWeak, end }: LineChunk): [number, number] => [first, fineness === 1 ? end : firstWeak];
    for (const [first, end] of runs(inSight.map((chunk) => span(this.lines.chunks[chunk]!)))) {
      for (const [place, count, offset] of [[1, 2, 0], [2, 2, 2], [3, 1, 4]] as const) {
        attribute(gl, place, count, LINE_NUMBERS, LINE_NUMBERS * first + offset);
        gl.vertexAttribDivisor(place, 1);
      }
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, end - first);
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

function overlaps([west, north, east, south]: Readonly<Box>, box: Readonly<Box>, reach: number): boolean {
  return west <= box[2] + reach && east >= box[0] - reach && north <= box[3] + reach && south >= box[1] - reach;
}

/** What a view holds, in world coordinates. */
function boxOf({ middle, worldPixels, width, height }: View): Box {
  const [dx, dy] = [width / 2 / worldPixels, height / 2 / worldPixels];
  return [middle[0] - dx, middle[1] - dy, middle[0] + dx, middle[1] + dy];
}

/** The rectangle of a picture that holds a box and the lines round it: left, bottom, width, height. */
function pixelsOf(box: Readonly<Box>, view: View, { width, height }: Surface): readonly [number, number, number, number] {
  const [west, north] = boxOf(view);
  const across = (x: number, reach: number): number => Math.round((((x - west) * view.worldPixels + reach) * width) / view.width);
  const down = (y: number, reach: number): number => Math.round((((y - north) * view.worldPixels + reach) * height) / view.height);
  const [left, right] = [Math.max(0, across(box[0], -LINE_REACH_PIXELS)), Math.min(width, across(box[2], LINE_REACH_PIXELS))];
  const [top, bottom] = [Math.max(0, down(box[1], -LINE_REACH_PIXELS)), Math.min(height, down(box[3], LINE_REACH_PIXELS))];
  return [left, height - bottom, right - left, bottom - top];
}

function sameView(a: View, b: View): boolean {
  return a.middle[0] === b.middle[0] && a.middle[1] === b.middle[1] && a.worldPixels === b.worldPixels && a.width === b.width && a.height === b.height;
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

function tableOf(gl: WebGL2RenderingContext, pixels: Uint8Array): WebGLTexture {
  const table = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + TABLE_UNIT);
  gl.bindTexture(gl.TEXTURE_2D, table);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, TABLE_WIDTH, pixels.length / BYTES / TABLE_WIDTH, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  return table;
}
