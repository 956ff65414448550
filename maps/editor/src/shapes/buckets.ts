/** A bucket grid over boxes: which units might touch a box, in time independent of their number. */

import type { Shapes } from "./shapes";

const UNITS_PER_BUCKET = 4;

export class Buckets {
  private readonly boxes: Float64Array;
  private readonly west: number;
  private readonly north: number;
  private readonly step: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly first: Int32Array;
  private readonly units: Int32Array;
  private readonly seen: Int32Array;
  private round = 0;

  constructor({ boxes }: Shapes) {
    const count = boxes.length / 4;
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let u = 0; u < count; u += 1) {
      west = Math.min(west, boxes[4 * u]!);
      north = Math.min(north, boxes[4 * u + 1]!);
      east = Math.max(east, boxes[4 * u + 2]!);
      south = Math.max(south, boxes[4 * u + 3]!);
    }
    const [width, height] = count === 0 ? [1, 1] : [Math.max(east - west, 1e-12), Math.max(south - north, 1e-12)];
    this.boxes = boxes;
    this.west = count === 0 ? 0 : west;
    this.north = count === 0 ? 0 : north;
    this.step = Math.sqrt((width * height * UNITS_PER_BUCKET) / Math.max(count, 1));
    this.columns = Math.max(1, Math.ceil(width / this.step));
    this.rows = Math.max(1, Math.ceil(height / this.step));
    this.seen = new Int32Array(count).fill(-1);
    this.first = new Int32Array(this.columns * this.rows + 1);
    for (let u = 0; u < count; u += 1) this.eachBucket(this.boxOf(u), (b) => (this.first[b + 1]! += 1));
    for (let b = 0; b < this.columns * this.rows; b += 1) this.first[b + 1]! += this.first[b]!;
    const next = this.first.slice();
    this.units = new Int32Array(this.first.at(-1)!);
    for (let u = 0; u < count; u += 1) this.eachBucket(this.boxOf(u), (b) => (this.units[next[b]!++] = u));
  }

  /** Units whose box meets the box, each once, sorted. */
  within(west: number, north: number, east: number, south: number): number[] {
    this.round += 1;
    const found: number[] = [];
    this.eachBucket([west, north, east, south], (bucket) => {
      for (let i = this.first[bucket]!; i < this.first[bucket + 1]!; i += 1) {
        const unit = this.units[i]!;
        if (this.seen[unit] === this.round) continue;
        this.seen[unit] = this.round;
        const [w, n, e, s] = this.boxOf(unit);
        if (w <= east && e >= west && n <= south && s >= north) found.push(unit);
      }
    });
    return found.sort((a, b) => a - b);
  }

  private boxOf(unit: number): [number, number, number, number] {
    const at = 4 * unit;
    return [this.boxes[at]!, this.boxes[at + 1]!, this.boxes[at + 2]!, this.boxes[at + 3]!];
  }

  private eachBucket([west, north, east, south]: readonly [number, number, number, number], see: (b: number) => void): void {
    const [left, right] = [this.column(west), this.column(east)];
    const [top, bottom] = [this.row(north), this.row(south)];
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) see(row * this.columns + column);
    }
  }

  private column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.west) / this.step)));
  }

  private row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.north) / this.step)));
  }
}
