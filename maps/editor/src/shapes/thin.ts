/** Which labels fit on the screen: heavier ones first, none over another, and each inside what it names. */

export type Pixel = readonly [x: number, y: number];

/** One way to write a label: a text, and the box in pixels that it takes at one of the label's places. */
export interface Wording {
  readonly text: string;
  readonly place: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Whether it lies in what the label names; null until somebody asked. */
  inside: boolean | null;
}

export interface LabelAsked {
  readonly weight: number;
  /** The first that fits is taken. */
  readonly wordings: readonly Wording[];
}

export interface LabelFit {
  readonly label: number;
  /** Which of its places was taken. */
  readonly place: number;
  readonly text: string;
}

/** Whether a point of the screen lies in what a label names. */
export type Holds = (label: number, at: Pixel) => boolean;

const WIDE = 12; // pixels of a Chinese character
const NARROW = 7; // pixels of any other
const HEIGHT = 16;
const MARGIN = 3;

export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += char.charCodeAt(0) > 0x2e80 ? WIDE : NARROW;
  return width;
}

/**
 * The wordings of a label whose texts come from the fullest to the shortest, and whose places, for its middle, from the best
 * to the worst. A fuller wording at a worse place comes before a shorter one at a better place.
 */
export function wordingsOf(texts: readonly string[], places: readonly Pixel[]): Wording[] {
  return texts.flatMap((text) => {
    const half = widthOf(text) / 2 + MARGIN;
    return places.map(([x, y], place) => ({ text, place, left: x - half, top: y - HEIGHT / 2, right: x + half, bottom: y + HEIGHT / 2, inside: null }));
  });
}

/** The cost grows with labels asked times labels shown; few fit on a screen. Where a wording lies is asked once: the answer stays with it. */
export function fitting(asked: readonly LabelAsked[], holds: Holds): LabelFit[] {
  const order = asked.map((_, i) => i).sort((a, b) => asked[b]!.weight - asked[a]!.weight || a - b);
  const taken: Wording[] = [];
  const shown: LabelFit[] = [];
  for (const label of order) {
    const found = asked[label]!.wordings.find((wording) => {
      if (wording.inside === false || taken.some((other) => overlap(other, wording))) return false;
      return (wording.inside ??= edgeOf(wording).every((at) => holds(label, at)));
    });
    if (found === undefined) continue;
    taken.push(found);
    shown.push({ label, place: found.place, text: found.text });
  }
  return shown;
}

function overlap(a: Wording, b: Wording): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function edgeOf({ left, top, right, bottom }: Wording): Pixel[] {
  const [near, far] = [left + (right - left) / 4, right - (right - left) / 4];
  return [[left, top], [right, top], [left, bottom], [right, bottom], [near, top], [far, bottom], [far, top], [near, bottom]];
}
