/** A picture kept on the graphics card, the size of the screen: drawn into where something changed, and shown whole. */

import { penOf, type Pen } from "./pen";

const VERTEX = `#version 300 es
uniform vec2 shift;
uniform float zoom;
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  place = corner;
  gl_Position = vec4((corner * 2.0 - 1.0) * zoom + shift, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
uniform sampler2D picture;
in vec2 place;
out vec4 drawn;
void main() { drawn = texture(picture, place); }`;

export class Surface {
  readonly width: number;
  readonly height: number;
  private readonly texture: WebGLTexture;
  private readonly frame: WebGLFramebuffer;
  private readonly pen: Pen;

  constructor(gl: WebGL2RenderingContext, width: number, height: number) {
    [this.width, this.height] = [width, height];
    this.texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
    this.frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.pen = penOf(gl, VERTEX, FRAGMENT);
    gl.bindVertexArray(null);
  }

  /** Have `draw` draw into a rectangle of the picture, in its pixels from the bottom left; the rest stays. */
  into(gl: WebGL2RenderingContext, [left, bottom, width, height]: readonly [number, number, number, number], draw: () => void): void {
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.viewport(0, 0, this.width, this.height);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(left, bottom, width, height);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.colorMask(true, true, true, true);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    draw();
    gl.disable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
  }

  /** Show the picture, moved and made larger: both are in halves of the screen. */
  show(gl: WebGL2RenderingContext, shift: readonly [number, number], zoom: number): void {
    gl.useProgram(this.pen.program);
    gl.bindVertexArray(this.pen.array);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(this.pen.uniform("picture"), 0);
    gl.uniform2f(this.pen.uniform("shift"), shift[0], shift[1]);
    gl.uniform1f(this.pen.uniform("zoom"), zoom);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.bindVertexArray(null);
  }

  remove(gl: WebGL2RenderingContext): void {
    gl.deleteFramebuffer(this.frame);
    gl.deleteTexture(this.texture);
    gl.deleteProgram(this.pen.program);
  }
}
