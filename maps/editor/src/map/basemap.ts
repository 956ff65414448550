/** What lies under the plan, where the service names a source: image tiles by address, or one PMTiles file. */

import { addProtocol, type LayerSpecification, type Map as LibraryMap } from "maplibre-gl";
import { type Header, PMTiles, Protocol, TileType } from "pmtiles";

const PAPER = "basemap"; // the source, and the beginning of its layers' names
const MOST_ZOOM = 22;

export interface Basemap {
  readonly address: string;
  readonly credit: string;
}

/** What the page says of a base map; null where there is none. */
export function basemapOf(page: Pick<Document, "querySelector">): Basemap | null {
  const read = (name: string): string => page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
  const address = read("basemap");
  return address === "" ? null : { address, credit: read("basemap-credit") };
}

/** Lay a base map under the lowest of some layers, where any is there, and return its layers' names. */
export async function layBasemap(map: LibraryMap, { address }: Basemap, above: readonly string[]): Promise<string[]> {
  const url = new URL(address.replace(/[{}]/g, (brace) => (brace === "{" ? "%7B" : "%7D")), location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
  const layers = new URL(url).pathname.endsWith(".pmtiles") ? await packed(map, url) : images(map, url);
  const under = above.find((name) => map.getLayer(name) !== undefined);
  for (const layer of layers) map.addLayer(layer, under);
  return layers.map(({ id }) => id);
}

function images(map: LibraryMap, url: string): LayerSpecification[] {
  map.addSource(PAPER, { type: "raster", tiles: [url], tileSize: 256, maxzoom: MOST_ZOOM });
  return [{ id: PAPER, type: "raster", source: PAPER }];
}

async function packed(map: LibraryMap, url: string): Promise<LayerSpecification[]> {
  const protocol = new Protocol();
  addProtocol("pmtiles", protocol.tile);
  const file = new PMTiles(url);
  protocol.add(file);
  const header: Header = await file.getHeader();
  const vector = header.tileType === TileType.Mvt;
  map.addSource(PAPER, { type: vector ? "vector" : "raster", url: `pmtiles://${url}`, ...(vector ? {} : { tileSize: 256 }) } as Parameters<LibraryMap["addSource"]>[1]);
  if (!vector) return [{ id: PAPER, type: "raster", source: PAPER }];
  const { vector_layers = [] } = (await file.getMetadata()) as { vector_layers?: ReadonlyArray<{ readonly id: string }> };
  return vector_layers.flatMap(({ id }) => pale(id));
}

/** A layer of vector tiles, pale and without names: water blue, the rest grey. */
function pale(name: string): LayerSpecification[] {
  const water = /water|river|sea|ocean/i.test(name);
  const common = { source: PAPER, "source-layer": name } as const;
  return [
    { ...common, id: `${PAPER}-${name}-areas`, type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": water ? "#cfe0ea" : "#e6e4dd", "fill-opacity": 0.7 } },
    { ...common, id: `${PAPER}-${name}-lines`, type: "line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": water ? "#a9c6d8" : "#b9b5aa", "line-width": 1 } },
  ];
}
