/** Which labels fit on the screen: heavier ones first, none over another, and each inside what it names. */

export type Pixel = readonly [x: number, y: number];

export interface LabelAsked {
  /** Where its middle may stand, in pixels, the best place first. */
  readonly places: readonly Pixel[];
  readonly weight: number;
  /** Wordings from the fullest to the shortest; the first that fits is taken. */
  readonly texts: readonly string[];
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

/** The cost grows with labels asked times labels shown; few fit on a screen. */
export function fitting(asked: readonly LabelAsked[], holds: Holds): LabelFit[] {
  const order = asked.map((_, i) => i).sort((a, b) => asked[b]!.weight - asked[a]!.weight || a - b);
  const taken: Array<readonly [left: number, top: number, right: number, bottom: number]> = [];
  const shown: LabelFit[] = [];
  for (const label of order) {
    const found = wordings(asked[label]!).find(({ text, at: [x, y] }) => {
      const half = widthOf(text) / 2 + MARGIN;
      const [left, top, right, bottom] = [x - half, y - HEIGHT / 2, x + half, y + HEIGHT / 2];
      if (taken.some((t) => t[0] < right && left < t[2] && t[1] < bottom && top < t[3])) return false;
      const edge: Pixel[] = [[left, top], [right, top], [left, bottom], [right, bottom], [x - half / 2, top], [x + half / 2, bottom], [x + half / 2, top], [x - half / 2, bottom]];
      if (!edge.every((each) => holds(label, each))) return false;
      taken.push([left, top, right, bottom]);
      return true;
    });
    if (found !== undefined) shown.push({ label, place: found.place, text: found.text });
  }
  return shown;
}

/** A fuller wording at a worse place comes before a shorter one at a better place. */
function wordings({ texts, places }: LabelAsked): Array<{ readonly text: string; readonly place: number; readonly at: Pixel }> {
  return texts.flatMap((text) => places.map((at, place) => ({ text, place, at })));
}
