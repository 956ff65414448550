/** The one file that knows the map library: units as areas, borders as lines, pointer and view. */

import type { Feature, FeatureCollection, MultiPolygon, Polygon } from "geojson";
import * as maplibregl from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { type Borders } from "../shapes/borders";
import { type WorldPoint, worldPoint } from "../shapes/shapes";

maplibregl.setWorkerUrl(workerUrl);

const TILE = 512; // pixels of the world at zoom 0
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

export type Box = [west: number, south: number, east: number, north: number];

export interface PointerSeer {
  down(at: WorldPoint, event: PointerEvent): void;
  move(at: WorldPoint, event: PointerEvent): void;
  up(at: WorldPoint, event: PointerEvent): void;
}

export class MapAdapter {
  private readonly map: maplibregl.Map;
  private panning = false;

  constructor(container: HTMLElement, bounds: Box, words: { readonly zoomIn: string; readonly zoomOut: string; readonly mapLabel: string }) {
    this.map = new maplibregl.Map({
      container,
      style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": "#fafaf7" } }] },
      bounds,
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      boxZoom: false,
      doubleClickZoom: false,
      keyboard: false,
      fadeDuration: 0,
      locale: { "NavigationControl.ZoomIn": words.zoomIn, "NavigationControl.ZoomOut": words.zoomOut, "Map.Title": words.mapLabel },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-left");
    this.map.addControl(new maplibregl.ScaleControl(), "bottom-right");
    this.pan(false);
  }

  /** Draw units and borders once; later only their states change. */
  async show(polygons: ReadonlyArray<Polygon | MultiPolygon>, borders: Borders): Promise<void> {
    if (!this.map.loaded()) await new Promise((resolve) => this.map.once("load", resolve));
    this.map.addSource("units", { type: "geojson", data: { type: "FeatureCollection", features: polygons.map(feature) } });
    this.map.addSource("borders", {
      type: "geojson",
      data: {
        type: "FeatureCollection",
        features: borders.all.map(({ lines }, id) => ({
          type: "Feature", id, properties: {},
          geometry: { type: "MultiLineString", coordinates: lines.map((line) => line.map((p) => [...p])) },
        })),
      },
      tolerance: 0,
    });
    this.map.addSource("sketch", { type: "geojson", data: EMPTY });
    this.map.addLayer({ id: "units", type: "fill", source: "units", paint: { "fill-color": ["coalesce", ["feature-state", "colour"], "#eee"], "fill-antialias": false } });
    this.map.addLayer({ id: "seen", type: "fill", source: "units", paint: { "fill-color": "#000", "fill-opacity": ["coalesce", ["feature-state", "shade"], 0] } });
    this.map.addLayer({
      id: "borders", type: "line", source: "borders", layout: { "line-cap": "round" },
      paint: {
        "line-color": ["case", ["boolean", ["feature-state", "chosen"], false], "#111", "#555"],
        "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 4, ["boolean", ["feature-state", "strong"], false], 1.8, 0.25],
      },
    });
    this.map.addLayer({ id: "sketch", type: "line", source: "sketch", paint: { "line-color": "#111", "line-width": 1.5, "line-dasharray": [2, 2] } });
    await new Promise((resolve) => this.map.once("idle", resolve));
  }

  colour(unit: number, colour: string): void {
    this.map.setFeatureState({ source: "units", id: unit }, { colour });
  }

  shade(unit: number, shade: number): void {
    this.map.setFeatureState({ source: "units", id: unit }, { shade });
  }

  border(border: number, strong: boolean, chosen: boolean): void {
    this.map.setFeatureState({ source: "borders", id: border }, { strong, chosen });
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

  zoomTo(box: Box): void {
    this.map.fitBounds(box, { padding: 120, maxZoom: 18, animate: false });
  }

  see(seer: PointerSeer): void {
    const canvas = this.map.getCanvasContainer();
    const at = (event: PointerEvent): WorldPoint => {
      const frame = canvas.getBoundingClientRect();
      const { lng, lat } = this.map.unproject([event.clientX - frame.left, event.clientY - frame.top]);
      return worldPoint(lng, lat);
    };
    let down = false;
    canvas.addEventListener("pointerdown", (event) => {
      if (this.panning || event.button !== 0 || !event.isPrimary) return;
      down = true;
      canvas.setPointerCapture(event.pointerId);
      seer.down(at(event), event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (down && event.isPrimary) seer.move(at(event), event);
    });
    for (const name of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(name, (event) => {
        if (!down || !event.isPrimary) return;
        down = false;
        seer.up(at(event), event);
      });
    }
  }
}

function feature(geometry: Polygon | MultiPolygon, id: number): Feature {
  return { type: "Feature", id, properties: {}, geometry };
}

function lonLat([x, y]: WorldPoint): [number, number] {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}
