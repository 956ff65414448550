/** Numbers on the graphics card that shaders look up by their place: pixels, row by row, and only rows that changed are sent. */

export const TABLE_WIDTH = 1024; // pixels in a row, as the shaders have it

/** What a pixel holds: four bytes, one byte, or four numbers of 32 bits. */
export type PixelKind = "rgba8" | "r8" | "rgba32f";

interface Layout {
  readonly inner: GLenum;
  readonly format: GLenum;
  readonly type: GLenum;
  readonly channels: number;
}

export class Table {
  private readonly texture: WebGLTexture;
  private readonly layout: Layout;
  private readonly numbers: Uint8Array | Float32Array;
  private readonly pixels: number;

  /** A table of all these numbers; later `send` takes them from the same array. */
  constructor(gl: WebGL2RenderingContext, kind: PixelKind, numbers: Uint8Array | Float32Array) {
    this.layout = layoutOf(gl, kind);
    this.numbers = numbers;
    this.pixels = numbers.length / this.layout.channels;
    this.texture = gl.createTexture();
    this.bind(gl, 0);
    gl.texStorage2D(gl.TEXTURE_2D, 1, this.layout.inner, TABLE_WIDTH, Math.max(1, Math.ceil(this.pixels / TABLE_WIDTH)));
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    this.send(gl, 0, this.pixels);
  }

  bind(gl: WebGL2RenderingContext, place: number): void {
    gl.activeTexture(gl.TEXTURE0 + place);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
  }

  /** Send the rows that hold these pixels; the last row may end early. */
  send(gl: WebGL2RenderingContext, first: number, end: number): void {
    if (first >= end) return;
    this.bind(gl, 0);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const firstRow = Math.floor(first / TABLE_WIDTH);
    const endRow = Math.ceil(end / TABLE_WIDTH);
    const whole = Math.min(endRow, Math.floor(this.pixels / TABLE_WIDTH)) - firstRow;
    if (whole > 0) this.sendRows(gl, firstRow, TABLE_WIDTH, whole);
    if (endRow > firstRow + whole) this.sendRows(gl, firstRow + whole, this.pixels % TABLE_WIDTH, 1);
  }

  private sendRows(gl: WebGL2RenderingContext, row: number, width: number, height: number): void {
    const { format, type, channels } = this.layout;
    const first = row * TABLE_WIDTH * channels;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, width, height, format, type, this.numbers.subarray(first, first + width * height * channels));
  }
}

function layoutOf(gl: WebGL2RenderingContext, kind: PixelKind): Layout {
  if (kind === "rgba8") return { inner: gl.RGBA8, format: gl.RGBA, type: gl.UNSIGNED_BYTE, channels: 4 };
  if (kind === "r8") return { inner: gl.R8, format: gl.RED, type: gl.UNSIGNED_BYTE, channels: 1 };
  return { inner: gl.RGBA32F, format: gl.RGBA, type: gl.FLOAT, channels: 4 };
}
