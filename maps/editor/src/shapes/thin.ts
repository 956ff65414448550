/** Which labels fit on the screen: heavier ones first, and none over another. */

export interface LabelAsked {
  /** Middle of the label, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly weight: number;
  /** Wordings from the fullest to the shortest; the first that fits is taken. */
  readonly texts: readonly string[];
}

export interface LabelFit {
  readonly label: number;
  readonly text: string;
}

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
export function fitting(asked: readonly LabelAsked[]): LabelFit[] {
  const order = asked.map((_, i) => i).sort((a, b) => asked[b]!.weight - asked[a]!.weight || a - b);
  const taken: Array<readonly [left: number, top: number, right: number, bottom: number]> = [];
  const shown: LabelFit[] = [];
  for (const label of order) {
    const { x, y, texts } = asked[label]!;
    for (const text of texts) {
      const half = widthOf(text) / 2 + MARGIN;
      const box = [x - half, y - HEIGHT / 2, x + half, y + HEIGHT / 2] as const;
      if (taken.some((t) => t[0] < box[2] && box[0] < t[2] && t[1] < box[3] && box[1] < t[3])) continue;
      taken.push(box);
      shown.push({ label, text });
      break;
    }
  }
  return shown;
}
