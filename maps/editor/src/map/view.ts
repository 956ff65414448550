/** What the screen shows of the world, and where a part of the world lies on it. */

import type { WorldPoint } from "../shapes/shapes";

/** west, north, east, south in world coordinates. */
export type WorldBox = readonly [west: number, north: number, east: number, south: number];

/** Left, bottom, width and height in pixels of a canvas. */
export type Rectangle = readonly [left: number, bottom: number, width: number, height: number];

/** The middle of the screen, the pixels of the whole world, and the size of the screen in pixels of the page. */
export interface View {
  readonly middle: WorldPoint;
  readonly worldPixels: number;
  readonly width: number;
  readonly height: number;
}

export function sameView(a: View, b: View): boolean {
  return a.middle[0] === b.middle[0] && a.middle[1] === b.middle[1] && a.worldPixels === b.worldPixels && a.width === b.width && a.height === b.height;
}

/** What a view holds. */
export function boxOf({ middle, worldPixels, width, height }: View): WorldBox {
  const [dx, dy] = [width / 2 / worldPixels, height / 2 / worldPixels];
  return [middle[0] - dx, middle[1] - dy, middle[0] + dx, middle[1] + dy];
}

export function overlaps([west, north, east, south]: WorldBox, box: WorldBox, reach: number): boolean {
  return west <= box[2] + reach && east >= box[0] - reach && north <= box[3] + reach && south >= box[1] - reach;
}

/** The rectangle of a canvas that holds a box and so many pixels of the page round it. */
export function rectangleOf(box: WorldBox, view: View, { width, height }: { readonly width: number; readonly height: number }, reach: number): Rectangle {
  const [west, north] = boxOf(view);
  const across = (x: number, more: number): number => Math.round((((x - west) * view.worldPixels + more) * width) / view.width);
  const down = (y: number, more: number): number => Math.round((((y - north) * view.worldPixels + more) * height) / view.height);
  const [left, right] = [Math.max(0, across(box[0], -reach)), Math.min(width, across(box[2], reach))];
  const [top, bottom] = [Math.max(0, down(box[1], -reach)), Math.min(height, down(box[3], reach))];
  return [left, height - bottom, right - left, bottom - top];
}

/** How a picture of one view must be moved and made larger, about its middle, to lie over another: in CSS. */
export function movedTo(was: View, view: View): string {
  const [x, y] = ([0, 1] as const).map((i) => (was.middle[i] - view.middle[i]) * view.worldPixels);
  return `translate(${x}px, ${y}px) scale(${view.worldPixels / was.worldPixels})`;
}
