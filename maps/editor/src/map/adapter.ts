/** The one file that knows the map library: units as areas, borders as lines, pointer and view. */

import type { Feature, FeatureCollection } from "geojson";
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Borders } from "../shapes/borders";
import { CHOSEN, STRONG, WEAK } from "../shapes/lines";
import { type Shapes, type WorldPoint, worldPoint } from "../shapes/shapes";
import { type Basemap, layBasemap } from "./basemap";
import { Canvas, type Looked } from "./canvas";
import { Sheet } from "./sheet";

maplibregl.setWorkerUrl(workerUrl);

const TILE = 512; // pixels of the world at zoom 0
const OUTSIDE_SHADE = 0.35;
const FIT_PIXELS = 24;
const TAP_PIXELS = 8;
const SCALE_PIXELS = 12; // from the corner of a picture to its scale bar, twice its height
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

const LINES = {
  links: { "line-color": ["match", ["get", "kind"], "made", "#00724c", "cut", "#b3006e", "#222"], "line-width": ["match", ["get", "kind"], "plain", 1, 3] },
  sketch: { "line-color": "#111", "line-width": 1.5, "line-dasharray": [2, 2] },
} satisfies Record<string, NonNullable<maplibregl.LineLayerSpecification["paint"]>>;

export type Box = [west: number, south: number, east: number, north: number];

export interface LinkDrawn {
  readonly from: WorldPoint;
  readonly to: WorldPoint;
  readonly kind: "plain" | "made" | "cut";
}

export interface PointerSeer {
  /** A finger touched and did not move, while fingers move the map. */
  tap(at: WorldPoint): void;
  down(at: WorldPoint, event: PointerEvent): void;
  move(at: WorldPoint, event: PointerEvent): void;
  up(at: WorldPoint, event: PointerEvent): void;
  /** What was begun is not meant: a second finger came, or the system took the pointer. */
  drop(): void;
}

/** Whether the browser can draw the map at all. */
export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

export class MapAdapter {
  private readonly map: maplibregl.Map;
  private sheet: Sheet | null = null;
  private canvas: Canvas | null = null;
  private readonly loaded: Promise<unknown>;
  private readonly drawn = new Set<keyof typeof LINES>();
  private pixels: readonly [number, number];
  private panning = false;
  private basemap: readonly string[] = [];
  private overBasemap = false;
  /** One finger paints instead of moving the map. */
  touchPaints = false;

  constructor(container: HTMLElement, bounds: Box, words: { readonly zoomIn: string; readonly zoomOut: string; readonly mapLabel: string }) {
    this.map = new maplibregl.Map({
      container,
      style: { version: 8, sources: {}, layers: [] },
      bounds,
      fitBoundsOptions: { padding: FIT_PIXELS },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      boxZoom: false,
      doubleClickZoom: false,
      keyboard: false,
      fadeDuration: 0,
      locale: { "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut, "Map.Title": words.mapLabel },
    });
    this.loaded = new Promise((resolve) => this.map.once("load", resolve));
    this.pixels = [container.clientWidth, container.clientHeight];
    this.map.on("resize", () => (this.pixels = [container.clientWidth, container.clientHeight]));
    this.map.on("render", () => this.canvas?.draw());
    for (const name of ["moveend", "resize"] as const) this.map.on(name, () => this.canvas?.soon());
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-left");
    this.map.addControl(new maplibregl.ScaleControl(), "bottom-right");
    this.pan(false);
  }

  /** Draw units and borders; later only what changed of them is sent to the graphics card. */
  show(shapes: Shapes, borders: Borders): void {
    this.sheet = new Sheet(shapes, borders);
    this.canvas = new Canvas(this.sheet, () => this.looked);
    this.canvas.root.setAttribute("aria-hidden", "true");
    this.map.getCanvasContainer().prepend(this.canvas.root);
  }

  /** Lay a base map over the plan, which is seen through it as through a drawing on glass; it can be hidden again. */
  async lay(basemap: Basemap): Promise<void> {
    await this.loaded;
    this.basemap = await layBasemap(this.map, basemap, ["links", "sketch"]);
    this.showBasemap(true);
  }

  showBasemap(on: boolean): void {
    for (const layer of this.basemap) this.map.setLayoutProperty(layer, "visibility", on ? "visible" : "none");
    this.overBasemap = on && this.basemap.length > 0;
    this.map.getCanvas().style.mixBlendMode = this.overBasemap ? "multiply" : "";
  }

  /** Tell when the graphics card takes the map away, and when all of it is drawn again. */
  onLost(lost: () => void, back: () => void): void {
    const gone = new Set<HTMLCanvasElement>();
    for (const canvas of [this.canvas!.root, this.map.getCanvas()]) {
      canvas.addEventListener("webglcontextlost", () => {
        gone.add(canvas);
        lost();
      });
      canvas.addEventListener("webglcontextrestored", () => {
        gone.delete(canvas);
        if (gone.size === 0) back();
      });
    }
  }

  /** What the map shows. It never turns: a middle and a scale place every corner. */
  private get looked(): Looked {
    const { lng, lat } = this.map.getCenter();
    const [width, height] = this.size();
    return { view: { middle: worldPoint(lng, lat), worldPixels: 1 / this.worldLength(1), width, height }, resting: !this.map.isMoving() };
  }

  colour(unit: number, colour: string): void {
    this.sheet?.colour(unit, colour);
    this.canvas?.soon();
  }

  shade(unit: number, shade: number): void {
    this.sheet?.shade(unit, 0, shade);
    this.canvas?.soon();
  }

  /** Darken a unit that lies outside of where may be painted. */
  dim(unit: number, on: boolean): void {
    this.sheet?.shade(unit, 1, on ? OUTSIDE_SHADE : 0);
    this.canvas?.soon();
  }

  /** Draw lines between neighbours; no lines take them away. */
  links(lines: readonly LinkDrawn[]): void {
    const features = lines.map(({ from, to, kind }): Feature => ({
      type: "Feature", properties: { kind }, geometry: { type: "LineString", coordinates: [lonLat(from), lonLat(to)] },
    }));
    this.lineLayer("links", { type: "FeatureCollection", features }, features.length > 0);
  }

  /** Pixels of a place, from the top left of the map. */
  project(at: WorldPoint): readonly [number, number] {
    const { x, y } = this.map.project(lonLat(at));
    return [x, y];
  }

  size(): readonly [number, number] {
    return this.pixels;
  }

  /** What the screen shows, as north-west and south-east corners. */
  view(): readonly [WorldPoint, WorldPoint] {
    const box = this.map.getBounds();
    return [worldPoint(box.getWest(), box.getNorth()), worldPoint(box.getEast(), box.getSouth())];
  }

  /** Whether a place is on the screen. */
  sees([x, y]: WorldPoint): boolean {
    const [[west, north], [east, south]] = this.view();
    return x >= west && x <= east && y >= north && y <= south;
  }

  onView(moving: () => void, resting: () => void): void {
    this.map.on("move", moving);
    this.map.on("moveend", resting);
    this.map.on("resize", resting);
  }

  /** A picture of what the screen shows, with labels written on it, as a data address. */
  picture(labels: ReadonlyArray<{ readonly text: string; readonly x: number; readonly y: number }>): string {
    this.canvas?.draw(true);
    this.map.redraw();
    const drawn = this.map.getCanvas();
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [drawn.width, drawn.height];
    const pen = copy.getContext("2d")!;
    for (const layer of [this.canvas?.root, drawn]) {
      if (layer !== undefined) pen.drawImage(layer, 0, 0, copy.width, copy.height);
      if (this.overBasemap) pen.globalCompositeOperation = "multiply";
    }
    pen.globalCompositeOperation = "source-over";
    const scale = drawn.width / Math.max(this.size()[0], 1);
    pen.scale(scale, scale);
    [pen.font, pen.textAlign, pen.textBaseline, pen.strokeStyle, pen.lineWidth] = ["12px sans-serif", "center", "middle", "#fff", 3];
    for (const { text, x, y } of labels) {
      pen.strokeText(text, x, y);
      pen.fillText(text, x, y);
    }
    this.drawScale(pen);
    return copy.toDataURL("image/png");
  }

  /** Draw the scale bar of the screen in the corner of a picture. */
  private drawScale(pen: CanvasRenderingContext2D): void {
    const bar = this.map.getContainer().querySelector<HTMLElement>(".maplibregl-ctrl-scale");
    const long = Number.parseFloat(bar?.style.width ?? "");
    if (bar === null || Number.isNaN(long)) return;
    const [right, bottom] = this.size().map((side) => side - SCALE_PIXELS) as [number, number];
    const stroke = (colour: string, width: number): void => {
      [pen.strokeStyle, pen.lineWidth] = [colour, width];
      pen.beginPath();
      pen.moveTo(right - long, bottom - SCALE_PIXELS / 2);
      for (const [x, y] of [[right - long, bottom], [right, bottom], [right, bottom - SCALE_PIXELS / 2]] as const) pen.lineTo(x, y);
      pen.stroke();
    };
    stroke("#fff", 5);
    stroke("#111", 2);
    pen.textBaseline = "bottom";
    [pen.strokeStyle, pen.lineWidth] = ["#fff", 3];
    const text = bar.textContent ?? "";
    pen.strokeText(text, right - long / 2, bottom - 3);
    pen.fillText(text, right - long / 2, bottom - 3);
  }

  border(border: number, strong: boolean, chosen: boolean): void {
    this.sheet?.border(border, chosen ? CHOSEN : strong ? STRONG : WEAK);
    this.canvas?.soon();
  }

  /** Draw the ring of a box or a lasso; an empty one takes it away. */
  sketch(ring: readonly WorldPoint[]): void {
    const coordinates = [...ring, ...ring.slice(0, 1)].map(lonLat);
    this.lineLayer("sketch", { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } }, ring.length > 0);
  }

  /** Give a layer its lines; it is made with the first. One without any is switched off: the library draws masks of its tiles even for nothing. */
  private lineLayer(name: keyof typeof LINES, lines: Feature | FeatureCollection, some: boolean): void {
    const had = this.drawn.has(name);
    if (!had && !some) return;
    this.drawn.add(name);
    void this.loaded.then(() => {
      if (!had) this.map.addSource(name, { type: "geojson", data: EMPTY }).addLayer({ id: name, type: "line", source: name, paint: LINES[name] }, name === "links" && this.map.getLayer("sketch") ? "sketch" : undefined);
      void this.map.getSource<maplibregl.GeoJSONSource>(name)!.setData(some ? lines : EMPTY);
      this.map.setLayoutProperty(name, "visibility", some ? "visible" : "none");
    });
  }

  /** World units of so many pixels. */
  worldLength(pixels: number): number {
    return pixels / (TILE * 2 ** this.map.getZoom());
  }

  /** Whether the pointer moves the map instead of painting. */
  pan(on: boolean): void {
    this.panning = on;
    if (on) this.map.dragPan.enable();
    else this.map.dragPan.disable();
    this.map.getCanvas().style.cursor = on ? "grab" : "crosshair";
  }

  /** Show all of a box at once: the page may have changed since the map was made. */
  fit(box: Box): void {
    this.map.resize();
    this.map.fitBounds(box, { padding: FIT_PIXELS, animate: false });
  }

  zoomTo(box: Box): void {
    this.map.fitBounds(box, { padding: 120, maxZoom: 18, animate: false });
  }

  /** Where the map stands on the page. */
  frame(): DOMRect {
    return this.map.getCanvasContainer().getBoundingClientRect();
  }

  /** The place under a point of the page. */
  placeAt([clientX, clientY]: readonly [number, number]): WorldPoint {
    const frame = this.frame();
    const { lng, lat } = this.map.unproject([clientX - frame.left, clientY - frame.top]);
    return worldPoint(lng, lat);
  }

  see(seer: PointerSeer): void {
    const canvas = this.map.getCanvasContainer();
    const at = (event: PointerEvent): WorldPoint => this.placeAt([event.clientX, event.clientY]);
    let down = false;
    let touched: PointerEvent | null = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (down && !event.isPrimary) {
        down = false; // a second finger: the map is being zoomed
        seer.drop();
      }
      if (event.button !== 0 || !event.isPrimary) return;
      const free = event.pointerType === "touch" && !this.touchPaints;
      touched = free ? event : null;
      if (this.panning || free) return this.map.dragPan.enable();
      this.map.dragPan.disable();
      down = true;
      canvas.setPointerCapture(event.pointerId);
      seer.down(at(event), event);
    });
    // a move is told once a frame, and a frame waits for the map to be painted; a raw one is told when it is made
    const move = "onpointerrawupdate" in canvas ? "pointerrawupdate" : "pointermove";
    canvas.addEventListener(move, (event) => {
      if (down && (event as PointerEvent).isPrimary) seer.move(at(event as PointerEvent), event as PointerEvent);
    });
    for (const name of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(name, (event) => {
        if (touched !== null && name === "pointerup" && event.isPrimary) {
          const far = Math.hypot(event.clientX - touched.clientX, event.clientY - touched.clientY);
          touched = null;
          if (far < TAP_PIXELS && !this.panning) seer.tap(at(event));
        }
        if (!down || !event.isPrimary) return;
        down = false;
        if (name === "pointercancel") seer.drop();
        else seer.up(at(event), event);
      });
    }
  }
}

function lonLat([x, y]: WorldPoint): [number, number] {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}
