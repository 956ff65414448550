/** Walking metres between the units of each community, where the study measures grids by them. */

/** Decimetres from a unit to those before it in its community, row after row. */
export type Triangle = Uint16Array | Uint32Array;

export class Walks {
  /** How many units of its community come before a unit. */
  private readonly rank: Int32Array;

  constructor(
    private readonly communityOf: Int32Array,
    private readonly triangles: readonly Triangle[],
  ) {
    const seen = new Int32Array(triangles.length);
    this.rank = communityOf.map((community) => seen[community]!++);
  }

  /** Decimetres between two units; null where they are of two communities. */
  decimetres(a: number, b: number): number | null {
    const community = this.communityOf[a]!;
    if (community !== this.communityOf[b]) return null;
    const [i, j] = [this.rank[a]!, this.rank[b]!];
    if (i === j) return 0;
    const [high, low] = i > j ? [i, j] : [j, i];
    return this.triangles[community]![(high * (high - 1)) / 2 + low]!;
  }
}

/** Unpack little-endian whole numbers. */
export function triangleOf({ bits, base64 }: { readonly bits: number; readonly base64: string }): Triangle {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bits === 16 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
}
