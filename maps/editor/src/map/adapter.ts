/** The one file that knows the map library: units as areas, borders as lines, pointer and view. */

import type { Feature, FeatureCollection } from "geojson";
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Borders } from "../shapes/borders";
import { CHOSEN, STRONG, WEAK } from "../shapes/lines";
import { type Shapes, type WorldPoint, worldPoint } from "../shapes/shapes";
import { Sheet, type View } from "./sheet";

maplibregl.setWorkerUrl(workerUrl);

const TILE = 512; // pixels of the world at zoom 0
const OUTSIDE_SHADE = 0.35;
const FIT_PIXELS = 24;
const TAP_PIXELS = 8;
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

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

export class MapAdapter {
  private readonly map: maplibregl.Map;
  private sheet: Sheet | null = null;
  private pixels: readonly [number, number];
  private panning = false;
  /** One finger paints instead of moving the map. */
  touchPaints = false;

  constructor(container: HTMLElement, bounds: Box, words: { readonly zoomIn: string; readonly zoomOut: string; readonly mapLabel: string }) {
    this.map = new maplibregl.Map({
      container,
      style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": "#fafaf7" } }] },
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
    this.pixels = [container.clientWidth, container.clientHeight];
    this.map.on("resize", () => (this.pixels = [container.clientWidth, container.clientHeight]));
    this.map.on("moveend", () => this.map.triggerRepaint());
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-left");
    this.map.addControl(new maplibregl.ScaleControl(), "bottom-right");
    this.pan(false);
  }

  /** Draw units and borders; later only what changed of them is sent to the graphics card. */
  async show(shapes: Shapes, borders: Borders): Promise<void> {
    this.sheet = new Sheet(shapes, borders);
    if (!this.map.loaded()) await new Promise((resolve) => this.map.once("load", resolve));
    this.drawSheet(this.sheet);
    this.map.on("webglcontextrestored", () => {
      this.map.once("style.load", () => this.drawSheet(this.sheet!)); // the library makes its own layers anew, not ours
    });
    this.map.addSource("links", { type: "geojson", data: EMPTY });
    this.map.addSource("sketch", { type: "geojson", data: EMPTY });
    this.map.addLayer({
      id: "links", type: "line", source: "links",
      paint: { "line-color": ["match", ["get", "kind"], "made", "#00724c", "cut", "#b3006e", "#222"], "line-width": ["match", ["get", "kind"], "plain", 1, 3] },
    });
    this.map.addLayer({ id: "sketch", type: "line", source: "sketch", paint: { "line-color": "#111", "line-width": 1.5, "line-dasharray": [2, 2] } });
  }

  /** Put the units below everything but the paper. The map never turns: a middle and a scale place every corner. */
  private drawSheet(sheet: Sheet): void {
    const above = this.map.getLayer("links") === undefined ? undefined : "links";
    this.map.addLayer({
      id: "units", type: "custom", renderingMode: "2d",
      onAdd: (_, gl) => sheet.load(gl as WebGL2RenderingContext),
      prerender: (gl) => sheet.prepare(gl as WebGL2RenderingContext, this.seen, !this.map.isMoving()),
      render: (gl) => sheet.show(gl as WebGL2RenderingContext, this.seen),
    }, above);
  }

  private get seen(): View {
    const { lng, lat } = this.map.getCenter();
    const [width, height] = this.size();
    return { middle: worldPoint(lng, lat), worldPixels: 1 / this.worldLength(1), width, height };
  }

  colour(unit: number, colour: string): void {
    this.sheet?.colour(unit, colour);
    this.map.triggerRepaint();
  }

  shade(unit: number, shade: number): void {
    this.sheet?.shade(unit, 0, shade);
    this.map.triggerRepaint();
  }

  /** Darken a unit that lies outside of where may be painted. */
  dim(unit: number, on: boolean): void {
    this.sheet?.shade(unit, 1, on ? OUTSIDE_SHADE : 0);
    this.map.triggerRepaint();
  }

  /** Draw lines between neighbours; no lines take them away. */
  links(lines: readonly LinkDrawn[]): void {
    const features = lines.map(({ from, to, kind }): Feature => ({
      type: "Feature", properties: { kind }, geometry: { type: "LineString", coordinates: [lonLat(from), lonLat(to)] },
    }));
    void this.map.getSource<maplibregl.GeoJSONSource>("links")?.setData({ type: "FeatureCollection", features });
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
    this.map.redraw();
    const drawn = this.map.getCanvas();
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [drawn.width, drawn.height];
    const pen = copy.getContext("2d")!;
    pen.drawImage(drawn, 0, 0);
    const scale = drawn.width / Math.max(this.size()[0], 1);
    pen.scale(scale, scale);
    [pen.font, pen.textAlign, pen.textBaseline, pen.strokeStyle, pen.lineWidth] = ["12px sans-serif", "center", "middle", "#fff", 3];
    for (const { text, x, y } of labels) {
      pen.strokeText(text, x, y);
      pen.fillText(text, x, y);
    }
    return copy.toDataURL("image/png");
  }

  border(border: number, strong: boolean, chosen: boolean): void {
    this.sheet?.border(border, chosen ? CHOSEN : strong ? STRONG : WEAK);
    this.map.triggerRepaint();
  }

  /** Draw the ring of a box or a lasso; an empty one takes it away. */
  sketch(ring: readonly WorldPoint[]): void {
    const source = this.map.getSource<maplibregl.GeoJSONSource>("sketch");
    if (source === undefined) return;
    const coordinates = [...ring, ...ring.slice(0, 1)].map(lonLat);
    void source.setData(ring.length === 0 ? EMPTY : { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } });
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
    canvas.addEventListener("pointermove", (event) => {
      if (down && event.isPrimary) seer.move(at(event), event);
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
